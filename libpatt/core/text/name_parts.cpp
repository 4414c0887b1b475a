#include "core/text/unicode.hpp"

#include <patt/text/name_parts.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>

namespace patt::text {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_apostrophe(char32_t cp) noexcept {
    return cp == U'\'' || cp == U'\u2019';
}

bool is_word_character(char32_t cp) noexcept {
    if (cp < 0x80) {
        return (cp >= U'a' && cp <= U'z') || (cp >= U'A' && cp <= U'Z') || (cp >= U'0' && cp <= U'9');
    }
    const unicode::kind k = unicode::kind_of(cp);
    return k == unicode::kind::letter || k == unicode::kind::digit || k == unicode::kind::mark;
}

struct bracket {
    char32_t open;
    char32_t close;
    part_kind kind;
};
constexpr bracket brackets[] = {
    {U'(', U')', part_kind::alias}, {U'（', U'）', part_kind::alias}, {U'[', U']', part_kind::tag},
    {U'{', U'}', part_kind::tag},   {U'<', U'>', part_kind::tag},     {U'「', U'」', part_kind::tag},
    {U'『', U'』', part_kind::tag}, {U'【', U'】', part_kind::tag},   {U'〈', U'〉', part_kind::tag},
    {U'《', U'》', part_kind::tag}, {U'［', U'］', part_kind::tag},   {U'«', U'»', part_kind::tag},
};

const bracket* opening(char32_t cp) noexcept {
    const bool letter = (cp > U'<' && cp < U'[') || (cp > U'[' && cp <= U'z') || (cp > U'«' && cp < U'〈');
    if (letter) // of ASCII and most of the others: no bracket stands between these
        return nullptr;
    const auto* b = std::find_if(std::begin(brackets), std::end(brackets),
                                 [cp](const bracket& x) { return x.open == cp; });
    return b == std::end(brackets) ? nullptr : b;
}

// The length of a number code "1234-5678-9012" (groups of three or more digits) at the front, or 0.
std::size_t code_length(std::string_view s) noexcept {
    std::size_t i = 0;
    std::size_t digits = 0;
    std::size_t groups = 0;
    while (i < s.size() && is_digit(s[i])) {
        const std::size_t begin = i;
        while (i < s.size() && is_digit(s[i]))
            ++i;
        if (i - begin < 3)
            return 0;
        digits += i - begin;
        ++groups;
        // Groups are joined by a hyphen, an en dash, or a space if they are of four.
        const bool space = i - begin == 4 && i + 4 < s.size() && s[i] == ' ' && is_digit(s[i + 4]);
        if (i + 1 < s.size() && (s[i] == '-' || space) && is_digit(s[i + 1])) {
            ++i;
        } else if (i + 3 < s.size() && s.substr(i, 3) == "\u2013" && is_digit(s[i + 3])) {
            i += 3;
        }
    }
    return groups >= 2 && digits >= 8 ? i : 0;
}

class parser {
public:
    parser(std::string_view name, std::vector<name_part>& parts)
        : name_(name)
        , parts_(parts) {}

    // Words of `text` (a part of the name), as `kind`.
    void words(std::string_view text, part_kind kind) {
        for (std::size_t i = 0; i < text.size();) {
            if (is_digit(text[i]) && (i == 0 || !is_digit(text[i - 1]))) {
                const std::size_t n = code_length(text.substr(i));
                if (n > 0) {
                    drop_code_prefix();
                    parts_.push_back({text.substr(i, n), part_kind::code});
                    i += n;
                    continue;
                }
            }
            const std::size_t n = word_length(text.substr(i));
            if (n == 0) {
                i += decode_at(text, i).bytes;
                continue;
            }
            const bool number = i > 0 && text[i - 1] == '#' && is_discriminator(text.substr(i, n));
            parts_.push_back({text.substr(i, n), number ? part_kind::discriminator : kind});
            i += n;
        }
    }

    void all() {
        std::size_t plain = 0; // where the text outside of brackets goes on
        for (std::size_t i = 0; i < name_.size();) {
            const decoded d = decode_at(name_, i);
            const bracket* b = d.broken ? nullptr : opening(d.code_point);
            const std::size_t close = b == nullptr ? std::string_view::npos : closing(i + d.bytes, *b);
            if (close == std::string_view::npos) {
                i += d.bytes;
                continue;
            }
            words(name_.substr(plain, i - plain), part_kind::word);
            words(name_.substr(i + d.bytes, close - i - d.bytes), b->kind);
            i = close + decode_at(name_, close).bytes;
            plain = i;
        }
        words(name_.substr(plain), part_kind::word);
    }

private:
    [[nodiscard]] std::size_t closing(std::size_t from, const bracket& b) const noexcept {
        for (std::size_t i = from; i < name_.size();) {
            const decoded d = decode_at(name_, i);
            if (!d.broken && d.code_point == b.close)
                return i;
            i += d.bytes;
        }
        return std::string_view::npos;
    }

    static std::size_t word_length(std::string_view s) noexcept {
        std::size_t i = 0;
        while (i < s.size()) {
            const decoded d = decode_at(s, i);
            if (d.broken)
                break;
            const bool inside = i > 0 && is_apostrophe(d.code_point) && i + d.bytes < s.size() &&
                                is_word_character(decode_at(s, i + d.bytes).code_point);
            if (!inside && !is_word_character(d.code_point))
                break;
            i += d.bytes;
        }
        return i;
    }

    static bool is_discriminator(std::string_view word) noexcept {
        return word.size() >= 3 && word.size() <= 6 && std::all_of(word.begin(), word.end(), is_digit);
    }

    // "SW-1234-…": the two letters belong to the code.
    void drop_code_prefix() {
        if (!parts_.empty() &&
            (parts_.back().text == "SW" || parts_.back().text == "sw" || parts_.back().text == "FC")) {
            parts_.pop_back();
        }
    }

    std::string_view name_;
    std::vector<name_part>& parts_;
};

// Finds the realm after the last hyphen that stands between two words; takes its parts away.
void take_realm(std::string_view name, const realm_directory& realms, std::vector<name_part>& parts) {
    for (std::size_t at = name.find('-'); at != std::string_view::npos; at = name.find('-', at + 1)) {
        std::string_view tail = name.substr(at + 1);
        const std::size_t end = tail.find_first_of("/|([<{,");
        if (end != std::string_view::npos)
            tail = tail.substr(0, end);
        while (!tail.empty() && tail.back() == ' ')
            tail.remove_suffix(1);
        while (!tail.empty() && tail.front() == ' ')
            tail.remove_prefix(1);
        if (tail.empty() || !realms.knows(tail))
            continue;
        const char* first = tail.data();
        const char* last = tail.data() + tail.size();
        const auto inside = [&](const name_part& p) {
            return p.text.data() >= first && p.text.data() < last;
        };
        const auto where = std::find_if(parts.begin(), parts.end(), inside);
        if (where == parts.end() || where == parts.begin())
            continue;
        *where = {tail, part_kind::realm};
        parts.erase(std::remove_if(where + 1, parts.end(), inside), parts.end());
        return;
    }
}

} // namespace

void parse_name(std::string_view name, const realm_directory* realms, std::vector<name_part>& parts) {
    parts.clear();
    parser(name, parts).all();
    if (realms != nullptr && parts.size() > 1)
        take_realm(name, *realms, parts);
}

std::vector<name_part> parse_name(std::string_view name, const realm_directory* realms) {
    std::vector<name_part> parts;
    parse_name(name, realms, parts);
    return parts;
}

bool drop_codes(std::string_view name, std::string& out) {
    constexpr std::ptrdiff_t fewest_digits = 8; // of a code
    if (name.find('#') == std::string_view::npos &&
        std::count_if(name.begin(), name.end(), is_digit) < fewest_digits)
        return false;
    const std::vector<name_part> parts = parse_name(name);
    const auto is_code = [](const name_part& p) {
        return p.kind == part_kind::code || p.kind == part_kind::discriminator;
    };
    if (std::none_of(parts.begin(), parts.end(), is_code) || std::all_of(parts.begin(), parts.end(), is_code))
        return false;
    out.clear();
    const char* from = name.data();
    for (const name_part& p : parts) {
        const char* const end = p.text.data() + p.text.size();
        if (!is_code(p))
            out.append(from, end);
        from = end;
    }
    out.erase(0, out.find_first_not_of(' '));
    return true;
}

character_name split_character_name(std::string_view full) noexcept {
    const auto trim = [](std::string_view s) {
        while (!s.empty() && (s.front() == ' ' || s.front() == '\t'))
            s.remove_prefix(1);
        while (!s.empty() && (s.back() == ' ' || s.back() == '\t'))
            s.remove_suffix(1);
        return s;
    };
    const std::size_t hyphen = full.find('-');
    if (hyphen == std::string_view::npos)
        return {trim(full), {}};
    return {trim(full.substr(0, hyphen)), trim(full.substr(hyphen + 1))};
}

} // namespace patt::text
