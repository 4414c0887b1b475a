#include "engine/unwritten.hpp"

#include <algorithm>
#include <utility>

namespace patt::engine {

namespace {

constexpr duration shortest_wait = std::chrono::milliseconds(10);
constexpr duration longest_wait = std::chrono::milliseconds(500);

duration wait_after(int tries) {
    constexpr int most_doublings = 10;
    return std::min<duration>(shortest_wait * (1 << std::min(tries, most_doublings)), longest_wait);
}

} // namespace

void unwritten_outcomes::keep(task what, duration now) {
    const duration again = now + wait_after(what.tries);
    ++what.tries;
    what.failed = nullptr;
    what.done = false;
    what.set_aside = false;
    const std::scoped_lock lock(mutex_);
    kept_.push_back({std::move(what), again});
}

std::vector<task> unwritten_outcomes::take_due(duration now) {
    const std::scoped_lock lock(mutex_);
    const auto due =
        std::stable_partition(kept_.begin(), kept_.end(), [now](const kept& k) { return k.again > now; });
    std::vector<task> out;
    for (auto k = due; k != kept_.end(); ++k) {
        out.push_back(std::move(k->what));
    }
    kept_.erase(due, kept_.end());
    return out;
}

std::vector<task> unwritten_outcomes::take_all() {
    return take_due(duration::max());
}

std::optional<duration> unwritten_outcomes::next() const {
    const std::scoped_lock lock(mutex_);
    std::optional<duration> out;
    for (const kept& k : kept_) {
        out = out ? std::min(*out, k.again) : k.again;
    }
    return out;
}

std::int64_t unwritten_outcomes::size() const {
    const std::scoped_lock lock(mutex_);
    std::int64_t out = 0;
    for (const kept& k : kept_) {
        const auto* several = std::get_if<effects_done>(&k.what.what);
        out += several != nullptr ? static_cast<std::int64_t>(several->effects.size()) : 1;
    }
    return out;
}

} // namespace patt::engine
