#include "store/host_repository.hpp"
#include "store/lease_repository.hpp"
#include "store/slot.hpp"

#include <patt/engine/hosts.hpp>
#include <patt/engine/lease.hpp>
#include <patt/store/in_tx.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::engine {

namespace {

host_info described(const store::host_row& row, const std::vector<store::lease_row>& leases, instant now) {
    host_info out;
    out.boot_id = row.boot_id;
    out.name = row.name;
    out.version = row.version;
    out.started_at = row.started_at;
    out.silent = std::max(now - row.last_seen, duration{});
    out.clock_skew = row.clock_skew;
    for (const store::lease_row& l : leases) {
        if (l.holder == row.boot_id && l.expires_at > now) {
            out.partitions += l.kind == store::partition_lease ? 1 : 0;
            out.syncs += l.kind == sync_lease ? 1 : 0;
        }
    }
    return out;
}

} // namespace

hosts_overview read_hosts(store::connection& db, instant now) {
    return store::in_tx(db, store::tx_mode::read, [&] {
        const instant at = store::lease_time(db, now);
        const std::vector<store::lease_row> leases = store::leases(db, {});
        hosts_overview out;
        out.partitions = store::partitions(db);
        for (const store::host_row& row : store::hosts(db)) {
            out.hosts.push_back(described(row, leases, at));
            out.held_partitions += out.hosts.back().partitions;
        }
        return out;
    });
}

result<instant> change_partitions(store::connection& db, std::int64_t number, instant now) {
    if (number < 1 || number > store::slots) {
        return error{errc::invalid_input,
                     fmt::format("{} partitions: a number from 1 to {} is needed", number, store::slots)};
    }
    return store::in_tx(db, store::tx_mode::write, [&] {
        instant free_at = store::lease_time(db, now);
        for (const store::lease_row& l : store::leases(db, store::partition_lease)) {
            free_at = l.holder != 0 ? std::max(free_at, l.expires_at) : free_at;
        }
        store::set_partitions(db, number, free_at);
        return free_at;
    });
}

} // namespace patt::engine
