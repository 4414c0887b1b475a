/// @file
/// A gate on loopback between a host and its database: it can be cut, stalled and slowed down.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace patt::postgres {

/// What the gate does with what comes.
enum class passage : std::uint8_t {
    open,    ///< Everything passes.
    cut,     ///< Connections are closed, new ones at once: the network says no.
    stalled, ///< Connections stay, nothing passes, new ones hang: the network says nothing.
    mute,    ///< Questions pass, answers do not: a commit is done and nobody hears of it.
};

/// One port that leads to another. Has a thread of its own.
/// @par Threads  Any.
class gate {
public:
    /// @param to  The port behind it. @throws std::runtime_error when it cannot listen.
    explicit gate(int to);
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;
    ~gate();

    [[nodiscard]] int port() const noexcept { return port_; }
    /// A connection string that goes through the gate: the same with another port.
    [[nodiscard]] std::string through(std::string_view conninfo) const;

    void set(passage how);
    /// Closes the connections of now; new ones pass as before.
    void cut_once();
    /// Every piece is held back for so long, in each direction.
    void delay(std::chrono::milliseconds by);
    /// Leads to another port from the next connection on.
    void lead_to(int port);
    /// Connections that are there now.
    [[nodiscard]] int connections() const noexcept { return connections_; }

private:
    struct pair;
    void work();
    void take_caller(std::vector<std::unique_ptr<pair>>& pairs) const;
    void poke() const;

    int listening_ = -1;
    int waker_ = -1;
    int port_ = 0;
    std::atomic<int> to_;
    std::atomic<passage> how_{passage::open};
    std::atomic<std::int64_t> delay_ms_{0};
    std::atomic<bool> cut_now_{false};
    std::atomic<bool> over_{false};
    std::atomic<int> connections_{0};
    std::thread thread_;
};

} // namespace patt::postgres
