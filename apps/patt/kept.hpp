/// @file
/// What is costly to find out, found out once for all who ask within a while.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace patt::cli {

/// @par Threads  Any; one finds it out, and those who ask meanwhile wait for that.
template <class Value>
class kept {
public:
    using time = std::chrono::steady_clock::time_point;

    /// @param find_out   What it throws is kept like a value.
    /// @param how_long   From when it was found out, however long that took.
    kept(std::function<Value()> find_out, std::chrono::steady_clock::duration how_long,
         std::function<time()> now = std::chrono::steady_clock::now)
        : find_out_(std::move(find_out))
        , how_long_(how_long)
        , now_(std::move(now)) {}

    [[nodiscard]] Value get() {
        const std::scoped_lock lock(mutex_);
        if (!until_ || now_() >= *until_) {
            try {
                value_ = find_out_();
                problem_ = nullptr;
            } catch (...) {
                problem_ = std::current_exception();
            }
            until_ = now_() + how_long_;
        }
        if (problem_) {
            std::rethrow_exception(problem_);
        }
        return *value_;
    }

private:
    std::function<Value()> find_out_;
    std::chrono::steady_clock::duration how_long_;
    std::function<time()> now_;
    std::mutex mutex_;
    std::optional<time> until_;
    std::optional<Value> value_;
    std::exception_ptr problem_;
};

} // namespace patt::cli
