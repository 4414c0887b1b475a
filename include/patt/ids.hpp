/// @file
/// Typed identifiers. A role id is no member id, and the compiler knows it.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace patt {

/// A 64-bit identifier that belongs to one kind of thing.
///
/// Two sources: PATT's own ids are made by the application and ordered by time (see `id_sequence`);
/// a chat server's ids (Discord snowflakes) and a game's ids are taken over as they are.
/// Zero means "none". Values fit in a signed 64-bit integer, the widest that both databases store.
template <class Tag>
class id {
public:
    constexpr id() noexcept = default;
    constexpr explicit id(std::int64_t value) noexcept
        : value_(value) {}

    [[nodiscard]] constexpr std::int64_t value() const noexcept { return value_; }
    constexpr explicit operator bool() const noexcept { return value_ != 0; }
    friend constexpr auto operator<=>(id, id) noexcept = default;

private:
    std::int64_t value_ = 0;
};

// PATT's own.
using guild_id = id<struct guild_tag>;
using person_id = id<struct person_tag>;
using character_id = id<struct character_tag>;
using link_id = id<struct link_tag>;
using session_id = id<struct session_tag>;
using effect_id = id<struct effect_tag>;
using issue_id = id<struct issue_tag>;
using invite_id = id<struct invite_tag>;
using job_id = id<struct job_tag>;
using sync_run_id = id<struct sync_run_tag>;

// The chat server's (Discord snowflakes: https://discord.com/developers/docs/reference#snowflakes).
using member_id =
    id<struct member_tag>; ///< An account in the chat server; the same person's account in every guild.
using role_id = id<struct role_tag>;       ///< A role of the chat server.
using channel_id = id<struct channel_tag>; ///< A channel of the chat server.

// The game's.
using game_id = id<struct game_tag>; ///< Battle.net's stable number of a character.

} // namespace patt

template <class Tag>
struct std::hash<patt::id<Tag>> {
    std::size_t operator()(patt::id<Tag> v) const noexcept { return std::hash<std::int64_t>{}(v.value()); }
};
