/// @file
/// The hosts of the instance, what all of them must agree on, and the slots of recurring jobs.
#pragma once

#include <patt/store/db.hpp>
#include <patt/store/rows.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace patt::store {

/// The kind of the leases of partitions of the outbox; their keys are the partitions' numbers.
inline constexpr std::string_view partition_lease = "partition";

/// Says that a host is alive.
void put_host(connection& db, const host_row& host);
void drop_host(connection& db, std::int64_t boot_id);
/// Forgets the hosts that were not seen since; all but `keep` when `before` is the end of time.
void drop_hosts_before(connection& db, instant before, std::int64_t keep);
/// By boot id.
[[nodiscard]] std::vector<host_row> hosts(connection& db);

/// Into how many partitions the work is divided.
[[nodiscard]] std::int64_t partitions(connection& db);
/// Changes it, in the running transaction: all leases of partitions end, and hosts take the new ones when
/// `free_at` is over (what is being done under the old ones is done by then).
void set_partitions(connection& db, std::int64_t number, instant free_at);

/// Takes a slot of a recurring job. @return false when it was taken before, by whomever.
[[nodiscard]] bool take_slot(connection& db, guild_id guild, std::string_view name, instant slot,
                             std::int64_t host, instant now);
/// Forgets the slots before a time.
void forget_slots(connection& db, guild_id guild, instant before);

} // namespace patt::store
