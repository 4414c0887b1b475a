#include "core/text/unicode.hpp"

#include <algorithm>
#include <iterator>

namespace patt::text::unicode {

namespace {

// A text is a byte offset (upper 24 bits) and a length in bytes (lower 8) in `mapped_text`.
struct fold_entry {
    std::uint32_t exact;
    std::uint32_t folded;
    std::uint32_t look;
    std::uint32_t sound;
    std::uint8_t reorder; // bit 0: exact, bit 1: folded
};
struct decomposition_entry {
    std::uint32_t code_point;
    std::uint32_t text;
};
struct composition_entry {
    std::uint32_t first;
    std::uint32_t second;
    std::uint32_t composite;
};
struct letter_entry {
    std::uint32_t code_point;
    char base[4];
};

#include "core/text/unicode_tables.inc"

constexpr std::uint32_t block = 128;
constexpr char32_t last_code_point = 0x10FFFF;

std::string_view text_at(std::uint32_t reference) noexcept {
    return {reinterpret_cast<const char*>(mapped_text) + (reference >> 8U), reference & 0xFFU};
}

template <class Entry, std::size_t N>
const Entry* find_code_point(const Entry (&table)[N], char32_t cp) noexcept {
    const auto* e = std::lower_bound(std::begin(table), std::end(table), cp,
                                     [](const Entry& a, char32_t b) { return a.code_point < b; });
    return e != std::end(table) && e->code_point == cp ? e : nullptr;
}

std::uint8_t class_of(char32_t cp) noexcept {
    if (cp > last_code_point)
        return 0;
    return class_second[class_first[cp / block] * block + cp % block];
}

} // namespace

mapping fold(char32_t cp) noexcept {
    if (cp > last_code_point)
        return {};
    const std::uint16_t i = fold_second[fold_first[cp / block] * block + cp % block];
    if (i == 0)
        return {};
    const fold_entry& e = fold_entries[i];
    return {text_at(e.exact),
            text_at(e.folded),
            text_at(e.look),
            text_at(e.sound),
            (e.reorder & 1U) != 0,
            (e.reorder & 2U) != 0,
            false};
}

kind kind_of(char32_t cp) noexcept {
    return static_cast<kind>(class_of(cp) & 0xFU);
}

script script_of(char32_t cp) noexcept {
    return static_cast<script>(class_of(cp) >> 4U);
}

std::uint8_t combining_class(char32_t cp) noexcept {
    const auto* e = std::lower_bound(std::begin(combining_classes), std::end(combining_classes), cp << 8U);
    return e != std::end(combining_classes) && (*e >> 8U) == cp ? static_cast<std::uint8_t>(*e & 0xFFU)
                                                                : std::uint8_t{0};
}

std::string_view decomposition(char32_t cp) noexcept {
    const auto* e = find_code_point(decompositions, cp);
    return e != nullptr ? text_at(e->text) : std::string_view{};
}

char32_t composite(char32_t first, char32_t second) noexcept {
    const auto* e = std::lower_bound(std::begin(compositions), std::end(compositions), first,
                                     [](const composition_entry& a, char32_t b) { return a.first < b; });
    for (; e != std::end(compositions) && e->first == first; ++e) {
        if (e->second == second)
            return e->composite;
    }
    return 0;
}

std::string_view base_letters(char32_t cp) noexcept {
    const auto* e = find_code_point(letters, cp);
    return e != nullptr ? std::string_view(e->base) : std::string_view{};
}

} // namespace patt::text::unicode
