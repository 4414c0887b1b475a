/// @file
/// Reading a guild's rows as they are at one moment.
#pragma once

#include <patt/ids.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/pool.hpp>

namespace patt::engine {

/// One moment, and the rows of one guild (row-level security). What `work` gives must not refer to the rows.
template <class Work>
auto read_guild(store::pool& from, guild_id guild, Work work) {
    const store::pooled db = from.take();
    return store::in_tx(*db, store::tx_mode::read, [&] {
        db->enter_guild(guild);
        return work(*db);
    });
}

} // namespace patt::engine
