/// @file
/// The chat server and the victims as processes of the driver.
#pragma once

#include "crash/line_socket.hpp"
#include "crash/remote_chat.hpp"

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
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
    /// Waits for its end, at most a few seconds more, then kills it. @return As of `waitpid`.
    int wait();

private:
    pid_t pid_ = -1;
    descriptor input_;
    descriptor output_;
    std::string buffer_;
    int status_ = -1;
};

/// The chat server.
class chat_process {
public:
    explicit chat_process(const std::filesystem::path& folder);
    /// Its world begins anew.
    void reset();
    [[nodiscard]] std::string world();
    [[nodiscard]] const std::string& socket() const noexcept { return socket_; }

private:
    std::string socket_;
    process server_;
    remote_chat control_;
};

/// How a victim is to end.
struct death {
    long at = 0;                 ///< Before, in or after which call; 0: by itself.
    std::string mode = "before"; ///< As the shim knows it.
};

/// What became of one victim.
struct life {
    enum class ending { done, killed, failed } how = ending::failed;
    std::size_t acknowledged = 0; ///< The step to go on with.
    long calls = 0;               ///< How many calls were counted; only when it was not killed.
    std::string why;              ///< When it failed.
};

/// Runs a victim from a step to its end.
[[nodiscard]] life run_victim(const std::filesystem::path& folder, const std::string& socket,
                              const std::string& story, std::size_t from, int boot, const death& end,
                              const std::string& plant);

} // namespace patt::crash
