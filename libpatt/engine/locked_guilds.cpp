#include "engine/locked_guilds.hpp"

#include <algorithm>

namespace patt::engine {

bool locked_guilds::rests(guild_id guild, time_point now) const {
    const auto found = guilds_.find(guild);
    return found != guilds_.end() && now < found->second.again;
}

bool locked_guilds::held_long(guild_id guild, time_point now) const {
    constexpr std::chrono::milliseconds long_for_a_transaction{250};
    const auto found = guilds_.find(guild);
    return found != guilds_.end() && now - found->second.since > long_for_a_transaction;
}

locked_guilds::verdict locked_guilds::found_locked(guild_id guild, time_point now, duration most) {
    // Most locks are those of a transaction of another host: a few milliseconds.
    constexpr std::chrono::microseconds shortest = std::chrono::milliseconds(4);
    constexpr std::chrono::microseconds longest = std::chrono::milliseconds(50);
    locked& it = guilds_.try_emplace(guild, locked{now, now, shortest}).first->second;
    if (now - it.since > most) {
        guilds_.erase(guild);
        return verdict::given_up;
    }
    random_ = random_ * 6364136223846793005U + 1442695040888963407U;
    const auto part = static_cast<std::int64_t>(random_ >> 56U); // 0 to 255
    it.again = now + it.wait * (384 + part) / 512;               // three quarters to five quarters
    it.wait = std::min(it.wait * 2, longest);
    return verdict::later;
}

std::optional<locked_guilds::time_point> locked_guilds::next() const {
    std::optional<time_point> out;
    for (const auto& [guild, it] : guilds_) {
        out = out ? std::min(*out, it.again) : it.again;
    }
    return out;
}

} // namespace patt::engine
