/// @file
/// What happened, in order: a running hash over all of it, and the last lines for people.
#pragma once

#include <patt/digest.hpp>
#include <patt/simulation/simulation.hpp>
#include <patt/time.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::simulation {

/// A broken promise, on its way out of the run.
struct invariant_broken {
    std::string invariant;
    std::string what;
};

class trace {
public:
    explicit trace(std::size_t kept)
        : kept_(kept) {}
    void add(instant at, std::string_view line);
    [[nodiscard]] std::string hash() const { return to_hex(state_); }
    [[nodiscard]] std::vector<std::string> last() const { return {last_.begin(), last_.end()}; }

private:
    std::size_t kept_;
    digest state_{};
    std::deque<std::string> last_;
};

/// All that a run counts, and its trace.
struct journal {
    explicit journal(const options& how)
        : lines(how.kept_events) {
        out.asked = how;
    }
    report out;
    trace lines;

    void count(const std::string& what) { ++out.counts[what]; }
    void sometimes(const std::string& what) { ++out.sometimes[what]; }
    void fault(const std::string& what) { ++out.faults[what]; }
    /// Counts one check; throws `invariant_broken` when the promise does not hold.
    template <class What>
    void check(std::string_view invariant, bool holds, What what) {
        ++out.checked[std::string(invariant)];
        if (!holds) {
            breaks(invariant, what());
        }
    }
    /// Remembered as well as thrown: the engine takes what is thrown inside an input for a failure of it.
    [[noreturn]] void breaks(std::string_view invariant, std::string what) {
        if (!found) {
            found = invariant_broken{std::string(invariant), std::move(what)};
        }
        throw *found;
    }
    std::optional<invariant_broken> found;
};

namespace promise {
inline constexpr std::string_view acknowledged = "acknowledged-input";
inline constexpr std::string_view outbox = "state-and-outbox";
inline constexpr std::string_view once = "effect-once";
inline constexpr std::string_view order = "order-per-target";
inline constexpr std::string_view rolled_back = "no-rolled-back-effect";
inline constexpr std::string_view trust = "trust-table";
inline constexpr std::string_view isolation = "guild-isolation";
inline constexpr std::string_view log = "log-verifies";
inline constexpr std::string_view due = "everything-due-happens";
} // namespace promise

} // namespace patt::simulation
