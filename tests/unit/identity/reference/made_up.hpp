/// @file
/// Made-up guilds in which everything collides: homonyms, typing errors, parts of names, notes about each
/// other.
#pragma once

#include "unit/identity/reference/guild.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace patt::identity::reference {

/// Chance that is the same everywhere.
class dice {
public:
    explicit dice(std::uint64_t seed)
        : state_(seed * 2654435761ULL + 99) {}

    std::size_t below(std::size_t n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state_ >> 33U) % n);
    }
    [[nodiscard]] bool once_in(std::size_t n) { return below(n) == 0; }
    template <class T>
    const T& pick(const std::vector<T>& v) {
        return v[below(v.size())];
    }

private:
    std::uint64_t state_;
};

/// The names that a guild's people choose among: the fewer, the more collide.
using stems = std::vector<std::string>;

[[nodiscard]] stems some_stems(dice& d, std::size_t count);

/// A stem as somebody may write it.
[[nodiscard]] std::string spelt(dice& d, const stems& from);

[[nodiscard]] match_character some_character(dice& d, character_id id, const stems& from);
[[nodiscard]] match_member some_member(dice& d, member_id id, const stems& from);
[[nodiscard]] matcher_settings some_settings(dice& d);
[[nodiscard]] route_experience some_experience(dice& d);

/// A ruling about some of these, of any kind.
[[nodiscard]] match_ruling some_ruling(dice& d, std::size_t characters, std::size_t members);

} // namespace patt::identity::reference
