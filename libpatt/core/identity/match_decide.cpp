// From evidence to a decision by the character's own evidence alone.
#include "core/identity/match_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

namespace patt::identity {

namespace {

constexpr double imagined_characters = 12.0;
constexpr double least_share = 0.2;
constexpr double most_share = 0.95;

// The likelihood ratio in the middle of each step of the histogram, nearly.
constexpr std::array<double, fit_steps> make_fit_likelihoods() {
    std::array<double, fit_steps> t{};
    double x = 1.5;
    for (int i = 0; i < fit_offset; ++i)
        x /= 2;
    for (double& l : t) {
        l = x;
        x *= 2;
    }
    return t;
}
constexpr std::array<double, fit_steps> fit_likelihoods = make_fit_likelihoods();

double power(bits weight) noexcept {
    return std::exp2(static_cast<double>(weight) / one_bit);
}

} // namespace

confidence confidence_of(double p) noexcept {
    if (p >= 0.999)
        return confidence::certain;
    if (p >= 0.99)
        return confidence::high;
    if (p >= 0.9)
        return confidence::medium;
    if (p >= 0.5)
        return confidence::low;
    return confidence::none;
}

namespace {

// What experience makes of the computed log odds that the owner is among those that fit, in bits: points of a
// line fitted to both development sets up to 10,000 members (docs/matching.md). Weak evidence is truer than
// it computes, as the owner is here more often than the prior dares to say; far up too few answers were wrong
// to tell.
double experienced(double computed) noexcept {
    struct point {
        double computed;
        double experienced;
    };
    constexpr point line[] = {{-6.0, -3.0}, {-4.0, 0.0}, {-2.0, 0.9}, {0.0, 1.9},
                              {2.0, 2.5},   {4.0, 4.4},  {6.0, 7.8}};
    if (computed <= line[0].computed)
        return computed + line[0].experienced - line[0].computed;
    for (std::size_t i = 1; i < std::size(line); ++i) {
        if (computed >= line[i].computed)
            continue;
        const double part = (computed - line[i - 1].computed) / (line[i].computed - line[i - 1].computed);
        return line[i - 1].experienced + part * (line[i].experienced - line[i - 1].experienced);
    }
    const point& last = line[std::size(line) - 1];
    return computed + last.experienced - last.computed;
}

} // namespace

// How sure it is that somebody who fits is the owner is a matter of experience. How that divides among the
// members that fit, and among the characters that fit the member's name, is arithmetic, but the best one has
// proven right more often than its part.
double owner_probability(double own, double all, double share) noexcept {
    if (own <= 0.0 || all <= 0.0)
        return 0.0;
    constexpr double evenness = 0.7;
    const double somebody = 1.0 / (1.0 + std::exp2(-experienced(std::log2(all))));
    const double part = own / all * share;
    return somebody * (part < 1.0 ? std::pow(part, evenness) : 1.0);
}

// The step of the histogram by which a character counts: how many bits its best candidate is above the pool.
// That an owner is not in the chat, as an officer says, is the same as nobody who fits.
std::uint8_t matcher::state::fit_of(const character_state& c) const noexcept {
    if (!c.present)
        return no_fit;
    if (c.candidates.empty() || is_absent(c))
        return 0;
    const bits above = c.candidates.front().total - pool + fit_offset * one_bit;
    return static_cast<std::uint8_t>(std::clamp<bits>(above / one_bit, 0, fit_steps - 1));
}

// How many owners are here and to be seen is learned from the guild itself, by expectation and maximisation
// over the histogram: which share of owners makes the evidence of all characters the likeliest? A few
// imagined characters speak for small guilds. (A. Dempster, N. Laird, D. Rubin, 1977.)
void matcher::state::learn_prior(std::span<const slot> scored) {
    bool counts_changed = present_characters != counted_characters;
    counted_characters = present_characters;
    const auto recount = [this, &counts_changed](slot number) {
        character_state& c = characters[number];
        const std::uint8_t now = fit_of(c);
        if (now == c.fit)
            return;
        counts_changed = true;
        if (c.fit != no_fit)
            --fit_counts[c.fit];
        if (now != no_fit)
            ++fit_counts[now];
        c.fit = now;
    };
    if (std::exchange(pool_changed, false)) {
        for (slot s = 0; s < characters.size(); ++s)
            recount(s);
    } else {
        for (const slot s : scored)
            recount(s);
    }
    if (!counts_changed)
        return;
    const double all = static_cast<double>(present_characters) + imagined_characters;
    double share = settings.prior_present;
    for (int turn = 0; turn < 16; ++turn) {
        const double odds = share / (1.0 - share);
        double sum = settings.prior_present * imagined_characters;
        for (int i = 1; i < fit_steps; ++i) {
            if (fit_counts[static_cast<std::size_t>(i)] == 0)
                continue;
            const double likelihood = odds * fit_likelihoods[static_cast<std::size_t>(i)];
            sum += static_cast<double>(fit_counts[static_cast<std::size_t>(i)]) * likelihood /
                   (1.0 + likelihood);
        }
        share = std::clamp(sum / all, least_share, most_share);
    }
    constexpr bits step = one_bit / 2; // so that one character more rarely concerns everybody
    const double odds = std::log2(share / (1.0 - share));
    const bits now = static_cast<bits>(std::round(odds * (one_bit / static_cast<double>(step)))) * step;
    if (now == prior)
        return;
    prior = now;
    for (slot s = 0; s < characters.size(); ++s) {
        if (characters[s].present)
            mark(s, dirty_base);
    }
}

slot matcher::state::accepted_owner(const character_state& c) const {
    const auto it = rulings.find(c.record.id);
    if (it == rulings.end() || !it->second.accepted)
        return no_slot;
    const slot owner = find_slot(it->second.accepted);
    return owner != no_slot && members[owner].present ? owner : no_slot;
}

bool matcher::state::is_absent(const character_state& c) const {
    const auto it = rulings.find(c.record.id);
    if (it == rulings.end() || !it->second.not_in_chat)
        return false;
    return !is_outdated({ruling_kind::not_in_chat, c.record.id, {}, {}, it->second.not_in_chat_facts});
}

bool matcher::state::is_rejected(const character_state& c, slot member) const {
    const auto it = rulings.find(c.record.id);
    if (it == rulings.end())
        return false;
    const member_id id = members[member].record.id;
    const auto veto = it->second.rejected.find(id);
    return veto != it->second.rejected.end() &&
           !is_outdated({ruling_kind::rejected, c.record.id, id, {}, veto->second});
}

// Of the characters that use up the same name of the member, the part of this one. Characters of its own
// group are no rivals, nor are those that a human gave to somebody else.
double matcher::state::share_of(slot number, const pair_score& best) const {
    const character_state& c = characters[number];
    std::vector<bits> rivals;
    for (const member_fit& f : members[best.member].fits) {
        if (f.character == number || f.piece != best.piece)
            continue;
        const character_state& o = characters[f.character];
        if (c.group != no_slot && o.group == c.group)
            continue;
        if (!rulings.empty()) {
            const slot owner = accepted_owner(o);
            if (is_rejected(o, best.member) || (owner != no_slot && owner != best.member))
                continue;
        }
        rivals.push_back(f.total - best.total);
    }
    if (rivals.empty())
        return 1.0;
    // Summed from the smallest, so that the order of arrival cannot change a bit of the result.
    std::sort(rivals.begin(), rivals.end());
    double sum = 0.0;
    for (const bits r : rivals)
        sum += power(r);
    return 1.0 / (1.0 + sum);
}

base_decision matcher::state::decide(slot number) const {
    const character_state& c = characters[number];
    base_decision d;
    if (!c.present)
        return d;
    const pair_score* best = nullptr;
    const pair_score* second = nullptr;
    bool related = false;
    double all = 0.0;
    const bits ground = prior - pool;
    for (std::size_t i = c.candidates.size(); i-- > 0;) { // the smallest first
        const pair_score& p = c.candidates[i];
        if (is_rejected(c, p.member))
            continue;
        related = related || p.related;
        all += power(p.total + ground);
        if (!p.related)
            second = std::exchange(best, &p);
    }
    if (best == nullptr) {
        d.why_not = related ? doubt::related_only : doubt::none;
        return d;
    }
    const double own = power(best->total + ground);
    d.best = best->member;
    d.raw = own / (1.0 + all);
    d.share = share_of(number, *best);
    d.probability = owner_probability(own, all, d.share);
    const bits margin = second != nullptr ? best->total - second->total : best->total;
    const bool alone_and_short = !best->longer && best->channels < 2 && pool > big_pool;
    // One channel that agrees by likeness only links where the guild lets such levels link.
    const bool alone_and_alike =
        !best->solid && best->channels < 2 && settings.link_from > confidence::medium;
    if (best->look) {
        d.why_not = doubt::look_alike;
    } else if (second != nullptr && margin < settings.least_margin) {
        d.why_not = doubt::several_fit;
    } else if (d.share < 0.9) {
        d.why_not = doubt::several_characters;
    } else if (confidence_of(d.probability) < settings.link_from || alone_and_short || alone_and_alike) {
        d.why_not = doubt::unsure;
    }
    d.automatic = d.why_not == doubt::none;
    return d;
}

} // namespace patt::identity
