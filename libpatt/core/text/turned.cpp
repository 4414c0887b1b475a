#include "core/text/turned.hpp"

#include <patt/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace patt::text {

namespace {

struct turned_letter {
    char32_t written;
    char read;
};

// By Unicode's names: "turned" letters, and those that look like a letter turned by half.
constexpr turned_letter odd_letters[] = {
    {U'\u0250', 'a'}, {U'\u0254', 'c'}, {U'\u01DD', 'e'}, {U'\u0259', 'e'}, {U'\u025F', 'f'},
    {U'\u0183', 'g'}, {U'\u1D77', 'g'}, {U'\u0265', 'h'}, {U'\u0131', 'i'}, {U'\u1D09', 'i'},
    {U'\u027E', 'j'}, {U'\u029E', 'k'}, {U'\u05DF', 'l'}, {U'\uA781', 'l'}, {U'\u026F', 'm'},
    {U'\u0279', 'r'}, {U'\u0287', 't'}, {U'\u028C', 'v'}, {U'\u028D', 'w'}, {U'\u028E', 'y'},
    {U'\u1D1A', 'r'}, {U'\u0268', 'i'}, {U'\u1D02', 'a'}, {U'\u2C6F', 'a'}, {U'\u2C70', 'a'},
    {U'\u0186', 'c'}, {U'\u018E', 'e'}, {U'\u2132', 'f'}, {U'\u2141', 'g'}, {U'\u214E', 'f'},
    {U'\u2142', 'l'}, {U'\u2143', 'l'}, {U'\u2144', 'y'}, {U'\u0245', 'v'}, {U'\u039B', 'v'},
    {U'\u03BB', 'y'}, {U'\uA78D', 'h'}, {U'\uA7B0', 'k'}, {U'\uA7B1', 't'}, {U'\u019C', 'm'},
    {U'\u0270', 'm'}, {U'\u027A', 'r'}, {U'\u027B', 'r'}, {U'\u1D08', 'e'}, {U'\u025C', 'e'},
    {U'\u02AE', 'h'}, {U'\u02AF', 'h'},
};

// Letters that are another one, or themselves, upside down.
constexpr turned_letter plain_letters[] = {
    {U'b', 'q'}, {U'd', 'p'}, {U'l', 'l'}, {U'n', 'u'}, {U'o', 'o'}, {U'p', 'd'}, {U'q', 'b'}, {U's', 's'},
    {U'u', 'n'}, {U'x', 'x'}, {U'z', 'z'}, {U'0', '0'}, {U'1', '1'}, {U'6', '9'}, {U'8', '8'}, {U'9', '6'},
};

// By code point; zero: no such letter.
constexpr std::array<char, 128> make_plain() {
    std::array<char, 128> t{};
    for (const turned_letter& l : plain_letters)
        t[l.written] = l.read;
    return t;
}
constexpr std::array<char, 128> plain = make_plain();

char look_up_odd(char32_t c) noexcept {
    const auto* const it = std::find_if(std::begin(odd_letters), std::end(odd_letters),
                                        [c](const turned_letter& t) { return t.written == c; });
    return it == std::end(odd_letters) ? '\0' : it->read;
}

} // namespace

void append_turned(std::string& out, std::string_view exact) {
    constexpr std::size_t fewest_odd = 2;
    const std::size_t begin = out.size();
    std::size_t odd = 0;
    for (std::size_t i = 0; i < exact.size();) {
        const decoded d = decode_at(exact, i);
        i += d.bytes;
        if (d.code_point == U' ' || d.code_point == U'_' || d.code_point == U'-')
            continue;
        const bool ascii = d.code_point < plain.size();
        const char read = ascii ? plain[d.code_point] : look_up_odd(d.code_point);
        odd += ascii ? 0U : 1U;
        if (read == '\0') {
            out.resize(begin);
            return;
        }
        out.push_back(read);
    }
    if (odd < fewest_odd) {
        out.resize(begin);
        return;
    }
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end());
}

} // namespace patt::text
