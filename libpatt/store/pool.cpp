#include <patt/store/pool.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace patt::store {

namespace {

/// Whether somebody who waits may make a connection of his own.
enum class more : std::uint8_t { may_be_made, may_not };

} // namespace

struct pool::shared {
    const std::shared_ptr<database> where;
    const pool_options how;

    mutable std::mutex mutex{};
    std::condition_variable changed{};
    std::vector<std::unique_ptr<connection>> idle{};
    std::size_t open = 0;
    std::deque<std::uint64_t> queue{}; ///< Tickets of those who wait, the first in front.
    std::uint64_t next_ticket = 0;
    std::size_t refused = 0;

    /// One that is idle, in turn; none, and one more counted as open, where another may be made.
    std::unique_ptr<connection> wait(more may);
    void not_opened();
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

std::unique_ptr<connection> pool::shared::wait(more may) {
    std::unique_lock lock(mutex);
    const auto any = [&] { return !idle.empty() || (may == more::may_be_made && open < how.most); };
    const std::uint64_t ticket = next_ticket++;
    queue.push_back(ticket);
    const bool got = changed.wait_for(lock, how.patience, [&] { return queue.front() == ticket && any(); });
    std::erase(queue, ticket);
    changed.notify_all(); // whoever is first now
    if (!got) {
        ++refused;
        throw sql_error(sql_errc::busy,
                        fmt::format("all {} connections of the pool are in use, and none came back within "
                                    "{} ms; try again, or allow the pool more",
                                    open, how.patience.count()));
    }
    if (idle.empty()) {
        ++open;
        return nullptr;
    }
    std::unique_ptr<connection> one = std::move(idle.back());
    idle.pop_back();
    return one;
}

void pool::shared::not_opened() {
    const std::scoped_lock lock(mutex);
    --open;
    changed.notify_all();
}

pooled pool::take() {
    shared& all = *shared_;
    if (std::unique_ptr<connection> one = all.wait(more::may_be_made)) {
        return {*this, std::move(one)};
    }
    try {
        return {*this, all.where->connect(all.how.connections)};
    } catch (const sql_error& e) {
        all.not_opened();
        if (e.code() != sql_errc::busy || state().open == 0) {
            throw;
        }
    } catch (...) {
        all.not_opened();
        throw;
    }
    return {*this, all.wait(more::may_not)}; // The server has no room for one more.
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
