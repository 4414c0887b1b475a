#include "engine/membership.hpp"

#include "engine/shares.hpp"
#include "store/host_repository.hpp"

#include <patt/store/in_tx.hpp>

#include <algorithm>

namespace patt::engine {

namespace {

/// Hosts that were silent for so long are forgotten.
constexpr duration remembered = std::chrono::hours(1);
/// A lease that ran out and that somebody has locked is looked at again so soon.
constexpr duration locked_again = std::chrono::milliseconds(100);

} // namespace

bool membership::due() const {
    return until_due() <= duration{0};
}

duration membership::until_due() const {
    const std::scoped_lock lock(mutex_);
    return begun_ ? next_beat_ - parts_.world.clock.monotonic() : duration{0};
}

store::force membership::rudeness(const store::connection& db) const {
    const bool first = !begun_;
    const bool alone = parts_.how.start == takeover::at_once ||
                       (parts_.how.start == takeover::by_database && db.dialect().clock.empty());
    return first && alone ? store::force::yes : store::force::no;
}

/// Says that this host is alive, and sees who else is.
membership::seen membership::announce(store::connection& db, const store::host_connections& connections) {
    const duration before = parts_.world.clock.monotonic();
    const instant own = parts_.world.clock.now();
    seen out;
    out.now = store::lease_time(db, own);
    if (!db.dialect().clock.empty()) {
        parts_.world.clock.observe(out.now, before, parts_.world.clock.monotonic());
    }
    if (!started_at_) {
        started_at_ = out.now;
    }
    const duration skew = own - out.now;
    if (rudeness(db) == store::force::yes) {
        store::drop_hosts_before(db, instant{INT64_MAX}, parts_.boot_id);
    }
    store::host_connections told = connections;
    told.leads_to = db.dialect().pooled ? store::way::pooler : store::way::server;
    store::put_host(db, {parts_.boot_id, parts_.how.host_name, PATT_VERSION, "effects", started_at_, out.now,
                         skew, told});
    store::drop_hosts_before(db, out.now - remembered, parts_.boot_id);
    for (const store::host_row& h : store::hosts(db)) {
        if (h.boot_id == parts_.boot_id || h.last_seen > out.now - parts_.how.lease_ttl) {
            out.hosts.push_back(h.boot_id);
            const instant silent = h.last_seen + parts_.how.lease_ttl;
            if (h.boot_id != parts_.boot_id && (!out.next_silence || silent < out.next_silence)) {
                out.next_silence = silent;
            }
        }
    }
    out.partitions = std::clamp<std::int64_t>(store::partitions(db), 1, store::slots);
    const std::scoped_lock lock(mutex_);
    skew_ = skew;
    live_hosts_ = static_cast<std::int64_t>(out.hosts.size());
    return out;
}

/// Puts off the end of what is held, and finds out what is not held any more.
void membership::renew(store::connection& db, const seen& what) {
    const auto renewed =
        store::renew_leases(db, store::partition_lease, parts_.boot_id, what.now + parts_.how.lease_ttl);
    const std::scoped_lock lock(mutex_);
    std::map<std::int64_t, holding> held;
    for (const store::lease_row& l : renewed) {
        const auto known = held_.find(l.key);
        held[l.key] = {l.epoch, known != held_.end() && known->second.leaving};
    }
    for (const auto& [partition, was] : held_) {
        const auto now = held.find(partition);
        parts_.count.leases_lost += now == held.end() || now->second.epoch != was.epoch ? 1 : 0;
    }
    held_ = std::move(held);
    partitions_ = what.partitions;
}

/// A host that stopped in the middle of a transaction keeps its leases locked until the database ends it. Who
/// waited for that could not renew their own in time, so what is locked is left for later.
/// @return whether something was.
bool membership::wait_for_nobody(store::connection& db, std::vector<std::int64_t>& free,
                                 const std::map<std::int64_t, store::lease_row>& before) {
    const auto idle = store::lock_idle_leases(db, store::partition_lease, free);
    const std::size_t wanted = free.size();
    std::erase_if(free, [&](std::int64_t p) {
        return before.count(p) != 0 && std::find(idle.begin(), idle.end(), p) == idle.end();
    });
    return free.size() != wanted;
}

/// Gives back what belongs to others, takes what belongs to this host and is free.
std::vector<store::slot_range> membership::balance(store::connection& db, const seen& what,
                                                   const std::function<bool(std::int64_t)>& in_use) {
    const share wanted = share_of(what.hosts, parts_.boot_id, what.partitions);
    const auto theirs = [&](std::int64_t p) { return p < wanted.first || p >= wanted.end; };
    std::map<std::int64_t, holding> held;
    {
        const std::scoped_lock lock(mutex_);
        for (auto& [partition, mine] : held_) {
            mine.leaving = theirs(partition); // From now on nothing of it is claimed.
        }
        held = held_;
    }
    std::vector<std::int64_t> given;
    for (const auto& [partition, mine] : held) {
        if (mine.leaving && !in_use(partition)) {
            store::release_lease(db, store::partition_lease, partition, mine.epoch);
            given.push_back(partition);
        }
    }
    const store::force how = rudeness(db);
    std::vector<std::int64_t> free;
    std::map<std::int64_t, store::lease_row> before;
    for (const store::lease_row& l : store::leases(db, store::partition_lease)) {
        before.emplace(l.key, l);
    }
    instant next;
    for (std::int64_t p = wanted.first; p < wanted.end; ++p) {
        const auto known = before.find(p);
        const bool mine = held.count(p) != 0;
        if (mine) {
            continue;
        }
        if (known == before.end() || known->second.expires_at <= what.now || how == store::force::yes) {
            free.push_back(p);
        } else if (!next || known->second.expires_at < next) {
            next = known->second.expires_at;
        }
    }
    if (how == store::force::no && wait_for_nobody(db, free, before)) {
        next = what.now + locked_again;
    }
    const auto taken = store::take_leases(db, store::partition_lease, free, parts_.boot_id, what.now,
                                          what.now + parts_.how.lease_ttl, how);
    std::vector<store::slot_range> gained;
    const std::scoped_lock lock(mutex_);
    next_takeover_ = next;
    for (const std::int64_t partition : given) {
        held_.erase(partition);
    }
    for (const store::lease_row& l : taken) {
        held_[l.key] = {l.epoch, false};
        ++parts_.count.leases_taken;
        const auto known = before.find(l.key);
        parts_.count.takeovers += known != before.end() && known->second.holder != 0 ? 1 : 0;
        gained.push_back(store::slots_of(l.key, l.key + 1, what.partitions));
    }
    return gained;
}

/// What a silent host held is taken when it runs out, and not up to a heartbeat later. Called with the mutex
/// held. @param when  By the database's clock.
void membership::look_again_at(instant when, const seen& what, duration begin) {
    constexpr duration shortest = std::chrono::milliseconds(10);
    if (when) {
        next_beat_ = std::min(next_beat_, begin + std::max(when - what.now, shortest));
    }
}

std::vector<store::slot_range> membership::beat(store::connection& db,
                                                const store::host_connections& connections,
                                                const std::function<bool(std::int64_t)>& in_use) {
    const duration begin = parts_.world.clock.monotonic();
    seen what;
    // First what keeps the leases, on its own: nothing may delay it.
    store::in_tx(db, store::tx_mode::write, [&] {
        what = announce(db, connections);
        renew(db, what);
    });
    {
        // From the moment of the request on, not of the answer: the database may have counted from there.
        const std::scoped_lock lock(mutex_);
        trusted_until_ = begin + parts_.how.lease_ttl - margin();
        next_beat_ = begin + parts_.how.heartbeat;
        look_again_at(what.next_silence, what, begin);
    }
    const auto gained = store::in_tx(db, store::tx_mode::write, [&] { return balance(db, what, in_use); });
    const std::scoped_lock lock(mutex_);
    look_again_at(next_takeover_, what, begin);
    begun_ = true;
    ++parts_.count.heartbeats;
    return gained;
}

void membership::leave(store::connection& db) {
    std::map<std::int64_t, holding> held;
    {
        const std::scoped_lock lock(mutex_);
        if (!begun_) {
            return;
        }
        held = std::exchange(held_, {});
        begun_ = false;
    }
    store::in_tx(db, store::tx_mode::write, [&] {
        for (const auto& [partition, mine] : held) {
            store::release_lease(db, store::partition_lease, partition, mine.epoch);
        }
        store::drop_host(db, parts_.boot_id);
    });
}

bool membership::trusted() const {
    const std::scoped_lock lock(mutex_);
    return begun_ && parts_.world.clock.monotonic() < trusted_until_;
}

std::int64_t membership::partition_of_slot(std::int64_t slot) const {
    const std::scoped_lock lock(mutex_);
    return store::partition_of(slot, partitions_);
}

bool membership::holds(guild_id guild) const {
    const std::scoped_lock lock(mutex_);
    return held_.count(store::partition_of(store::guild_slot(guild), partitions_)) != 0;
}

std::optional<std::int64_t> membership::epoch_to_claim(guild_id guild) const {
    const std::scoped_lock lock(mutex_);
    const auto found = held_.find(store::partition_of(store::guild_slot(guild), partitions_));
    if (found == held_.end() || found->second.leaving) {
        return std::nullopt;
    }
    return found->second.epoch;
}

bool membership::may_act(guild_id guild, std::int64_t epoch) const {
    const std::scoped_lock lock(mutex_);
    const auto found = held_.find(store::partition_of(store::guild_slot(guild), partitions_));
    return found != held_.end() && found->second.epoch == epoch && begun_ &&
           parts_.world.clock.monotonic() < trusted_until_;
}

void membership::lost(std::int64_t partition, std::int64_t epoch) {
    const std::scoped_lock lock(mutex_);
    const auto found = held_.find(partition);
    if (found != held_.end() && found->second.epoch == epoch) { // It may have been taken again meanwhile.
        held_.erase(found);
        ++parts_.count.leases_lost;
    }
}

std::vector<store::slot_range> membership::held_slots() const {
    const std::scoped_lock lock(mutex_);
    std::vector<store::slot_range> out;
    for (const auto& [partition, mine] : held_) {
        const store::slot_range slots = store::slots_of(partition, partition + 1, partitions_);
        if (!out.empty() && out.back().end == slots.first) {
            out.back().end = slots.end;
        } else {
            out.push_back(slots);
        }
    }
    return out;
}

instant membership::next_takeover() const {
    const std::scoped_lock lock(mutex_);
    return next_takeover_;
}

void membership::fill(engine_metrics& into) const {
    const std::scoped_lock lock(mutex_);
    into.held_partitions = static_cast<std::int64_t>(held_.size());
    into.partitions = partitions_;
    into.live_hosts = live_hosts_;
    into.clock_skew = skew_;
}

} // namespace patt::engine
