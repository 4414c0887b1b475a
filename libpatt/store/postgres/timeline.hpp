/// @file
/// The highest timeline that anybody has seen. A failover begins a new one, so a server on a lower one was
/// left behind.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>

namespace patt::store::postgres {

/// Remembered for this process, and in a small file if there is a name for it. Thread-safe.
class timeline_memory {
public:
    /// Reads the file if there is one.
    explicit timeline_memory(std::filesystem::path file);

    [[nodiscard]] std::int64_t highest() const noexcept { return highest_.load(); }
    /// Remembers `seen` if it is higher. A file that cannot be written is not a reason to stop.
    void raise(std::int64_t seen);

private:
    std::filesystem::path file_;
    std::mutex writing_;
    std::atomic<std::int64_t> highest_{0};
};

} // namespace patt::store::postgres
