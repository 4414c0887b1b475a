/// @file
/// The hosts as processes of the test: started, killed, stopped, and asked.
#pragma once

#include "crash/child_process.hpp"
#include "crash/line_socket.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace patt::hosts {

/// One place where a host runs; after a death the next one has the same socket.
/// @par Threads  `ask` from any; the rest from one.
class host_process {
public:
    /// @param socket  Where it takes inputs.
    host_process(std::string database, std::string chat, std::string socket, std::string plant);

    /// Starts it and waits until it is ready. @throws failure when it does not come up.
    void start();
    void kill();
    void stop();     ///< SIGSTOP.
    void carry_on(); ///< SIGCONT.
    [[nodiscard]] std::int64_t boot_id() const noexcept { return boot_id_; }
    /// What it printed besides; empties as it is read.
    [[nodiscard]] const std::string& socket() const noexcept { return socket_; }

private:
    std::string database_;
    std::string chat_;
    std::string socket_;
    std::string plant_;
    std::int64_t boot_id_ = 0;
    std::unique_ptr<crash::process> process_;
};

/// Hands lines to hosts; one thread's connections.
class caller {
public:
    /// The answer; none when the host is gone or silent for seconds.
    [[nodiscard]] std::optional<std::string> ask(const std::string& socket, const std::string& line);

private:
    std::string to_;
    std::optional<crash::line_socket> connected_;
};

} // namespace patt::hosts
