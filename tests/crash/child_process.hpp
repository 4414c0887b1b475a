/// @file
/// A process that a test starts: a chat server, a victim, a host.
#pragma once

#include "crash/line_socket.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patt::crash {

/// A process that was started: its standard input and output are pipes. Killed when it goes out of scope.
class process {
public:
    /// @param environment  Added to the driver's own.
    /// @throws failure when it cannot be started.
    process(const std::vector<std::string>& command,
            const std::vector<std::pair<std::string, std::string>>& environment);
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process();

    /// The next line of its output, within a minute; none when it has ended or is silent.
    [[nodiscard]] std::optional<std::string> line();
    void signal(int which) const;
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Waits for its end, at most a few seconds more, then kills it. @return As of `waitpid`.
    int wait();

private:
    pid_t pid_ = -1;
    descriptor input_;
    descriptor output_;
    std::string buffer_;
    int status_ = -1;
};

} // namespace patt::crash
