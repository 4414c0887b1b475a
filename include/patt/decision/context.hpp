/// @file
/// What a decision is given besides facts and command: time, ids, chance, settings, actor.
#pragma once

#include <patt/ids.hpp>
#include <patt/policy/actor.hpp>
#include <patt/policy/settings.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <string>

namespace patt {

/// Hands out fresh ids, ordered by time. The engine starts one per input; equal starts give equal ids.
class id_sequence {
public:
    explicit id_sequence(std::int64_t first) noexcept
        : first_(first)
        , next_(first) {}
    template <class Id>
    [[nodiscard]] Id next() noexcept {
        return Id{next_++};
    }
    /// The first value that was not handed out.
    [[nodiscard]] std::int64_t peek() const noexcept { return next_; }
    /// The highest value that was handed out, or `before` when none was.
    [[nodiscard]] std::int64_t last(std::int64_t before) const noexcept {
        return next_ == first_ ? before : next_ - 1;
    }

private:
    std::int64_t first_;
    std::int64_t next_;
};

/// A seeded stream of numbers for jitter. Not for secrets.
///
/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014): the same on every
/// compiler, unlike the distributions of the standard library.
class random_stream {
public:
    explicit random_stream(std::uint64_t seed) noexcept
        : state_(seed) {}
    [[nodiscard]] std::uint64_t next() noexcept {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    /// A number in [0, bound); 0 when bound is 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept {
        return bound == 0 ? 0 : next() % bound;
    }

private:
    std::uint64_t state_;
};

/// The surroundings of one input. References live as long as the decision runs.
struct context {
    guild_id guild;
    instant now;
    id_sequence& ids;
    random_stream& random;
    const policy::guild_settings& settings;
    const policy::actor& actor;
    std::string reason; ///< What the actor gave as the reason; goes into the log.
};

} // namespace patt
