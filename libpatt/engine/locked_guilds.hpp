/// @file
/// Guilds whose rows somebody else has locked: their inputs wait, in their order, and those of others go on.
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

namespace patt::engine {

/// What one writer knows of them. @par Threads  One at a time.
class locked_guilds {
public:
    using time_point = std::chrono::steady_clock::time_point;
    /// What becomes of the inputs of a guild that was found locked.
    enum class verdict : std::uint8_t { later, given_up };

    explicit locked_guilds(std::uint64_t seed) noexcept
        : random_(seed | 1U) {}

    /// Whether it is not yet time to try that guild again.
    [[nodiscard]] bool rests(guild_id guild, time_point now) const;
    /// Whether somebody has had it for longer than a transaction takes.
    [[nodiscard]] bool held_long(guild_id guild, time_point now) const;
    /// It was tried and somebody else has it. It is tried again soon, less often the longer it takes and by
    /// chance a little more or less; given up, and forgotten, when that went on for longer than `most`.
    verdict found_locked(guild_id guild, time_point now, duration most);
    void found_free(guild_id guild) { guilds_.erase(guild); }
    [[nodiscard]] bool none() const noexcept { return guilds_.empty(); }
    /// When the next one is to be tried again.
    [[nodiscard]] std::optional<time_point> next() const;

private:
    struct locked {
        time_point since;
        time_point again;
        std::chrono::microseconds wait{};
    };
    std::map<guild_id, locked> guilds_;
    std::uint64_t random_;
};

} // namespace patt::engine
