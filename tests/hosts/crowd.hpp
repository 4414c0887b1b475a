/// @file
/// The crowd: newcomers who join and answer, officers and imports, all by seed, sent to hosts by chance and
/// sent again until a host says that it is done.
#pragma once

#include "hosts/guilds.hpp"
#include "hosts/request.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace patt::hosts {

/// One newcomer's (or one guild's) way: what is asked in order. Before a step the newcomer has got so many
/// direct messages: nobody answers what was not asked.
struct way {
    struct step {
        request what;
        int inbox_before = 0;
    };
    guild_id guild;
    int newcomer = -1; ///< None for imports.
    enum class end { provisioned, resolved, dismissed, other } how = end::other;
    std::vector<step> steps;
};

/// All ways, equal for a seed.
[[nodiscard]] std::vector<way> ways_of(const size& how, std::uint64_t seed);

/// A host said that an input was done.
struct acknowledgement {
    std::string key;
    std::size_t host = 0; ///< Which of the sockets it was asked at.
    std::chrono::steady_clock::time_point at;
};

/// What came of it.
struct crowd_report {
    std::vector<acknowledgement> acknowledged;
    std::map<std::string, int> failures;     ///< What hosts said that could not, and how often.
    std::vector<std::string> wrong;          ///< Refusals, and ways that did not come to their end in time.
    std::uint64_t asked = 0;                 ///< Requests sent, repetitions included.
    std::chrono::milliseconds longest_gap{}; ///< In which somebody had asked and nothing was acknowledged.
    /// From an answer that was acknowledged, or a join, to the next message.
    std::chrono::milliseconds longest_wait{};
};

struct walk_options {
    std::uint64_t seed = 1;
    std::chrono::seconds most{240}; ///< How long it may take.
    /// The ways begin one after the other over so long, so that there is always somebody on the way while
    /// things are done to the hosts; when `faults` is over, the rest begins at once.
    std::chrono::milliseconds spread{0};
};

/// Walks all ways on a few threads, while `faults` (on the calling thread) does its worst.
/// @param hosts  The sockets.
[[nodiscard]] crowd_report
walk(const std::vector<way>& ways, const std::vector<std::string>& hosts, const std::string& chat,
     const walk_options& how,
     const std::function<void(const std::atomic<std::size_t>& acknowledged)>& faults);

} // namespace patt::hosts
