#include "engine/members_import.hpp"

#include "engine/refuse.hpp"
#include "engine/writer.hpp"
#include "store/issue_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"

#include <patt/identity/roster_verdict.hpp>
#include <patt/text/utf8.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace patt::engine {

namespace {

struct totals {
    std::int64_t added = 0;
    std::int64_t changed = 0;
    std::int64_t returned = 0;
    std::int64_t unchanged = 0;
    std::int64_t gone = 0;
};

template <class T>
void append_all(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

identity::roster_verdict judge(load_context& from, const identity::member_snapshot& snapshot,
                               const identity::prepared_members& prepared,
                               const std::vector<identity::member>& present) {
    std::set<member_id> listed;
    for (const identity::listed_member& m : prepared.members) {
        listed.insert(m.id);
    }
    identity::roster_counts counts;
    counts.entries = prepared.members.size();
    counts.rejected = snapshot.rejected_count;
    counts.repeated_ids = prepared.repeated;
    counts.delivery = snapshot.delivery;
    if (snapshot.announced) { // The source counts bots too.
        counts.announced = *snapshot.announced - std::min(*snapshot.announced, prepared.bots);
    }
    const auto missing = std::count_if(present.begin(), present.end(),
                                       [&](const identity::member& m) { return !listed.contains(m.id); });
    identity::roster_limits limits;
    limits.missing_percent = static_cast<std::size_t>(std::max(from.settings.members.shrink_limit, 0));
    return identity::assess(counts, {present.size(), static_cast<std::size_t>(missing)}, limits);
}

/// One issue while lists are incomplete; it resolves with the first complete one.
void report(load_context& from, input_scope& in, const identity::roster_verdict& verdict, change_set& out) {
    constexpr auto type = integrity::issue_type::members_incomplete;
    auto open = store::open_issues_of_guild(from.db, from.guild, type);
    if (verdict.complete()) {
        for (integrity::issue& settled : open) {
            settled.resolved_at = in.ctx.now;
            settled.resolved_by = "auto";
            out.rows.emplace_back(std::move(settled));
        }
        return;
    }
    integrity::issue found = open.empty()
                                 ? integrity::open_issue(in.ctx.ids.next<issue_id>(), type, {}, in.ctx.now)
                                 : std::move(open.front());
    found.last_seen = in.ctx.now;
    found.summary.args.clear();
    found.summary.with("why", identity::reasons_of(verdict, identity::judged::members));
    out.rows.emplace_back(std::move(found));
}

void merge(load_context& from, input_scope& in, const identity::listed_member& listed, totals& count,
           change_set& out) {
    const auto known = store::find_member(from.db, from.guild, listed.id);
    identity::member now = known.value_or(identity::member{});
    now.id = listed.id;
    now.username = listed.username;
    now.display_name = identity::shown_name(listed);
    now.roles = listed.roles;
    now.here = identity::presence::present;
    now.left_at = {};
    now.joined_at = listed.joined_at ? listed.joined_at : known ? known->joined_at : in.ctx.now;
    std::string global;
    for (identity::member_alias a : store::aliases_of(from.db, from.guild, listed.id)) {
        if (a.source == identity::alias_source::global_name) {
            global = a.alias;
            if (a.alias != listed.global_name) {
                a.state = identity::alias_state::forgotten;
                out.rows.emplace_back(std::move(a));
            }
        }
    }
    const bool renamed = global != listed.global_name;
    if (renamed && !listed.global_name.empty()) {
        out.rows.emplace_back(identity::member_alias{listed.id,
                                                     identity::alias_source::global_name,
                                                     listed.global_name,
                                                     {},
                                                     in.ctx.now,
                                                     identity::alias_state::known});
    }
    if (known) {
        if (auto former = identity::former_username(*known, now, in.ctx.now)) {
            out.rows.emplace_back(std::move(*former));
        }
    }
    if (known && now == *known) {
        count.unchanged += renamed ? 0 : 1;
        count.changed += renamed ? 1 : 0;
        return;
    }
    const bool back = known && known->here == identity::presence::absent;
    (known ? (back ? count.returned : count.changed) : count.added) += 1;
    now.first_seen = known ? known->first_seen : in.ctx.now;
    now.updated_at = in.ctx.now;
    out.rows.emplace_back(std::move(now));
}

/// As if each had left by themselves: sessions end, grants are taken back.
void remove_missing(load_context& from, input_scope& in, const std::vector<identity::member>& present,
                    const identity::prepared_members& prepared, totals& count, change_set& out) {
    for (const identity::member& m : present) {
        const bool listed = std::binary_search(
            prepared.members.begin(), prepared.members.end(), m.id, [](const auto& a, const auto& b) {
                const auto id = [](const auto& x) {
                    if constexpr (std::is_same_v<std::decay_t<decltype(x)>, member_id>) {
                        return x;
                    } else {
                        return x.id;
                    }
                };
                return id(a) < id(b);
            });
        if (listed) {
            continue;
        }
        onboarding::session_facts facts = load_member(from, m.id);
        decision decided = decide(facts, onboarding::member_left{m.id}, in.ctx);
        change_set& left = std::get<change_set>(decided);
        append_all(out.rows, std::move(left.rows));
        append_all(out.operations, std::move(left.operations));
        append_all(out.effects, std::move(left.effects));
        append_all(out.timers, std::move(left.timers));
        append_all(out.log, std::move(left.log));
        count.gone += 1;
    }
}

} // namespace

change_set decide_members(load_context& from, input_scope& in, const import_members& what) {
    if (!what.snapshot) {
        return refuse_no_snapshot();
    }
    change_set out;
    const identity::prepared_members prepared = identity::prepare_members(*what.snapshot);
    const bool whole = what.snapshot->covers == identity::member_coverage::everybody;
    const std::vector<identity::member> present =
        whole ? store::present_members(from.db, from.guild) : std::vector<identity::member>{};
    const identity::roster_verdict verdict = judge(from, *what.snapshot, prepared, present);
    if (whole) {
        report(from, in, verdict, out);
    }
    const std::string why = identity::explain(verdict, identity::judged::members);
    totals count;
    if (verdict.use == identity::roster_use::nothing) {
        out.reply.verdict = verdict::refused;
        out.reply.why = error{errc::incomplete, why};
        out.log.push_back({"members.refused",
                           "guild",
                           {{"source", text::repair_utf8(what.snapshot->source)}, {"why", why}}});
        return out;
    }
    for (const identity::listed_member& m : prepared.members) {
        merge(from, in, m, count, out);
    }
    if (whole && verdict.use == identity::roster_use::everything) {
        remove_missing(from, in, present, prepared, count, out);
    }
    out.reply.data = {{"found", std::to_string(prepared.members.size())},
                      {"bots", std::to_string(prepared.bots)},
                      {"new", std::to_string(count.added)},
                      {"changed", std::to_string(count.changed)},
                      {"unchanged", std::to_string(count.unchanged)},
                      {"returned", std::to_string(count.returned)},
                      {"gone", std::to_string(count.gone)},
                      {"complete", verdict.complete() ? "yes" : "no"},
                      {"why", why}};
    out.log.push_back({"members.finished", "guild", out.reply.data});
    return out;
}

} // namespace patt::engine
