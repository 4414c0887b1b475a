#include "core/text/affixes.hpp"
#include "core/text/hangul.hpp"
#include "core/text/normalize.hpp"
#include "core/text/turned.hpp"
#include "core/text/unicode.hpp"

#include <patt/text/name_keys.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace patt::text {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
bool is_ascii(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x80;
}
bool is_letter_like(char c) noexcept {
    return is_lower(c) || !is_ascii(c);
}

// The letter a digit or symbol stands for in leetspeak, or 0.
constexpr std::array<char, 128> make_leet() {
    std::array<char, 128> t{};
    constexpr std::string_view from = "01345789@$!|+";
    constexpr std::string_view to = "oieastbgasilt";
    for (std::size_t i = 0; i < from.size(); ++i)
        t[static_cast<unsigned char>(from[i])] = to[i];
    return t;
}
constexpr std::array<char, 128> leet_letters = make_leet();

char leet_letter(char c) noexcept {
    return is_ascii(c) ? leet_letters[static_cast<unsigned char>(c)] : '\0';
}

// A lone zero behind letters is hardly a number, but the end of "Xer0".
bool ends_with_zero(std::string_view folded) noexcept {
    const std::size_t n = folded.size();
    return n >= 3 && folded[n - 1] == '0' && is_letter_like(folded[n - 2]) && is_letter_like(folded[n - 3]);
}

// Reads leetspeak, but only where a letter stands on both sides (or the word has letters and starts with one
// such sign, or ends with a zero): the digits of "Acro17" are digits.
void make_leet_key(std::string_view folded, std::string& leet) {
    if (std::none_of(folded.begin(), folded.end(), [](char c) { return leet_letter(c) != 0; }))
        return;
    bool changed = false;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const char c = folded[i];
        if (is_letter_like(c)) {
            leet.push_back(c);
            continue;
        }
        std::size_t next = i + 1; // digits in a row are read together: "m00n"
        while (next < folded.size() && leet_letter(folded[next]) != 0)
            ++next;
        const bool between =
            i > 0 && is_letter_like(folded[i - 1]) && next < folded.size() && is_letter_like(folded[next]);
        const bool leading = i == 0 && next < folded.size() && next <= 2 && is_letter_like(folded[next]);
        const bool ending = i + 1 == folded.size() && ends_with_zero(folded);
        const bool read = leet_letter(c) != 0 && (between || leading || ending);
        if (read) {
            for (; i < next; ++i)
                leet.push_back(leet_letter(folded[i]));
            --i;
            changed = true;
        } else if (is_digit(c)) {
            leet.push_back(c);
        }
    }
    if (!changed)
        leet.clear();
}

// One table for both keys of an ASCII character: its lower case, and what kind of sign it is.
enum ascii_sign : unsigned char { sign_other = 0, sign_letter = 1, sign_digit = 2, sign_leet = 4 };
struct ascii_entry {
    char lower;
    unsigned char signs;
};
constexpr std::array<ascii_entry, 128> make_ascii() {
    std::array<ascii_entry, 128> t{};
    for (std::size_t i = 0; i < 128; ++i) {
        char c = static_cast<char>(i);
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
        unsigned signs = sign_other;
        if (c >= 'a' && c <= 'z')
            signs |= sign_letter;
        if (c >= '0' && c <= '9')
            signs |= sign_digit;
        if (leet_letters[i] != 0)
            signs |= sign_leet;
        t[i] = {c, static_cast<unsigned char>(signs)};
    }
    return t;
}
constexpr std::array<ascii_entry, 128> ascii_table = make_ascii();

void ascii_keys(std::string_view name, name_keys& k) {
    constexpr std::size_t room = 64; // longer names are done in pieces
    std::array<char, room> lower;
    std::array<char, room> bare;
    unsigned odd = 0;    // something that is no letter stands before a letter: leetspeak is possible
    unsigned before = 0; // signs seen so far
    while (!name.empty()) {
        const std::size_t n = std::min(name.size(), room);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const ascii_entry e = ascii_table[static_cast<unsigned char>(name[i])];
            lower[i] = e.lower;
            bare[kept] = e.lower;
            kept += (e.signs & (sign_letter | sign_digit)) != 0 ? 1U : 0U;
            odd |= (e.signs & sign_letter) != 0 ? before & sign_leet : 0U;
            before |= e.signs;
        }
        k.exact.append(lower.data(), n);
        k.bare.append(bare.data(), kept);
        name.remove_prefix(n);
    }
    k.folded = k.exact;
    if (odd != 0 || ends_with_zero(k.folded))
        make_leet_key(k.folded, k.leet);
}

void append_ascii_bare(char c, std::string& bare) {
    const ascii_entry e = ascii_table[static_cast<unsigned char>(c)];
    if ((e.signs & (sign_letter | sign_digit)) != 0)
        bare.push_back(e.lower);
}

constexpr std::uint64_t in_each_byte(unsigned value) noexcept {
    return 0x0101010101010101ULL * value;
}

// Eight characters at once: the highest bit of each byte that is within `first` and `last`. No byte may have
// that bit to begin with, so that no sum reaches the next byte.
constexpr std::uint64_t within(std::uint64_t eight, char first, char last) noexcept {
    const auto to_top = [eight](int limit) {
        return eight + in_each_byte(static_cast<unsigned>(0x80 - limit));
    };
    return to_top(first) & ~to_top(last + 1) & in_each_byte(0x80);
}

// The lower case of eight characters, all of them ASCII letters; or else 0.
constexpr std::uint64_t lower_letters(std::uint64_t eight) noexcept {
    const std::uint64_t all = in_each_byte(0x80);
    if ((eight & all) != 0)
        return 0;
    const std::uint64_t lower =
        eight | (within(eight, 'A', 'Z') >> 2U); // 0x80 is four times the 0x20 between cases
    return within(lower, 'a', 'z') == all ? lower : 0;
}

constexpr std::size_t eight = sizeof(std::uint64_t);
constexpr std::size_t longest_word = 4 * eight;

// Most names are nothing but letters, and then all keys are one. Returns whether it is such a name.
bool keys_of_letters(std::string_view name, name_keys& k) {
    if (name.empty() || name.size() > longest_word)
        return false;
    std::array<char, longest_word> lower;
    std::size_t at = 0;
    const auto take = [&](const char* from, std::size_t n) {
        std::uint64_t word = in_each_byte('a'); // What is missing in a short one counts as letters.
        std::memcpy(&word, from, n);
        word = lower_letters(word);
        std::memcpy(lower.data() + at, &word, eight);
        return word != 0;
    };
    if (name.size() < eight) {
        if (!take(name.data(), name.size()))
            return false;
    } else {
        for (; at + eight < name.size(); at += eight) {
            if (!take(name.data() + at, eight))
                return false;
        }
        at = name.size() - eight; // The last eight overlap those before them.
        if (!take(name.data() + at, eight))
            return false;
    }
    for (std::string* key : {&k.exact, &k.folded, &k.bare})
        key->assign(lower.data(), name.size());
    return true;
}

constexpr std::uint32_t latin_bit = 1U << static_cast<unsigned>(unicode::script::latin);

struct script_census {
    std::uint32_t seen = 0; // one bit per script of letters
    bool symbols = false;
    bool looks = false;  // at least one character has a look-alike
    bool blank = false;  // a non-ASCII letter without look-alike
    bool sounds = false; // at least one character has a sound

    [[nodiscard]] bool mixed() const noexcept { return (seen & (seen - 1U)) != 0; }
};

void append_ascii(std::string_view name, std::size_t i, name_keys& k, script_census& census) {
    const ascii_entry e = ascii_table[static_cast<unsigned char>(name[i])];
    k.exact.push_back(e.lower);
    k.folded.push_back(e.lower);
    if ((e.signs & (sign_letter | sign_digit)) == 0)
        return;
    if ((e.signs & sign_letter) != 0)
        census.seen |= latin_bit;
    k.bare.push_back(e.lower);
    k.look.push_back(e.lower);
    k.sound.push_back(e.lower);
}

// Appends the look and sound of one character outside ASCII and notes what was met.
void append_look_and_sound(char32_t cp, unicode::kind what, const unicode::mapping& m, name_keys& k,
                           script_census& census) {
    const unicode::script script = unicode::script_of(cp);
    const bool letter = what == unicode::kind::letter;
    const bool latin = letter && script == unicode::script::latin;
    if (letter)
        census.seen |= 1U << static_cast<unsigned>(script);
    if (script == unicode::script::hangul && append_hangul_sound(k.sound, cp)) {
        census.sounds = true;
        census.blank = true;
        return;
    }
    if (!m.look.empty()) {
        k.look.append(m.look);
        census.looks = true;
        census.symbols = census.symbols || !letter;
    } else if (latin) {
        k.look.append(m.folded);
    } else if (letter) {
        census.blank = true;
    }
    if (!m.sound.empty()) {
        append_kana_aware(k.sound, cp, m.sound);
        census.sounds = true;
    } else if (latin) {
        k.sound.append(m.folded);
    }
}

constexpr bool is_bare(unicode::kind what) noexcept {
    return what == unicode::kind::letter || what == unicode::kind::digit || what == unicode::kind::mark;
}

void append_bare(std::string& bare, std::string_view folded) {
    for (std::size_t i = 0; i < folded.size();) {
        if (is_ascii(folded[i])) {
            if (is_lower(folded[i]) || is_digit(folded[i]))
                bare.push_back(folded[i]);
            ++i;
            continue;
        }
        const decoded d = decode_at(folded, i);
        if (is_bare(unicode::kind_of(d.code_point)))
            bare.append(folded, i, d.bytes);
        i += d.bytes;
    }
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// One pass over the characters makes five keys; each character is looked up once.
script_census append_wide(std::string_view name, name_keys& k) {
    script_census census;
    bool reorder_exact = false;
    bool reorder_folded = false;
    for (std::size_t i = 0; i < name.size();) {
        if (is_ascii(name[i])) {
            append_ascii(name, i++, k, census);
            continue;
        }
        const decoded d = decode_at(name, i);
        const unicode::mapping m = unicode::fold(d.code_point);
        const unicode::kind what = unicode::kind_of(d.code_point);
        if (!m.identity) {
            k.exact.append(m.exact);
            k.folded.append(m.folded);
            append_bare(k.bare, m.folded);
            reorder_exact = reorder_exact || m.reorder_exact;
            reorder_folded = reorder_folded || m.reorder_folded;
        } else {
            const std::string_view text = d.broken ? replacement : name.substr(i, d.bytes);
            k.exact.append(text);
            k.folded.append(text);
            if (is_bare(what))
                k.bare.append(text);
        }
        append_look_and_sound(d.code_point, what, m, k, census);
        i += d.bytes;
    }
    if (reorder_exact)
        unicode::normalize(k.exact, 0, unicode::marks::kept);
    if (reorder_folded) {
        unicode::normalize(k.folded, 0, unicode::marks::stripped);
        k.bare.clear();
        append_bare(k.bare, k.folded);
    }
    return census;
}

// The bare key alone, as `append_wide` makes it. False: it needs the whole folded key.
bool append_bare_key(std::string_view name, std::string& bare) {
    for (std::size_t i = 0; i < name.size();) {
        if (is_ascii(name[i])) {
            append_ascii_bare(name[i++], bare);
            continue;
        }
        const decoded d = decode_at(name, i);
        const unicode::mapping m = unicode::fold(d.code_point);
        if (m.reorder_folded)
            return false;
        if (!m.identity) {
            append_bare(bare, m.folded);
        } else if (is_bare(unicode::kind_of(d.code_point))) {
            bare.append(d.broken ? replacement : name.substr(i, d.bytes));
        }
        i += d.bytes;
    }
    return true;
}

void wide_keys(std::string_view name, name_keys& k) {
    const script_census census = append_wide(name, k);
    make_leet_key(k.folded, k.leet);
    if (k.leet.empty())
        append_turned(k.leet, k.exact);
    // A word wholly in one other script is read, not looked at, unless every letter of it has a double.
    const bool deceptive = census.looks && (census.mixed() || census.symbols || !census.blank);
    if (!deceptive || k.look == k.bare)
        k.look.clear();
    // Letters of two alphabets in one name are not read aloud: they imitate.
    const bool half_latin = census.mixed() && (census.seen & latin_bit) != 0;
    if (!census.sounds || half_latin || k.sound == k.bare)
        k.sound.clear();
}

bool equal(const char* a, const char* b, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i) {
        if (a[i] != b[i])
            return false;
    }
    return true;
}

std::size_t least_rest(std::string_view affix) noexcept {
    return affix.size() < 3 ? 4 : 3;
}

// The length of the affix at that end of `s`, or 0.
template <std::size_t N>
std::size_t affix_at(affix_end end, const affix_table<N>& table, std::string_view s) noexcept {
    const char outer = from_end(s, end, 0);
    if (!is_lower(outer))
        return 0;
    const auto letter = static_cast<std::size_t>(outer - 'a');
    if ((table.beside[letter] & letter_bit(from_end(s, end, 1))) == 0)
        return 0;
    for (std::size_t i = table.first[letter]; i < table.first[letter + 1]; ++i) {
        const std::string_view affix = table.affixes[i];
        if (s.size() < affix.size() + least_rest(affix))
            continue;
        const std::size_t at = end == affix_end::front ? 0 : s.size() - affix.size();
        if (equal(s.data() + at, affix.data(), affix.size()))
            return affix.size();
    }
    return 0;
}

} // namespace

std::string_view core_of(std::string_view bare) noexcept {
    std::string_view s = bare;
    const auto cut_digits = [&s] {
        std::size_t n = s.size();
        while (n > 0 && is_digit(s[n - 1]))
            --n;
        if (n >= 3)
            s = s.substr(0, n);
        std::size_t begin = 0;
        while (begin < s.size() && is_digit(s[begin]))
            ++begin;
        if (s.size() - begin >= 3)
            s.remove_prefix(begin);
    };
    cut_digits();
    s.remove_prefix(affix_at(affix_end::front, leading_affixes, s));
    const std::size_t behind = affix_at(affix_end::back, trailing_affixes, s);
    s.remove_suffix(behind);
    if (behind != 0)
        cut_digits();
    return s;
}

bool is_affix(std::string_view bare) noexcept {
    const auto holds = [bare](const auto& table, affix_end end) {
        const char outer = from_end(bare, end, 0);
        if (!is_lower(outer))
            return false;
        const auto* const group = table.first.begin() + (outer - 'a');
        return std::find(table.affixes.begin() + group[0], table.affixes.begin() + group[1], bare) !=
               table.affixes.begin() + group[1];
    };
    return holds(leading_affixes, affix_end::front) || holds(trailing_affixes, affix_end::back);
}

void make_keys(std::string_view name, name_keys& k) {
    for (std::string* s : {&k.look, &k.sound, &k.leet, &k.core})
        s->clear();
    if (!keys_of_letters(name, k)) {
        for (std::string* s : {&k.exact, &k.folded, &k.bare})
            s->clear();
        if (std::all_of(name.begin(), name.end(), is_ascii)) {
            ascii_keys(name, k);
        } else {
            wide_keys(name, k);
        }
    }
    const std::string_view core = core_of(k.bare);
    if (core.size() != k.bare.size())
        k.core.assign(core);
}

void make_bare_key(std::string_view name, std::string& bare) {
    bare.clear();
    if (!append_bare_key(name, bare))
        bare = keys_of(name).bare;
}

name_keys keys_of(std::string_view name) {
    name_keys k;
    make_keys(name, k);
    return k;
}

} // namespace patt::text
