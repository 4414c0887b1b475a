/// @file
/// The names of a guild's present characters, kept warm to offer the nearest ones to a typo.
#pragma once

#include <patt/ids.hpp>
#include <patt/store/db.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace patt::engine {

/// One index a guild, tagged with the log sequence at which it was read and read anew when the roster changed
/// since.
class name_index {
public:
    /// Up to `most` characters whose folded names are nearest to `key`: one edit for short names, two for
    /// others.
    [[nodiscard]] std::vector<character_id> nearest(store::connection& db, guild_id guild,
                                                    std::int64_t log_seq, std::string_view key,
                                                    std::size_t most);

    /// Forgets everything: what was read in a transaction that was rolled back may never have been true.
    void forget() noexcept { guilds_.clear(); }

    /// How many guilds are kept; the one used longest ago goes first.
    static constexpr std::size_t kept_guilds = 16;

private:
    struct entry {
        std::string key;
        std::uint64_t characters = 0; ///< See `characters_in`.
        character_id who;
    };
    struct guild_names {
        std::int64_t tag = 0;
        std::uint64_t used = 0;
        std::vector<entry> names;
    };
    guild_names& fresh(store::connection& db, guild_id guild, std::int64_t log_seq);

    std::unordered_map<guild_id, guild_names> guilds_;
    std::uint64_t uses_ = 0;
};

} // namespace patt::engine
