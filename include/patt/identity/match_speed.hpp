/// @file
/// How fast the matcher is, beside brute force in the same run: the protocol of `patt match --bench`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// What measures; the core has no clock of its own.
struct speed_meters {
    std::function<double()> cpu_seconds;               ///< That this process has used so far.
    std::function<std::size_t()> bytes_in_use;         ///< By this process; what was freed does not count.
    std::function<void(std::string_view)> begins = {}; ///< Told before each part; may be empty.
};

/// Whether the measurements of up to 100,000 names, which take a minute, are made too.
enum class speed_sizes : std::uint8_t { usual, large };
/// Whether keys and joins are measured as well.
enum class speed_parts : std::uint8_t { all, matches };

struct speed_options {
    int rounds = 5; ///< The best one counts; large sizes have fewer, two at least.
    speed_sizes sizes = speed_sizes::usual;
    speed_parts parts = speed_parts::all;
};

/// All keys of one name, in nanoseconds.
struct key_speed {
    double ascii_ns = 0.0;
    double other_ns = 0.0; ///< Of names beyond ASCII; 0: there are none.
};

/// Names on both sides, pairs of a similarity of at least 0.8 out.
struct join_speed {
    std::size_t names = 0; ///< On each side.
    std::size_t hits = 0;
    double index_ms = 0.0;
    double brute_force_ms = 0.0; ///< With the same kernel; 0: not run.
    double look_up_us = 0.0;     ///< One name in a list of so many that is indexed already.
};

struct match_speed {
    std::size_t characters = 0;
    std::size_t members = 0;
    std::size_t links = 0;
    double whole_ms = 0.0; ///< Records in; decisions, and an explanation of each that names a member, out.
    double one_change_p50_us = 0.0; ///< Until all decisions that it touches are final.
    double one_change_p99_us = 0.0;
    double tenth_renamed_ms = 0.0;
    double memory_mb = 0.0;
};

/// In CPU time of one thread.
struct speed_report {
    bool made_up = false; ///< The names are.
    std::optional<key_speed> keys;
    std::vector<join_speed> joins;
    std::vector<match_speed> matches;
};

/// Names for measurements without real ones; always the same.
[[nodiscard]] std::vector<std::string> made_up_names(std::size_t count);

/// The bare keys of `count` names from the `from`th on: what the joins are measured with.
[[nodiscard]] std::vector<std::string> bare_keys(const std::vector<std::string>& names, std::size_t from,
                                                 std::size_t count);

/// The same names in another order, always the same one: neighbours in a file are often of one realm.
[[nodiscard]] std::vector<std::string> mixed(std::vector<std::string> names);

/// Measures with the names as they come, see `mixed`; with made-up ones if there are none.
[[nodiscard]] speed_report measure_speed(std::vector<std::string> names, const speed_options& how,
                                         const speed_meters& meters);

/// One JSON object of lines.
[[nodiscard]] std::string to_json(const speed_report& r);

} // namespace patt::identity
