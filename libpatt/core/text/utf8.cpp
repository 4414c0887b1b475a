#include <patt/text/utf8.hpp>

#include <fmt/format.h>

namespace patt::text {

namespace {

struct lead {
    std::uint8_t length; // 0: cannot start a code point
    std::uint8_t low;    // bounds of the second byte
    std::uint8_t high;
};

// Unicode 15.0, table 3-7 (well-formed UTF-8 byte sequences).
lead classify(unsigned char b) noexcept {
    if (b < 0x80)
        return {1, 0, 0};
    if (b < 0xC2)
        return {0, 0, 0};
    if (b < 0xE0)
        return {2, 0x80, 0xBF};
    if (b == 0xE0)
        return {3, 0xA0, 0xBF};
    if (b == 0xED)
        return {3, 0x80, 0x9F};
    if (b < 0xF0)
        return {3, 0x80, 0xBF};
    if (b == 0xF0)
        return {4, 0x90, 0xBF};
    if (b < 0xF4)
        return {4, 0x80, 0xBF};
    if (b == 0xF4)
        return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

unsigned char byte_at(std::string_view s, std::size_t i) noexcept {
    return static_cast<unsigned char>(s[i]);
}

} // namespace

decoded decode_at(std::string_view s, std::size_t offset) noexcept {
    const unsigned char b0 = byte_at(s, offset);
    if (b0 < 0x80)
        return {b0, 1, false};
    if (b0 >= 0xC2 && b0 < 0xE0 && offset + 1 < s.size()) { // most of what is no ASCII in names
        const unsigned char b1 = byte_at(s, offset + 1);
        if ((b1 & 0xC0U) == 0x80U)
            return {char32_t{b0 & 0x1FU} << 6U | (b1 & 0x3FU), 2, false};
    }
    const lead l = classify(b0);
    if (l.length == 0)
        return {replacement_character, 1, true};
    // The payload of a lead byte of length n has 7 - n bits.
    char32_t cp = b0 & ((1U << (7U - l.length)) - 1U);
    for (std::uint8_t i = 1; i < l.length; ++i) {
        if (offset + i >= s.size())
            return {replacement_character, i, true};
        const unsigned char b = byte_at(s, offset + i);
        const unsigned char low = i == 1 ? l.low : 0x80;
        const unsigned char high = i == 1 ? l.high : 0xBF;
        if (b < low || b > high)
            return {replacement_character, i, true};
        cp = (cp << 6U) | (b & 0x3FU);
    }
    return {cp, l.length, false};
}

void append_utf8(std::string& out, char32_t cp) {
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        cp = replacement_character;
    const auto put = [&out](char32_t byte) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
    };
    if (cp < 0x80) {
        put(cp);
    } else if (cp < 0x800) {
        put(0xC0U | (cp >> 6U));
        put(0x80U | (cp & 0x3FU));
    } else if (cp < 0x10000) {
        put(0xE0U | (cp >> 12U));
        put(0x80U | ((cp >> 6U) & 0x3FU));
        put(0x80U | (cp & 0x3FU));
    } else {
        put(0xF0U | (cp >> 18U));
        put(0x80U | ((cp >> 12U) & 0x3FU));
        put(0x80U | ((cp >> 6U) & 0x3FU));
        put(0x80U | (cp & 0x3FU));
    }
}

std::size_t find_broken_utf8(std::string_view s) noexcept {
    for (std::size_t i = 0; i < s.size();) {
        const decoded d = decode_at(s, i);
        if (d.broken)
            return i;
        i += d.bytes;
    }
    return std::string_view::npos;
}

bool is_utf8(std::string_view s) noexcept {
    return find_broken_utf8(s) == std::string_view::npos;
}

std::string repair_utf8(std::string_view s) {
    std::string out;
    out.reserve(s.size());
    for (std::size_t i = 0; i < s.size();) {
        const decoded d = decode_at(s, i);
        if (d.broken) {
            append_utf8(out, replacement_character);
        } else {
            out.append(s.substr(i, d.bytes));
        }
        i += d.bytes;
    }
    return out;
}

result<std::string> checked_utf8(std::string_view s, on_broken what) {
    const std::size_t at = find_broken_utf8(s);
    if (at == std::string_view::npos)
        return std::string(s);
    if (what == on_broken::repair)
        return repair_utf8(s);
    return error{errc::invalid_input,
                 fmt::format("not UTF-8: the byte at offset {} does not belong there", at)};
}

std::size_t count_characters(std::string_view s) noexcept {
    std::size_t n = 0;
    for (std::size_t i = 0; i < s.size(); ++n)
        i += decode_at(s, i).bytes;
    return n;
}

std::size_t count_utf16_units(std::string_view s) noexcept {
    std::size_t n = 0;
    for (std::size_t i = 0; i < s.size();) {
        const decoded d = decode_at(s, i);
        n += d.code_point >= 0x10000 ? 2U : 1U;
        i += d.bytes;
    }
    return n;
}

std::string_view first_characters(std::string_view s, std::size_t characters) noexcept {
    if (s.size() <= characters) // each has a byte at least
        return s;
    std::size_t i = 0;
    for (; i < s.size() && characters > 0; --characters)
        i += decode_at(s, i).bytes;
    return s.substr(0, i);
}

} // namespace patt::text
