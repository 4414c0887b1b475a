#include <patt/text/plain.hpp>
#include <patt/text/utf8.hpp>

#include <limits>

namespace patt::text {
namespace {

enum class sort : std::uint8_t { seen, space, line_break, dropped };

constexpr bool between(char32_t c, char32_t first, char32_t last) noexcept {
    return c >= first && c <= last;
}

/// Invisible, direction-changing and private characters. Source: Unicode 15.0, general categories Cc, Cf and
/// Co and the property Default_Ignorable_Code_Point, as ranges.
constexpr bool invisible(char32_t c) noexcept {
    return c < 0x20 || between(c, 0x7F, 0x9F) || c == 0xAD || c == 0x34F || between(c, 0x600, 0x605) ||
           c == 0x61C || c == 0x6DD || c == 0x70F || between(c, 0x890, 0x891) || c == 0x8E2 ||
           between(c, 0x115F, 0x1160) || between(c, 0x17B4, 0x17B5) || between(c, 0x180B, 0x180F) ||
           between(c, 0x200B, 0x200F) || between(c, 0x202A, 0x202E) || between(c, 0x2060, 0x206F) ||
           c == 0x3164 || between(c, 0xE000, 0xF8FF) || between(c, 0xFE00, 0xFE0F) || c == 0xFEFF ||
           c == 0xFFA0 || between(c, 0xFFF0, 0xFFFB) || between(c, 0x1BCA0, 0x1BCA3) ||
           between(c, 0x1D173, 0x1D17A) || c >= 0xE0000;
}

constexpr sort sort_of(char32_t c) noexcept {
    if (c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0x0B || c == 0x0C) {
        return sort::line_break;
    }
    if (c == ' ' || c == '\t' || c == 0xA0 || c == 0x1680 || between(c, 0x2000, 0x200A) || c == 0x202F ||
        c == 0x205F || c == 0x2800 || c == 0x3000) {
        return sort::space;
    }
    return invisible(c) ? sort::dropped : sort::seen;
}

bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool same_word(std::string_view text, std::string_view lower) noexcept {
    if (text.size() < lower.size()) {
        return false;
    }
    for (std::size_t i = 0; i < lower.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) | 0x20U) != static_cast<unsigned char>(lower[i])) {
            return false;
        }
    }
    return true;
}

/// Whether what follows an `@` would make it a mention.
bool mention_follows(std::string_view rest) noexcept {
    while (!rest.empty() && (rest.front() == '!' || rest.front() == '&')) {
        rest.remove_prefix(1);
    }
    return (!rest.empty() && digit(rest.front())) || same_word(rest, "everyone") || same_word(rest, "here");
}

/// Copies the marker at the beginning of a line, escaped, and returns how much of the line it took.
std::size_t escape_line_start(std::string& out, std::string_view line) {
    if (line.empty()) {
        return 0;
    }
    if (std::string_view("#>-+").find(line.front()) != std::string_view::npos) {
        out += '\\';
        out += line.front();
        return 1;
    }
    std::size_t digits = 0;
    while (digits < line.size() && digit(line[digits])) {
        ++digits;
    }
    if (digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')')) {
        out += line.substr(0, digits);
        out += '\\';
        out += line[digits];
        return digits + 1;
    }
    return 0;
}

} // namespace

std::string plain(std::string_view text, std::size_t max_characters, line_breaks breaks) {
    std::string out;
    std::size_t count = 0;
    char pending = '\0'; // White space that is written only when something comes behind it.
    for (std::size_t i = 0; i < text.size() && count < max_characters;) {
        const decoded d = decode_at(text, i);
        i += d.bytes;
        const sort s = d.broken ? sort::dropped : sort_of(d.code_point);
        if (s == sort::dropped) {
            continue;
        }
        if (s != sort::seen) {
            const bool breaks_line = s == sort::line_break && breaks == line_breaks::stay;
            pending = breaks_line || pending == '\n' ? '\n' : ' ';
            continue;
        }
        if (pending != '\0' && !out.empty()) {
            if (count + 2 > max_characters) {
                break;
            }
            out += pending;
            ++count;
        }
        pending = '\0';
        append_utf8(out, d.code_point);
        ++count;
    }
    return out;
}

std::string escape_markdown(std::string_view text) {
    const std::string clean = plain(text, std::numeric_limits<std::size_t>::max(), line_breaks::stay);
    const std::string_view in = clean;
    std::string out;
    out.reserve(in.size() + 8);
    for (std::size_t i = 0; i < in.size();) {
        if (i == 0 || in[i - 1] == '\n') {
            if (const std::size_t taken = escape_line_start(out, in.substr(i)); taken > 0) {
                i += taken;
                continue;
            }
        }
        const char c = in[i++];
        if (std::string_view("\\*_~|[]<`").find(c) != std::string_view::npos ||
            (c == ':' && in.substr(i).starts_with("//"))) {
            out += '\\';
        }
        out += c;
        if (c == '@' && mention_follows(in.substr(i))) {
            out += "\u200B";
        }
    }
    return out;
}

} // namespace patt::text
