#include "engine/patience.hpp"

#include <algorithm>
#include <thread>

namespace patt::engine {

namespace {

constexpr duration longest = std::chrono::milliseconds(250);

} // namespace

bool patience::again() {
    const auto passed = std::chrono::duration_cast<duration>(std::chrono::steady_clock::now() - begun_);
    if (std::max(passed, slept_) >= most_) {
        return false;
    }
    random_ ^= random_ << 13U;
    random_ ^= random_ >> 7U;
    random_ ^= random_ << 17U;
    const duration pause =
        next_ / 2 +
        duration{static_cast<std::int64_t>(random_ % static_cast<std::uint64_t>(next_.count() / 2 + 1))};
    std::this_thread::sleep_for(pause);
    slept_ += pause;
    next_ = std::min(next_ * 2, longest);
    return true;
}

} // namespace patt::engine
