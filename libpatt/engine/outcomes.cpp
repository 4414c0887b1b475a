// What became of effects, as inputs.

#include "engine/writer.hpp"
#include "store/issue_repository.hpp"
#include "store/provisioning_repository.hpp"
#include "store/session_repository.hpp"

#include <patt/provisioning/commands.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::engine {

namespace {

/// Whether it is the same attempt: else it was cancelled meanwhile, or is somebody else's by now.
bool still_claimed(const store::open_claim& open, const store::claimed_effect& claim) {
    return open.state == effect_state::sending && open.attempts == claim.attempts &&
           open.epoch == claim.epoch;
}

} // namespace

change_set writer::end(load_context& from, input_scope& in, const store::claimed_effect& claim,
                       const effect_outcome* outcome) {
    auto& open = in.ahead.claim;
    asked_owner& owner = in.ahead.owner;
    if (!open) {
        open.emplace(store::ask_claim(from.db, from.guild, claim.what.id));
        if (claim.what.owner) {
            owner.emplace(store::ask_session(from.db, from.guild, claim.what.owner));
        }
    }
    in.ending = open->get();
    if (!in.ending || !still_claimed(*in.ending, claim)) {
        in.ending.reset();
        ++parts_.count.effects_stale;
        return change_set{}; // Cancelled meanwhile, or somebody else's by now.
    }
    ++parts_.count.effects_acked;
    onboarding::effect_tried tried;
    tried.id = claim.what.id;
    tried.key = claim.what.key;
    tried.owner = claim.what.owner;
    tried.need = claim.what.need;
    tried.attempts = claim.attempts;
    tried.body = claim.what.body;
    if (outcome != nullptr) {
        tried.outcome = *outcome;
        onboarding::session_facts facts = load_outcome(from, tried, std::move(owner));
        return decide_with(from, facts, tried, in.ctx);
    }
    provisioning::internal_facts facts;
    facts.session = load_outcome(from, tried, std::move(owner));
    facts.instance_key = parts_.how.instance_key;
    if (std::holds_alternative<issue_invite>(tried.body)) {
        facts.session.invite = store::live_invite(from.db, from.guild, tried.owner);
    }
    if (const auto* roster = std::get_if<add_roster_entries>(&tried.body)) {
        facts.listed = store::listed_characters(from.db, from.guild, roster->person);
        need person;
        person.persons.push_back(roster->person);
        load_more(from, facts.session, person);
    }
    return std::get<change_set>(provisioning::perform(facts, tried, in.ctx));
}

/// As a port's failure would be, but for what only a decision could say: the row and an issue, whatever is
/// damaged besides.
change_set writer::end_undecided(load_context& from, input_scope& in, const effect_undecided& what) {
    const effect& failed = what.claim.what;
    const auto open = store::read_claim(from.db, from.guild, failed.id);
    if (!open || !still_claimed(*open, what.claim)) {
        ++parts_.count.effects_stale;
        return change_set{};
    }
    change_set out;
    out.operations.emplace_back(effect_failed{failed.id, what.why});
    integrity::issue_subject about;
    about.session = failed.owner;
    about.detail = failed.key;
    integrity::issue found = integrity::open_issue(in.ctx.ids.next<issue_id>(),
                                                   integrity::issue_type::effect_failed, about, in.ctx.now);
    found.summary.with("member", failed.key).with("what", failed.key).with("why", what.why);
    const auto known = store::open_issues_of_guild(from.db, from.guild, found.type);
    const auto same = std::find_if(known.begin(), known.end(),
                                   [&](const integrity::issue& i) { return i.hash == found.hash; });
    if (same != known.end()) {
        found.id = same->id;
        found.first_seen = same->first_seen;
        found.notified_at = same->notified_at;
    } else {
        out.log.push_back({"issue.opened",
                           fmt::format("issue:{}", found.id.value()),
                           {{"type", std::string(to_string(found.type))}, {"hash", found.hash}}});
    }
    out.rows.emplace_back(std::move(found));
    out.log.push_back({"effect.failed",
                       fmt::format("effect:{}", failed.id.value()),
                       {{"key", failed.key}, {"why", what.why}}});
    return out;
}

/// Two statements for all of them.
change_set writer::end_quietly(load_context& from, input_scope& in, const effects_done& what) {
    std::vector<effect_id> ids;
    for (const effect_ended& e : what.effects) {
        ids.push_back(e.claim.what.id);
    }
    const std::vector<store::open_claim> open = store::read_claims(from.db, from.guild, ids);
    std::vector<store::done_effect> done;
    for (const effect_ended& e : what.effects) {
        const auto found =
            std::lower_bound(open.begin(), open.end(), e.claim.what.id,
                             [](const store::open_claim& c, effect_id id) { return c.id < id; });
        if (found == open.end() || found->id != e.claim.what.id || !still_claimed(*found, e.claim)) {
            ++parts_.count.effects_stale;
            continue;
        }
        ++parts_.count.effects_acked;
        if (found->awaited) {
            in.ending = *found; // Others have become due.
            store::finish_effect(from.db, from.guild, *found, "done", e.outcome.external_ref, in.ctx.now);
        } else {
            done.push_back({found->id, e.outcome.external_ref});
        }
    }
    store::acknowledge_effects(from.db, from.guild, done, in.ctx.now);
    return change_set{};
}

} // namespace patt::engine
