#include "store/text_check.hpp"

#include <cstddef>
#include <cstring>

namespace patt::store {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080U;
constexpr std::uint64_t low_bits = 0x0101010101010101U;

/// True when none of eight bytes is zero or above 0x7F: the usual case, checked at once.
bool plain(const char* at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return ((word | (word - low_bits)) & high_bits) == 0;
}

/// Length of the well-formed multi-byte sequence at `at`, or 0. The bounds of the second byte shut out
/// overlong forms, surrogates and everything above U+10FFFF (Unicode Standard, table 3-7).
std::size_t sequence(const unsigned char* at, std::size_t left) noexcept {
    const unsigned char lead = *at;
    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        low = lead == 0xE0 ? 0xA0 : low;
        high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        low = lead == 0xF0 ? 0x90 : low;
        high = lead == 0xF4 ? 0x8F : high;
    }
    if (length == 0 || length > left || at[1] < low || at[1] > high) {
        return 0;
    }
    for (std::size_t i = 2; i < length; ++i) {
        if (at[i] < 0x80 || at[i] > 0xBF) {
            return 0;
        }
    }
    return length;
}

} // namespace

text_fault check_text(std::string_view text) noexcept {
    const char* at = text.data();
    std::size_t left = text.size();
    while (left > 0) {
        if (left >= 8 && plain(at)) {
            at += 8;
            left -= 8;
            continue;
        }
        const auto byte = static_cast<unsigned char>(*at);
        if (byte == 0) {
            return text_fault::nul;
        }
        std::size_t length = 1;
        if (byte >= 0x80) {
            length = sequence(reinterpret_cast<const unsigned char*>(at), left);
            if (length == 0) {
                return text_fault::not_utf8;
            }
        }
        at += length;
        left -= length;
    }
    return text_fault::none;
}

} // namespace patt::store
