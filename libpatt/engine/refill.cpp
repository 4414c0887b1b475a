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
/// A guild that asks for more than that has a step for itself.
constexpr std::size_t few_lanes = 4;
constexpr int least_each = 4;
constexpr std::size_t kept_settings = 10'000;
/// An effect that somebody had locked, and that may be there still, is looked for again so soon.
constexpr duration locked_again = std::chrono::milliseconds(100);

} // namespace

/// A guild comes into the hands of a step, with all that is known to be looked at.
void work_queue::add_to(step& what, guild_id guild) {
    guild_state& state = guilds_[guild];
    what.guilds.push_back(guild);
    state.in_step = true;
    use(guild);
    const std::size_t lanes = std::min(state.ended.size(), lanes_a_step - what.lanes.size());
    for (std::size_t i = 0; i < lanes; ++i) {
        what.lanes.push_back({guild, std::move(state.ended[i])});
    }
    state.ended.erase(state.ended.begin(), state.ended.begin() + static_cast<std::ptrdiff_t>(lanes));
    what.budget += static_cast<int>(lanes);
    if (std::exchange(state.look, false)) {
        if (const auto from = std::exchange(state.again_from, std::nullopt)) {
            state.above = std::min(state.above, store::scan_mark{*from, {}});
        }
        what.scans.push_back({guild, state.above, 0});
        what.budget += static_cast<int>(most_of_one());
    }
}

/// Whether this host may claim for a guild. What is known of another's is dropped on the way.
bool work_queue::may_take(guild_id guild) {
    if (hosts_.epoch_to_claim(guild)) {
        return true;
    }
    guild_state& state = guilds_[guild];
    state.look = false;
    state.ended.clear();
    forget_if_idle(guild);
    return false;
}

/// Guilds whose lanes have ended: one that asks for much, or several others.
void work_queue::add_lanes(step& what) {
    while (!lanes_ring_.empty() && what.lanes.size() < lanes_a_step && what.scans.size() < guilds_a_step) {
        const guild_id guild = lanes_ring_.front();
        guild_state& state = guilds_[guild];
        const bool many = state.ended.size() > few_lanes;
        if (many && !state.in_step && !what.guilds.empty()) {
            return; // The others need not wait for it.
        }
        lanes_ring_.pop_front();
        state.lanes_listed = false;
        if (state.in_step || state.ended.empty()) {
            forget_if_idle(guild); // It was taken along with its look.
        } else if (may_take(guild)) {
            add_to(what, guild);
            if (many) {
                looks_first_ = true; // Also where all have a long backlog.
                return;
            }
        }
    }
}

void work_queue::add_looks(step& what) {
    while (!ring_.empty() && what.scans.size() < guilds_a_step) {
        const guild_id guild = ring_.front();
        ring_.pop_front();
        guild_state& state = guilds_[guild];
        state.listed = false;
        if (state.in_step || !state.look) {
            forget_if_idle(guild);
        } else if (may_take(guild)) {
            add_to(what, guild);
        }
    }
}

/// Whom the next step looks at.
std::optional<work_queue::step> work_queue::plan(instant now, int most) {
    step out;
    const std::scoped_lock lock(mutex_);
    wake_later(now);
    const auto room = static_cast<int>(most - queued_ - promised_);
    if (room <= 0) {
        return std::nullopt;
    }
    if (std::exchange(looks_first_, false)) {
        add_looks(out);
    }
    if (out.guilds.empty()) {
        add_lanes(out);
        if (!looks_first_) {
            add_looks(out);
        }
    }
    if (out.guilds.empty()) {
        return std::nullopt;
    }
    out.budget = std::min(out.budget, room);
    promised_ += out.budget;
    const int waiting = static_cast<int>(ring_.size() + out.scans.size());
    const int each = std::min(room / std::max(waiting, 1), static_cast<int>(most_of_one()));
    out.each = std::max(least_each, each);
    for (store::guild_scan& scan : out.scans) {
        const auto has = static_cast<int>(guilds_[scan.guild].claimed.size());
        scan.most = std::clamp(static_cast<int>(most_of_one()) - has, least_each, out.each) * 2;
    }
    return out;
}

void work_queue::refill(store::connection& db, instant now, int most, const std::function<void()>& taken_in) {
    while (const std::optional<step> what = plan(now, most)) {
        bool any = false;
        try {
            finding result = run(db, *what, now);
            any = !result.claimed.empty();
            take_in(*what, result, now);
        } catch (...) {
            put_back(*what);
            throw;
        }
        if (any) {
            taken_in();
        }
    }
}

work_queue::finding work_queue::run(store::connection& db, const step& what, instant now) {
    return store::in_tx(db, store::tx_mode::write, [&] {
        finding out;
        db.enter_queue();
        out.fenced = fence(db, what);
        out.heads = store::first_in_lanes(db, what.lanes);
        out.rows = store::scan_guilds(db, what.scans, now);
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
/// @return the epochs of those that are still this host's.
std::map<std::int64_t, std::int64_t> work_queue::fence(store::connection& db, const step& what) {
    std::map<std::int64_t, std::int64_t> epochs;
    const auto add = [&](guild_id guild) {
        if (const auto epoch = hosts_.epoch_to_claim(guild)) {
            epochs[hosts_.partition_of(guild)] = *epoch;
        }
    };
    for (const guild_id guild : what.guilds) {
        add(guild);
    }
    std::vector<std::int64_t> keys;
    for (const auto& [partition, epoch] : epochs) {
        keys.push_back(partition);
    }
    std::map<std::int64_t, std::int64_t> held;
    for (const store::lease_row& l : store::lock_leases(db, store::partition_lease, keys)) {
        if (l.epoch == epochs[l.key] && l.holder == parts_.boot_id) {
            held.insert(epochs.extract(l.key));
        }
    }
    for (const auto& [partition, epoch] : epochs) {
        hosts_.lost(partition, epoch);
    }
    return held;
}

/// What of the rows that were found is claimed.
void work_queue::choose(const step& what, finding& out, instant now) {
    const std::scoped_lock lock(mutex_);
    int left = what.budget;
    const int each = std::min(what.each, static_cast<int>(most_of_one()));
    std::unordered_map<guild_id, std::set<effect_id>> wished;
    std::unordered_map<guild_id, int> taken;
    std::unordered_set<guild_id> full;
    const auto claimable = [&](const store::pending_effect& e) {
        return e.first_in_lane && e.not_before <= now && guilds_[e.guild].claimed.count(e.id.value()) == 0;
    };
    const auto wish = [&](const store::pending_effect& e) {
        const auto epoch = out.fenced.find(hosts_.partition_of(e.guild));
        if (epoch != out.fenced.end() && wished[e.guild].insert(e.id).second) {
            out.wishes.push_back({e.guild, e.id, epoch->second});
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
    for (const store::pending_effect& e : out.rows.due) {
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
        ++out.looked_at[e.guild];
    }
}

std::shared_ptr<const policy::guild_settings> work_queue::settings_of(store::connection& db, guild_id guild,
                                                                      std::int64_t version) {
    {
        const std::scoped_lock lock(settings_mutex_);
        const auto known = settings_.find(guild);
        if (known != settings_.end() && known->second.version == version) {
            return known->second.values;
        }
    }
    auto values = std::make_shared<const policy::guild_settings>(
        policy::load_settings(store::load_settings(db, guild)).settings);
    const std::scoped_lock lock(settings_mutex_);
    if (settings_.size() > kept_settings) {
        settings_.clear();
    }
    settings_[guild] = {version, values};
    return values;
}

/// A switch may have been turned off since an effect became due.
void work_queue::hold_back(store::connection& db, finding& out) {
    std::unordered_map<guild_id, std::int64_t> versions;
    for (const auto* rows : {&out.rows.due, &out.heads}) {
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
    {
        const std::scoped_lock lock(settings_mutex_);
        settings_.clear(); // They may have been read in the transaction that is gone.
    }
    const std::scoped_lock lock(mutex_);
    for (const store::guild_scan& g : what.scans) {
        guilds_[g.guild].look = true;
    }
    for (const store::lane& l : what.lanes) {
        guilds_[l.guild].ended.push_back(l.order_key);
    }
    end(what);
}

/// Its guilds are in nobody's hands any more.
void work_queue::end(const step& what) {
    promised_ -= what.budget;
    for (const guild_id guild : what.guilds) {
        guild_state& state = guilds_[guild];
        state.in_step = false;
        use_no_more(guild);
        list(guild, state);
        forget_if_idle(guild);
    }
}

/// After the commit.
void work_queue::take_in(const step& what, finding& result, instant now) {
    const std::scoped_lock lock(mutex_);
    for (work& w : result.claimed) {
        guild_state& state = guilds_[w.claim.guild];
        state.claimed.insert(w.claim.what.id.value());
        use(w.claim.guild);
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
    for (const store::guild_work& w : result.rows.not_yet) {
        remember_later(w.guild, guilds_[w.guild], w.due);
    }
    for (const guild_id guild : result.passed_over) {
        guilds_[guild].all_later = true;
        remember_later(guild, guilds_[guild], now + locked_again);
    }
    for (const store::guild_scan& g : what.scans) {
        std::vector<store::pending_effect> rows;
        std::copy_if(result.rows.due.begin(), result.rows.due.end(), std::back_inserter(rows),
                     [&](const store::pending_effect& e) { return e.guild == g.guild; });
        pass_on(g, rows, result.looked_at[g.guild]);
    }
    end(what);
}

/// Moves a guild's mark on, and decides whether its pass is over.
void work_queue::pass_on(const store::guild_scan& of, const std::vector<store::pending_effect>& rows,
                         std::size_t looked_at) {
    guild_state& state = guilds_[of.guild];
    if (looked_at > 0) {
        state.above = {rows[looked_at - 1].not_before, rows[looked_at - 1].id};
    }
    const bool over = looked_at == rows.size() && rows.size() < static_cast<std::size_t>(of.most);
    if (!over) {
        state.look = true;
    } else if (std::exchange(state.from_bottom, false)) {
        state.above = {};
        state.look = true;
    }
}

} // namespace patt::engine
