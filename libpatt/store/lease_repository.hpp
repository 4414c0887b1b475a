/// @file
/// Leases: who may act for a while, by kind and key. Taking one raises its epoch; whoever acts under one
/// locks its row in the acting transaction and compares the epoch (`lease_epoch`), so a holder that was
/// overtaken can do nothing, however late it wakes up.
#pragma once

#include <patt/store/db.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

struct lease_row {
    std::string kind;
    std::int64_t key = 0;
    std::int64_t epoch = 0;
    std::int64_t holder = 0; ///< A host's boot id; 0 when nobody has it.
    instant expires_at;
};

/// Whether a lease that somebody else holds and that has not run out may be taken all the same. The epoch
/// keeps that safe; it is for a host that knows that the others are gone.
enum class force : std::uint8_t { no, yes };

/// Takes a lease that is free, ran out, or is the holder's own.
/// @return the new epoch; none while somebody else holds it, or is about to change it: nobody is waited for
///         but who is taking it for the first time.
[[nodiscard]] std::optional<std::int64_t> take_lease(connection& db, std::string_view kind, std::int64_t key,
                                                     std::int64_t holder, instant now, instant expires_at,
                                                     force how = force::no);
/// Takes several of one kind, in one statement where possible. @return those that were taken.
[[nodiscard]] std::vector<lease_row> take_leases(connection& db, std::string_view kind,
                                                 std::span<const std::int64_t> keys, std::int64_t holder,
                                                 instant now, instant expires_at, force how);
/// Those of several leases that nobody is about to change: locked here until the end of the transaction,
/// without waiting for anybody. A lease that does not exist is none of them.
[[nodiscard]] std::vector<std::int64_t> lock_idle_leases(connection& db, std::string_view kind,
                                                         std::span<const std::int64_t> keys);
/// Puts off the end of all leases of a kind that this holder has, also of those that ran out and that nobody
/// took. @return them.
[[nodiscard]] std::vector<lease_row> renew_leases(connection& db, std::string_view kind, std::int64_t holder,
                                                  instant expires_at);
/// Puts off the end of one. @return false when it has another epoch by now.
[[nodiscard]] bool renew_lease(connection& db, std::string_view kind, std::int64_t key, std::int64_t epoch,
                               instant expires_at);
/// Gives a lease back, when it still has this epoch.
void release_lease(connection& db, std::string_view kind, std::int64_t key, std::int64_t epoch);
/// The fence: the epoch, which stays what it is until the end of the running transaction. 0 when there is no
/// such lease.
[[nodiscard]] std::int64_t lease_epoch(connection& db, std::string_view kind, std::int64_t key);
/// The same for several of a kind, by key.
[[nodiscard]] std::vector<lease_row> lock_leases(connection& db, std::string_view kind,
                                                 std::span<const std::int64_t> keys);
/// All leases of a kind, by key; of all kinds when it is empty.
[[nodiscard]] std::vector<lease_row> leases(connection& db, std::string_view kind);
/// Makes every lease of a kind void from now on: its holder's acts are refused, and it can be taken when
/// `free_at` is over.
void void_leases(connection& db, std::string_view kind, instant free_at);

/// The time that leases are measured with: the database's where it has a clock, else `otherwise`.
[[nodiscard]] instant lease_time(connection& db, instant otherwise);

} // namespace patt::store
