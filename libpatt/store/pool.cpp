#include <patt/store/pool.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string_view>
#include <vector>

namespace patt::store {

using std::chrono::steady_clock;

struct pool::shared {
    /// Of somebody who wants one. It is kept while he asks a server that turns out to be full.
    struct place {
        std::uint64_t ticket = 0;
        steady_clock::time_point until;
    };

    const std::shared_ptr<database> where;
    const pool_options how;

    mutable std::mutex mutex{};
    std::condition_variable changed{};
    std::vector<std::unique_ptr<connection>> idle{};
    std::size_t open = 0;
    std::set<std::uint64_t> queue{}; ///< Tickets of those who wait, the first in front.
    std::uint64_t next_ticket = 0;
    std::size_t refused = 0;
    steady_clock::time_point ask_next{}; ///< The server was full, and is not asked before.

    [[nodiscard]] place come();
    /// One that is idle, in turn; none, and one more counted as open, where another may be made.
    std::unique_ptr<connection> wait(const place& mine);
    void opened();
    void not_opened();
    /// The server has no room for one more. @return how many are open without it.
    std::size_t full();

private:
    [[noreturn]] void refuse();
};

namespace {

pool_options at_least_one(pool_options how) {
    how.most = std::max<std::size_t>(how.most, 1);
    return how;
}

} // namespace

pool::pool(std::shared_ptr<database> where, pool_options how)
    : shared_(new shared{std::move(where), at_least_one(how)}) {
    shared_->idle.reserve(shared_->how.most); // so that giving back cannot fail
}

pool::~pool() = default;

pool::shared::place pool::shared::come() {
    const std::scoped_lock lock(mutex);
    return {next_ticket++, steady_clock::now() + how.patience};
}

/// With the mutex held.
void pool::shared::refuse() {
    ++refused;
    const std::string_view full = open < how.most ? "the server has no room for more, " : "";
    throw sql_error(sql_errc::busy,
                    fmt::format("all {} connections of the pool are in use, {}and none came back within "
                                "{} ms; try again, or allow the pool more",
                                open, full, how.patience.count()));
}

std::unique_ptr<connection> pool::shared::wait(const place& mine) {
    std::unique_lock lock(mutex);
    queue.insert(mine.ticket);
    for (;;) {
        const auto now = steady_clock::now();
        const bool first = *queue.begin() == mine.ticket;
        const bool more = first && open < how.most;
        if (first && (!idle.empty() || (more && now >= ask_next))) {
            break;
        }
        if (now >= mine.until) {
            queue.erase(mine.ticket);
            changed.notify_all(); // whoever is first now
            refuse();
        }
        changed.wait_until(lock, more ? std::min(mine.until, ask_next) : mine.until);
    }
    queue.erase(mine.ticket);
    changed.notify_all(); // whoever is first now
    if (idle.empty()) {
        ++open;
        return nullptr;
    }
    std::unique_ptr<connection> one = std::move(idle.back());
    idle.pop_back();
    return one;
}

void pool::shared::opened() {
    const std::scoped_lock lock(mutex);
    ask_next = {};
    changed.notify_all();
}

void pool::shared::not_opened() {
    const std::scoped_lock lock(mutex);
    --open;
    changed.notify_all();
}

std::size_t pool::shared::full() {
    const std::scoped_lock lock(mutex);
    ask_next = steady_clock::now() + how.ask_again;
    --open;
    changed.notify_all();
    return open;
}

pooled pool::take() {
    shared& all = *shared_;
    shared::place mine = all.come();
    for (int refusals = 0;; ++refusals) {
        if (std::unique_ptr<connection> one = all.wait(mine)) {
            return {*this, std::move(one)};
        }
        try {
            std::unique_ptr<connection> made = all.where->connect(all.how.connections);
            all.opened();
            return {*this, std::move(made)};
        } catch (const sql_error& e) {
            if (e.code() != sql_errc::busy) {
                all.not_opened();
                throw;
            }
            if (all.full() == 0) {
                throw; // There is none to wait for.
            }
        } catch (...) {
            all.not_opened();
            throw;
        }
        if (refusals == 0) { // Asking may have taken long; it is no time in which one could come back to it.
            mine.until = steady_clock::now() + all.how.patience;
        }
    }
}

void pool::give_back(std::unique_ptr<connection> one) noexcept {
    one->rollback();
    const std::scoped_lock lock(shared_->mutex);
    shared_->idle.push_back(std::move(one));
    shared_->changed.notify_all();
}

pool_state pool::state() const {
    const std::scoped_lock lock(shared_->mutex);
    return {shared_->how.most, shared_->open, shared_->open - shared_->idle.size(), shared_->queue.size(),
            shared_->refused};
}

pooled::~pooled() {
    if (connection_) {
        from_->give_back(std::move(connection_));
    }
}

} // namespace patt::store
