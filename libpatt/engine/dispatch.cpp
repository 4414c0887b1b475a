// What is due: timers and outcomes become inputs, effects are performed through the ports.

#include "engine/due_task.hpp"
#include "engine/impl.hpp"
#include "engine/poll_wait.hpp"

#include <patt/onboarding/outcomes.hpp>
#include <patt/store/in_tx.hpp>

#include <algorithm>
#include <unordered_map>

namespace patt::engine {

namespace {

/// `dispatch` commits the outcomes of what it could do in this time together.
constexpr duration together = std::chrono::milliseconds(5);
constexpr std::size_t most_together = 64;
/// So many times `options::claims` are claimed for all guilds together.
constexpr int claims_of_all = 8;

/// What went well and means nothing else is one input for all such effects of a guild.
void gather_done(std::vector<task>& tasks) {
    std::unordered_map<guild_id, std::size_t> places;
    std::vector<task> out;
    out.reserve(tasks.size());
    for (task& t : tasks) {
        auto* ended = std::get_if<effect_ended>(&t.what);
        if (ended == nullptr || !onboarding::ends_quietly(ended->claim.what, ended->outcome)) {
            out.push_back(std::move(t));
            continue;
        }
        const auto [place, fresh] = places.try_emplace(t.guild, out.size());
        if (fresh) {
            out.push_back(make_task(t.guild, effects_done{}));
        }
        std::get<effects_done>(out[place->second].what).effects.push_back(std::move(*ended));
    }
    tasks = std::move(out);
}

} // namespace

/// Whose timers are fired here: those of the guilds that it holds, or any where it holds no leases.
std::vector<store::slot_range> engine::impl::timer_slots() const {
    return dispatches() ? hosts_.held_slots() : std::vector{store::all_slots};
}

void engine::impl::fire_timers(run_report& report, std::vector<task>& tasks) {
    const instant now = parts_.world.clock.now();
    if (parts_.world.clock.monotonic() >= timers_rest_) {
        find_timers(tasks, now);
    }
    run_tasks(tasks, report);
    report.failed += postpone(tasks, now);
}

void engine::impl::find_timers(std::vector<task>& tasks, instant now) {
    with_queue([&](store::connection& db) {
        store::in_tx(db, store::tx_mode::read, [&] {
            db.enter_queue();
            for (const store::timer_row& t : store::due_timers(db, timer_slots(), now, parts_.how.batch)) {
                tasks.push_back(make_task(t.guild, timer_fired{t}));
            }
        });
    });
}

void engine::impl::run_tasks(std::vector<task>& tasks, run_report& report) {
    gather_done(tasks);
    report.inputs += static_cast<int>(tasks.size());
    report.failed += write(tasks);
}

/// Timers stay in `tasks`, with what became of them. @return how many others could not be decided.
int engine::impl::write(std::vector<task>& tasks) {
    try {
        submit(tasks);
    } catch (...) {
        end(tasks);
        throw;
    }
    return end(tasks);
}

/// @return how many could not be decided.
int engine::impl::write_unwritten(std::vector<task> again) {
    return again.empty() ? 0 : write(again);
}

/// Looks for work that nobody told of: always, or when it is time.
void engine::impl::look_around(bool always) {
    std::vector<store::slot_range> ranges = queue_.take_told();
    const duration now = parts_.world.clock.monotonic();
    bool all = always;
    {
        const std::scoped_lock lock(mutex_);
        all = all || now >= next_look_;
        if (all) {
            next_look_ = now + poll_wait(parts_.how.poll, parts_.seed, news_);
        }
    }
    if (all) {
        ranges = hosts_.held_slots();
    }
    if (ranges.empty()) {
        return;
    }
    duration took{};
    with_queue([&](store::connection& db) { took = queue_.look(db, ranges, parts_.world.clock.now()); });
    const std::scoped_lock lock(mutex_);
    // Old rows that cannot be removed yet make it slow. A database that was away did not: now of all times
    // there may be work that nobody was told of.
    next_look_ = std::max(next_look_, now + took * 10);
}

void engine::impl::refill(int most) {
    const instant now = parts_.world.clock.now();
    if (hosts_.trusted() && queue_.wants_refill(now, most)) {
        // They need not wait for what else is looked for.
        const auto taken_in = [this] { tell_workers(); };
        with_queue([&](store::connection& db) { queue_.refill(db, now, most, taken_in); });
    }
}

/// @return the input that the outcome is; none when the effect is another host's by now.
std::optional<task> engine::impl::perform_one(work what) {
    const guild_id guild = what.claim.guild;
    if (!hosts_.may_act(guild, what.claim.epoch)) {
        ++parts_.count.effects_stale;
        queue_.done(what.claim);
        return std::nullopt;
    }
    if (!what.claim.unreadable.empty()) { // Trying again reads the same.
        effect_outcome outcome{effect_error::rejected, what.claim.unreadable, {}, {}};
        return make_task(guild, effect_ended{std::move(what.claim), std::move(outcome)});
    }
    ++parts_.count.effects_performed;
    if (what.claim.what.cls == effect_class::internal) {
        return make_task(guild, perform_inside{std::move(what.claim)});
    }
    try {
        effect_outcome outcome = perform(what);
        return make_task(guild, effect_ended{std::move(what.claim), std::move(outcome)});
    } catch (
        ...) { // A port says what went wrong by its outcome, so this is a defect; the claim must not stay.
        queue_.done(what.claim);
        throw;
    }
}

void engine::impl::perform_queued(std::vector<task>& tasks, run_report& report) {
    for (;;) {
        tend(); // What was before may have taken long.
        std::optional<work> next = queue_.take(INT32_MAX);
        if (!next) {
            return;
        }
        if (std::optional<task> ended = perform_one(std::move(*next))) {
            tasks.push_back(std::move(*ended));
            ++report.effects;
        }
    }
}

/// A heartbeat when it is due. That it fails matters only when the leases are not trusted any more.
void engine::impl::tend() {
    try {
        keep_leases();
    } catch (const store::sql_error&) {
        if (!hosts_.trusted()) {
            throw;
        }
    }
}

run_report engine::impl::run_once(duration budget) {
    std::vector<task> tasks;
    try {
        return turn(budget, tasks);
    } catch (...) {
        end(tasks);
        throw;
    }
}

run_report engine::impl::turn(duration budget, std::vector<task>& tasks) {
    run_report report;
    const instant deadline = parts_.world.clock.now() + budget;
    bool first = true;
    for (;;) {
        if (dispatches()) {
            tend();
            look_around(std::exchange(first, false));
        }
        report.failed += write_unwritten(unwritten_.take_due(parts_.world.clock.monotonic()));
        const int inputs = report.inputs;
        fire_timers(report, tasks);
        const bool was_busy = report.inputs != inputs;
        tasks.clear();
        const int before = report.effects;
        if (dispatches()) {
            refill(parts_.how.claims);
            perform_queued(tasks, report);
        }
        if ((!was_busy && report.effects == before) || parts_.world.clock.now() >= deadline) {
            break;
        }
    }
    run_tasks(tasks, report);
    report.next_due = next_due();
    return report;
}

run_report engine::impl::run_timers(duration budget) {
    run_report report;
    const instant deadline = parts_.world.clock.now() + budget;
    std::vector<task> tasks;
    do {
        tasks.clear();
        fire_timers(report, tasks);
    } while (!tasks.empty() && parts_.world.clock.now() < deadline);
    report.next_due = next_timer();
    return report;
}

void engine::impl::tell_workers() {
    {
        const std::scoped_lock lock(mutex_);
        ++news_;
    }
    changed_.notify_all();
}

/// Few threads claim for all. @return whether this one did.
bool engine::impl::claim_for_workers() {
    const int most = parts_.how.claims * claims_of_all;
    {
        const std::scoped_lock lock(mutex_);
        const bool time_to_look = parts_.world.clock.monotonic() >= next_look_;
        const bool some = hosts_.trusted() && queue_.wants_refill(parts_.world.clock.now(), most);
        if (claiming_ >= (queue_connections_ ? most_claiming : 1) || !(time_to_look || some)) {
            return false;
        }
        ++claiming_;
    }
    const struct over {
        impl& self;
        ~over() {
            {
                const std::scoped_lock lock(self.mutex_);
                --self.claiming_;
            }
            self.tell_workers();
        }
    } when_done{*this};
    if (hosts_.trusted()) {
        look_around(false);
        refill(most);
    } else {
        const std::scoped_lock lock(mutex_);
        next_look_ = parts_.world.clock.monotonic() + parts_.how.poll;
    }
    return true;
}

/// Performs what is claimed, as much as can be committed together. @return how many effects.
int engine::impl::perform_some() {
    using steady = std::chrono::steady_clock;
    std::vector<task> tasks;
    const auto begun = steady::now();
    try {
        while (tasks.size() < most_together && steady::now() - begun < together) {
            std::optional<work> next = queue_.take(parts_.how.in_flight_per_guild);
            if (!next) {
                break;
            }
            if (std::optional<task> ended = perform_one(std::move(*next))) {
                tasks.push_back(std::move(*ended));
            }
        }
    } catch (...) {
        end(tasks);
        throw;
    }
    if (tasks.empty()) {
        return 0;
    }
    run_report report;
    const auto effects = static_cast<int>(tasks.size());
    run_tasks(tasks, report);
    return effects;
}

/// Until there is news, the next look around or retry is due, or `deadline`.
void engine::impl::wait_for_work(std::uint64_t seen, std::chrono::steady_clock::time_point deadline) {
    const duration now = parts_.world.clock.monotonic();
    const std::optional<duration> retry = unwritten_.next();
    std::unique_lock lock(mutex_);
    const duration next = retry ? std::min(*retry, next_look_) : next_look_;
    const auto until = std::min<std::chrono::steady_clock::time_point>(
        deadline,
        std::chrono::steady_clock::now() + std::max(next - now, duration{std::chrono::milliseconds(1)}));
    changed_.wait_until(lock, until, [&] { return interrupted_ || news_ != seen; });
}

int engine::impl::dispatch(duration wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    for (;;) {
        std::uint64_t seen = 0;
        bool over = false;
        {
            const std::scoped_lock lock(mutex_);
            seen = news_;
            over = interrupted_;
        }
        if (over) {
            static_cast<void>(
                write_unwritten(unwritten_.take_all())); // What is left after this is performed again.
            return 0;
        }
        static_cast<void>(write_unwritten(unwritten_.take_due(parts_.world.clock.monotonic())));
        if (const int effects = perform_some(); effects > 0) {
            claim_for_workers();
            return effects;
        }
        if (!claim_for_workers()) {
            wait_for_work(seen, deadline);
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return 0;
        }
    }
}

instant engine::impl::on_the_wall(duration monotonic) const {
    return parts_.world.clock.now() + (monotonic - parts_.world.clock.monotonic());
}

/// When the next timer is due that is fired here.
instant engine::impl::next_timer() {
    instant next;
    with_queue([&](store::connection& db) {
        store::in_tx(db, store::tx_mode::read, [&] {
            db.enter_queue();
            next = store::next_timer_due(db, timer_slots());
        });
    });
    return next ? std::max(next, on_the_wall(timers_rest_)) : next;
}

instant engine::impl::next_due() {
    instant next = next_timer();
    const auto sooner = [&](instant other) {
        if (other && (!next || other < next)) {
            next = other;
        }
    };
    if (dispatches()) {
        sooner(queue_.next_due(parts_.world.clock.now()));
        sooner(hosts_.next_takeover());
        if (const auto retry = unwritten_.next()) {
            sooner(on_the_wall(*retry));
        }
    }
    return next;
}

} // namespace patt::engine
