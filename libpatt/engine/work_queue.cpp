// What is remembered between two looks into the database.

#include "engine/work_queue.hpp"

#include <algorithm>

namespace patt::engine {

/// A guild with a long backlog must not take the room of others, who would wait until it has come through.
std::size_t work_queue::most_of_one() const {
    return static_cast<std::size_t>(std::max(parts_.how.claims, 1));
}

void work_queue::list(guild_id guild, guild_state& state) {
    state.full = state.claimed.size() >= most_of_one();
    if (state.full || state.in_step) {
        return; // It is listed when half of these are done, or when the step is over.
    }
    if (state.look && !std::exchange(state.listed, true)) {
        ring_.push_back(guild);
    }
    if (!state.ended.empty() && !std::exchange(state.lanes_listed, true)) {
        lanes_ring_.push_back(guild);
    }
}

/// A pass that is under way is finished first: else a busy guild would never come to its end.
void work_queue::list_from_bottom(guild_id guild, guild_state& state) {
    if ((state.listed && state.look) || state.in_step) {
        state.from_bottom = true;
    } else {
        state.above = {};
    }
    state.look = true;
    list(guild, state);
}

void work_queue::told(const made_work& what) {
    if (!what.effects && !what.older) {
        return;
    }
    const std::scoped_lock lock(mutex_);
    guild_state& state = guilds_[what.guild];
    if (what.older) {
        list_from_bottom(what.guild, state);
    } else {
        state.again_from = std::min(state.again_from.value_or(what.due), what.due);
        state.look = true;
        list(what.guild, state);
    }
}

void work_queue::told(store::slot_range slots) {
    const std::scoped_lock lock(mutex_);
    told_.push_back(slots);
}

std::vector<store::slot_range> work_queue::take_told() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(told_, {});
}

duration work_queue::look(store::connection& db, const std::vector<store::slot_range>& ranges, instant now) {
    constexpr int most = 100'000;
    std::vector<store::guild_work> ready;
    db.begin(store::tx_mode::read); // Connects first, where there is no session.
    const duration begun = parts_.world.clock.monotonic();
    try {
        db.enter_queue();
        for (const store::slot_range& range : ranges) {
            const auto here = store::guilds_with_work(db, range, most);
            ready.insert(ready.end(), here.begin(), here.end());
        }
        db.commit();
    } catch (...) {
        db.rollback();
        throw;
    }
    const duration took = parts_.world.clock.monotonic() - begun;
    const std::scoped_lock lock(mutex_);
    for (const store::guild_work& w : ready) {
        if (w.due <= now) {
            list_from_bottom(w.guild, guilds_[w.guild]);
        } else {
            remember_later(w.guild, guilds_[w.guild], w.due);
        }
    }
    return took;
}

void work_queue::remember_later(guild_id guild, guild_state& state, instant when) {
    if (!state.later || when < state.later) {
        later_.erase({state.later, guild});
        state.later = when;
        later_.emplace(when, guild);
    }
}

/// Guilds of which something has fallen due meanwhile: behind all that was due before.
void work_queue::wake_later(instant now) {
    while (!later_.empty() && later_.begin()->first <= now) {
        const guild_id guild = later_.begin()->second;
        later_.erase(later_.begin());
        guild_state& state = guilds_[guild];
        state.later = {};
        if (std::exchange(state.all_later, false)) {
            list_from_bottom(guild, state);
        } else {
            state.look = true;
            list(guild, state);
        }
    }
}

void work_queue::forget_if_idle(guild_id guild) {
    const auto found = guilds_.find(guild);
    if (found == guilds_.end()) {
        return;
    }
    const guild_state& s = found->second;
    const bool nothing_known = !s.look && s.ended.empty() && !s.later && s.claimed.empty();
    if (nothing_known && !s.listed && !s.lanes_listed && !s.in_step && !s.offered) {
        guilds_.erase(found);
    }
}

bool work_queue::wants_refill(instant now, int most) const {
    const std::scoped_lock lock(mutex_);
    const bool room = queued_ + promised_ < most;
    const bool anything = !ring_.empty() || !lanes_ring_.empty() || !told_.empty() ||
                          (!later_.empty() && later_.begin()->first <= now);
    return room && anything;
}

std::optional<work> work_queue::take(int per_guild) {
    const std::scoped_lock lock(mutex_);
    for (std::size_t left = offers_.size(); left > 0; --left) {
        const guild_id guild = offers_.front();
        offers_.pop_front();
        guild_state& state = guilds_[guild];
        if (state.queued.empty()) {
            state.offered = false;
            forget_if_idle(guild);
            continue;
        }
        if (state.running >= per_guild) {
            offers_.push_back(guild);
            continue;
        }
        work out = std::move(state.queued.front());
        state.queued.pop_front();
        --queued_;
        ++state.running;
        state.offered = !state.queued.empty();
        if (state.offered) {
            offers_.push_back(guild);
        }
        return out;
    }
    return std::nullopt;
}

void work_queue::done(const store::claimed_effect& what) {
    const std::scoped_lock lock(mutex_);
    const auto found = guilds_.find(what.guild);
    if (found == guilds_.end() || found->second.claimed.erase(what.what.id.value()) == 0) {
        return;
    }
    guild_state& state = found->second;
    --state.running;
    use_no_more(what.guild);
    // Who comes next in its order? A guild with a long backlog asks for many at once: else it would claim
    // after each of its effects, and others would wait for that.
    state.ended.push_back(what.what.order_key);
    if (!state.full || state.claimed.size() <= most_of_one() / 2) {
        list(what.guild, state);
    }
}

void work_queue::use(guild_id guild) {
    ++in_use_[store::guild_slot(guild)];
}

void work_queue::use_no_more(guild_id guild) {
    const auto used = in_use_.find(store::guild_slot(guild));
    if (used != in_use_.end() && --used->second == 0) {
        in_use_.erase(used);
    }
}

bool work_queue::in_use(std::int64_t partition) const {
    const std::scoped_lock lock(mutex_);
    return std::any_of(in_use_.begin(), in_use_.end(),
                       [&](const auto& used) { return hosts_.partition_of_slot(used.first) == partition; });
}

instant work_queue::next_due(instant now) const {
    const std::scoped_lock lock(mutex_);
    if (!ring_.empty() || !lanes_ring_.empty() || queued_ > 0) {
        return now;
    }
    return later_.empty() ? instant{} : later_.begin()->first;
}

void work_queue::fill(engine_metrics& into, instant now) const {
    const std::scoped_lock lock(mutex_);
    into.queued_effects = queued_;
    into.waiting_guilds = static_cast<std::int64_t>(ring_.size());
    into.oldest_waiting =
        oldest_ && (queued_ > 0 || !ring_.empty() || !lanes_ring_.empty()) ? now - oldest_ : duration{};
}

} // namespace patt::engine
