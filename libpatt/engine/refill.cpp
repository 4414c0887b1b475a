// From pending rows to claimed effects: one step looks at a bounded number of guilds and rows, under the
// fence of the leases it acts under, in one transaction.

#include "engine/work_queue.hpp"
#include "store/guild_repository.hpp"
#include "store/host_repository.hpp"
#include "store/outbox_repository.hpp"

#include <patt/policy/sending.hpp>
#include <patt/policy/setting_registry.hpp>
#include <patt/store/in_tx.hpp>

#include <algorithm>

namespace patt::engine {

namespace {

constexpr std::size_t guilds_a_step = 8;
constexpr std::size_t lanes_a_step = 64;
constexpr int least_each = 4;
constexpr std::size_t kept_settings = 10'000;
/// An effect that somebody had locked, and that may be there still, is looked for again so soon.
constexpr duration locked_again = std::chrono::milliseconds(100);

} // namespace

/// Whom the next step looks at. Guilds that this host may not claim for are dropped on the way.
work_queue::step work_queue::plan(int budget) {
    step out;
    const std::scoped_lock lock(mutex_);
    while (!lanes_.empty() && out.lanes.size() < lanes_a_step) {
        if (hosts_.epoch_to_claim(lanes_.back().guild)) {
            out.lanes.push_back(std::move(lanes_.back()));
        }
        lanes_.pop_back();
    }
    while (!ring_.empty() && out.guilds.size() < guilds_a_step) {
        const guild_id guild = ring_.front();
        ring_.pop_front();
        guild_state& state = guilds_[guild];
        state.listed = false;
        if (hosts_.epoch_to_claim(guild)) {
            out.guilds.push_back({guild, state.above});
            state.in_step = true;
        } else {
            forget_if_idle(guild);
        }
    }
    const int waiting = static_cast<int>(ring_.size() + out.guilds.size());
    out.budget = budget;
    out.rows_each =
        std::max(least_each, std::min(budget / std::max(waiting, 1), static_cast<int>(most_of_one()))) * 2;
    return out;
}

void work_queue::refill(store::connection& db, instant now, int most, const std::function<void()>& taken_in) {
    for (;;) {
        int budget = 0;
        {
            const std::scoped_lock lock(mutex_);
            wake_later(now);
            budget = most - static_cast<int>(queued_);
        }
        if (budget <= 0) {
            return;
        }
        const step what = plan(budget);
        if (what.guilds.empty() && what.lanes.empty()) {
            return;
        }
        finding result;
        try {
            result = run(db, what, now);
        } catch (...) {
            put_back(what);
            throw;
        }
        const bool any = !result.claimed.empty();
        take_in(what, result, now);
        if (any) {
            taken_in();
        }
    }
}

work_queue::finding work_queue::run(store::connection& db, const step& what, instant now) {
    return store::in_tx(db, store::tx_mode::write, [&] {
        finding out;
        db.enter_queue();
        fence(db, what);
        out.heads = store::first_in_lanes(db, what.lanes);
        out.rows = store::scan_guilds(db, what.guilds, what.rows_each);
        choose(what, out, now);
        std::set<std::pair<guild_id, effect_id>> left;
        for (const store::claim_wish& w : out.wishes) {
            left.emplace(w.guild, w.id);
        }
        for (store::claimed_effect& c : store::claim_effects(db, out.wishes, now)) {
            left.erase({c.guild, c.what.id});
            out.claimed.push_back({std::move(c), nullptr});
        }
        for (const auto& [guild, id] : left) {
            out.passed_over.insert(guild);
        }
        hold_back(db, out);
        return out;
    });
}

/// The leases may have been taken by others; from here to the commit they cannot be.
void work_queue::fence(store::connection& db, const step& what) {
    std::map<std::int64_t, std::int64_t> epochs;
    const auto add = [&](guild_id guild) {
        if (const auto epoch = hosts_.epoch_to_claim(guild)) {
            epochs[hosts_.partition_of(guild)] = *epoch;
        }
    };
    for (const store::guild_scan& g : what.guilds) {
        add(g.guild);
    }
    for (const store::lane& l : what.lanes) {
        add(l.guild);
    }
    std::vector<std::int64_t> keys;
    for (const auto& [partition, epoch] : epochs) {
        keys.push_back(partition);
    }
    for (const store::lease_row& l : store::lock_leases(db, store::partition_lease, keys)) {
        if (l.epoch == epochs[l.key] && l.holder == parts_.boot_id) {
            epochs.erase(l.key);
        }
    }
    for (const auto& [partition, epoch] : epochs) {
        hosts_.lost(partition);
    }
}

/// What of the rows that were found is claimed.
void work_queue::choose(const step& what, finding& out, instant now) {
    const std::scoped_lock lock(mutex_);
    looked_at_.clear();
    int left = what.budget;
    const int each = std::min(what.rows_each / 2, static_cast<int>(most_of_one()));
    std::unordered_map<guild_id, std::set<effect_id>> wished;
    std::unordered_map<guild_id, int> taken;
    std::unordered_set<guild_id> full;
    const auto claimable = [&](const store::pending_effect& e) {
        return e.first_in_lane && e.not_before <= now && guilds_[e.guild].claimed.count(e.id.value()) == 0;
    };
    const auto wish = [&](const store::pending_effect& e) {
        const auto epoch = hosts_.epoch_to_claim(e.guild);
        if (epoch && wished[e.guild].insert(e.id).second) {
            out.wishes.push_back({e.guild, e.id, *epoch});
            if (!oldest_ || e.not_before < oldest_ || out.wishes.size() == 1) {
                oldest_ = e.not_before;
            }
            --left;
        }
    };
    for (const store::pending_effect& e : out.heads) {
        if (claimable(e)) {
            ++taken[e.guild]; // Each is in place of one that has ended, but those of a long backlog are many.
            wish(e);
        }
    }
    for (const store::pending_effect& e : out.rows) {
        if (full.count(e.guild) != 0) {
            continue;
        }
        if (claimable(e)) {
            const int has = static_cast<int>(guilds_[e.guild].claimed.size());
            if (left <= 0 || taken[e.guild] >= std::min(each, static_cast<int>(most_of_one()) - has)) {
                full.insert(e.guild);
                continue;
            }
            taken[e.guild] += wished[e.guild].count(e.id) == 0 ? 1 : 0;
            wish(e);
        }
        ++looked_at_[e.guild];
    }
}

std::shared_ptr<const policy::guild_settings> work_queue::settings_of(store::connection& db, guild_id guild,
                                                                      std::int64_t version) {
    if (settings_.size() > kept_settings) {
        settings_.clear();
    }
    known_settings& known = settings_[guild];
    if (known.version != version) {
        known.values = std::make_shared<const policy::guild_settings>(
            policy::load_settings(store::load_settings(db, guild)).settings);
        known.version = version;
    }
    return known.values;
}

/// A switch may have been turned off since an effect became due.
void work_queue::hold_back(store::connection& db, finding& out) {
    std::unordered_map<guild_id, std::int64_t> versions;
    for (const auto* rows : {&out.rows, &out.heads}) {
        for (const store::pending_effect& e : *rows) {
            versions[e.guild] = e.settings_version;
        }
    }
    std::erase_if(out.claimed, [&](work& w) {
        w.settings = settings_of(db, w.claim.guild, versions[w.claim.guild]);
        if (policy::initial_state(w.claim.what, *w.settings) == effect_state::pending) {
            return false;
        }
        store::hold_effect(db, w.claim.guild, w.claim.what.id);
        return true;
    });
}

void work_queue::put_back(const step& what) {
    const std::scoped_lock lock(mutex_);
    for (const store::guild_scan& g : what.guilds) {
        guilds_[g.guild].in_step = false;
        list(g.guild, guilds_[g.guild]);
    }
    lanes_.insert(lanes_.end(), what.lanes.begin(), what.lanes.end());
    settings_.clear(); // They may have been read in the transaction that is gone.
}

/// After the commit.
void work_queue::take_in(const step& what, finding& result, instant now) {
    const std::scoped_lock lock(mutex_);
    for (work& w : result.claimed) {
        guild_state& state = guilds_[w.claim.guild];
        state.claimed.insert(w.claim.what.id.value());
        ++in_use_[store::guild_slot(w.claim.guild)];
        ++queued_;
        ++parts_.count.effects_claimed;
        if (!std::exchange(state.offered, true)) {
            offers_.push_back(w.claim.guild);
        }
        state.queued.push_back(std::move(w));
    }
    for (const store::pending_effect& e : result.heads) {
        if (e.not_before > now) {
            remember_later(e.guild, guilds_[e.guild], e.not_before);
        }
    }
    for (const guild_id guild : result.passed_over) {
        remember_later(guild, guilds_[guild], now + locked_again);
    }
    for (const store::guild_scan& g : what.guilds) {
        std::vector<store::pending_effect> rows;
        std::copy_if(result.rows.begin(), result.rows.end(), std::back_inserter(rows),
                     [&](const store::pending_effect& e) { return e.guild == g.guild; });
        pass_on(g, rows, looked_at_[g.guild], static_cast<std::size_t>(what.rows_each), now);
    }
}

/// Moves a guild's mark on, and decides whether its pass is over.
void work_queue::pass_on(const store::guild_scan& of, const std::vector<store::pending_effect>& rows,
                         std::size_t looked_at, std::size_t window, instant now) {
    guild_state& state = guilds_[of.guild];
    state.in_step = false;
    for (std::size_t i = 0; i < looked_at; ++i) {
        if (rows[i].first_in_lane && rows[i].not_before > now) {
            remember_later(of.guild, state, rows[i].not_before);
        }
    }
    if (looked_at > 0) {
        state.above = rows[looked_at - 1].id;
    }
    const bool over = looked_at == rows.size() && rows.size() < window;
    if (!over) {
        list(of.guild, state);
    } else if (std::exchange(state.from_bottom, false)) {
        state.above = {};
        list(of.guild, state);
    } else {
        forget_if_idle(of.guild);
    }
}

} // namespace patt::engine
