#include "core/identity/background.hpp"

#include "core/identity/popular_words.hpp"

#include <patt/text/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace patt::identity {

namespace {

#include "core/identity/background_tables.inc"

constexpr std::size_t no_letter = 26;   // begin, end, and whatever is no letter
constexpr bits per_point = 2 * one_bit; // distance of the points of the curves
constexpr bits table_unit = one_bit / 16;

// A favourite word is nobody's own, however rare its letters are.
constexpr bits popular_whole = 17 * one_bit;
constexpr bits popular_part = 12 * one_bit;

// Flat costs of characters outside a-z, about log2 of how many are in common use.
bits flat_cost(char32_t cp) noexcept {
    if (cp < 0x80)
        return 4 * one_bit; // digits
    if (cp < 0x0590)
        return 4 * one_bit; // Greek, Cyrillic, Armenian
    if (cp >= 0x3040 && cp < 0x3100)
        return 5 * one_bit; // kana
    if (cp >= 0xAC00 && cp < 0xD7B0)
        return 7 * one_bit; // Hangul syllables
    if (cp >= 0x4E00)
        return 8 * one_bit; // Han
    return 5 * one_bit;
}

template <std::size_t N>
bits at(const std::uint16_t (&curve)[N], bits cost) noexcept {
    const auto point = static_cast<std::size_t>(std::max(cost, 0) / per_point);
    if (point + 1 >= N)
        return curve[N - 1] * table_unit;
    const bits low = curve[point] * table_unit;
    const bits high = curve[point + 1] * table_unit;
    return low + static_cast<bits>(std::int64_t{high - low} * (cost - static_cast<bits>(point) * per_point) /
                                   per_point);
}

} // namespace

name_rarity rarity_of(std::string_view bare) noexcept {
    std::size_t a = no_letter;
    std::size_t b = no_letter;
    bits cost = 0;
    const auto step = [&](std::size_t c) {
        cost += trigram_cost[(a * 27 + b) * 27 + c] * table_unit;
        a = b;
        b = c;
    };
    for (std::size_t i = 0; i < bare.size();) {
        const char c = bare[i];
        if (c >= 'a' && c <= 'z') {
            step(static_cast<std::size_t>(c - 'a'));
            ++i;
            continue;
        }
        if (static_cast<unsigned char>(c) < 0x80) {
            cost += flat_cost(U'0');
            a = b = no_letter;
            ++i;
            continue;
        }
        const text::decoded d = text::decode_at(bare, i);
        cost += flat_cost(d.code_point);
        a = b = no_letter;
        i += d.bytes;
    }
    const bits piece = cost;
    if (b != no_letter)
        step(no_letter);
    name_rarity r{at(whole_rarity, cost), at(edge_rarity, piece), at(inside_rarity, piece),
                  at(edit_rarity, cost)};
    if (is_popular(bare)) {
        r.whole = std::min(r.whole, popular_whole);
        r.edge = std::min(r.edge, popular_part);
        r.inside = std::min(r.inside, popular_part);
        r.edit = std::min(r.edit, popular_part);
    }
    return r;
}

} // namespace patt::identity
