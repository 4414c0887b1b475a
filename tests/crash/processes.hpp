/// @file
/// The chat server and the victims as processes of the driver.
#pragma once

#include "crash/child_process.hpp"
#include "crash/line_socket.hpp"
#include "crash/remote_chat.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace patt::crash {

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
/// @param server  A PostgreSQL connection string; empty: guild.db in the folder.
[[nodiscard]] life run_victim(const std::filesystem::path& folder, const std::string& socket,
                              const std::string& server, const std::string& story, std::size_t from, int boot,
                              const death& end, const std::string& plant);

} // namespace patt::crash
