/// @file
/// The floor: a client on plain libpq that writes rows as fast as it can and goes on by itself, as in the
/// measured baseline (multi-host string, read-write, connect_timeout=2, one second for each statement, again
/// after 50 ms).
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace patt::failover {

class plain_writer {
public:
    plain_writer(std::string conninfo, int number);
    plain_writer(const plain_writer&) = delete;
    plain_writer& operator=(const plain_writer&) = delete;
    /// Stops it.
    ~plain_writer();
    void stop();

    /// What the server acknowledged; complete after `stop`.
    [[nodiscard]] const std::vector<long long>& acknowledged() const noexcept { return acknowledged_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::chrono::milliseconds longest_gap() const noexcept { return longest_; }

private:
    void work();

    std::string conninfo_;
    int number_;
    std::atomic<bool> over_{false};
    std::atomic<std::size_t> count_{0};
    std::vector<long long> acknowledged_;
    std::chrono::milliseconds longest_{0};
    std::thread thread_;
};

} // namespace patt::failover
