/// @file
/// How good the matcher is: labelled data in, figures out. For `patt match --evaluate` and for tuning.
#pragma once

#include <patt/identity/matcher.hpp>
#include <patt/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::identity {

/// A character's name and the account of its owner.
struct labelled_pair {
    std::string character;
    std::string account;
};

/// Reads `name<TAB>account` lines; a first line "game_name<TAB>account_name" or "character<TAB>account", in
/// any letter case, is a header.
/// @par Refusals  `invalid_input` with the line, if one has fewer than two columns or an empty one.
[[nodiscard]] result<std::vector<labelled_pair>> parse_labelled_pairs(std::string_view tsv);

/// Reads a pool of strangers: the last column of each line; a line whose last column is "name" is a header.
[[nodiscard]] std::vector<std::string> parse_name_pool(std::string_view tsv);

/// A character with its notes and the person it is known to belong to.
struct labelled_character {
    match_character record;
    std::string person;   ///< Empty: not known.
    std::size_t line = 0; ///< In the table, from 1.
};

/// Reads a table with a header. Columns, in any order: `character` (Name or Name-Realm), `note` or
/// `guild_note`, `officer_note`, `class`, and either `person` (or `group`, `main`) or `alts` (names separated
/// by commas).
/// @par Refusals  `invalid_input` if the header has no `character` column, or a line too many columns.
/// Columns of other names are passed over: see `labelled_columns_of`.
[[nodiscard]] result<std::vector<labelled_character>> parse_labelled_characters(std::string_view tsv);

/// Which columns the header of such a table has.
struct labelled_columns {
    bool guild_note = false;
    bool officer_note = false;
    bool person = false;              ///< Or `alts`.
    std::vector<std::string> unknown; ///< Names that mean nothing, as they are written.
};
[[nodiscard]] labelled_columns labelled_columns_of(std::string_view tsv);

/// How an evaluation is run.
struct evaluation_options {
    std::size_t pad_to = 0;  ///< Members in all, filled up with names of the pool; 0: the accounts alone.
    std::uint32_t seeds = 5; ///< How many different fillings; figures are sums over all of them.
    matcher_settings settings;
    /// What is known of the characters besides their names; others of the guild, too. A person counts as what
    /// an add-on calls a group of alts.
    std::vector<labelled_character> evidence = {};
};

/// Links at or above one level.
struct level_figures {
    confidence level = confidence::none;
    std::uint64_t links = 0;
    std::uint64_t right = 0;
    std::uint64_t right_derivable = 0; ///< Of those: pairs whose names have anything to do with each other.
    [[nodiscard]] double precision() const noexcept;
    /// The 95 % interval of the precision (E. B. Wilson, 1927); 0 to 1 without links.
    [[nodiscard]] double wilson_lower() const noexcept;
    [[nodiscard]] double wilson_upper() const noexcept;
};

/// One wrong automatic link.
struct wrong_link {
    std::string character;
    std::string linked_to;
    std::string truth;
    double probability = 0.0;
};

/// The figures of one set at one pool size, summed over the seeds.
struct evaluation_report {
    std::uint64_t pairs = 0;     ///< Characters times seeds.
    std::uint64_t derivable = 0; ///< Pairs whose names have anything to do with each other.
    std::uint64_t members = 0;   ///< Per seed.
    std::vector<level_figures> levels;
    level_figures automatic;            ///< What the matcher advises to link.
    std::uint64_t linked_derivable = 0; ///< Derivable pairs that it links rightly.
    std::uint64_t first = 0; ///< Derivable pairs that are linked, or in the queue with the owner first.
    std::uint64_t among_three = 0;
    std::uint64_t queued = 0;
    double calibration_error = 0.0;
    std::vector<wrong_link> wrong;
    [[nodiscard]] double recall() const noexcept; ///< Of the automatic links, over all pairs.
};

/// Runs the matcher on labelled pairs. Equal arguments give equal figures.
[[nodiscard]] evaluation_report evaluate_pairs(const std::vector<labelled_pair>& pairs,
                                               const std::vector<std::string>& pool,
                                               const evaluation_options& options);

/// How well characters of one person were brought together.
struct group_report {
    std::uint64_t characters = 0;
    std::uint64_t alts = 0;         ///< Characters whose person has others in the table.
    std::uint64_t alts_grouped = 0; ///< Of those: grouped with another character of their person.
    std::uint64_t alts_found = 0;   ///< Of those: grouped so, or suggested.
    std::uint64_t pairs = 0;        ///< Pairs that were grouped and whose persons are both known.
    std::uint64_t pairs_right = 0;
    std::uint64_t pairs_true = 0; ///< Pairs of the same person.
    double b_cubed_precision = 0.0;
    double b_cubed_recall = 0.0;
    std::uint64_t traps = 0;        ///< Notes that name a relation.
    std::uint64_t traps_linked = 0; ///< Of those: grouped with the one who is named.
    std::vector<wrong_link> wrong;  ///< Pairs of different persons in one group.
};

/// Groups labelled characters by what their notes say.
[[nodiscard]] group_report evaluate_groups(const std::vector<labelled_character>& characters,
                                           const matcher_settings& settings = {});

[[nodiscard]] std::string to_json(const evaluation_report& report);
[[nodiscard]] std::string to_json(const group_report& report);

} // namespace patt::identity
