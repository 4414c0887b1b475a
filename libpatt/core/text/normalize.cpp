#include "core/text/normalize.hpp"

#include "core/text/unicode.hpp"

#include <patt/text/utf8.hpp>

#include <algorithm>

namespace patt::text::unicode {

namespace {

// Hangul syllables are composed by arithmetic: Unicode 15.0, section 3.12.
constexpr char32_t s_base = 0xAC00;
constexpr char32_t l_base = 0x1100;
constexpr char32_t v_base = 0x1161;
constexpr char32_t t_base = 0x11A7;
constexpr char32_t l_count = 19;
constexpr char32_t v_count = 21;
constexpr char32_t t_count = 28;
constexpr char32_t s_count = l_count * v_count * t_count;

void append_decomposed(std::u32string& out, char32_t cp) {
    if (cp >= s_base && cp < s_base + s_count) {
        const char32_t s = cp - s_base;
        out.push_back(l_base + s / (v_count * t_count));
        out.push_back(v_base + s % (v_count * t_count) / t_count);
        if (s % t_count != 0)
            out.push_back(t_base + s % t_count);
        return;
    }
    const std::string_view d = decomposition(cp);
    if (d.empty()) {
        out.push_back(cp);
        return;
    }
    for (std::size_t i = 0; i < d.size();) {
        const decoded c = decode_at(d, i);
        out.push_back(c.code_point);
        i += c.bytes;
    }
}

char32_t compose_pair(char32_t a, char32_t b) noexcept {
    if (a >= l_base && a < l_base + l_count && b >= v_base && b < v_base + v_count) {
        return s_base + ((a - l_base) * v_count + (b - v_base)) * t_count;
    }
    if (a >= s_base && a < s_base + s_count && (a - s_base) % t_count == 0 && b > t_base &&
        b < t_base + t_count) {
        return a + (b - t_base);
    }
    return composite(a, b);
}

// Marks that folding keeps: U+3099 and U+309A turn one kana into another letter.
bool is_stripped_mark(char32_t cp) noexcept {
    const mapping m = fold(cp);
    return !m.identity && m.folded.empty();
}

} // namespace

std::u32string to_nfd(std::string_view utf8) {
    std::u32string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const decoded c = decode_at(utf8, i);
        append_decomposed(out, c.code_point);
        i += c.bytes;
    }
    for (auto first = out.begin(); first != out.end();) {
        if (combining_class(*first) == 0) {
            ++first;
            continue;
        }
        const auto last = std::find_if(first, out.end(), [](char32_t c) { return combining_class(c) == 0; });
        std::stable_sort(first, last,
                         [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
        first = last;
    }
    return out;
}

void compose(std::u32string& text) {
    constexpr std::size_t none = std::u32string::npos;
    std::size_t starter = none;
    std::size_t end = 0;
    std::uint8_t last = 0; // the combining class of what precedes, since the starter
    for (const char32_t c : text) {
        const std::uint8_t ccc = combining_class(c);
        const bool blocked = starter == none || !(last < ccc || (last == 0 && starter + 1 == end));
        const char32_t both = blocked ? 0 : compose_pair(text[starter], c);
        if (both != 0) {
            text[starter] = both;
            continue;
        }
        if (ccc == 0)
            starter = end;
        last = ccc;
        text[end++] = c;
    }
    text.resize(end);
}

void normalize(std::string& text, std::size_t start, marks what) {
    std::u32string wide = to_nfd(std::string_view(text).substr(start));
    if (what == marks::stripped)
        std::erase_if(wide, is_stripped_mark);
    compose(wide);
    text.resize(start);
    for (const char32_t c : wide)
        append_utf8(text, c);
}

} // namespace patt::text::unicode
