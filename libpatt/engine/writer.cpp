#include "engine/writer.hpp"

#include "store/guild_repository.hpp"

#include <algorithm>
#include <utility>

namespace patt::engine {

namespace {

/// How often a transaction that lost against another process is run again.
constexpr int tries = 5;

} // namespace

writer::writer(engine_parts& parts)
    : parts_(parts)
    , connection_(parts.database->connect())
    , salts_(parts.world.entropy) {}

id_sequence writer::next_ids(instant now, std::int64_t last) {
    // 41 bits of milliseconds since 2024-01-01, 22 bits that count up. Unique in the guild, since its row is
    // locked; a clock that went back does not bring ids back.
    constexpr std::int64_t epoch_ms = 1'704'067'200'000;
    const std::int64_t ms = std::max<std::int64_t>(now.microseconds() / 1000 - epoch_ms, 1);
    return id_sequence{std::max(last + 1, ms << 22)};
}

void writer::submit(std::span<task* const> tasks) {
    std::unique_lock lock(mutex_);
    waiting_.insert(waiting_.end(), tasks.begin(), tasks.end());
    const auto all_done = [&] {
        return std::all_of(tasks.begin(), tasks.end(), [](const task* t) { return t->done; });
    };
    while (!all_done()) {
        if (busy_) {
            turn_.wait(lock);
            continue;
        }
        // The writer is free: carry whoever waits, in their order.
        busy_ = true;
        const std::size_t count =
            std::min(waiting_.size(), static_cast<std::size_t>(std::max(parts_.how.batch, 1)));
        std::vector<task*> batch(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        lock.unlock();
        run_batch(batch);
        parts_.count.inputs += static_cast<std::int64_t>(batch.size());
        lock.lock();
        for (task* t : batch) {
            t->done = true;
        }
        busy_ = false;
        turn_.notify_all();
    }
}

void writer::run_batch(std::span<task* const> batch) {
    // A savepoint keeps a copy of every page that is written after it. Inputs hardly ever fail, so a batch
    // runs without them first; when one fails, nothing of that attempt was kept, and each gets its own.
    if (batch.size() > 1) {
        patience patient(parts_.how.patience, parts_.seed);
        for (const isolation between : {isolation::none, isolation::savepoints}) {
            if (try_batch(batch, between, patient) == attempt::kept) {
                return;
            }
        }
    }
    for (task* t : batch) {
        run_alone(*t);
    }
}

void writer::begin(std::span<task* const> batch) {
    entered_ = {};
    remembered_ = {};
    connection_->begin(store::tx_mode::write);
    if (batch.size() > 1 && !connection_->dialect().for_update.empty()) {
        lock_ahead(batch);
    }
}

/// Locks the guilds of a batch in the order of their ids, so that the batches of two hosts never wait for
/// each other.
void writer::lock_ahead(std::span<task* const> batch) {
    std::vector<guild_id> guilds;
    for (const task* t : batch) {
        if (const guild_id guild = route(*t)) {
            guilds.push_back(guild);
        }
    }
    connection_
        ->enter_queue(); // After routing, which may have entered a guild: then only its row could be locked.
    entered_ = {};
    for (store::guild_row& row : store::lock_guilds(*connection_, guilds)) {
        const std::int64_t seq = row.head.seq;
        held_.emplace(row.id, held_guild{std::move(row), seq});
    }
}

/// What is kept warm may have seen rows that are gone now.
void writer::roll_back() {
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

/// After the commit: who waits for work hears of it.
void writer::tell() {
    ++parts_.count.batches;
    held_.clear();
    std::vector<made_work> made;
    for (const auto& [guild, work] : std::exchange(made_, {})) {
        made.push_back(work);
    }
    if (!made.empty() && parts_.committed) {
        parts_.committed(made);
    }
}

/// One attempt at a transaction for all of the batch. Inputs that failed on their own say so themselves.
writer::attempt writer::try_batch(std::span<task* const> batch, isolation between, patience& patient) {
    try {
        if (!connection_) {
            reconnect(patient);
        }
        begin(batch);
        for (task* t : batch) {
            if (between == isolation::savepoints) {
                execute_in_savepoint(*t);
            } else {
                execute(*t);
            }
        }
        commit();
        return attempt::kept;
    } catch (const store::sql_error& e) {
        const evidence proof = collect_evidence();
        const auto made = made_;
        roll_back();
        const std::exception_ptr why = std::current_exception();
        try {
            if (e.code() == store::sql_errc::unknown) {
                ++parts_.count.unknown_commits;
                if (happened(proof, patient)) {
                    made_ = made;
                    tell();
                    return attempt::kept;
                }
            } else if (e.code() == store::sql_errc::lost) {
                reconnect(patient);
            }
        } catch (...) {
            for (task* t : batch) {
                t->failed = std::current_exception();
            }
            return attempt::failed;
        }
        for (task* t : batch) {
            t->failed = e.retryable() || e.code() == store::sql_errc::unknown ? nullptr : why;
        }
        ++parts_.count.retries;
        return e.retryable() || e.code() == store::sql_errc::unknown ? attempt::again : attempt::failed;
    } catch (...) {
        roll_back();
        for (task* t : batch) {
            t->failed = std::current_exception();
        }
        return attempt::failed;
    }
}

void writer::run_alone(task& t) {
    task* const one = &t;
    patience patient(parts_.how.patience, parts_.seed + 1);
    for (int left = tries;; --left) {
        t.failed = nullptr;
        const std::int64_t reconnected = parts_.count.reconnects;
        const attempt ended = try_batch({&one, 1}, isolation::none, patient);
        if (ended != attempt::again) {
            return;
        }
        if (reconnected != parts_.count.reconnects) {
            left = tries + 1; // It was the database; how long it is waited for is a matter of patience.
            if (!patient.again()) {
                t.failed = std::make_exception_ptr(
                    store::sql_error(store::sql_errc::lost, "the database went away too often; try again"));
                return;
            }
        } else if (left <= 1) {
            t.failed = std::make_exception_ptr(
                store::sql_error(store::sql_errc::busy, "the database was too busy with others; try again"));
            return;
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
        if (e.code() == store::sql_errc::lost || e.code() == store::sql_errc::full ||
            e.code() == store::sql_errc::io) {
            throw; // The transaction is beyond saving.
        }
        t.failed = std::current_exception();
    } catch (...) {
        t.failed = std::current_exception();
    }
    if (t.failed) {
        connection_->run("ROLLBACK TO input");
        entered_ = {};
        held_ = held;
        made_ = made;
        remembered_ = remembered;
        forget_warm(); // A direct message names no guild, so it is not known which one is meant.
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
    } else {
        t.answer = run_effect(t, std::get<perform_inside>(t.what).claim, nullptr);
    }
}

} // namespace patt::engine
