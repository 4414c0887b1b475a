/// @file
/// Which host asked the chat for what, and when: a file that every host appends to before each call, so that
/// what a killed one did last is known too. With what was done to the hosts it says whether a call that came
/// again had a reason.
#pragma once

#include <patt/ids.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace patt::hosts {

/// One call that changes something.
struct chat_call {
    std::chrono::steady_clock::time_point at;
    std::int64_t boot_id = 0;
    std::int64_t guild = 0;
    std::string key;
};

/// Something was done to a host; to all when there is no boot id.
struct disturbance {
    std::int64_t boot_id = 0;
    std::chrono::steady_clock::time_point from;
    std::chrono::steady_clock::time_point until;
};

/// @par Threads  Any.
class call_log {
public:
    /// Appends to the file. @throws failure when it cannot be opened.
    explicit call_log(const std::string& file);
    call_log(const call_log&) = delete;
    call_log& operator=(const call_log&) = delete;
    ~call_log();
    void add(std::int64_t boot_id, guild_id guild, std::string_view key) const;

private:
    int file_;
};

[[nodiscard]] std::vector<chat_call> read_calls(const std::string& file);

struct repeated_calls {
    std::size_t excused = 0;          ///< Something had been done to whoever called before.
    std::size_t late = 0;             ///< Of a host that had just been let go on, each worker one at most.
    std::vector<std::string> without; ///< There was no reason for these.
};

/// A call may come again only when something was done to the host that had called, between that call and the
/// commit of its outcome. A host that was paused between its last look at its leases and the call makes that
/// one call when it is let go on: at most `workers` of them each time.
[[nodiscard]] repeated_calls judge_repeats(std::vector<chat_call> calls, const std::vector<disturbance>& done,
                                           int workers);

} // namespace patt::hosts
