/// @file
/// Hashes: SHA-256, HMAC-SHA-256, their hexadecimal form, and a comparison that takes the same time for every
/// input. Bytes are passed as `std::string_view`, whatever they hold.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace patt {

/// 32 bytes of a SHA-256 or HMAC-SHA-256.
using digest = std::array<std::uint8_t, 32>;

/// SHA-256 of the parts, one after the other without separators (FIPS 180-4).
///
/// The caller makes the boundaries unambiguous (fixed sizes or length prefixes).
/// @throws failure when the cryptographic library refuses.
[[nodiscard]] digest sha256(std::initializer_list<std::string_view> parts);

/// SHA-256 of one run of bytes.
[[nodiscard]] digest sha256(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104). @throws failure when the cryptographic library refuses.
[[nodiscard]] digest hmac_sha256(std::string_view key, std::string_view message);

/// The bytes of a digest as a view; valid as long as the digest.
[[nodiscard]] std::string_view bytes_of(const digest& value) noexcept;

/// Lower-case hexadecimal, two characters a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// Lower-case hexadecimal, 64 characters.
[[nodiscard]] std::string to_hex(const digest& value);

/// The digest that 64 hexadecimal characters (either case) stand for; nothing for any other text.
[[nodiscard]] std::optional<digest> digest_from_hex(std::string_view text) noexcept;

/// Whether both hold the same bytes, in a time that depends on the lengths alone.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// A 64-bit number as 8 bytes, the most significant first: the form used inside everything hashed.
[[nodiscard]] std::array<char, 8> big_endian(std::uint64_t value) noexcept;

} // namespace patt
