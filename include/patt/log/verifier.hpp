/// @file
/// Checks a guild's event log row by row and names the first row that is not as it was written.
#pragma once

#include <patt/log/entry.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patt::log {

/// What most likely happened to the first row that is wrong.
enum class tampering : std::uint8_t {
    edited,    ///< A field, the payload or a hash was changed.
    removed,   ///< One or more rows are missing here.
    swapped,   ///< A row stands here that belongs elsewhere in the log.
    inserted,  ///< A row stands here that was never written by the chain.
    cut,       ///< Rows at the end are missing that the exported head had.
    rewritten, ///< The chain is whole in itself but is not the one whose head was exported.
};

/// The stable name, for example `removed`.
[[nodiscard]] std::string_view to_string(tampering what) noexcept;

/// The first row that is wrong.
struct finding {
    std::int64_t seq =
        0; ///< The number of that row; for `removed` and `cut` the first number that is missing.
    tampering what{};
    std::string sentence; ///< For people: which row, what, and how it shows. Holds no payload.
};

/// What a verification found.
struct report {
    std::int64_t rows = 0;        ///< Rows read.
    std::int64_t erased = 0;      ///< Among them rows whose payload and salt were erased; that is allowed.
    head end;                     ///< The head of the rows that fit each other, from the first on.
    std::optional<finding> first; ///< Nothing when everything is as it was written.
};

/// A verification in progress. Feed it every row in ascending order of `seq`, then call `finish`.
///
/// Memory is constant. Reading goes on after the first wrong row, since the rows behind it tell what
/// happened. What no chain can show by itself: rows at the very end that were cut off, added or written anew
/// by somebody who knows the format. An exported head shows the first and the last of these.
/// @par Threads  Not safe to share.
class verifier {
public:
    /// @param exported  A head that was kept outside the database, when there is one. The log may have grown
    /// since.
    explicit verifier(guild_id guild, std::optional<head> exported = std::nullopt);

    /// Takes the next row. Any content is accepted, however broken.
    void feed(const row& next);

    /// The result so far.
    [[nodiscard]] report finish() const;

private:
    /// What is remembered of the first row that does not fit, and of what came behind it.
    struct suspect {
        std::int64_t seq = 0;
        digest prev{};
        digest hash{};
        bool payload_fits = false;      ///< The commitment fits payload and salt, or both are erased.
        bool intact = false;            ///< The payload fits, and the hash fits the fields.
        std::int64_t written_as = 0;    ///< The number under which its hash fits; 0 when there is none near.
        bool has_next = false;          ///< A row came behind it;
        bool next_follows = false;      ///< that row's `prev` is its hash;
        bool next_continues = false;    ///< that row's `prev` is the hash of the last good row.
        bool successor_later = false;   ///< The row that belongs here came later.
        bool predecessor_later = false; ///< The row that belongs before it came later.
    };

    void add_evidence(const row& next);
    [[nodiscard]] finding judge(const suspect& s) const;
    [[nodiscard]] finding judge_stranger(const suspect& s) const;
    [[nodiscard]] std::optional<finding> compare_with_exported() const;

    report seen_;
    digest before_end_{}; ///< The hash that the last good row follows.
    std::optional<head> exported_;
    std::optional<digest> at_exported_; ///< The hash of the good row with the exported head's number.
    std::optional<suspect> suspect_;
};

} // namespace patt::log
