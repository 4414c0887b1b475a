#include "engine/writer.hpp"

#include "store/guild_repository.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace patt::engine {

namespace {

/// How often a transaction that lost against another process is run again.
constexpr int tries = 5;

} // namespace

writer::writer(engine_parts& parts)
    : parts_(parts)
    , connection_(parts.database->connect())
    , salts_(parts.world.entropy)
    , locked_(parts.seed) {}

id_sequence writer::next_ids(instant now, std::int64_t last) {
    // 41 bits of milliseconds since 2024-01-01, 22 bits that count up. Unique in the guild, since its row is
    // locked; a clock that went back does not bring ids back.
    constexpr std::int64_t epoch_ms = 1'704'067'200'000;
    const std::int64_t ms = std::max<std::int64_t>(now.microseconds() / 1000 - epoch_ms, 1);
    return id_sequence{std::max(last + 1, ms << 22)};
}

void writer::submit(std::span<task* const> tasks) {
    std::unique_lock lock(mutex_);
    for (task* t : tasks) {
        t->place = ++last_place_;
        waiting_.push_back(t);
    }
    const auto all_done = [&] {
        return std::all_of(tasks.begin(), tasks.end(), [](const task* t) { return t->done; });
    };
    while (!all_done()) {
        if (busy_) {
            turn_.wait(lock);
            continue;
        }
        // The writer is free: carry whoever waits, in their order.
        const std::vector<task*> batch = next_batch();
        if (batch.empty()) { // All of them are of guilds that somebody else has locked.
            turn_.wait_until(lock, locked_.next().value_or(std::chrono::steady_clock::now()));
            continue;
        }
        busy_ = true;
        lock.unlock();
        run_batch(batch);
        lock.lock();
        hand_back(batch);
        busy_ = false;
        turn_.notify_all();
    }
}

/// Most locks are those of a transaction of another host: these are waited for.
bool writer::comes_back(const task& t, guild_id guild, locked_guilds::time_point now) const {
    return t.if_locked == when_locked::comes_back && locked_.held_long(guild, now);
}

/// The first that wait, without those of guilds that are locked elsewhere and were tried just now.
std::vector<task*> writer::next_batch() {
    const auto most = static_cast<std::size_t>(std::max(parts_.how.batch, 1));
    const auto now = locked_.none() ? locked_guilds::time_point{} : std::chrono::steady_clock::now();
    std::vector<task*> out;
    std::deque<task*> rest;
    auto next = waiting_.begin();
    for (; next != waiting_.end() && out.size() < most; ++next) {
        task* const t = *next;
        const guild_id guild = t->guild ? t->guild : t->routed;
        const bool rests = !locked_.none() && locked_.rests(guild, now) && !comes_back(*t, guild, now);
        rests ? rest.push_back(t) : out.push_back(t);
    }
    waiting_.erase(waiting_.begin(), next);
    waiting_.insert(waiting_.begin(), rest.begin(), rest.end());
    return out;
}

/// What was set aside waits again, at its place; the others are done.
void writer::hand_back(std::span<task* const> batch) {
    for (task* t : batch) {
        if (t->set_aside) {
            const auto behind =
                std::lower_bound(waiting_.begin(), waiting_.end(), t,
                                 [](const task* a, const task* b) { return a->place < b->place; });
            waiting_.insert(behind, t);
        } else {
            t->done = true;
            ++parts_.count.inputs;
        }
    }
}

void writer::run_batch(std::span<task* const> batch) {
    patience patient(parts_.how.patience, parts_.seed); // Of all of them: else each would wait anew.
    for (task* t : batch) {
        t->set_aside = false;
    }
    // A savepoint keeps a copy of every page that is written after it. Inputs hardly ever fail, so a batch
    // runs without them first; when one fails, nothing of that attempt was kept, and each gets its own.
    if (batch.size() > 1) {
        for (const isolation between : {isolation::none, isolation::savepoints}) {
            const attempt ended = try_batch(batch, between, patient);
            if (ended == attempt::kept || ended == attempt::over) {
                return;
            }
        }
    }
    bool behind_others = false; // Behind one that was set aside nobody passes who may be of its guild.
    bool away = false;
    for (task* t : batch) {
        if (behind_others) {
            t->set_aside = true;
        } else if (away) {
            t->failed = std::make_exception_ptr(
                store::sql_error(store::sql_errc::lost, "the database went away; try again"));
        } else {
            away = run_alone(*t, patient) == attempt::over;
            behind_others = t->set_aside;
        }
    }
}

/// @return those that can run now; the others are set aside, or have waited for too long.
std::vector<task*> writer::begin(std::span<task* const> batch) {
    entered_ = {};
    remembered_ = {};
    routed_.clear();
    for (task* t : batch) {
        t->set_aside = false;
    }
    connection_->begin(store::tx_mode::write);
    begun_ = true;
    if (connection_->dialect().for_update.empty()) {
        return {batch.begin(), batch.end()};
    }
    return lock_ahead(batch);
}

/// Where the messages of a batch belong, asked for all of them at once.
void writer::route_all(std::span<task* const> batch) {
    std::vector<std::pair<task*, store::asked<store::dm_routes>>> open;
    for (task* t : batch) {
        t->routed = t->guild;
        if (!t->guild) {
            open.emplace_back(t, store::ask_routes(*connection_, t->from.member));
        }
    }
    std::unordered_set<member_id> several; // Their first message may change where the second belongs.
    for (auto& [t, asked] : open) {
        const store::dm_routes routes = asked.get();
        t->routed = seen_before(*t, routes).value_or(routes.now);
        if (!routed_.emplace(t->from.member, t->routed).second) {
            several.insert(t->from.member);
        }
    }
    for (const member_id member : several) {
        routed_.erase(member);
    }
}

/// Locks the guilds of a batch that are free, so that it waits for nobody: neither for the batches of other
/// hosts nor for somebody who holds a guild for long, whose lock is of no concern to the other guilds.
std::vector<task*> writer::lock_ahead(std::span<task* const> batch) {
    const auto now = std::chrono::steady_clock::now();
    connection_->enter_queue();
    route_all(batch);
    std::vector<guild_id> guilds;
    for (const task* t : batch) {
        if (t->routed && !locked_.rests(t->routed, now)) {
            guilds.push_back(t->routed);
        }
    }
    if (entered_) { // By routing: then only the row of that guild could be locked.
        connection_->enter_queue();
        entered_ = {};
    }
    for (store::guild_row& row : store::lock_free_guilds(*connection_, guilds)) {
        const std::int64_t seq = row.head.seq;
        locked_.found_free(row.id);
        held_.emplace(row.id, held_guild{std::move(row), seq});
    }
    std::vector<guild_id> given_up;
    for (const guild_id guild : find_locked(guilds)) {
        if (locked_.found_locked(guild, now, parts_.how.patience) == locked_guilds::verdict::given_up) {
            given_up.push_back(guild);
        }
    }
    std::vector<task*> out;
    for (task* t : batch) {
        const bool rests = t->routed && locked_.rests(t->routed, now);
        t->set_aside = rests && !comes_back(*t, t->routed, now);
        if ((rests && !t->set_aside) ||
            std::find(given_up.begin(), given_up.end(), t->routed) != given_up.end()) {
            t->failed = std::make_exception_ptr(store::sql_error(
                store::sql_errc::busy, "the guild was locked by somebody else for too long; try again"));
        } else if (!t->set_aside) {
            out.push_back(t);
        }
    }
    return out;
}

/// Those that are there and were not locked: somebody else has them.
std::vector<guild_id> writer::find_locked(std::span<const guild_id> wanted) {
    std::vector<guild_id> missing;
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(missing),
                 [&](guild_id guild) { return held_.count(guild) == 0; });
    return missing.empty() ? missing : store::existing_guilds(*connection_, missing);
}

/// After a rollback: what is kept warm may rest on rows that never came to be.
/// Only that of guilds which the transaction held could be read in it.
void writer::forget_warm() noexcept {
    for (const auto& [guild, held] : held_) {
        settings_.erase(guild);
        matching_.forget(guild);
    }
}

void writer::roll_back() {
    ahead_.clear(); // Before the connection that would answer.
    forget_warm();
    held_.clear();
    made_.clear();
    if (connection_) {
        connection_->rollback();
    }
}

void writer::commit() {
    save_held();
    connection_->commit();
    tell();
}

/// After the commit: who waits for work hears of it. Whatever goes wrong there, what is committed is no
/// failed input; the work is found by the next look.
void writer::tell() {
    ++parts_.count.batches;
    held_.clear();
    try {
        std::vector<made_work> made;
        for (const auto& [guild, work] : std::exchange(made_, {})) {
            made.push_back(work);
        }
        if (!made.empty() && parts_.committed) {
            parts_.committed(made);
        }
    } catch (...) {
        ++parts_.count.news_failed;
    }
}

/// One attempt at a transaction for all of the batch. Inputs that failed on their own say so themselves.
writer::attempt writer::try_batch(std::span<task* const> all, isolation between, patience& patient) {
    std::vector<task*> batch(all.begin(), all.end());
    begun_ = false;
    try {
        if (!connection_) {
            reconnect(patient);
        }
        batch = begin(batch);
        if (batch.empty()) {
            held_.clear();
            connection_->rollback();
            return attempt::kept;
        }
        execute_all(batch, between);
        commit();
        return attempt::kept;
    } catch (const store::sql_error& e) {
        return recover(batch, e, std::current_exception(), patient);
    } catch (...) {
        roll_back();
        fail(batch, std::current_exception());
        return attempt::failed;
    }
}

void writer::fail(std::span<task* const> batch, const std::exception_ptr& why) {
    for (task* t : batch) {
        t->failed = why;
    }
}

/// After an attempt that failed on the database.
writer::attempt writer::recover(std::span<task* const> batch, const store::sql_error& e,
                                const std::exception_ptr& why, patience& patient) {
    const evidence proof = collect_evidence();
    const auto made = made_;
    roll_back();
    const bool unknown = e.code() == store::sql_errc::unknown;
    try {
        if (unknown) {
            ++parts_.count.unknown_commits;
            if (happened(proof, patient)) {
                made_ = made;
                tell();
                return attempt::kept;
            }
        } else if (e.code() == store::sql_errc::lost) {
            reconnect(patient);
        }
    } catch (...) { // To run it again would be to guess that it did not happen, or to wait for each of it.
        fail(batch, std::current_exception());
        return attempt::over;
    }
    not_begun_ = begun_ ? nullptr : why;
    const bool again = e.retryable() || unknown;
    fail(batch, again ? nullptr : why);
    ++parts_.count.retries;
    return again ? attempt::again : attempt::failed;
}

writer::attempt writer::run_alone(task& t, patience& patient) {
    task* const one = &t;
    const auto give_up = [&](attempt how, const std::exception_ptr& why) {
        t.failed = why;
        return how;
    };
    for (int left = tries;; --left) {
        t.failed = nullptr;
        const std::int64_t reconnected = parts_.count.reconnects;
        const attempt ended = try_batch({&one, 1}, isolation::none, patient);
        if (ended != attempt::again) {
            return ended;
        }
        if (reconnected != parts_.count.reconnects) {
            left = tries + 1; // It was the database; how long it is waited for is a matter of patience.
            if (!patient.again()) {
                return give_up(attempt::over,
                               std::make_exception_ptr(store::sql_error(
                                   store::sql_errc::lost, "the database went away too often; try again")));
            }
        } else if (not_begun_) { // It has no room for a connection, say.
            if (!patient.again()) {
                return give_up(attempt::over, not_begun_);
            }
            left = tries + 1;
        } else if (left <= 1) {
            return give_up(attempt::failed,
                           std::make_exception_ptr(store::sql_error(
                               store::sql_errc::busy, "the database was too busy with others; try again")));
        }
    }
}

void writer::execute_all(std::span<task* const> batch, isolation between) {
    if (between == isolation::none && !connection_->dialect().for_update.empty()) {
        execute_in_waves(batch);
        return;
    }
    for (task* t : batch) {
        if (between == isolation::savepoints) {
            execute_in_savepoint(*t);
        } else {
            execute(*t);
        }
    }
}

void writer::execute_in_savepoint(task& t) {
    connection_->run("SAVEPOINT input");
    const auto made = made_;
    const auto held = held_;
    const auto remembered = remembered_;
    try {
        execute(t);
        save_held();
    } catch (const store::sql_error& e) {
        if (e.retryable() || e.code() == store::sql_errc::full || e.code() == store::sql_errc::io) {
            throw; // The transaction is beyond saving, or all of it is to be tried again.
        }
        t.failed = std::current_exception();
    } catch (...) {
        t.failed = std::current_exception();
    }
    if (t.failed) {
        connection_->run("ROLLBACK TO input");
        entered_ = {};
        routed_.clear();
        forget_warm();
        held_ = held;
        made_ = made;
        remembered_ = remembered;
    }
    connection_->run("RELEASE input");
}

void writer::execute(task& t) {
    t.failed = nullptr;
    if (const auto* what = std::get_if<const command*>(&t.what)) {
        t.answer = run_command(t, **what);
    } else if (const auto* timer = std::get_if<timer_fired>(&t.what)) {
        t.answer = run_timer(t, *timer);
    } else if (const auto* ended = std::get_if<effect_ended>(&t.what)) {
        t.answer = run_effect(t, ended->claim, &ended->outcome);
    } else if (const auto* done = std::get_if<effects_done>(&t.what)) {
        t.answer = run_done(t, *done);
    } else if (const auto* undecided = std::get_if<effect_undecided>(&t.what)) {
        t.answer = run_undecided(t, *undecided);
    } else {
        t.answer = run_effect(t, std::get<perform_inside>(t.what).claim, nullptr);
    }
}

} // namespace patt::engine
