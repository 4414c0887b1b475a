#include "unit/identity/reference/chance.hpp"

#include "unit/identity/reference/rulings.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace patt::identity::reference {

namespace {

// Rounded up to a quarter of a bit.
bits pool_of(std::size_t members) {
    const double exact = std::log2(static_cast<double>(std::max<std::size_t>(members, 2)));
    return static_cast<bits>(std::ceil(exact * 4)) * (one_bit / 4);
}

// How many characters have a best candidate so many whole bits above the pool, nine bits lower counted as
// one.
std::map<int, int> histogram_of(const workings& w) {
    std::map<int, int> out;
    for (std::size_t i = 0; i < w.candidates.size(); ++i) {
        if (w.candidates[i].empty() || is_absent(*w.of, w.id(i)))
            continue; // that the owner is away is the same as nobody who fits
        const bits above = w.candidates[i].front().total - w.pool + 9 * one_bit;
        ++out[std::clamp(above / one_bit, 0, 24)];
    }
    return out;
}

// Expectation and maximisation: which share of owners makes the evidence of all characters the likeliest?
// Twelve imagined characters say what the settings say.
bits prior_of(const workings& w) {
    constexpr double imagined = 12.0;
    const double expected = w.settings().prior_present;
    const std::map<int, int> histogram = histogram_of(w);
    double share = expected;
    for (int turn = 0; turn < 16; ++turn) {
        double present = expected * imagined;
        for (const auto& [step, count] : histogram) {
            if (step == 0)
                continue; // these fit nobody
            const double likelihood = share / (1.0 - share) * std::ldexp(1.5, step - 9);
            present += count * likelihood / (1.0 + likelihood);
        }
        share = std::clamp(present / (static_cast<double>(w.candidates.size()) + imagined), 0.2, 0.95);
    }
    const double odds = std::log2(share / (1.0 - share));
    return static_cast<bits>(std::round(odds * 2)) * (one_bit / 2);
}

// What experience makes of computed log odds, in bits: points of a line.
double experienced(double computed) noexcept {
    const std::vector<std::pair<double, double>> line{{-6.0, -3.0}, {-4.0, 0.0}, {-2.0, 0.9}, {0.0, 1.9},
                                                      {2.0, 2.5},   {4.0, 4.4},  {6.0, 7.8}};
    if (computed <= line.front().first)
        return computed + line.front().second - line.front().first;
    if (computed >= line.back().first)
        return computed + line.back().second - line.back().first;
    std::size_t i = 1;
    while (computed >= line[i].first)
        ++i;
    const auto [from, low] = line[i - 1];
    const auto [to, high] = line[i];
    return low + (computed - from) / (to - from) * (high - low);
}

} // namespace

const pair_evidence* workings::candidate(std::size_t i, member_id m) const {
    for (const pair_evidence& e : candidates[i]) {
        if (e.owner == m)
            return &e;
    }
    return nullptr;
}

workings work_out(const guild& g) {
    workings w;
    w.of = &g;
    for (std::size_t i = 0; i < g.characters.size(); ++i) {
        w.candidates.push_back(candidates_of(g, g.characters[i]));
        w.tied.push_back(ties_of(g, i));
    }
    w.group = groups_of(w.tied);
    w.pool = pool_of(g.members.size());
    w.prior = prior_of(w);
    return w;
}

double power(bits weight) noexcept {
    return std::exp2(static_cast<double>(weight) / one_bit);
}

confidence level_of(double p) noexcept {
    if (p >= 0.999)
        return confidence::certain;
    if (p >= 0.99)
        return confidence::high;
    if (p >= 0.9)
        return confidence::medium;
    return p >= 0.5 ? confidence::low : confidence::none;
}

// No rivals are: the rest of its group, whom a human gave to somebody else, and imitations.
double share_of(const workings& w, std::size_t i, const pair_evidence& best) {
    std::vector<bits> rivals;
    for (std::size_t j = 0; j < w.candidates.size(); ++j) {
        const member_id owner = accepted_owner(*w.of, w.id(j));
        if (w.group[j] == w.group[i] || is_rejected(*w.of, w.id(j), best.owner) ||
            (owner && owner != best.owner))
            continue;
        const pair_evidence* const theirs = w.candidate(j, best.owner);
        if (theirs != nullptr && theirs->contested() == best.piece)
            rivals.push_back(theirs->total - best.total);
    }
    std::sort(rivals.begin(), rivals.end()); // the smallest first, so that the sum has one value
    double sum = 0.0;
    for (const bits r : rivals)
        sum += power(r);
    return 1.0 / (1.0 + sum);
}

double calibrated(double own, double all, double share) noexcept {
    if (own <= 0.0 || all <= 0.0)
        return 0.0;
    const double somebody = 1.0 / (1.0 + std::exp2(-experienced(std::log2(all))));
    const double part = own / all * share;
    return somebody * (part < 1.0 ? std::pow(part, 0.7) : 1.0);
}

} // namespace patt::identity::reference
