/// @file
/// How late this machine lets threads run: one that wants to run every 10 ms writes down when it could not.
/// Bounds of time are judged with what it says, and not with a guess at how busy a machine may be.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace patt::hosts {

/// @par Threads  Any.
class punctuality {
public:
    using time = std::chrono::steady_clock::time_point;
    struct stall {
        time from;
        time until;
    };

    punctuality();
    punctuality(const punctuality&) = delete;
    punctuality& operator=(const punctuality&) = delete;
    ~punctuality();

    /// How much later than wanted all turns between two points in time were, together.
    [[nodiscard]] std::chrono::milliseconds late_between(time from, time until) const;
    /// Whether a hypervisor gave a processor to somebody else meanwhile, as far as the kernel knows
    /// (proc_stat(5), "steal", told in steps of 10 ms): from the look before to the second look after. Waits
    /// for that one.
    [[nodiscard]] bool stolen_between(time from, time until) const;
    /// The turns that were later than that.
    [[nodiscard]] std::vector<stall> longer_than(std::chrono::milliseconds least) const;

private:
    struct look {
        time at;
        long stolen; ///< Since the machine started.
    };
    void tick();

    mutable std::mutex mutex_;
    std::vector<look> looks_;
    std::vector<stall> stalls_; ///< Each from when it wanted to run to when it did.
    std::atomic<bool> over_{false};
    std::thread thread_;
};

} // namespace patt::hosts
