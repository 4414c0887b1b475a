// What officers' rulings teach of the kinds of evidence.
#include "core/identity/match_state.hpp"

#include <algorithm>
#include <cmath>

namespace patt::identity {

namespace {

// Rulings that are imagined on either side, so that the first few say little.
constexpr double imagined_rulings = 5.0;
constexpr bits step = one_bit / 2; // so that a ruling rarely concerns everybody
constexpr bits most_against = -2 * one_bit;
constexpr bits most_for = one_bit; // wrong links cost more than missing ones

double ratio(double seen, double expected) noexcept {
    return std::log2((seen + imagined_rulings) / (expected + imagined_rulings));
}

} // namespace

bits experience_weight(const route_experience& e) noexcept {
    const auto all = static_cast<double>(e.accepted + e.rejected);
    const double expected = std::clamp(static_cast<double>(e.expected_per_mille) / 1000.0, 0.0, all);
    const double odds = ratio(e.accepted, expected) - ratio(e.rejected, all - expected);
    const auto steps = static_cast<bits>(odds * one_bit / step); // towards zero
    return std::clamp(steps * step, most_against, most_for);
}

void matcher::learn(std::span<const route_experience> what) {
    std::array<bits, route_count> now{};
    for (const route_experience& e : what)
        now[static_cast<std::size_t>(e.by)] = experience_weight(e);
    now[static_cast<std::size_t>(route::none)] = 0;
    if (now == state_->experience)
        return;
    constexpr auto ties = static_cast<std::size_t>(route::alt_of);
    const bool of_ties = now[ties] != state_->experience[ties];
    state_->experience = now;
    for (slot s = 0; s < state_->characters.size(); ++s) {
        if (!state_->characters[s].present)
            continue;
        state_->mark(s, dirty_score);
        if (of_ties)
            state_->mark(s, dirty_edges);
    }
}

} // namespace patt::identity
