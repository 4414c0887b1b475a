#include "hosts/punctuality.hpp"

#include <algorithm>
#include <iterator>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using monotonic = std::chrono::steady_clock;

constexpr auto interval = 10ms;
constexpr auto usual = 2ms; ///< Late by less is no news.

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
        if (now - wanted > usual) {
            const std::scoped_lock lock(mutex_);
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

std::vector<punctuality::stall> punctuality::longer_than(std::chrono::milliseconds least) const {
    const std::scoped_lock lock(mutex_);
    std::vector<stall> out;
    std::copy_if(stalls_.begin(), stalls_.end(), std::back_inserter(out),
                 [&](const stall& s) { return s.until - s.from > least; });
    return out;
}

} // namespace patt::hosts
