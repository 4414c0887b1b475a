// The program `patt`: a list of commands.

#include "commands/commands.hpp"

int main(int argc, char** argv) {
    using namespace patt::cli;
    return run(argc, argv,
               {
                   add_init,       // a database with a guild and its owner
                   add_migrate,    // an older database for this version
                   add_import,     // the game's roster, a guild from another database
                   add_export,     // a guild as a file
                   add_backup,     // a copy of the database
                   add_chat,       // play members and officers in the terminal
                   add_guild,      // whose it is
                   add_onboarding, // newcomers: where they stand, and what officers do
                   add_issues,     // what is wrong
                   add_roster,     // who is in the guild
                   add_settings,   // everything that is set per guild
                   add_invite,     // website invites
                   add_explain,    // why somebody has which link and role
                   add_match,      // whose character may be whose
                   add_review,     // who waits to be matched, and what officers say
                   add_jobs,       // long work and what it found
                   add_timers,     // what is to be decided, and when
                   add_outbox,     // what is to be done in the world
                   add_log,        // who did what and why
                   add_hosts,      // who does the work
                   add_doctor,     // is everything all right?
                   add_simulate,   // guild life in virtual time
               });
}
