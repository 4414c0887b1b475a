/// @file
/// This host among the others: its heartbeat, its leases on partitions, and how long it trusts them.
#pragma once

#include "engine/parts.hpp"
#include "store/lease_repository.hpp"
#include "store/slot.hpp"

#include <patt/store/rows.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace patt::engine {

/// @par Threads  Any; `beat` and `leave` by one at a time.
class membership {
public:
    explicit membership(engine_parts& parts)
        : parts_(parts) {}

    /// Whether the heartbeat is due.
    [[nodiscard]] bool due() const;
    [[nodiscard]] duration until_due() const;
    /// One heartbeat, in transactions of its own. A partition that is to go to another host is given back
    /// once `in_use` says that nothing of it is being performed.
    /// @param connections  Of this host, for operators.
    /// @return the ranges of slots that were gained, to be looked at.
    std::vector<store::slot_range> beat(store::connection& db, const store::host_connections& connections,
                                        const std::function<bool(std::int64_t)>& in_use);
    /// Gives everything back.
    void leave(store::connection& db);

    /// The epoch under which work of that guild may be claimed; none while its partition is another's, or is
    /// about to be.
    [[nodiscard]] std::optional<std::int64_t> epoch_to_claim(guild_id guild) const;
    /// Whether what was claimed under this epoch may be performed now.
    [[nodiscard]] bool may_act(guild_id guild, std::int64_t epoch) const;
    [[nodiscard]] bool trusted() const;
    [[nodiscard]] bool holds(guild_id guild) const;
    [[nodiscard]] std::int64_t partition_of(guild_id guild) const {
        return partition_of_slot(store::guild_slot(guild));
    }
    [[nodiscard]] std::int64_t partition_of_slot(std::int64_t slot) const;
    /// Somebody else has it: a transaction's fence said so of that epoch.
    void lost(std::int64_t partition, std::int64_t epoch);
    /// The slots that are held, in as few ranges as possible.
    [[nodiscard]] std::vector<store::slot_range> held_slots() const;
    /// When a lease that this host should have runs out; none when it has them all.
    [[nodiscard]] instant next_takeover() const;
    /// The part of the gauges that is known here.
    void fill(engine_metrics& into) const;

private:
    struct holding {
        std::int64_t epoch = 0;
        bool leaving = false;
    };
    struct seen {
        instant now;
        std::vector<std::int64_t> hosts;
        std::int64_t partitions = 1;
        instant next_silence; ///< When the first of the others will have been silent for too long.
    };
    [[nodiscard]] seen announce(store::connection& db, const store::host_connections& connections);
    void renew(store::connection& db, const seen& what);
    std::vector<store::slot_range> balance(store::connection& db, const seen& what,
                                           const std::function<bool(std::int64_t)>& in_use);
    [[nodiscard]] static bool wait_for_nobody(store::connection& db, std::vector<std::int64_t>& free,
                                              const std::map<std::int64_t, store::lease_row>& before);
    [[nodiscard]] store::force rudeness(const store::connection& db) const;
    void look_again_at(instant when, const seen& what, duration begin);
    [[nodiscard]] duration margin() const { return parts_.how.lease_ttl / 6; }

    engine_parts& parts_;
    mutable std::mutex mutex_;
    std::map<std::int64_t, holding> held_;
    std::int64_t partitions_ = 1;
    std::int64_t live_hosts_ = 0;
    bool begun_ = false;
    instant started_at_;
    duration next_beat_{};
    duration trusted_until_{};
    duration skew_{};
    instant next_takeover_;
};

} // namespace patt::engine
