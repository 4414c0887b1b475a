/// @file
/// Telling the other hosts that there is work: one session per host that listens and notifies.
#pragma once

#include "store/postgres/connection.hpp"
#include "store/postgres/connector.hpp"
#include "store/postgres/handles.hpp"

#include <patt/store/db.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace patt::store::postgres {

/// `NOTIFY` takes a lock of the whole cluster until its commit is on the disk. So it never goes with a
/// transaction that writes, and its own commit waits for no disk.
class pg_wake_channel final : public wake_channel {
public:
    explicit pg_wake_channel(std::shared_ptr<shared_parts> shared);
    ~pg_wake_channel() override;

    void announce(std::int64_t number) override;
    [[nodiscard]] std::vector<std::int64_t> turn(std::chrono::milliseconds most) override;
    void interrupt() noexcept override;
    [[nodiscard]] bool passes_pooler() const noexcept override;

private:
    using time_point = std::chrono::steady_clock::time_point;

    void wake() const noexcept;
    void keep_connected(time_point now);
    void listen();
    void send(time_point now);
    /// Reads what came; false when the session is of no use any more.
    [[nodiscard]] bool read();
    void take_notices(std::vector<std::int64_t>& into);
    void drop(time_point now) noexcept;
    [[nodiscard]] time_point next_look(time_point until);
    /// Sleeps until something comes; true when somebody interrupted.
    [[nodiscard]] bool sleep(time_point until);

    std::shared_ptr<shared_parts> shared_;
    postgres_options options_; ///< Of this session: it does not insist on connecting.
    connector connect_to_;
    connection_handle connection_;
    std::int64_t timeline_ = 0;
    time_point try_again_{};
    time_point may_send_{};
    std::optional<time_point> answer_due_; ///< A notification is under way.

    int waker_ = -1;
    std::mutex guard_;
    std::set<std::int64_t> announced_;
    bool interrupted_ = false;
};

} // namespace patt::store::postgres
