/// @file
/// Effects that were performed and whose outcomes could not be written yet: the database was away, or
/// somebody else held the guild. To claim them again would perform them twice, so they are kept and written
/// later.
#pragma once

#include "engine/writer.hpp"

#include <mutex>
#include <optional>
#include <vector>

namespace patt::engine {

/// No more than what is claimed, so it is bounded. What it holds is lost with the process: then the effects
/// are performed again under their idempotency keys, like those whose answer was lost.
/// @par Threads  Any.
class unwritten_outcomes {
public:
    /// To be tried again: soon at first, less often the longer it takes.
    void keep(task what, duration now);
    /// Those whose time has come; they are the caller's until it keeps them again.
    [[nodiscard]] std::vector<task> take_due(duration now);
    /// All of them, whatever their time.
    [[nodiscard]] std::vector<task> take_all();
    /// When the next one is to be tried, on the monotonic clock.
    [[nodiscard]] std::optional<duration> next() const;
    /// How many effects they are.
    [[nodiscard]] std::int64_t size() const;

private:
    struct kept {
        task what;
        duration again;
    };
    mutable std::mutex mutex_;
    std::vector<kept> kept_; ///< In the order in which they came.
};

} // namespace patt::engine
