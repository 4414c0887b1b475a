/// @file
/// The one source of chance of a run. Not the standard library's distributions: those differ by compiler.
#pragma once

#include <patt/decision/context.hpp>
#include <patt/time.hpp>

#include <cstddef>
#include <cstdint>

namespace patt::simulation {

class dice {
public:
    explicit dice(std::uint64_t seed)
        : stream_(seed) {}
    /// A number in [0, bound).
    [[nodiscard]] std::size_t below(std::size_t bound) {
        return static_cast<std::size_t>(stream_.below(bound));
    }
    /// A number in [low, high].
    [[nodiscard]] int between(int low, int high) {
        return low + static_cast<int>(stream_.below(static_cast<std::uint64_t>(high - low) + 1));
    }
    /// True in `n` of a thousand cases.
    [[nodiscard]] bool chance(int n) { return stream_.below(1000) < static_cast<std::uint64_t>(n); }
    /// A length of time in [low, high], to the second.
    [[nodiscard]] duration span(duration low, duration high) {
        const std::int64_t seconds = (high - low).count() / 1'000'000;
        return low +
               duration{static_cast<std::int64_t>(stream_.below(static_cast<std::uint64_t>(seconds) + 1)) *
                        1'000'000};
    }
    /// One of a vector's or another sequence's.
    template <class Sequence>
    [[nodiscard]] const typename Sequence::value_type& pick(const Sequence& from) {
        return from[below(from.size())];
    }
    [[nodiscard]] std::uint64_t bits() { return stream_.next(); }

private:
    random_stream stream_;
};

} // namespace patt::simulation
