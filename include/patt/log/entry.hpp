/// @file
/// The event log: who did what and why, one hash chain per guild.
///
/// A row commits to its payload with a salt, and to everything before it by the hash of the row before:
///
///     commitment = SHA-256(salt || payload)                       salt: exactly `salt_bytes` bytes
///     hash       = SHA-256(prev || encoding)                      prev of the first row: `genesis(guild)`
///     encoding   = 0x01, seq (8 bytes), at (8 bytes), then kind, actor and subject, each as its length
///                  (8 bytes) and its bytes, then the commitment (32 bytes)
///
/// All numbers are big-endian. Lengths make the encoding unambiguous. To erase a payload, payload and salt
/// are deleted together: the commitment stays, so the chain still verifies, and without the salt it tells
/// nothing.
#pragma once

#include <patt/digest.hpp>
#include <patt/ids.hpp>
#include <patt/result.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patt::log {

/// The size of a salt: 128 random bits, so that a short payload cannot be guessed from its commitment.
inline constexpr std::size_t salt_bytes = 16;

/// Something that happened, before it is sealed into the chain.
struct entry {
    std::int64_t seq = 0; ///< Its number in the guild's log: 1, 2, 3 without gaps.
    instant at;           ///< When it happened.
    std::string kind;     ///< What happened, for example `link.confirmed`.
    std::string actor;    ///< Who did it, for example `member:123` or `system`.
    std::string subject;  ///< To whom or what, for example `person:42`.
    std::string payload;  ///< Details; may hold personal data, since it can be erased.
    std::string salt;     ///< `salt_bytes` random bytes from the caller.
};

/// A stored row. Payload and salt are either both there or both erased.
struct row {
    std::int64_t seq = 0;
    instant at;
    std::string kind;
    std::string actor;
    std::string subject;
    std::optional<std::string> payload;
    std::optional<std::string> salt;
    digest prev{};
    digest commitment{};
    digest hash{};
};

/// The end of a chain. Kept outside the database, it shows later that nothing before it was changed or cut.
struct head {
    std::int64_t seq = 0; ///< The number of the last row; 0 when there is none.
    digest hash{};        ///< Its hash.
    friend bool operator==(const head&, const head&) = default;
};

/// The head of a guild's empty log. It depends on the guild, so a chain cannot be moved to another one.
[[nodiscard]] head genesis(guild_id guild);

/// What a row's payload is replaced by in the chain: SHA-256(salt || payload).
[[nodiscard]] digest commit(std::string_view salt, std::string_view payload);

/// The hash of a row from its fields; `stored.hash` is not read.
[[nodiscard]] digest chain_hash(const row& stored);

/// The row that follows `before`.
///
/// @throws failure when the salt has not `salt_bytes` bytes or `what.seq` is not `before.seq + 1`: a caller's
/// bug.
[[nodiscard]] row seal(const head& before, entry what);

/// The head that a row ends.
[[nodiscard]] head head_of(const row& last);

/// `SEQ:HEX`, the form in which a head is exported.
[[nodiscard]] std::string to_string(const head& value);

/// Reads `SEQ:HEX`; white space around it is ignored.
/// @par Refusals  `invalid_input`: anything else; the detail names the form.
[[nodiscard]] result<head> parse_head(std::string_view text);

} // namespace patt::log
