#include <patt/store/pool.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace patt::store {

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

    [[nodiscard]] bool free() const { return !idle.empty() || open < how.most; }
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

pooled pool::take() {
    shared& all = *shared_;
    {
        std::unique_lock lock(all.mutex);
        const std::uint64_t ticket = all.next_ticket++;
        all.queue.push_back(ticket);
        const bool got = all.changed.wait_for(lock, all.how.patience,
                                              [&] { return all.queue.front() == ticket && all.free(); });
        std::erase(all.queue, ticket);
        all.changed.notify_all(); // whoever is first now
        if (!got) {
            ++all.refused;
            throw sql_error(
                sql_errc::busy,
                fmt::format("all {} connections of the pool are in use, and none came back within "
                            "{} ms; try again, or allow the pool more",
                            all.how.most, all.how.patience.count()));
        }
        if (!all.idle.empty()) {
            std::unique_ptr<connection> one = std::move(all.idle.back());
            all.idle.pop_back();
            return {*this, std::move(one)};
        }
        ++all.open;
    }
    try {
        return {*this, all.where->connect(all.how.connections)};
    } catch (...) {
        const std::scoped_lock lock(all.mutex);
        --all.open;
        all.changed.notify_all();
        throw;
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
    return {shared_->open, shared_->open - shared_->idle.size(), shared_->queue.size(), shared_->refused};
}

pooled::~pooled() {
    if (connection_) {
        from_->give_back(std::move(connection_));
    }
}

} // namespace patt::store
