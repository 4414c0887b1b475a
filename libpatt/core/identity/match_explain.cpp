// Why: the same sums as the decision, line by line, and what would change them.
#include "core/identity/match_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace patt::identity {

namespace {

// A ruling counts as this much: beyond what evidence reaches, and finite, so that lines can add up.
constexpr bits ruling_weight = 40 * one_bit;

bits log_odds(double p) noexcept {
    constexpr double least = 1e-12;
    p = std::clamp(p, least, 1.0 - least);
    return static_cast<bits>(std::lround(std::log2(p / (1.0 - p)) * one_bit));
}

bits sum_of(const std::vector<evidence_item>& items) noexcept {
    bits sum = 0;
    for (const evidence_item& i : items)
        sum += i.weight;
    return sum;
}

void bring_to(std::vector<evidence_item>& items, channel from, bits target, std::string left = {},
              std::string right = {}) {
    const bits weight = target - sum_of(items);
    if (weight != 0)
        items.push_back({from, agreement::none, std::move(left), std::move(right), weight, 0});
}

std::string name_of(const kept_member& m) {
    if (!m.nickname().empty())
        return std::string(m.nickname());
    return std::string(m.global_name().empty() ? m.username() : m.global_name());
}

// The own evidence of a pair, down to its probability.
class pair_explainer {
public:
    pair_explainer(const matcher::state& s, slot character)
        : s_(s)
        , number_(character)
        , c_(s.characters[character]) {}

    void explain(slot member, match_explanation& e) const {
        e.items.reserve(8);
        const pair_score score = s_.score_pair(c_, member, &e.items);
        const bits prior = s_.prior - s_.pool;
        double others = 0.0;
        const double own = std::exp2(static_cast<double>(score.total + prior) / one_bit);
        const pair_score* runner_up = nullptr;
        for (std::size_t i = c_.candidates.size(); i-- > 0;) { // the smallest first
            const pair_score& p = c_.candidates[i];
            if (p.member == member || s_.is_rejected(c_, p.member))
                continue;
            others += std::exp2(static_cast<double>(p.total + prior) / one_bit);
            if (!p.related)
                runner_up = &p;
        }
        if (runner_up != nullptr)
            e.runner_up = s_.members[runner_up->member].record.id;
        e.margin = score.total - (runner_up != nullptr ? runner_up->total : 0);
        if (e.items.empty())
            return; // nothing agrees: experience is of pairs in which something does
        e.items.push_back({channel::prior,
                           agreement::none,
                           {},
                           std::to_string(s_.present_members) + " members",
                           prior,
                           static_cast<std::uint32_t>(s_.present_members)});
        const double raw = own / (1.0 + own + others);
        bring_to(e.items, channel::competition, log_odds(raw));
        const double share = s_.share_of(number_, score);
        bring_to(e.items, channel::rivalry, log_odds(raw * share));
        bring_to(e.items, channel::calibration, log_odds(owner_probability(own, own + others, share)));
    }

private:
    const matcher::state& s_;
    slot number_;
    const character_state& c_;
};

void explain_vetoes(const matcher::state& s, const character_state& c, match_explanation& e) {
    if (const auto ruled = s.rulings.find(c.record.id); ruled != s.rulings.end()) {
        for (const auto& [id, facts] : ruled->second.rejected) {
            if (const slot m = s.find_slot(id); m != no_slot && s.is_rejected(c, m)) {
                e.vetoes.push_back(fmt::format("An officer said that it does not belong to {}.",
                                               name_of(s.members[m].record)));
            }
        }
    }
    for (const pair_score& p : c.candidates) {
        const auto who = [&] { return name_of(s.members[p.member].record); };
        if (s.is_rejected(c, p.member))
            continue;
        if (p.related) {
            e.vetoes.push_back(fmt::format("A note says it belongs to a relative or friend of {}.", who()));
        } else if (p.look) {
            e.vetoes.push_back(
                fmt::format("Its name only looks like that of {}: perhaps an imitation.", who()));
        }
    }
    if (s.is_absent(c))
        e.vetoes.emplace_back("An officer said that its owner is not in the chat.");
}

// Whom notes, add-ons and officers tie to it although somebody else surely owns them.
std::vector<conflicting_owner> conflicts_of(const matcher::state& s, slot number) {
    const kept_decision& own = s.characters[number].decided;
    std::vector<conflicting_owner> out;
    if (own.why_not != doubt::owners_conflict && own.why_not != doubt::contradicts_group)
        return out;
    const auto ties = [&s](slot from, slot to) {
        const auto& edges = s.characters[from].edges;
        return std::any_of(edges.begin(), edges.end(),
                           [to](const alt_edge& e) { return e.to == to && e.per_mille >= merge_from; });
    };
    const auto add = [&](slot other) {
        const character_state& o = s.characters[other];
        const bool tied = ties(number, other) || ties(other, number);
        if (tied && o.present && o.decided.what == advice::link && o.decided.member != own.member)
            out.push_back({o.record.id, s.members[o.decided.member].record.id});
    };
    for (const alt_edge& e : s.characters[number].edges)
        add(e.to);
    for (const slot from : s.characters[number].edges_from)
        add(from);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.character < b.character; });
    out.erase(std::unique(out.begin(), out.end(),
                          [](const auto& a, const auto& b) { return a.character == b.character; }),
              out.end());
    return out;
}

double least_of(confidence level) noexcept {
    switch (level) {
    case confidence::certain:
    case confidence::confirmed:
        return 0.999;
    case confidence::medium:
        return 0.9;
    case confidence::low:
        return 0.5;
    case confidence::high:
    case confidence::none:
        break;
    }
    return 0.99;
}

// What holds back a likely owner whose evidence is of a kind that does not link by itself.
void explain_rules(const matcher::state& s, slot character, slot member, std::vector<std::string>& out) {
    const pair_score p = s.score_pair(s.characters[character], member, nullptr);
    if (p.channels != 1)
        return; // nothing agrees, or two channels do: then no kind is too weak
    if (!p.solid) {
        out.emplace_back(
            "Only typing errors or a part of a name agree, which never links by itself: a note that "
            "tags the account, a claim or an officer would.");
    }
    if (!p.longer && s.pool > big_pool) {
        out.push_back(
            fmt::format("Three letters never link by themselves among more than {} members: a longer "
                        "name, a note that tags the account or a claim would.",
                        1U << (big_pool / one_bit)));
    }
}

void explain_margin(const matcher::state& s, const match_explanation& e, std::vector<std::string>& out) {
    const bits missing = s.settings.least_margin - e.margin;
    if (e.runner_up && missing > 0) {
        out.push_back(fmt::format("{:.1f} bits more would put it far enough ahead of {}.",
                                  static_cast<double>(missing) / one_bit,
                                  name_of(s.members[s.find_slot(e.runner_up)].record)));
    }
}

void explain_level(const matcher::state& s, const match_explanation& e, std::vector<std::string>& out) {
    const bits needed = log_odds(least_of(s.settings.link_from)) - sum_of(e.items);
    if (needed > 0) {
        out.push_back(fmt::format(
            "{:.1f} bits more would link it: a tagged note, a claim, or a smaller pool of members.",
            static_cast<double>(needed) / one_bit));
    }
}

// What the reason of a decision asks for. None: it has none, or evidence alone is missing.
std::string_view wanted_by(doubt why) noexcept {
    switch (why) {
    case doubt::several_fit:
        return "A note that tags the account, or a ruling, would tell the members apart.";
    case doubt::several_characters:
        return "A note that joins the characters, or names the realm, would tell them apart.";
    case doubt::look_alike:
        return "Only a proof or an officer can link a name that looks like another.";
    case doubt::owners_conflict:
        return "A ruling on either character, or the removal of the note that ties them, ends the conflict.";
    case doubt::contradicts_ruling:
        return "The ruling stands until somebody withdraws it; to reject the other owner answers it, too.";
    case doubt::ruling_outdated:
        return "The names have changed since an officer decided: say it again, or take it back.";
    case doubt::contradicts_group:
        return "A ruling that the character belongs to its group, or does not, decides it.";
    case doubt::related_only:
        return "A note that names the owner, not a relation, would help.";
    case doubt::rejected:
        return "Another name of either asks again, and so does taking the rejection back.";
    case doubt::not_in_chat:
        return "A new name or note of the character asks again.";
    case doubt::alt_of_somebody:
    case doubt::unsure:
    case doubt::none:
        break;
    }
    return {};
}

// @param carrier  Whose evidence it is: the character, or the one of its group.
void explain_changes(const matcher::state& s, slot carrier, match_explanation& e) {
    auto& out = e.would_change;
    const match_decision& d = e.decision;
    if (const std::string_view wanted = wanted_by(d.why_not); !wanted.empty())
        out.emplace_back(wanted);
    if (d.what == advice::link) {
        if (d.level != confidence::confirmed)
            out.emplace_back("A rejection, or another note or name, would take it back.");
        return;
    }
    if (!d.member) {
        out.emplace_back("No member's name, and no note, points at an owner: a note or a claim would.");
        return;
    }
    if (d.why_not == doubt::unsure)
        explain_rules(s, carrier, s.find_slot(d.member), out);
    explain_level(s, e, out);
    if (out.empty())
        explain_margin(s, e, out);
    if (out.empty())
        out.emplace_back("A note that tags the account, a claim or an officer would link it.");
}

// What doubts a pair before its bits count; none: nothing does.
doubt doubt_of_pair(const matcher::state& s, slot character, slot member) {
    const character_state& c = s.characters[character];
    if (s.is_rejected(c, member))
        return doubt::rejected;
    if (s.is_absent(c))
        return doubt::not_in_chat;
    const pair_score p = s.score_pair(c, member, nullptr);
    if (p.related)
        return doubt::related_only;
    return p.look ? doubt::look_alike : doubt::none;
}

void explain_pair_changes(const matcher::state& s, slot character, slot member, match_explanation& e) {
    auto& out = e.would_change;
    if (e.items.empty()) {
        out.emplace_back("Nothing agrees: a note that tags the account, a claim or an officer would.");
    }
    const slot owner = s.accepted_owner(s.characters[character]);
    if (owner != no_slot && owner != member) {
        out.push_back(fmt::format("It is given to {} until somebody takes that back.",
                                  name_of(s.members[owner].record)));
    }
    if (const std::string_view wanted = wanted_by(doubt_of_pair(s, character, member)); !wanted.empty())
        out.emplace_back(wanted);
    if (!e.items.empty()) {
        explain_rules(s, character, member, out);
        explain_margin(s, e, out);
        explain_level(s, e, out);
    }
    if (out.empty())
        out.emplace_back("A rejection, or another note or name, would take it away.");
}

} // namespace

match_explanation matcher::explain(character_id id) const {
    match_explanation e;
    const slot number = state_->find_slot(id);
    if (number == no_slot || !state_->characters[number].present) {
        e.decision.character = id;
        e.would_change.emplace_back("There is no such character in the guild.");
        return e;
    }
    const state& s = *state_;
    const character_state& c = s.characters[number];
    e.decision = s.decision_of(number);
    if (e.decision.what != advice::link)
        e.decision.alt_suggestion = s.suggest_alt(number);
    const match_decision& d = e.decision;
    const character_id carrier_id = d.via ? d.via : id;
    const slot carrier = s.find_slot(carrier_id);
    if (s.accepted_owner(s.characters[carrier]) != no_slot && d.member) {
        e.items.push_back({channel::ruling, agreement::none, std::string(s.characters[carrier].record.name()),
                           name_of(s.members[s.accepted_owner(s.characters[carrier])].record), ruling_weight,
                           0});
    } else if (d.member) {
        pair_explainer(s, carrier).explain(s.find_slot(d.member), e);
    }
    if (d.member && d.level != confidence::confirmed) {
        bring_to(e.items, channel::group, log_odds(d.probability), std::string(c.record.name()),
                 std::string(d.via ? s.characters[carrier].record.name() : std::string_view()));
    }
    explain_vetoes(s, c, e);
    explain_changes(s, carrier, e);
    e.conflicts = conflicts_of(s, number);
    return e;
}

match_explanation matcher::explain(character_id id, member_id member) const {
    match_explanation e;
    e.decision.character = id;
    const slot c = state_->find_slot(id);
    const slot m = state_->find_slot(member);
    if (c == no_slot || m == no_slot || !state_->characters[c].present || !state_->members[m].present) {
        e.would_change.emplace_back("The character or the member does not take part.");
        return e;
    }
    pair_explainer(*state_, c).explain(m, e);
    e.decision.member = member;
    if (!e.items.empty()) {
        const double odds = std::exp2(static_cast<double>(sum_of(e.items)) / one_bit);
        e.decision.probability = odds / (1.0 + odds);
        e.decision.level = confidence_of(e.decision.probability);
        e.decision.by = state_->route_to(state_->characters[c], m);
    }
    explain_vetoes(*state_, state_->characters[c], e);
    explain_pair_changes(*state_, c, m, e);
    return e;
}

std::string to_text(const match_explanation& e, const naming& names) {
    const auto character = [&](character_id who) {
        return names.character ? names.character(who) : fmt::format("character {}", who.value());
    };
    const auto member = [&](member_id who) {
        return names.member ? names.member(who) : fmt::format("member {}", who.value());
    };
    const match_decision& d = e.decision;
    std::string out = fmt::format("{}: {}", character(d.character), to_string(d.what));
    if (d.member) {
        out += fmt::format("{} {}", d.what == advice::nothing ? "; looked at" : "", member(d.member));
        if (!e.items.empty())
            out += fmt::format(", p = {:.4f} ({})", d.probability, to_string(d.level));
        if (d.by != route::none)
            out += fmt::format(", by {}", to_string(d.by));
    }
    if (d.via)
        out += fmt::format(" via {}", character(d.via));
    if (d.why_not != doubt::none)
        out += fmt::format("; {}", to_string(d.why_not));
    out += '\n';
    for (const evidence_item& i : e.items) {
        out += fmt::format("  {:+8.2f} bits  {}", static_cast<double>(i.weight) / one_bit, to_string(i.from));
        if (i.how != agreement::none)
            out += fmt::format(" {}", to_string(i.how));
        if (!i.left.empty())
            out += fmt::format(" \"{}\"", i.left);
        if (!i.right.empty())
            out += fmt::format(" ~ \"{}\"", i.right);
        if (i.frequency > 1)
            out += fmt::format(" (shared by {})", i.frequency);
        out += '\n';
    }
    if (!e.items.empty()) {
        out += fmt::format("  {:+8.2f} bits  in all\n", static_cast<double>(sum_of(e.items)) / one_bit);
    }
    if (e.runner_up) {
        const bool behind = e.margin >= 0;
        out += fmt::format("  {}: {}, {:.2f} bits {}\n", behind ? "runner-up" : "ahead", member(e.runner_up),
                           std::abs(static_cast<double>(e.margin)) / one_bit, behind ? "behind" : "more");
    }
    if (d.alt_suggestion)
        out += fmt::format("  perhaps an alt of {}\n", character(d.alt_suggestion));
    for (const conflicting_owner& other : e.conflicts)
        out += fmt::format("  against: {}, tied to it, is {}'s\n", character(other.character),
                           member(other.member));
    for (const std::string& v : e.vetoes)
        out += fmt::format("  against: {}\n", v);
    for (const std::string& w : e.would_change)
        out += fmt::format("  would change it: {}\n", w);
    return out;
}

} // namespace patt::identity
