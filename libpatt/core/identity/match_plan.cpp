#include <patt/identity/match_plan.hpp>

#include <algorithm>
#include <utility>

namespace patt::identity {

namespace {

/// What the advice comes to under the guild's rules.
level_use wanted(const match_decision& d, const match_rules& rules) {
    if (d.what == advice::nothing || !d.member) {
        return level_use::nothing;
    }
    const level_use may = use_of(rules, d.level);
    return d.what == advice::suggest && may == level_use::link ? level_use::suggest : may;
}

/// Why a character stands in the queue although it is linked; empty: it does not.
std::string asks_beside_link(const match_decision& d) {
    const bool asks = d.why_not == doubt::owners_conflict || d.why_not == doubt::ruling_outdated ||
                      d.why_not == doubt::contradicts_ruling;
    return asks ? std::string(to_string(d.why_not)) : std::string();
}

/// Why a character without a link stands in the queue.
std::string reason(const match_decision& d, level_use use) {
    if (d.why_not != doubt::none && d.why_not != doubt::unsure) {
        return std::string(to_string(d.why_not));
    }
    if (d.what == advice::nothing || !d.member) {
        return "nobody_fits";
    }
    if (use == level_use::nothing) {
        return "level_does_nothing";
    }
    return d.what == advice::link ? "level_suggests" : std::string(to_string(doubt::unsure));
}

match_plan plan_owned(const match_facts& facts) {
    if (std::string why = asks_beside_link(facts.decided); !why.empty()) {
        return {match_act::none, std::move(why)};
    }
    if (!facts.holder && facts.decided.what == advice::link) {
        return {match_act::none, "owner_has_no_account"};
    }
    return {};
}

/// Whether who has it fits still, and somebody else as well or nearly so.
bool is_shared(const match_facts& facts) {
    const auto& fit = facts.decided.candidates;
    return facts.decided.why_not == doubt::several_fit &&
           std::any_of(facts.holders.begin(), facts.holders.end(), [&fit](member_id m) {
               return std::any_of(fit.begin(), fit.end(),
                                  [m](const ranked_candidate& c) { return c.member == m; });
           });
}

/// Why a matched link stays although the evidence does not choose its owner; empty: it has no such reason.
///
/// Links would else follow whoever writes a note or takes a name last. A rule that chooses another asks; one
/// that chooses nobody ends the link, as nobody is there to ask about.
std::string asks_before_moving(const match_facts& facts, level_use use) {
    const bool same = facts.candidate && facts.held->person == facts.candidate;
    if (!same && !facts.holders.empty() && (use == level_use::link || is_shared(facts))) {
        return "owner_changed";
    }
    return same && is_shared(facts) ? std::string(to_string(doubt::several_fit)) : std::string();
}

} // namespace

level_use use_of(const match_rules& rules, confidence level) noexcept {
    switch (level) {
    case confidence::confirmed:
        return level_use::link;
    case confidence::certain:
        return rules.certain;
    case confidence::high:
        return rules.high;
    case confidence::medium:
        return rules.medium;
    case confidence::low:
    case confidence::none:
        break;
    }
    return rules.low;
}

matcher_settings settings_for(const match_rules& rules) noexcept {
    matcher_settings out;
    for (const confidence level :
         {confidence::certain, confidence::high, confidence::medium, confidence::low}) {
        if (use_of(rules, level) == level_use::link) {
            out.link_from = level;
        }
    }
    return out;
}

std::string_view to_string(match_act what) noexcept {
    switch (what) {
    case match_act::none:
        return "none";
    case match_act::link:
        return "link";
    case match_act::suggest:
        return "suggest";
    case match_act::unlink:
        return "unlink";
    }
    return "unknown";
}

match_plan plan_match(const match_facts& facts, const match_rules& rules) {
    if (facts.held && facts.held->level > assurance::matched) {
        return plan_owned(facts);
    }
    const level_use use = wanted(facts.decided, rules);
    if (facts.held) {
        if (std::string why = asks_before_moving(facts, use); !why.empty()) {
            return {match_act::none, std::move(why)};
        }
    }
    if (use == level_use::link) {
        if (facts.held && facts.candidate && facts.held->person == facts.candidate) {
            return {match_act::none, asks_beside_link(facts.decided)};
        }
        if (facts.rank <= rules.officer_rank) {
            return {facts.held ? match_act::unlink : match_act::suggest, "privileged"};
        }
        return {match_act::link, asks_beside_link(facts.decided)};
    }
    return {facts.held ? match_act::unlink : match_act::none, reason(facts.decided, use)};
}

} // namespace patt::identity
