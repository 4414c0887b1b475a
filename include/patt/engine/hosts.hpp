/// @file
/// The hosts of an instance, for operators: who is alive, who holds what, and into how many partitions the
/// work is divided.
#pragma once

#include <patt/result.hpp>
#include <patt/store/db.hpp>
#include <patt/time.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace patt::engine {

/// A host that has said nothing for longer counts as silent: several of its signs of life are missing.
inline constexpr duration host_silent = std::chrono::seconds(15);

/// A host as the database knows it.
struct host_info {
    std::int64_t boot_id = 0; ///< Random; a restarted host is another one.
    std::string name;         ///< For people.
    std::string version;
    instant started_at;
    duration silent{};           ///< Since its last sign of life.
    duration clock_skew{};       ///< How far its clock is ahead of the database's.
    std::int64_t partitions = 0; ///< Those whose lease it holds now.
    std::int64_t syncs = 0;      ///< Guilds whose roster it is bringing in now.
};

/// What all hosts share.
struct hosts_overview {
    std::int64_t partitions = 0;      ///< Into how many the work of all guilds is divided.
    std::int64_t held_partitions = 0; ///< By hosts that are alive.
    std::vector<host_info> hosts;     ///< By boot id, which is the order in which they take their shares.
};

/// @param now  This machine's time, used where the database has no clock of its own.
/// @throws store::sql_error
[[nodiscard]] hosts_overview read_hosts(store::connection& db, instant now);

/// Divides the work anew, while hosts run: they finish what they have claimed, and take the new partitions
/// when the last lease of the old ones has run out.
/// @param number  1 to 1024. More partitions than hosts; a few times as many divide the work evenly.
/// @return when hosts begin with the new ones.
/// @par Refusals  `invalid_input`.
/// @throws store::sql_error
[[nodiscard]] result<instant> change_partitions(store::connection& db, std::int64_t number, instant now);

} // namespace patt::engine
