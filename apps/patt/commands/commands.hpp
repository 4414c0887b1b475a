/// @file
/// The commands of the program, each in a file of its own.
#pragma once

#include "../program.hpp"

namespace patt::cli {

void add_init(program& p);
void add_migrate(program& p);
void add_import(program& p);
void add_import_guild(CLI::App& import, program& p);
void add_import_members(CLI::App& import, program& p);
void add_import_roles(CLI::App& import, program& p);
void add_import_links(CLI::App& import, program& p);
void add_import_notes(CLI::App& import, program& p);
void add_export(program& p);
void add_chat(program& p);
void add_guild(program& p);
void add_onboarding(program& p);
void add_issues(program& p);
void add_roster(program& p);
void add_settings(program& p);
void add_invite(program& p);
void add_explain(program& p);
void add_explain_match(CLI::App& explain, program& p);
void add_jobs(program& p);
void add_hosts(program& p);
void add_timers(program& p);
void add_outbox(program& p);
void add_log(program& p);
void add_match(program& p);
void add_review(program& p);
/// One who waits after the other, with keys.
[[nodiscard]] exit_code view_review(const common_options& common);
/// `patt match` without a measure: matches the guild.
[[nodiscard]] exit_code run_matching(const common_options& common);
/// The options of `patt match` that measure the matching engine with labelled files.
void add_match_evaluation(CLI::App& match, program& p);
void add_backup(program& p);
void add_doctor(program& p);
void add_simulate(program& p);

} // namespace patt::cli
