/// @file
/// The highest timeline that anybody has seen. A failover begins a new one, so a server on a lower one was
/// left behind.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string_view>

namespace patt::store::postgres {

/// What a server is asked for it, in a list of columns; empty from a standby. The name of the log file that
/// is being written begins with the timeline, exact from the moment of a promotion (pg_control_checkpoint()
/// would lag until the next checkpoint), and any role may ask for it. Source:
/// https://www.postgresql.org/docs/15/functions-admin.html (backup control functions).
inline constexpr std::string_view timeline_sql =
    "CASE WHEN pg_is_in_recovery() THEN '' ELSE pg_walfile_name(pg_current_wal_lsn()) END";

/// The timeline in the answer; none: a standby.
[[nodiscard]] std::optional<std::int64_t> timeline_in(std::string_view answer) noexcept;

/// Remembered for this process, and in a small file if there is a name for it, which other processes of this
/// machine may share. Thread-safe.
class timeline_memory {
public:
    /// A file that could not be written is not tried again before.
    static constexpr std::chrono::milliseconds before_trying_again{200};

    /// Reads the file if there is one.
    explicit timeline_memory(std::filesystem::path file);

    [[nodiscard]] std::int64_t highest() const noexcept { return highest_.load(); }
    /// Remembers `seen` if it is higher, and keeps the highest that is known in the file, which is never
    /// lowered. A file that cannot be written is not a reason to stop: it stays as it was, and a later call
    /// tries again.
    void raise(std::int64_t seen);

private:
    /// Writes the file if it holds less; with the mutex held.
    void keep();

    std::filesystem::path file_;
    std::mutex writing_;
    std::chrono::steady_clock::time_point next_try_;
    std::atomic<std::int64_t> highest_{0};
    std::atomic<std::int64_t> kept_{0}; ///< What the file holds at least.
};

} // namespace patt::store::postgres
