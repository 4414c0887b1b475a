#include "engine/impl.hpp"

#include <patt/provisioning/invite_code.hpp>

#include <algorithm>
#include <utility>

namespace patt::engine {

namespace {

/// How often a transaction that lost against another process is run again.
constexpr int tries = 5;

} // namespace

engine::impl::impl(std::shared_ptr<store::database> database, ports world, options how)
    : database_(std::move(database))
    , world_(world)
    , how_(std::move(how))
    , flows_(how_.flows)
    , writer_(database_->connect())
    , salts_(world_.entropy) {
    if (how_.instance_key.size() < provisioning::instance_key_min_bytes) {
        throw failure("the instance key has fewer than 16 bytes");
    }
    std::array<unsigned char, 8> bytes{};
    world_.entropy.fill(bytes);
    for (const unsigned char byte : bytes) {
        seed_ = (seed_ << 8U) | byte;
    }
}

id_sequence engine::impl::next_ids(instant now, std::int64_t last) {
    // 41 bits of milliseconds since 2024-01-01, 22 bits that count up. Unique in the guild, since its row is
    // locked; a clock that went back does not bring ids back.
    constexpr std::int64_t epoch_ms = 1'704'067'200'000;
    const std::int64_t ms = std::max<std::int64_t>(now.microseconds() / 1000 - epoch_ms, 1);
    return id_sequence{std::max(last + 1, ms << 22)};
}

void engine::impl::submit(std::span<task> tasks) {
    std::unique_lock lock(mutex_);
    for (task& t : tasks) {
        waiting_.push_back(&t);
    }
    const auto all_done = [&] {
        return std::all_of(tasks.begin(), tasks.end(), [](const task& t) { return t.done; });
    };
    while (!all_done()) {
        if (busy_) {
            turn_.wait(lock);
            continue;
        }
        // The writer is free: carry whoever waits, in their order.
        busy_ = true;
        const std::size_t count =
            std::min(waiting_.size(), static_cast<std::size_t>(std::max(how_.batch, 1)));
        std::vector<task*> batch(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        lock.unlock();
        run_batch(batch);
        lock.lock();
        for (task* t : batch) {
            t->done = true;
        }
        busy_ = false;
        turn_.notify_all();
    }
}

void engine::impl::run_batch(std::span<task* const> batch) {
    // A savepoint keeps a copy of every page that is written after it. Inputs hardly ever fail, so a batch
    // runs without them first; when one fails, nothing of that attempt was kept, and each gets its own.
    if (batch.size() > 1 && (try_batch(batch, isolation::none) || try_batch(batch, isolation::savepoints))) {
        return;
    }
    for (task* t : batch) {
        run_alone(*t);
    }
}

/// What is kept warm may have seen rows that are gone now.
void engine::impl::roll_back() {
    forget_warm();
    writer_->rollback();
    held_.clear();
}

void engine::impl::commit() {
    save_held();
    writer_->commit();
    held_.clear();
}

/// @return false when nothing of the batch was kept.
bool engine::impl::try_batch(std::span<task* const> batch, isolation between) {
    try {
        writer_->begin(store::tx_mode::write);
        for (task* t : batch) {
            if (between == isolation::savepoints) {
                execute_in_savepoint(*t);
            } else {
                execute(*t);
            }
        }
        commit();
        return true;
    } catch (...) {
        roll_back();
        for (task* t : batch) {
            t->failed = nullptr;
        }
        return false;
    }
}

void engine::impl::run_alone(task& t) {
    for (int attempt = 1;; ++attempt) {
        try {
            writer_->begin(store::tx_mode::write);
            execute(t);
            commit();
            return;
        } catch (const store::sql_error& e) {
            roll_back();
            if (!e.retryable() || attempt == tries) {
                t.failed = std::current_exception();
                return;
            }
        } catch (...) {
            roll_back();
            t.failed = std::current_exception();
            return;
        }
    }
}

void engine::impl::execute_in_savepoint(task& t) {
    writer_->run("SAVEPOINT input");
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
        writer_->run("ROLLBACK TO input");
        held_.clear();
        forget_warm(); // A direct message names no guild, so it is not known which one is meant.
    }
    writer_->run("RELEASE input");
}

void engine::impl::execute(task& t) {
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

engine::engine(std::shared_ptr<store::database> database, ports world, options how)
    : impl_(std::make_unique<impl>(std::move(database), world, std::move(how))) {}

engine::~engine() = default;

reply engine::handle(const input& what) {
    return handle_all({&what, 1}).front();
}

std::vector<reply> engine::handle_all(std::span<const input> what) {
    std::vector<task> tasks(what.size());
    for (std::size_t i = 0; i < what.size(); ++i) {
        tasks[i].guild = what[i].guild;
        tasks[i].from = what[i].from;
        tasks[i].reason = what[i].reason;
        tasks[i].key = what[i].key;
        tasks[i].what = &what[i].command;
    }
    impl_->submit(tasks);
    std::vector<reply> out;
    for (task& t : tasks) {
        if (t.failed) {
            std::rethrow_exception(t.failed);
        }
        out.push_back(std::move(t.answer));
    }
    return out;
}

run_report engine::run_once(duration budget) {
    return impl_->run_once(budget);
}

shown_reply engine::show(guild_id guild, const reply& what) {
    return impl_->show(guild, what);
}

policy::guild_settings engine::settings(guild_id guild) {
    return impl_->settings(guild);
}

} // namespace patt::engine
