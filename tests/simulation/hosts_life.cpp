#include "simulation/hosts_life.hpp"

#include <patt/store/migrations.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace patt::simulation {
namespace {

using namespace std::chrono_literals;

/// Long, so that idle hours cost little.
constexpr duration heartbeat = 200s;
constexpr duration lease_ttl = 700s;
constexpr const char* fenced = "under-the-lease";
constexpr const char* once_a_slot = "slot-once";

/// One host: an engine that comes and goes, its thread, and how it stands.
struct host {
    int number = 0;
    int boots = 0;
    store_script script;
    host_watch watch;
    std::shared_ptr<store::database> database;
    std::unique_ptr<watched_chat> chat;
    std::unique_ptr<testing::seeded_entropy> entropy;
    std::unique_ptr<engine::engine> engine;
    std::unique_ptr<baton_runner> thread;
    instant due;
    instant resumes; ///< Stands still until then.
    instant boots_at;
    bool until_passed = false; ///< Goes on as soon as another works under a lease that was its own.
    bool gives_way = false;    ///< Stops at the next place where it can.
};

class hosts_life {
public:
    hosts_life(const hosts_options& how, std::shared_ptr<store::database> database, store::database& checked);
    hosts_report live();

private:
    void at(instant when, std::function<void()> what) {
        queue_.emplace(std::pair(when, ++deeds_), std::move(what));
    }
    void note(const std::string& line) { to_.lines.add(clock_.now(), line); }
    void add_host(int number);
    void boot(host& h);
    void crash(host& h);
    void retire(host& h);
    void stopped(host& h, stop_place where);
    void claimed_by(host& h, std::int64_t partition);
    void step(host& h);
    void carry_input(host& h);
    [[nodiscard]] bool is_ready(const host& h);
    [[nodiscard]] instant next_moment(instant end);
    void let_go_on(host& h);
    void go_on_until(instant end);
    void deliver(guild_id guild, engine::origin from, engine::command what);
    void set_up();
    void plan_people();
    void done_in_chat(const testing::ledger_entry& done, const engine::outgoing* what);
    void come_to_rest();

    hosts_options how_;
    journal to_;
    dice chance_;
    testing::manual_clock clock_;
    testing::fake_chat chat_;
    std::vector<game_guild> guilds_;
    std::shared_ptr<store::database> real_;
    std::unique_ptr<checks> watch_;
    std::map<std::pair<instant, int>, std::function<void()>> queue_;
    int deeds_ = 0;
    int keys_ = 0;
    std::deque<engine::input> inputs_;
    std::map<std::pair<guild_id, std::int64_t>, int> slots_;
    bool calm_ = true; ///< Nobody is stopped.
    instant last_work_;
    instant slots_due_;
    std::map<std::int64_t, host*> claimed_last_; ///< By partition.
    std::vector<std::unique_ptr<host>> hosts_;
};

hosts_life::hosts_life(const hosts_options& how, std::shared_ptr<store::database> database,
                       store::database& checked)
    : how_(how)
    , to_(options{.seed = how.seed, .kept_events = 30})
    , chance_(how.seed)
    , chat_(clock_)
    , real_(std::move(database)) {
    if (!store::migrate(*real_->connect(), store::built_in_migrations(), clock_.now())) {
        throw failure("the database cannot be migrated");
    }
    for (int i = 1; i <= how.guilds; ++i) {
        game_guild g;
        g.id = guild_id{i};
        g.name = fmt::format("Guild {}", i);
        g.owner = member_id{900 + i};
        guilds_.push_back(std::move(g));
    }
    watch_ = std::make_unique<checks>(checked, guilds_, chat_, to_);
    for (int i = 0; i < how.hosts; ++i) {
        add_host(i);
    }
}

void hosts_life::add_host(int number) {
    hosts_.push_back(std::make_unique<host>());
    host& h = *hosts_.back();
    h.number = number;
    h.watch.planted = how_.planted;
    h.watch.on_claim = [this, &h](std::int64_t partition, std::int64_t believed, std::int64_t real) {
        to_.check(fenced, believed == real, [&] {
            return fmt::format("effects are claimed under epoch {} of a lease that is at {}", believed, real);
        });
        claimed_by(h, partition);
    };
    h.watch.on_slot = [this](guild_id guild, std::int64_t slot) {
        to_.count("slots");
        to_.check(once_a_slot, ++slots_[{guild, slot}] == 1,
                  [&] { return fmt::format("guild {} runs the slot {} again", guild.value(), slot); });
    };
    h.script.on_stop = [this, &h](stop_place where) { stopped(h, where); };
    h.script.on_strike = [this](const strike&) { to_.count("killed in a statement"); };
    h.database = with_faults(watched_database(real_, h.watch), h.script);
    h.chat = std::make_unique<watched_chat>(chat_, h.script, *watch_);
    h.chat->on_done = [this, &h](const testing::ledger_entry& done, const engine::outgoing* what) {
        done_in_chat(done, what);
        stopped(h, stop_place::after_call);
    };
    h.thread = std::make_unique<baton_runner>([this, &h] { step(h); });
}

void hosts_life::boot(host& h) {
    h.script.dead = false;
    ++h.boots;
    const bool same = how_.planted == host_defect::boot_id_again;
    h.entropy = std::make_unique<testing::seeded_entropy>(
        same ? 7U : how_.seed * 1000 + static_cast<std::uint64_t>(h.number * 100 + h.boots));
    engine::options how;
    how.instance_key = "an instance key of the simulation";
    how.heartbeat = heartbeat;
    how.lease_ttl = lease_ttl;
    how.poll = 45s;
    how.start = engine::takeover::when_expired;
    try { // It reads the schema.
        h.engine =
            std::make_unique<engine::engine>(h.database, engine::ports{*h.chat, clock_, *h.entropy}, how);
    } catch (const process_end&) {
        crash(h);
        return;
    }
    h.watch.host = h.engine->boot_id();
    h.due = clock_.now();
    h.resumes = {};
    h.until_passed = h.gives_way = false;
    note(fmt::format("boot {}", h.number));
}

void hosts_life::retire(host& h) {
    if (h.engine) {
        to_.out.counts["partitions taken over"] += h.engine->metrics().takeovers;
        to_.out.counts["stale"] += h.engine->metrics().effects_stale;
    }
    h.engine.reset();
}

/// Gone without a word: its leases run out.
void hosts_life::crash(host& h) {
    h.script.dead = true;
    retire(h);
    h.script.in_transaction = false;
    h.script.next.reset();
    h.boots_at = clock_.now() + chance_.span(1s, 15min);
    to_.count("deaths");
    note(fmt::format("death {}", h.number));
}

/// The moment that everything here is about: a host works under a lease that was another's, who stands still
/// in the middle of something. That one is woken, and both may go on in any order.
void hosts_life::claimed_by(host& h, std::int64_t partition) {
    last_work_ = clock_.now();
    host* const before = std::exchange(claimed_last_[partition], &h);
    if (before != nullptr && before != &h && before->until_passed) {
        before->resumes = clock_.now();
        h.gives_way = true;
    }
}

/// Outside of its transactions a host may be overtaken, stand still or die: seldom while there is nothing to
/// do, else all leases would run out all the time and nobody would ever be in the middle of anything.
void hosts_life::stopped(host& h, stop_place where) {
    if (calm_ || !h.engine) { // One that starts is in the middle of nothing yet, and not on its thread.
        return;
    }
    const bool at_work = clock_.now() - last_work_ < 2min;
    const bool between = where == stop_place::before_writing || where == stop_place::after_call;
    const bool slot_is_due = between && clock_.now() - slots_due_ < 1min;
    const std::size_t roll = chance_.below(slot_is_due ? 150 : !at_work ? 10'000 : between ? 500 : 2000);
    if (std::exchange(h.gives_way, false) || roll < 50) {
        h.resumes = clock_.now();
    } else if (roll < 65) {
        h.until_passed = roll < 59;
        h.resumes = clock_.now() + (h.until_passed ? duration(40min) : chance_.span(1s, 20min));
        to_.count("pauses");
    } else if (roll < 67) {
        h.script.end();
    } else {
        return;
    }
    note(fmt::format("stop {}", h.number));
    h.thread->stop();
    h.until_passed = false;
    if (h.script.dead) {
        throw process_end();
    }
}

void hosts_life::carry_input(host& h) {
    const engine::input what = std::move(inputs_.front());
    inputs_.pop_front();
    try {
        const reply answer = h.engine->handle(what);
        if (!h.script.dead) {
            note(fmt::format("answer {} {}", what.key, answer.verdict == verdict::accepted));
            watch_->acknowledged({what.guild, what.key});
            to_.count("inputs");
            return;
        }
    } catch (const std::exception&) { // It is handed in again.
        to_.count("inputs again");
    }
    inputs_.push_front(what);
}

void hosts_life::step(host& h) {
    try {
        if (!inputs_.empty()) {
            carry_input(h);
            h.due = clock_.now();
            return;
        }
        const engine::run_report seen = h.engine->run_once(1s);
        const instant beat = clock_.now() + heartbeat;
        h.due = seen.inputs + seen.effects > 0 ? clock_.now()
                : seen.next_due                ? std::min(beat, std::max(seen.next_due, clock_.now() + 1s))
                                               : beat;
    } catch (const std::exception& e) {
        note(fmt::format("failure {}", e.what()));
        h.due = clock_.now() + 2s;
    } catch (const invariant_broken&) { // Kept by the journal.
    }
}

bool hosts_life::is_ready(const host& h) {
    if (!h.engine) {
        return false;
    }
    if (h.thread->in_step()) {
        return h.resumes <= clock_.now();
    }
    return h.resumes <= clock_.now() && (!inputs_.empty() || h.due <= clock_.now());
}

void hosts_life::let_go_on(host& h) {
    h.thread->go();
    if (to_.found) {
        throw invariant_broken(*to_.found);
    }
    if (h.script.dead && !h.thread->in_step()) {
        crash(h);
    }
}

instant hosts_life::next_moment(instant end) {
    instant next = queue_.empty() ? end : std::min(end, queue_.begin()->first.first);
    for (const auto& h : hosts_) {
        next = std::min(next, !h->engine ? h->boots_at
                                         : std::max(h->resumes, h->thread->in_step() ? h->resumes : h->due));
    }
    return next;
}

void hosts_life::go_on_until(instant end) {
    while (clock_.now() < end) {
        while (!queue_.empty() && queue_.begin()->first.first <= clock_.now()) {
            const auto what = std::move(queue_.begin()->second);
            queue_.erase(queue_.begin());
            what();
        }
        std::vector<host*> ready;
        for (const auto& h : hosts_) {
            if (!h->engine && h->boots_at <= clock_.now()) {
                boot(*h);
            }
            if (is_ready(*h)) {
                ready.push_back(h.get());
            }
        }
        if (ready.empty()) {
            clock_.set(std::max(next_moment(end), clock_.now() + 1ms));
        } else {
            let_go_on(*chance_.pick(ready));
        }
    }
}

void hosts_life::deliver(guild_id guild, engine::origin from, engine::command what) {
    last_work_ = clock_.now();
    inputs_.push_back({guild, from, "", fmt::format("in-{}", ++keys_), std::move(what)});
}

void hosts_life::set_up() {
    const engine::origin local{policy::actor_kind::local_operator, {}};
    for (const game_guild& g : guilds_) {
        chat_.add_member(g.id, {g.owner, "owner", {}});
        deliver(g.id, local, engine::create_guild{g.name, g.owner});
        for (const char* which : {"landing", "welcome", "audit"}) {
            const channel_id channel{g.id.value() * 100 + static_cast<std::int64_t>(which[0])};
            chat_.add_channel(g.id, {channel, which});
            deliver(g.id, local,
                    engine::change_setting{fmt::format("channels.{}", which),
                                           fmt::format("{}", channel.value())});
        }
        deliver(g.id, local, engine::change_setting{"sending.announcements", "on"});
        deliver(g.id, local, engine::change_setting{"sending.enabled", "on"});
    }
    go_on_until(clock_.now() + 5min);
}

void hosts_life::plan_people() {
    for (int i = 0; i < how_.members; ++i) {
        const guild_id guild = guilds_[chance_.below(guilds_.size())].id;
        const member_id who{10'000 + i};
        at(clock_.now() + chance_.span(1min, how_.length / 2), [this, guild, who] {
            chat_.add_member(guild, {who, fmt::format("user {}", who.value()), {}});
            onboarding::member_joined joined;
            joined.member = who;
            joined.username = joined.display_name = fmt::format("user{}", who.value());
            joined.joined_at = clock_.now();
            deliver(guild, {}, joined);
        });
    }
    // What repeats daily falls due a day after the guilds were made.
    at(testing::first_moment + 24h, [this] { slots_due_ = clock_.now(); });
    const auto troubles = static_cast<int>(how_.length / duration(30min));
    for (int i = 0; i < troubles; ++i) {
        at(clock_.now() + chance_.span(1min, how_.length), [this] {
            strike s{strike_at::statement, strike_side::before, strike_way::ends_process};
            s.countdown = chance_.between(1, 60);
            hosts_[chance_.below(hosts_.size())]->script.next = s;
        });
    }
}

/// Who is asked something answers, most of the time.
void hosts_life::done_in_chat(const testing::ledger_entry& done, const engine::outgoing* what) {
    note(fmt::format("done {} {} {}", done.guild.value(), done.target, done.key));
    to_.count("effects");
    if (what == nullptr || what->question.kind == prompt_kind::none || chance_.chance(150)) {
        return;
    }
    const std::string& step = what->question.step;
    const std::string text = step == "main" ? "Qwertz" : step == "alts" ? "none" : "yes";
    const member_id who{done.target};
    at(clock_.now() + chance_.span(5s, 20min), [this, who, text] {
        deliver({}, {policy::actor_kind::member, who}, onboarding::message_received{who, text});
    });
}

void hosts_life::come_to_rest() {
    calm_ = true;
    for (const auto& h : hosts_) {
        h->script.next.reset();
    }
    note("calm");
    go_on_until(clock_.now() + std::chrono::hours(12));
    to_.check(promise::due, inputs_.empty(), [] { return std::string("inputs are still waiting"); });
    watch_->sweep();
    watch_->at_rest(clock_.now());
}

hosts_report hosts_life::live() {
    hosts_report out;
    try {
        for (const auto& h : hosts_) {
            boot(*h);
        }
        set_up();
        calm_ = false;
        plan_people();
        const instant end = clock_.now() + how_.length;
        while (clock_.now() < end) {
            go_on_until(std::min(end, clock_.now() + std::chrono::hours(3)));
            watch_->sweep();
        }
        come_to_rest();
    } catch (const invariant_broken& broken) {
        out.broken = broken;
    }
    calm_ = true;
    for (const auto& h : hosts_) {
        h->script.dead = true;
        h->thread.reset();
        retire(*h);
    }
    out.counts = to_.out.counts;
    out.trace = to_.lines.hash();
    return out;
}

} // namespace

baton_runner::baton_runner(std::function<void()> step)
    : step_(std::move(step))
    , thread_([this] { loop(); }) {}

baton_runner::~baton_runner() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = running_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void baton_runner::give_back(std::unique_lock<std::mutex>& lock) {
    running_ = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return running_; });
}

void baton_runner::loop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return running_; });
    while (!ending_) {
        in_step_ = true;
        lock.unlock();
        step_();
        lock.lock();
        in_step_ = false;
        if (!ending_) {
            give_back(lock);
        }
    }
}

void baton_runner::go() {
    std::unique_lock lock(mutex_);
    running_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !running_; });
}

void baton_runner::stop() {
    std::unique_lock lock(mutex_);
    give_back(lock);
}

hosts_report run_hosts(const hosts_options& how, std::shared_ptr<store::database> database,
                       std::shared_ptr<store::database> checked) {
    if (!checked) {
        checked = database;
    }
    return hosts_life(how, std::move(database), *checked).live();
}

} // namespace patt::simulation
