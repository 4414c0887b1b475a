#include "simulation/life.hpp"

#include <patt/store/migrations.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace patt::simulation {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// More turns without rest than any moment has.
constexpr int most_turns = 10'000;
/// How often an input may fail before it counts as lost. Faults strike once, so this is far away.
constexpr int most_tries = 60;

std::string text_of(const reply& answer) {
    return fmt::format("{} {} {}", answer.verdict == verdict::accepted ? "accepted" : "refused",
                       answer.why ? to_string(answer.why->code) : "-", answer.text.key);
}

bool same(const reply& a, const reply& b) {
    return a.verdict == b.verdict && a.text.key == b.text.key && a.data == b.data &&
           a.question == b.question && a.why.has_value() == b.why.has_value();
}

} // namespace

life::life(const options& how, std::shared_ptr<store::database> database,
           std::shared_ptr<store::database> checked)
    : how_(how)
    , to_(how)
    , chance_(how.seed)
    , entropy_(chance_.bits())
    , chat_(clock_)
    , game_(chance_, how.members)
    , trust_(game_.guilds(), said_)
    , real_(std::move(database))
    , checked_(std::move(checked))
    , faulty_(with_faults(real_, script_)) {
    if (how.days < 1 || how.members < 6) {
        throw failure("a simulation takes at least one day and six members");
    }
    const auto migrated = store::migrate(*real_->connect(), store::built_in_migrations(), clock_.now());
    if (!migrated) {
        throw failure("cannot migrate: " + migrated.err().detail);
    }
    watch_ = std::make_unique<checks>(*checked_, game_.guilds(), chat_, to_);
    seen_chat_ = std::make_unique<watched_chat>(chat_, script_, *watch_);
    seen_chat_->on_done = [this](const testing::ledger_entry& done, const engine::outgoing* what) {
        done_in_chat(done, what);
    };
    seen_chat_->on_call = [this](testing::chat_operation what, guild_id guild, std::int64_t target,
                                 std::string_view key, const effect_outcome& outcome) {
        note(fmt::format("call {} {} {} {} {}", testing::to_string(what), guild.value(), target, key,
                         to_string(outcome.error)));
    };
    script_.on_strike = [this](const strike& s) {
        constexpr std::array places = {"statement", "commit", "call"};
        constexpr std::array ways = {"fails", "ends the process"};
        constexpr std::array sides = {"before", "after"};
        const std::string what =
            fmt::format("{} {} {}", places[static_cast<std::size_t>(s.at)],
                        ways[static_cast<std::size_t>(s.way)], sides[static_cast<std::size_t>(s.side)]);
        to_.fault(what);
        to_.count("crash_points_hit");
        to_.sometimes(what);
        note("strike " + what);
    };
}

void life::at(instant when, deed what) {
    queue_.emplace(std::pair(when, next_deed_++), std::move(what));
}

void life::set_up() {
    start();
    for (std::size_t i = 0; i < game_.guilds().size(); ++i) {
        const game_guild& g = game_.guilds()[i];
        build_chat(g, chat_);
        deliver(g.id, {policy::actor_kind::local_operator, {}}, engine::create_guild{g.name, g.owner});
        std::string ranks;
        for (std::size_t rank = 0; rank < 10; ++rank) {
            ranks +=
                fmt::format("{}{}={}", rank == 0 ? "" : ",", rank, g.role_of(static_cast<int>(rank)).value());
        }
        set(i, "ranks.roles", ranks);
        set(i, "channels.landing", std::to_string(g.landing.value()));
        set(i, "channels.welcome", std::to_string(g.welcome.value()));
        set(i, "channels.audit", std::to_string(g.audit.value()));
        set(i, "trust.claim_max_rank", std::to_string(g.claim_max_rank));
        set(i, "guild.signup_url", "https://guild.example/signup");
        set(i, "sending.announcements", "on");
        set(i, "sending.enabled", "on");
        import_roster(i, roster_shape::whole);
    }
    go_on_until(clock_.now() + minutes(1));
    script_.planted = how_.planted;
    script_.other_guild = game_.guilds()[1].id;
    script_.send_now = [this](guild_id guild, std::int64_t member, std::string_view key) {
        static_cast<void>(seen_chat_->send(guild, member_id{member}, {}, key));
    };
}

void life::start() {
    script_.dead = false;
    down_until_ = {};
    troubled_until_ = {};
    engine::options how;
    how.instance_key = "an instance key of the simulation";
    try {
        engine_ =
            std::make_unique<engine::engine>(faulty_, engine::ports{*seen_chat_, clock_, entropy_}, how);
    } catch (const process_end&) {
        crash("while it starts");
        return;
    } catch (const std::exception& e) { // It reads the schema. A program that cannot start ends.
        crash(fmt::format("while it starts: {}", e.what()));
        return;
    }
    engine_due_ = clock_.now();
    note("start");
}

/// The process is gone without a warning. Chat and game go on; what they tell waits, as a gateway's resume
/// does.
void life::crash(std::string_view why) {
    engine_.reset();
    script_.dead = false;
    script_.in_transaction = false;
    to_.count("restarts");
    to_.sometimes("process ends");
    const bool long_pause = !ending_ && chance_.chance(50);
    down_until_ =
        clock_.now() + (long_pause ? chance_.span(hours(1), hours(6)) : chance_.span(seconds(1), minutes(5)));
    note(fmt::format("crash {}", why));
}

void life::trouble(std::string_view what) {
    to_.count("failures");
    note(fmt::format("failure {}", what));
    troubled_until_ = clock_.now() + seconds(2);
}

void life::deliver(guild_id guild, engine::origin from, engine::command what, on_reply then) {
    engine::input in{guild, from, "", fmt::format("in-{}", ++next_key_), std::move(what)};
    deliveries_.push_back({std::move(in), std::move(then), 0, {}});
}

void life::answered(delivery done, const reply& answer) {
    note(fmt::format("answer {} {}", done.what.key, text_of(answer)));
    if (done.expected) {
        to_.sometimes("input repeated");
        to_.check(promise::acknowledged, same(*done.expected, answer), [&] {
            return fmt::format("input {} was answered '{}' and, repeated, '{}'", done.what.key,
                               text_of(*done.expected), text_of(answer));
        });
        return;
    }
    to_.count("inputs");
    to_.count(answer.verdict == verdict::accepted ? "inputs_accepted" : "inputs_refused");
    const bool nobodys = answer.why &&
                         (answer.why->code == errc::ambiguous || answer.why->code == errc::not_found) &&
                         answer.text.key.starts_with("dm.");
    if (!nobodys) {
        watch_->acknowledged({done.what.guild, done.what.key});
        if (!ending_ && chance_.chance(40)) { // The network delivers it again.
            auto again = std::make_shared<delivery>(delivery{done.what, {}, 0, answer});
            after(chance_.span(seconds(0), hours(2)), [this, again] { deliveries_.push_back(*again); });
        }
    }
    if (done.then) {
        done.then(answer);
    }
}

void life::hand_in() {
    while (engine_ && !deliveries_.empty() && clock_.now() >= troubled_until_) {
        delivery& next = deliveries_.front();
        to_.check(promise::acknowledged, ++next.tries < most_tries,
                  [&] { return "input " + next.what.key + " is never taken"; });
        try {
            const reply answer = engine_->handle(next.what);
            rethrow_found();
            if (script_.dead) { // Answered, but nobody is left to carry the answer: it will come again.
                crash("while answering");
                return;
            }
            delivery done = std::move(next);
            deliveries_.pop_front();
            engine_due_ = clock_.now();
            answered(std::move(done), answer);
        } catch (const process_end&) {
            crash("in an input");
        } catch (const std::exception& e) {
            if (script_.dead) {
                crash("in an input");
            } else {
                trouble(e.what());
            }
        }
    }
}

void life::rethrow_found() const {
    if (to_.found) {
        throw *to_.found;
    }
}

void life::turn() {
    for (int i = 0; i < most_turns && engine_ && clock_.now() >= troubled_until_; ++i) {
        try {
            const engine::run_report seen = engine_->run_once(seconds(1));
            rethrow_found();
            if (script_.dead) {
                crash("in a turn");
                return;
            }
            engine_due_ = seen.next_due;
            if (seen.inputs == 0 && seen.effects == 0) {
                return;
            }
        } catch (const process_end&) {
            crash("in a turn");
        } catch (const std::exception& e) {
            if (script_.dead) {
                crash("in a turn");
            } else {
                trouble(e.what());
            }
        }
    }
    to_.check(promise::due, !engine_ || clock_.now() < troubled_until_,
              [] { return "the engine never comes to rest"; });
}

instant life::next_stop() {
    instant next = queue_.empty() ? instant{INT64_MAX} : queue_.begin()->first.first;
    if (!engine_) {
        return std::min(next, down_until_);
    }
    if (!deliveries_.empty() || (engine_due_ && engine_due_ <= clock_.now())) {
        return std::min(next, std::max(troubled_until_, clock_.now() + seconds(1)));
    }
    return engine_due_ ? std::min(next, std::max(engine_due_, troubled_until_)) : next;
}

void life::go_on_until(instant end) {
    for (;;) {
        if (!engine_ && clock_.now() >= down_until_) {
            start();
        }
        while (!queue_.empty() && queue_.begin()->first.first <= clock_.now()) {
            const deed what = std::move(queue_.begin()->second);
            queue_.erase(queue_.begin());
            what();
        }
        hand_in();
        if (engine_ && engine_due_ && engine_due_ <= clock_.now()) {
            turn();
        }
        if (!queue_.empty() && queue_.begin()->first.first <= clock_.now()) {
            continue;
        }
        const instant next = next_stop();
        if (next > end) {
            clock_.set(end);
            return;
        }
        clock_.set(std::max(next, clock_.now()));
    }
}

report life::live() {
    try {
        set_up();
        plan_people();
        plan_world();
        const instant begin = clock_.now();
        for (int day = 0; day < how_.days; ++day) {
            go_on_until(begin + hours(24) * (day + 1));
            watch_->sweep();
        }
        come_to_rest();
    } catch (const invariant_broken& broken) {
        const auto day = (clock_.now() - testing::first_moment).count() / duration(hours(24)).count();
        to_.out.broken = violation{static_cast<int>(day), broken.invariant, broken.what, to_.lines.last()};
    }
    sum_up();
    return std::move(to_.out);
}

} // namespace patt::simulation
