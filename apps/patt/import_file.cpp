#include "import_file.hpp"

#include "output.hpp"
#include "progress.hpp"

#include <patt/blizzard/profile_document.hpp>
#include <patt/blizzard/roster_document.hpp>
#include <patt/identity/roster_verdict.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <iostream>
#include <iterator>

namespace patt::cli {

namespace {

identity::roster_snapshot read_roster(const std::filesystem::path& file) {
    if (file != "-") {
        return value_or_refuse(blizzard::load_roster(file));
    }
    const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    identity::roster_snapshot read = value_or_refuse(blizzard::parse_roster(text));
    read.source = "standard input";
    return read;
}

std::vector<identity::character_profile> read_profiles(const std::filesystem::path& directory) {
    if (directory.empty()) {
        return {};
    }
    blizzard::profile_set read = value_or_refuse(blizzard::load_profiles(directory));
    for (const blizzard::failed_profile& f : read.failed) {
        fmt::print(stderr, "patt: profile {} left out: {}\n", f.file, f.why.detail);
    }
    return std::move(read.profiles);
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

/// What the roster says about itself and against what is known, without writing anything.
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

} // namespace

exit_code import_file(host& h, const import_source& from, const common_options& options) {
    const form as = options.json ? form::json : form::text;
    auto snapshot = std::make_shared<identity::roster_snapshot>(read_roster(from.roster));
    std::vector<identity::character_profile> profiles = read_profiles(from.profiles);
    if (options.dry_run) {
        return judge_only(h, *snapshot, as);
    }
    const reply said =
        h.handle(engine::import_roster{snapshot, std::move(profiles), "manual"}, "patt import roster");
    if (said.verdict == verdict::refused) {
        throw refusal(with_names(h, *snapshot, said.why.value_or(error{errc::incomplete, "refused"})));
    }
    const store::job_row job = wait_for(h, job_id{std::stoll(value_of(said, "job"))});
    const auto run = h.look().sync_run(h.guild(), job.run);
    if (!run) {
        throw failure("the import's sync run is gone");
    }
    print(record{{"status", run->status},
                 {"found", run->found},
                 {"new", run->added},
                 {"changed", run->updated},
                 {"unchanged", run->unchanged},
                 {"renamed", run->renamed},
                 {"returned", run->returned},
                 {"gone", run->removed},
                 {"complete", value_of(said, "complete")},
                 {"why", run->note}},
          as);
    if (!run->note.empty()) {
        tell(as, "The roster was not complete, so nobody was removed: " + run->note);
    }
    return job.state == "done" ? exit_code::done : exit_code::failed;
}

} // namespace patt::cli
