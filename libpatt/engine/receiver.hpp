/// @file
/// A function of the embedder's that any thread may call, and that may be taken away meanwhile.
#pragma once

#include <functional>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace patt::engine {

/// @par Threads  Any, and several at once; but what is called does not call `set`.
template <class What>
class receiver {
public:
    /// When this returns, the one before is not running any more.
    void set(std::function<void(What)> to) {
        const std::unique_lock lock(mutex_);
        to_ = std::move(to);
    }
    /// Calls it, if there is one. @return false when it threw.
    bool tell(What what) const noexcept {
        try {
            const std::shared_lock lock(mutex_);
            if (to_) {
                to_(what);
            }
            return true;
        } catch (...) {
            return false;
        }
    }

private:
    mutable std::shared_mutex mutex_;
    std::function<void(What)> to_;
};

} // namespace patt::engine
