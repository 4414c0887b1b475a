/// @file
/// The matchers of guilds, kept warm.
#pragma once

#include "engine/match_load.hpp"

#include <patt/log/entry.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace patt::engine {

/// One matcher a guild, tagged with the head of the event log that it fits: the sequence tells how far it is,
/// the hash that it is this very history and not one that was rolled back.
///
/// @par Threads  The index is safe to share; what it hands out is used under the guild's lock.
class match_index {
public:
    /// The guild's matcher as of `head`; read anew when the kept one does not fit.
    [[nodiscard]] std::shared_ptr<loaded_matcher> warm(store::connection& db, guild_id guild,
                                                       const log::head& head, const match_setup& setup);
    /// The kept one if it fits, or does when what others wrote about members and links is read; null if only
    /// reading all rows helps.
    [[nodiscard]] std::shared_ptr<loaded_matcher> kept(store::connection& db, guild_id guild,
                                                       const log::head& head, const match_setup& setup);
    /// What is kept of the guild fits `head` now: the same input changed both.
    void stamp(guild_id guild, const log::head& head);

    void forget(guild_id guild);
    /// Forgets everything: what was read in a transaction that was rolled back may never have been true.
    void forget();

    /// How often a guild's rows were read. For tests.
    [[nodiscard]] std::size_t builds() const;

    /// How many guilds are kept; the one used longest ago goes first.
    static constexpr std::size_t kept_guilds = 16;

private:
    struct entry {
        log::head tag;
        std::uint64_t used = 0;
        std::shared_ptr<loaded_matcher> what;
    };
    std::shared_ptr<loaded_matcher> find(guild_id guild, const log::head& head, log::head& tag);
    void keep(guild_id guild, const log::head& head, std::shared_ptr<loaded_matcher> what);

    mutable std::mutex mutex_;
    std::unordered_map<guild_id, entry> guilds_;
    std::uint64_t uses_ = 0;
    std::size_t builds_ = 0;
};

/// Characters that the matcher thinks to be the member's and that nobody has, the likeliest first.
[[nodiscard]] std::vector<character_id> likely_characters(const loaded_matcher& from, member_id who,
                                                          std::size_t most);

} // namespace patt::engine
