// This host among the others: leases, heartbeats, who tells whom of work.

#include "engine/impl.hpp"
#include "store/lease_repository.hpp"

#include <patt/store/in_tx.hpp>

#include <algorithm>
#include <optional>

namespace patt::engine {

namespace {

/// How far from its end a lease is not trusted any more, as a part of its length.
constexpr int margin_part = 6;
/// Added to the number of a partition that hosts tell each other of: timers are due there, too. Hosts that do
/// not know it find them at their next look.
constexpr std::int64_t timers_too = store::slots;

} // namespace

store::host_connections engine::impl::connections() const {
    const auto own = static_cast<std::int64_t>(writers_.size()) + (channel_ ? 1 : 0);
    store::host_connections out{own + parts_.how.other_connections, own, 0};
    out.direct = channel_ && channel_->passes_pooler() ? 1 : 0;
    if (queue_connections_) {
        const store::pool_state now = queue_connections_->state();
        out.most += static_cast<std::int64_t>(now.most);
        out.open += static_cast<std::int64_t>(now.open);
        out.waiting = static_cast<std::int64_t>(now.waiting);
    }
    return out;
}

void engine::impl::with_queue(const std::function<void(store::connection&)>& work) {
    if (!queue_connections_) {
        writers_.front()->alone(work);
        return;
    }
    const store::pooled db = queue_connections_->take();
    try {
        work(*db);
    } catch (const store::sql_error& e) {
        if (e.code() == store::sql_errc::lost || e.code() == store::sql_errc::unknown) {
            ++parts_.count.reconnects; // It begins its next transaction in a new session.
        }
        throw;
    }
}

void engine::impl::with_heartbeat(const std::function<void(store::connection&)>& beat) {
    const std::scoped_lock lock(beat_mutex_);
    if (hosts_.due()) { // Else another thread was faster.
        with_queue(beat);
    }
}

duration engine::impl::keep_leases() {
    if (!dispatches()) {
        return parts_.how.heartbeat;
    }
    if (hosts_.due()) {
        const bool trusted = hosts_.trusted();
        bool gained = false;
        with_heartbeat([&](store::connection& db) {
            for (const store::slot_range& range :
                 hosts_.beat(db, connections(),
                             [this](std::int64_t partition) { return queue_.in_use(partition); })) {
                queue_.told(range);
                gained = true;
            }
        });
        if (gained) {
            poke(news::timers);
        } else if (!trusted && hosts_.trusted()) {
            tell_workers();
        }
    }
    return std::max(hosts_.until_due(), duration{0});
}

void engine::impl::poke(news of) {
    tell_workers();
    if (!on_work_.tell(of)) {
        ++parts_.count.news_failed;
    }
}

/// Called after each commit: the work goes to this host's dispatcher, or its holder is told.
void engine::impl::committed(std::span<const made_work> made) {
    std::optional<news> here;
    for (const made_work& m : made) {
        if (!m.effects && !m.older && !m.timers) {
            continue;
        }
        const news of = m.timers ? news::timers : news::effects;
        if (!dispatches()) {
            here = m.timers ? news::timers : here;
        } else if (hosts_.holds(m.guild)) {
            queue_.told(m);
            here = std::max(here.value_or(of), of);
        } else if (channel_) {
            channel_->announce(hosts_.partition_of(m.guild) + (m.timers ? timers_too : 0));
        }
    }
    if (here) {
        poke(*here);
    }
}

bool engine::impl::listen(duration most) {
    if (!channel_) {
        return false;
    }
    const auto numbers = channel_->turn(std::chrono::duration_cast<std::chrono::milliseconds>(most));
    engine_metrics now;
    hosts_.fill(now);
    std::optional<news> here;
    for (const std::int64_t number : numbers) {
        const news of = number < timers_too ? news::effects : news::timers;
        const std::int64_t partition = number % timers_too;
        if (partition >= 0 && partition < now.partitions) {
            queue_.told(store::slots_of(partition, partition + 1, now.partitions));
            here = std::max(here.value_or(of), of);
        }
    }
    if (here) {
        poke(*here);
    }
    return true;
}

void engine::impl::interrupt() noexcept {
    {
        const std::scoped_lock lock(mutex_);
        interrupted_ = true;
    }
    changed_.notify_all();
    if (channel_) {
        channel_->interrupt();
    }
}

std::optional<lease> engine::impl::take_lease(const std::string& kind, std::int64_t key, duration ttl) {
    lease out{kind, key, 0, parts_.world.clock.monotonic() + ttl - ttl / margin_part};
    with_queue([&](store::connection& db) {
        out.epoch = store::in_tx(db, store::tx_mode::write, [&] {
                        const instant now = store::lease_time(db, parts_.world.clock.now());
                        return store::take_lease(db, kind, key, parts_.boot_id, now, now + ttl);
                    }).value_or(0);
    });
    return out.epoch == 0 ? std::nullopt : std::optional(out);
}

bool engine::impl::renew_lease(lease& held, duration ttl) {
    const duration begin = parts_.world.clock.monotonic();
    bool kept = false;
    with_queue([&](store::connection& db) {
        kept = store::in_tx(db, store::tx_mode::write, [&] {
            const instant now = store::lease_time(db, parts_.world.clock.now());
            return store::renew_lease(db, held.kind, held.key, held.epoch, now + ttl);
        });
    });
    held.trusted_until = kept ? begin + ttl - ttl / margin_part : duration{};
    return kept;
}

void engine::impl::release_lease(const lease& held) {
    with_queue([&](store::connection& db) {
        store::in_tx(db, store::tx_mode::write,
                     [&] { store::release_lease(db, held.kind, held.key, held.epoch); });
    });
}

bool engine::impl::trusts(const lease& held) {
    return parts_.world.clock.monotonic() < held.trusted_until;
}

engine_metrics engine::impl::metrics() const {
    const counters& c = parts_.count;
    engine_metrics out;
    out.inputs = c.inputs;
    out.batches = c.batches;
    out.retries = c.retries;
    out.reconnects = c.reconnects;
    out.unknown_commits = c.unknown_commits;
    out.unknown_happened = c.unknown_happened;
    out.unknown_not = c.unknown_not;
    out.unknown_given_up = c.unknown_given_up;
    out.news_failed = c.news_failed;
    out.effects_claimed = c.effects_claimed;
    out.effects_performed = c.effects_performed;
    out.effects_acked = c.effects_acked;
    out.effects_stale = c.effects_stale;
    out.outcomes_failed = c.outcomes_failed;
    out.timers_fired = c.timers_fired;
    out.timers_failed = c.timers_failed;
    out.heartbeats = c.heartbeats;
    out.leases_taken = c.leases_taken;
    out.takeovers = c.takeovers;
    out.leases_lost = c.leases_lost;
    const store::host_connections held = connections();
    out.connections_most = held.most;
    out.connections_open = held.open;
    out.connections_waiting = held.waiting;
    if (queue_connections_) {
        out.connections_refused = static_cast<std::int64_t>(queue_connections_->state().refused);
    }
    hosts_.fill(out);
    queue_.fill(out, parts_.world.clock.now());
    out.unwritten_outcomes = unwritten_.size();
    return out;
}

} // namespace patt::engine
