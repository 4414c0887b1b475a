/// @file
/// A program that runs as the servers' account under a keeper: it dies with the test program, however that
/// ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace patt::postgres {

/// @par Threads  One at a time.
class kept_process {
public:
    /// Starts it. @param folder  Where it runs; removed when the test program dies before the program does.
    /// @param log  Gets what it prints, at its end. @throws std::runtime_error when it cannot be started.
    kept_process(const std::vector<std::string>& command, const std::filesystem::path& folder,
                 const std::filesystem::path& log);
    kept_process(const kept_process&) = delete;
    kept_process& operator=(const kept_process&) = delete;
    /// Kills it.
    ~kept_process();

    [[nodiscard]] pid_t pid() const noexcept { return program_; }
    [[nodiscard]] bool running();
    void signal(int which) const;
    /// To it and all its children.
    void signal_all(int which) const;
    /// Waits for its end and that of its children. @return its exit status (128 + the signal that killed it),
    /// none when it goes on.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds most);
    /// Kills it and its children at once, and waits for them.
    void kill();

private:
    pid_t keeper_ = -1;
    pid_t program_ = -1;
    int life_line_ = -1;
    std::optional<int> status_;
};

/// Runs a program to its end, as the servers' account. @throws std::runtime_error with the end of the log
/// when it fails or takes more than a minute.
void run_kept(const std::vector<std::string>& command, const std::filesystem::path& folder,
              const std::filesystem::path& log);

/// The last lines of a file, for messages.
[[nodiscard]] std::string end_of(const std::filesystem::path& log);

} // namespace patt::postgres
