// The import of a roster as a job: a verdict first, then chunks, then the departures. Every step is a row
// before it is done, so an import goes on where a process ended.

#include "engine/match_load.hpp"
#include "engine/refuse.hpp"
#include "engine/roster_codec.hpp"
#include "engine/writer.hpp"
#include "store/character_repository.hpp"
#include "store/issue_repository.hpp"
#include "store/job_repository.hpp"

#include <patt/identity/roster_merge.hpp>
#include <patt/identity/roster_verdict.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <unordered_set>

namespace patt::engine {

namespace {

constexpr std::string_view kind = "roster_import";
constexpr std::size_t chunk_size = 250;
constexpr duration next_chunk = duration{0};
/// How long a second import waits for the one before it.
constexpr duration wait_for_other = std::chrono::seconds(1);

constexpr auto by_id = [](const identity::character& a, const identity::character& b) { return a.id < b.id; };

struct assessed {
    identity::prepared_roster prepared;
    identity::roster_verdict verdict;
};

identity::roster_limits limits_of(const load_context& from) {
    identity::roster_limits limits;
    limits.missing_percent = static_cast<std::size_t>(std::max(from.settings.roster.shrink_limit, 0));
    return limits;
}

assessed assess(load_context& from, const import_roster& what) {
    assessed out;
    if (!what.unavailable.empty()) {
        out.verdict = identity::unavailable_roster();
        return out;
    }
    out.prepared = identity::prepare_roster(*what.snapshot);
    static_cast<void>(identity::attach_profiles(out.prepared, what.profiles));
    identity::expected_guild expected;
    expected.name = from.settings.guild.name;
    expected.realm_slug = text::realm_slug(from.settings.guild.home_realm); // a setting has the realm's name
    const identity::guild_match match = identity::match_guild(what.snapshot->guild, expected);
    const identity::roster_index index(out.prepared.items);
    const std::vector<identity::known_reference> present = store::present_references(from.db, from.guild);
    identity::known_counts known;
    known.present = present.size();
    known.missing = identity::count_missing(index, present);
    out.verdict =
        identity::assess(identity::count_roster(*what.snapshot, out.prepared, match), known, limits_of(from));
    return out;
}

/// One issue while rosters are incomplete; it resolves with the first complete one.
void report_verdict(load_context& from, input_scope& in, const identity::roster_verdict& verdict,
                    change_set& out) {
    const auto open =
        store::open_issues_of_guild(from.db, from.guild, integrity::issue_type::roster_incomplete);
    if (verdict.complete()) {
        for (integrity::issue settled : open) {
            settled.resolved_at = in.ctx.now;
            settled.resolved_by = "auto";
            out.log.push_back({"issue.resolved",
                               fmt::format("issue:{}", settled.id.value()),
                               {{"type", "roster_incomplete"}}});
            out.rows.emplace_back(std::move(settled));
        }
        return;
    }
    integrity::issue found =
        open.empty() ? integrity::open_issue(in.ctx.ids.next<issue_id>(),
                                             integrity::issue_type::roster_incomplete, {}, in.ctx.now)
                     : open.front();
    found.last_seen = in.ctx.now;
    found.summary.args.clear();
    found.summary.with("why", identity::reasons_of(verdict));
    if (open.empty()) {
        out.log.push_back(
            {"issue.opened", fmt::format("issue:{}", found.id.value()), {{"type", "roster_incomplete"}}});
    }
    out.rows.emplace_back(std::move(found));
}

store::sync_run_row new_run(input_scope& in, const import_roster& what) {
    store::sync_run_row run;
    run.id = in.ctx.ids.next<sync_run_id>();
    run.source = what.snapshot ? what.snapshot->source : std::string{};
    run.cause = what.cause;
    run.status = "running";
    run.found = what.snapshot ? static_cast<std::int64_t>(what.snapshot->entries.size()) : 0;
    run.started_at = in.ctx.now;
    return run;
}

identity::roster_use use_of(std::string_view note) {
    return note == "everything" ? identity::roster_use::everything : identity::roster_use::merge_only;
}

/// Every row that an item may mean, and perhaps others: of its name, and of its game number where that is
/// another's.
std::vector<identity::character> candidates_for(load_context& from,
                                                std::span<const identity::roster_item> items) {
    std::vector<std::string_view> names;
    std::set<game_id> games;
    for (const identity::roster_item& i : items) {
        names.emplace_back(i.key.folded_name);
        if (i.entry.game) {
            games.insert(i.entry.game);
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::vector<identity::character> out = store::characters_around(from.db, from.guild, names);
    for (const identity::character& c : out) {
        games.erase(c.game);
    }
    const std::vector<game_id> missing(games.begin(), games.end());
    for (identity::character& c : store::characters_of_games(from.db, from.guild, missing)) {
        out.push_back(std::move(c));
    }
    std::sort(out.begin(), out.end(), by_id);
    return out;
}

void write_change(input_scope& in, identity::character_change& change, const identity::character* before,
                  change_set& out) {
    if (!change.row.id) {
        change.row.id = in.ctx.ids.next<character_id>();
    }
    if (change.history) {
        out.rows.emplace_back(*change.history);
    }
    const bool counts =
        before != nullptr && (before->rank != change.row.rank || before->present != change.row.present);
    if (change.row.person && counts) {
        out.timers.push_back({change.row.person.value(), timer_purpose::roles, in.ctx.now, {}});
    }
    if (change.kind == identity::merge_kind::update && !matters_to_matching(change.fields)) {
        out.same_to_matching.push_back(change.row.id);
    }
    out.rows.emplace_back(std::move(change.row));
}

/// @param before  By id.
/// @return Who was found as they were. Their rows are not written: most of a roster is so, each time.
std::vector<character_id> write_changes(input_scope& in, std::vector<identity::character_change> changes,
                                        std::span<const identity::character> before, change_set& out) {
    std::vector<character_id> unchanged;
    for (identity::character_change& change : changes) {
        if (change.kind == identity::merge_kind::unchanged) {
            unchanged.push_back(change.row.id);
            continue;
        }
        const auto old = std::lower_bound(before.begin(), before.end(), change.row, by_id);
        const bool found = old != before.end() && old->id == change.row.id;
        write_change(in, change, found ? &*old : nullptr, out);
    }
    return unchanged;
}

void add_totals(store::sync_run_row& run, const identity::merge_totals& totals) {
    run.added += static_cast<std::int64_t>(totals.inserted);
    run.updated += static_cast<std::int64_t>(totals.updated);
    run.unchanged += static_cast<std::int64_t>(totals.unchanged);
    run.renamed += static_cast<std::int64_t>(totals.renamed + totals.moved);
    run.returned += static_cast<std::int64_t>(totals.returned);
    run.removed += static_cast<std::int64_t>(totals.removed);
}

void log_totals(const store::sync_run_row& run, std::string_view log_kind, change_set& out) {
    out.log.push_back({std::string(log_kind),
                       fmt::format("sync_run:{}", run.id.value()),
                       {{"added", std::to_string(run.added)},
                        {"updated", std::to_string(run.updated)},
                        {"renamed", std::to_string(run.renamed)},
                        {"returned", std::to_string(run.returned)},
                        {"removed", std::to_string(run.removed)}}});
}

/// The present characters that no chunk saw, by id: neither written by this run nor found as they were.
std::vector<character_id> unseen_characters(load_context& from, const store::job_row& job) {
    std::unordered_set<character_id> as_they_were;
    for (const std::string& chunk : store::chunks_of(from.db, from.guild, job.id)) {
        decode_ids(chunk, as_they_were);
    }
    std::vector<character_id> out = store::present_not_written_by(from.db, from.guild, job.run);
    std::erase_if(out, [&](character_id id) { return as_they_were.contains(id); });
    return out;
}

/// The verdict is of the moment when the import was handed in; another import may have finished since. Before
/// the first departure the count is made again.
bool too_many_missing(load_context& from, std::size_t missing) {
    identity::roster_counts whole;
    whole.entries = 1;
    const auto present = static_cast<std::size_t>(store::count_present(from.db, from.guild));
    return !identity::assess(whole, {present, missing}, limits_of(from)).complete();
}

/// @return true when there is nobody left to look at.
bool remove_missing(load_context& from, input_scope& in, store::job_row& job, store::sync_run_row& run,
                    change_set& out) {
    if (use_of(job.note) != identity::roster_use::everything) {
        return true;
    }
    std::vector<character_id> missing = unseen_characters(from, job);
    if (run.removed == 0 && too_many_missing(from, missing.size())) {
        job.note = "merge_only";
        run.note =
            "The roster changed while this import waited, and now too many are missing. Nobody was removed.";
        out.log.push_back({"roster.departures_stopped", fmt::format("sync_run:{}", run.id.value()), {}});
        return true;
    }
    const bool all = missing.size() < chunk_size;
    missing.resize(std::min(missing.size(), chunk_size));
    const std::vector<identity::character> unseen = store::find_characters(from.db, from.guild, missing);
    identity::roster_verdict complete;
    std::vector<identity::character_change> gone =
        identity::plan_departures(complete, unseen, {in.ctx.now, run.id});
    identity::merge_totals totals;
    identity::add_to(totals, gone);
    add_totals(run, totals);
    for (identity::character_change& change : gone) {
        out.log.push_back({"character.departed",
                           fmt::format("character:{}", change.row.id.value()),
                           {{"name", change.row.name + "-" + change.row.realm_slug}}});
    }
    static_cast<void>(write_changes(in, std::move(gone), unseen, out));
    return all;
}

} // namespace

change_set writer::begin_import(load_context& from, input_scope& in, const import_roster& what) {
    if (!what.snapshot && what.unavailable.empty()) {
        return refuse_no_snapshot();
    }
    change_set out;
    const assessed found = assess(from, what);
    report_verdict(from, in, found.verdict, out);
    store::sync_run_row run = new_run(in, what);
    std::string why = found.verdict.complete() ? std::string{} : identity::explain(found.verdict);
    if (!what.unavailable.empty()) {
        why = what.unavailable;
    }
    out.reply.data.emplace_back("sync_run", std::to_string(run.id.value()));
    out.reply.data.emplace_back("complete", found.verdict.complete() ? "yes" : "no");
    if (!why.empty()) {
        out.reply.data.emplace_back("why", why);
    }
    if (found.verdict.use == identity::roster_use::nothing) {
        run.status = "error";
        run.note = why;
        run.ended_at = in.ctx.now;
        store::put(from.db, from.guild, run);
        out.reply.verdict = verdict::refused;
        out.reply.why = error{errc::incomplete, why};
        out.log.push_back({"roster.refused", fmt::format("sync_run:{}", run.id.value()), {{"why", why}}});
        return out;
    }
    store::job_row job;
    job.id = in.ctx.ids.next<job_id>();
    job.kind = kind;
    job.state = "running";
    job.run = run.id;
    job.note = found.verdict.use == identity::roster_use::everything ? "everything" : "merge_only";
    job.created_at = in.ctx.now;
    job.updated_at = in.ctx.now;
    const std::vector<identity::roster_item>& items = found.prepared.items;
    for (std::size_t first = 0; first < items.size(); ++job.total) {
        const std::size_t end = identity::chunk_end(items, first, chunk_size);
        store::put_chunk(from.db, from.guild, job.id, job.total,
                         encode_items(std::span(items).subspan(first, end - first)));
        first = end;
    }
    run.note = why;
    store::put(from.db, from.guild, run);
    store::put(from.db, from.guild, job);
    out.timers.push_back({job.id.value(), timer_purpose::job, in.ctx.now + next_chunk, {}});
    out.reply.data.emplace_back("job", std::to_string(job.id.value()));
    out.log.push_back({"roster.begun",
                       fmt::format("sync_run:{}", run.id.value()),
                       {{"source", run.source}, {"found", std::to_string(run.found)}, {"use", job.note}}});
    return out;
}

change_set writer::run_job_chunk(load_context& from, input_scope& in, job_id id) {
    change_set out;
    std::optional<store::job_row> job = store::find_job(from.db, from.guild, id);
    if (!job || job->state != "running") {
        return out;
    }
    if (store::has_older_running_job(from.db, from.guild, job->kind, id)) {
        out.timers.push_back({id.value(), timer_purpose::job, in.ctx.now + wait_for_other, {}});
        return out;
    }
    store::sync_run_row run =
        store::find_sync_run(from.db, from.guild, job->run).value_or(store::sync_run_row{});
    job->updated_at = in.ctx.now;
    bool over = false;
    if (job->done < job->total) {
        const auto body = store::find_chunk(from.db, from.guild, id, job->done);
        const std::vector<identity::roster_item> items = decode_items(body.value_or("[]"));
        const std::vector<identity::character> candidates = candidates_for(from, items);
        std::vector<identity::character_change> changes =
            identity::merge_chunk(items, candidates, {in.ctx.now, run.id});
        identity::merge_totals totals;
        identity::add_to(totals, changes);
        add_totals(run, totals);
        const std::vector<character_id> unchanged = write_changes(in, std::move(changes), candidates, out);
        if (unchanged.empty()) {
            store::drop_chunk(from.db, from.guild, id, job->done);
        } else {
            store::replace_chunk(from.db, from.guild, id, job->done, encode_ids(unchanged));
        }
        job->done += 1;
        log_totals(run, "roster.merged", out);
    } else {
        over = remove_missing(from, in, *job, run, out);
    }
    if (over) {
        store::drop_chunks(from.db, from.guild, id);
        job->state = "done";
        run.status = job->note == "everything" ? "success" : "partial";
        run.ended_at = in.ctx.now;
        log_totals(run, "roster.finished", out);
        out.log.back().fields.emplace_back("status", run.status);
        out.operations.emplace_back(wake_timers{timer_purpose::verify});
    } else {
        out.timers.push_back({id.value(), timer_purpose::job, in.ctx.now + next_chunk, {}});
    }
    store::put(from.db, from.guild, *job);
    store::put(from.db, from.guild, run);
    return out;
}

} // namespace patt::engine
