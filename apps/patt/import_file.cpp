#include "import_file.hpp"

#include "output.hpp"
#include "progress.hpp"

#include <patt/blizzard/file_source.hpp>
#include <patt/identity/roster_verdict.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <iostream>
#include <utility>

namespace patt::cli {

namespace {

/// The roster from the game's port: a file, or standard input.
engine::fetched_roster fetch(host& h, const import_source& from) {
    blizzard::file_source source = from.roster == "-" ? blizzard::file_source(std::cin, from.profiles)
                                                      : blizzard::file_source(from.roster, from.profiles);
    engine::fetched_roster got = value_or_refuse(source.fetch_roster(h.guild()));
    for (const std::string& profile : got.left_out) {
        fmt::print(stderr, "patt: profile left out: {}\n", profile);
    }
    return got;
}

std::string value_of(const reply& what, std::string_view name) {
    for (const auto& [key, value] : what.data) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

/// The refusal, and when it is about the guild, which two guilds they are and what to do.
error with_names(host& h, const identity::roster_snapshot& snapshot, error why) {
    const policy::guild_settings::guild_group ours = h.look().settings(h.guild()).guild;
    const bool same = text::folded_key(ours.name) == text::folded_key(snapshot.guild.name) &&
                      text::same_realm(ours.home_realm, snapshot.guild.realm_slug);
    if (!same && !snapshot.guild.name.empty()) {
        why.detail += fmt::format(
            " The document is of \"{}\" on {}, this guild is \"{}\" on \"{}\"; if they are the same, set "
            "guild.name and guild.home_realm as the game has them.",
            snapshot.guild.name, snapshot.guild.realm_slug, ours.name, ours.home_realm);
    }
    return why;
}

/// What the roster says about itself and against what is known; the import itself is a job, which is not
/// rehearsed.
exit_code judge_only(host& h, const identity::roster_snapshot& snapshot, form as) {
    const identity::prepared_roster prepared = identity::prepare_roster(snapshot);
    std::vector<identity::known_reference> present;
    for (const identity::character& c : h.look().characters(h.guild())) {
        present.push_back({c.game, identity::key_of(c.name, c.realm_slug)});
    }
    const identity::known_counts known{
        present.size(), identity::count_missing(identity::roster_index(prepared.items), present)};
    const policy::guild_settings::guild_group ours = h.look().settings(h.guild()).guild;
    const identity::guild_match match =
        identity::match_guild(snapshot.guild, {{}, ours.name, text::realm_slug(ours.home_realm)});
    identity::roster_limits limits;
    limits.missing_percent = static_cast<std::size_t>(h.look().settings(h.guild()).roster.shrink_limit);
    const identity::roster_verdict found =
        identity::assess(identity::count_roster(snapshot, prepared, match), known, limits);
    print(record{{"found", static_cast<std::int64_t>(prepared.items.size())},
                 {"present_before", static_cast<std::int64_t>(known.present)},
                 {"missing", static_cast<std::int64_t>(known.missing)},
                 {"complete", found.complete() ? "yes" : "no"},
                 {"why", identity::explain(found)}},
          as);
    tell(as, "Nothing was written (--dry-run).");
    return exit_code::done;
}

store::job_row wait_for(host& h, job_id job) {
    progress bar("importing");
    for (;;) {
        const auto now = h.look().job(h.guild(), job);
        if (!now) {
            throw failure("the import's job is gone");
        }
        bar.show(now->done, now->total);
        if (now->state != "running") {
            return *now;
        }
        h.engine().run_once(std::chrono::milliseconds(200));
    }
}

/// Hands the roster in; a refusal names both guilds when it is about them. @throws refusal
reply hand_in(host& h, const std::shared_ptr<const identity::roster_snapshot>& snapshot,
              std::vector<identity::character_profile> profiles) {
    reply said =
        h.handle(engine::import_roster{snapshot, std::move(profiles), "manual"}, "patt import roster");
    if (said.verdict == verdict::refused) {
        throw refusal(with_names(h, *snapshot, said.why.value_or(error{errc::incomplete, "refused"})));
    }
    return said;
}

} // namespace

imported import_roster(host& h, const import_source& from) {
    engine::fetched_roster got = fetch(h, from);
    const reply said = hand_in(h, std::make_shared<identity::roster_snapshot>(std::move(got.snapshot)),
                               std::move(got.profiles));
    const store::job_row job = wait_for(h, job_id{std::stoll(value_of(said, "job"))});
    const auto run = h.look().sync_run(h.guild(), job.run);
    if (!run) {
        throw failure("the import's sync run is gone");
    }
    return {{{"status", run->status},
             {"found", run->found},
             {"new", run->added},
             {"changed", run->updated},
             {"unchanged", run->unchanged},
             {"renamed", run->renamed},
             {"returned", run->returned},
             {"gone", run->removed},
             {"complete", value_of(said, "complete")},
             {"why", run->note}},
            job.state == "done" ? exit_code::done : exit_code::failed};
}

exit_code import_file(host& h, const import_source& from, const common_options& options) {
    const form as = options.json ? form::json : form::text;
    if (options.dry_run) {
        engine::fetched_roster got = fetch(h, from);
        const auto snapshot = std::make_shared<identity::roster_snapshot>(std::move(got.snapshot));
        (void)hand_in(h, snapshot, std::move(got.profiles));
        return judge_only(h, *snapshot, as);
    }
    const imported done = import_roster(h, from);
    print(done.shown, as);
    const auto& note = std::get<std::string>(done.shown.back().second);
    if (!note.empty()) {
        tell(as, "The roster was not complete, so nobody was removed: " + note);
    }
    return done.code;
}

} // namespace patt::cli
