/// @file
/// Is a roster complete enough to conclude that somebody left? An outage is never a departure.
#pragma once

#include <patt/identity/roster.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// How the guild of a snapshot compares with the guild it was meant for.
enum class guild_match : std::uint8_t {
    unknown, ///< One of the two does not say; nothing is concluded.
    same,
    other,
};

/// Which guild a roster must be of. Empty and zero members are not compared.
struct expected_guild {
    game_guild_id id;
    std::string name; ///< In any letter case, with or without accents.
    std::string realm_slug;
};

/// Compares by the stable number when both have one, else by name and realm.
[[nodiscard]] guild_match match_guild(const game_guild& guild, const expected_guild& expected);

/// What a snapshot says, in numbers.
struct roster_counts {
    std::size_t entries = 0;  ///< Distinct and usable.
    std::size_t rejected = 0; ///< Named and not usable.
    std::size_t repeated_ids = 0;
    std::size_t repeated_names = 0;
    std::optional<std::size_t> announced;
    roster_delivery delivery = roster_delivery::whole;
    guild_match guild = guild_match::unknown;
};

/// The numbers of a snapshot after `prepare_roster`.
[[nodiscard]] roster_counts count_roster(const roster_snapshot& snapshot, const prepared_roster& prepared,
                                         guild_match guild);

/// What is known before the merge, in numbers.
struct known_counts {
    std::size_t present = 0; ///< Characters in the guild now.
    std::size_t missing = 0; ///< How many of them the snapshot does not have; see `count_missing`.
};

/// How many present characters may be missing at once before a roster is not believed.
///
/// The larger of the two counts. An officer who confirms that so many did leave passes a higher limit for
/// that one run.
struct roster_limits {
    std::size_t missing_count = 5;    ///< Default 5: a small guild may lose a few at once.
    std::size_t missing_percent = 20; ///< Default 20, of the present ones. 100 or more: no limit.
};

/// Why a roster is not complete. Names are stable: they are in issues and in `--json` output.
enum class roster_fault : std::uint8_t {
    unavailable,   ///< No roster came: the source failed.
    empty,         ///< It has nobody in it.
    truncated,     ///< The source stopped before its end.
    shorter,       ///< (`short`) Fewer members came than the source announced.
    unreadable,    ///< Some members could not be used.
    shrunken,      ///< Too many of the present characters are missing.
    foreign_guild, ///< It is the roster of another guild.
    repeated_id,   ///< A game number came twice.
    repeated_name, ///< A name and realm came twice.
};

/// The stable name of a fault, for example `foreign_guild`.
[[nodiscard]] std::string_view to_string(roster_fault fault) noexcept;

/// One reason, with the number that was found and the number that would have been right.
struct roster_reason {
    roster_fault fault{};
    std::size_t found = 0;
    std::size_t allowed = 0;

    friend bool operator==(const roster_reason&, const roster_reason&) = default;
};

/// What may be done with a roster.
enum class roster_use : std::uint8_t {
    everything, ///< Merge it, and whoever is missing has left.
    merge_only, ///< Merge what it has; nobody is removed, and who is missing keeps the old values.
    nothing,    ///< Do not even merge: it is not this guild's, or there is nothing in it.
};

/// The verdict on a snapshot. Complete when there is no reason against it.
struct roster_verdict {
    std::vector<roster_reason> reasons;
    roster_use use = roster_use::everything;

    [[nodiscard]] bool complete() const noexcept { return reasons.empty(); }
    friend bool operator==(const roster_verdict&, const roster_verdict&) = default;
};

/// Judges a snapshot by its numbers.
///
/// Pure: equal arguments give an equal verdict. All reasons are listed, not only the first.
[[nodiscard]] roster_verdict assess(const roster_counts& counts, const known_counts& known,
                                    const roster_limits& limits = {});

/// The verdict when no roster came at all.
[[nodiscard]] roster_verdict unavailable_roster();

/// What a verdict is about: lists of members of the chat server are judged as rosters are.
enum class judged : std::uint8_t { roster, members };

/// The reasons as a part of a sentence, for an issue; empty when complete.
[[nodiscard]] std::string reasons_of(const roster_verdict& verdict, judged what = judged::roster);
/// The reasons as one English sentence for a terminal or a log; empty when complete.
[[nodiscard]] std::string explain(const roster_verdict& verdict, judged what = judged::roster);

} // namespace patt::identity
