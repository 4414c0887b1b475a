// What was due and could not be written, or not even decided.

#include "engine/due_task.hpp"
#include "engine/impl.hpp"

#include <patt/store/in_tx.hpp>

#include <fmt/core.h>

#include <utility>

namespace patt::engine {

namespace {

/// How long a timer waits whose input failed: long enough not to spin, short enough to heal soon.
constexpr duration failed_timer_wait = std::chrono::minutes(1);
/// And where somebody else had locked its guild, or the database was away.
constexpr duration busy_timer_wait = std::chrono::seconds(2);
/// How long all timers wait when one of them is being changed by somebody who takes his time.
constexpr duration held_timer_wait = std::chrono::milliseconds(100);

/// So often an outcome is decided before it counts as one that cannot be: a defect may have struck once.
constexpr int decided_at_most = 3;

/// What ends a failure.
enum class mending : std::uint8_t {
    time,    ///< The database was away or busy, or somebody held the guild.
    disk,    ///< No space left, a broken disk: until then nothing can be written, also not that it failed.
    nothing, ///< Tried again it fails again: damaged rows, a defect.
};

struct judged {
    mending by = mending::nothing;
    std::string why;
};

judged judge(const std::exception_ptr& failed) {
    try {
        std::rethrow_exception(failed);
    } catch (const outcome_unknown& e) {
        return {mending::time, e.what()};
    } catch (const store::sql_error& e) {
        if (e.retryable() || e.code() == store::sql_errc::unknown) {
            return {mending::time, e.what()};
        }
        const bool disk = e.code() == store::sql_errc::full || e.code() == store::sql_errc::io;
        return {disk ? mending::disk : mending::nothing, e.what()};
    } catch (const std::exception& e) {
        return {mending::nothing, e.what()};
    } catch (...) {
        return {mending::nothing, "something unknown was thrown"};
    }
}

/// The effects whose outcome it is.
std::vector<store::claimed_effect> claims_of(const task& t) {
    std::vector<store::claimed_effect> out;
    if (const auto* ended = std::get_if<effect_ended>(&t.what)) {
        out.push_back(ended->claim);
    } else if (const auto* inside = std::get_if<perform_inside>(&t.what)) {
        out.push_back(inside->claim);
    } else if (const auto* undecided = std::get_if<effect_undecided>(&t.what)) {
        out.push_back(undecided->claim);
    } else if (const auto* done = std::get_if<effects_done>(&t.what)) {
        for (const effect_ended& each : done->effects) {
            out.push_back(each.claim);
        }
    }
    return out;
}

} // namespace

void engine::impl::say_failed(const std::string& what) {
    if (!on_failure_.tell(what)) {
        ++parts_.count.news_failed;
    }
}

/// What was performed and is written is looked for no more; what could not be written is kept.
/// @return how many could not be decided.
int engine::impl::end(std::vector<task>& tasks) {
    const duration now = parts_.world.clock.monotonic();
    int failed = 0;
    std::erase_if(tasks, [&](task& t) {
        if (is_timer(t)) {
            return false;
        }
        if (t.done && !t.failed) {
            let_go(t);
            return true;
        }
        const judged what = t.failed ? judge(t.failed) : judged{mending::time, {}};
        const auto* several = std::get_if<effects_done>(&t.what);
        const bool one_of_many = several != nullptr && several->effects.size() > 1;
        t.undecided += what.by == mending::nothing ? 1 : 0;
        if (what.by == mending::nothing && (one_of_many || t.undecided >= decided_at_most)) {
            failed += give_up(std::move(t), what.why, now);
            return true;
        }
        if (what.by == mending::disk && t.tries == 0) {
            say_failed(fmt::format("what became of an effect of guild {} cannot be written: {}",
                                   t.guild.value(), what.why));
        }
        unwritten_.keep(std::move(t), now);
        return true;
    });
    return failed;
}

/// An outcome that cannot be decided would be tried for ever and keep its partition here: the effect counts
/// as failed, which takes no decision. @return how many effects.
int engine::impl::give_up(task t, const std::string& why, duration now) {
    if (auto* several = std::get_if<effects_done>(&t.what); several && several->effects.size() > 1) {
        for (effect_ended& each : several->effects) { // Most of them are well.
            effects_done one;
            one.effects.push_back(std::move(each));
            unwritten_.keep(make_task(t.guild, std::move(one)), now);
        }
        return 0;
    }
    const store::claimed_effect claim = claims_of(t).front();
    if (std::holds_alternative<effect_undecided>(t.what)) {
        // Not even that. Who takes the partition over next finds it, and performs it again.
        say_failed(fmt::format("that effect {} of guild {} failed cannot be written: {}",
                               claim.what.id.value(), t.guild.value(), why));
        let_go(t);
        return 0;
    }
    ++parts_.count.outcomes_failed;
    say_failed(fmt::format("what became of effect {} ({}) of guild {} cannot be decided: {}",
                           claim.what.id.value(), claim.what.key, t.guild.value(), why));
    unwritten_.keep(make_task(t.guild, effect_undecided{claim, why}), now);
    return 1;
}

void engine::impl::let_go(const task& t) {
    for (const store::claimed_effect& claim : claims_of(t)) {
        queue_.done(claim);
    }
}

/// A timer whose input failed would be due again at once. @return how many could not be decided.
int engine::impl::postpone(std::span<const task> tasks, instant now) {
    int failed = 0;
    for (const task& t : tasks) {
        const auto* timer = std::get_if<timer_fired>(&t.what);
        if (!t.failed || timer == nullptr) {
            continue;
        }
        const judged what = judge(t.failed);
        if (what.by != mending::time) {
            ++failed;
            ++parts_.count.timers_failed;
            say_failed(fmt::format("the timer {} of {} of guild {} cannot be decided: {}",
                                   to_string(timer->timer.purpose), timer->timer.owner, t.guild.value(),
                                   what.why));
        }
        const instant due = now + (what.by == mending::time ? busy_timer_wait : failed_timer_wait);
        with_queue([&](store::connection& db) {
            const bool moved = store::in_tx(db, store::tx_mode::write, [&] {
                db.enter_queue();
                return store::postpone_timer(db, timer->timer, due);
            });
            if (!moved) {
                timers_rest_ = parts_.world.clock.monotonic() + held_timer_wait;
            }
        });
    }
    return failed;
}

} // namespace patt::engine
