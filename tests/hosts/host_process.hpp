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
#include <utility>

namespace patt::hosts {

/// The path of this version's hosts_host.
[[nodiscard]] std::string program_of_today();

/// One place where a host runs; after a death the next one has the same socket.
/// @par Threads  `ask` from any; the rest from one.
class host_process {
public:
    /// @param socket  Where it takes inputs.
    host_process(std::string database, std::string chat, std::string socket, std::string plant);

    /// From the next start on another version of the program runs here.
    void install(std::string program) { program_ = std::move(program); }
    /// Starts it and waits until it is ready. @throws failure when it does not come up.
    void start();
    void kill();
    void stop();     ///< SIGSTOP.
    void carry_on(); ///< SIGCONT.
    [[nodiscard]] std::int64_t boot_id() const noexcept { return boot_id_; }
    [[nodiscard]] const std::string& socket() const noexcept { return socket_; }
    /// The last lines of what went wrong in it, of those before it as well.
    [[nodiscard]] std::string complaints() const;

private:
    [[nodiscard]] bool try_to_start();

    std::string database_;
    std::string chat_;
    std::string socket_;
    std::string plant_;
    std::string program_;
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
