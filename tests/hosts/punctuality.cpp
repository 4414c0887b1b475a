#include "hosts/punctuality.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

constexpr auto interval = 10ms;
constexpr auto usual = 2ms; ///< Late by less is no news.

/// Ticks of all processors together; 0 where the kernel does not say.
long stolen() {
    std::ifstream stat("/proc/stat");
    std::string name;
    long ticks = 0;
    stat >> name;
    for (int column = 0; column < 8; ++column) { // user nice system idle iowait irq softirq steal
        if (!(stat >> ticks)) {
            return 0;
        }
    }
    return ticks;
}

} // namespace

punctuality::punctuality()
    : thread_([this] { tick(); }) {}

punctuality::~punctuality() {
    over_ = true;
    thread_.join();
}

void punctuality::tick() {
    while (!over_) {
        const auto wanted = monotonic::now() + interval;
        std::this_thread::sleep_until(wanted);
        const auto now = monotonic::now();
        const long taken = stolen();
        const std::scoped_lock lock(mutex_);
        looks_.push_back({now, taken});
        if (now - wanted > usual) {
            stalls_.push_back({wanted, now});
        }
    }
}

std::chrono::milliseconds punctuality::late_between(time from, time until) const {
    const std::scoped_lock lock(mutex_);
    monotonic::duration sum{};
    for (const stall& s : stalls_) {
        sum += std::max(std::min(s.until, until) - std::max(s.from, from), monotonic::duration{});
    }
    return std::chrono::ceil<std::chrono::milliseconds>(sum);
}

bool punctuality::stolen_between(time from, time until) const {
    for (;; std::this_thread::sleep_for(interval)) {
        const std::scoped_lock lock(mutex_);
        const auto later = [](time than, const look& l) { return than < l.at; };
        auto before = std::upper_bound(looks_.begin(), looks_.end(), from, later);
        const auto after = std::upper_bound(looks_.begin(), looks_.end(), until, later);
        if (looks_.end() - after >= 2) {
            before -= before == looks_.begin() ? 0 : 1;
            return before->stolen != std::next(after)->stolen;
        }
    }
}

std::vector<punctuality::stall> punctuality::longer_than(std::chrono::milliseconds least) const {
    const std::scoped_lock lock(mutex_);
    std::vector<stall> out;
    std::copy_if(stalls_.begin(), stalls_.end(), std::back_inserter(out),
                 [&](const stall& s) { return s.until - s.from > least; });
    return out;
}

} // namespace patt::hosts
