// Characters as people name them.
#include "core/text/unicode.hpp"

#include <patt/onboarding/answers.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/plain.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <array>

namespace patt::onboarding {
namespace {

using namespace std::string_view_literals;
using text::unicode::kind;

char32_t first_of(std::string_view s) {
    return s.empty() ? U'\0' : text::decode_at(s, 0).code_point;
}

std::size_t bytes_of_first(std::string_view s) {
    return text::decode_at(s, 0).bytes;
}

bool is_letter(char32_t c) {
    return text::unicode::kind_of(c) == kind::letter;
}

bool is_name_part(char32_t c) {
    const kind k = text::unicode::kind_of(c);
    return k == kind::letter || k == kind::digit || k == kind::mark;
}

bool is_dash(char32_t c) {
    return c == U'-' || (c >= U'\u2010' && c <= U'\u2015') || c == U'\u2212';
}

bool is_apostrophe(char32_t c) {
    return c == U'\'' || c == U'\u2019' || c == U'`' || c == U'\u00B4';
}

void skip_spaces(std::string_view& s) {
    while (!s.empty() && s.front() == ' ') {
        s.remove_prefix(1);
    }
}

/// ASCII letters in lower case; the length in bytes stays, so that positions fit.
std::string lowered(std::string_view s) {
    std::string out(s);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    return out;
}

/// Quotes, bullets, @, emoji, "1." in front of the first letter or digit.
void skip_decoration(std::string_view& s) {
    while (!s.empty() && !is_name_part(first_of(s))) {
        s.remove_prefix(bytes_of_first(s));
    }
    std::size_t digits = 0;
    while (digits < s.size() && s[digits] >= '0' && s[digits] <= '9') {
        ++digits;
    }
    if (digits > 0 && digits + 1 < s.size() && (s[digits] == '.' || s[digits] == ')')) {
        s.remove_prefix(digits + 1);
        skip_decoration(s);
    }
}

/// Words that people put in front of a name. Dropped only when something follows; the longer ones first.
constexpr std::array lead_ins = {"my main character's name is"sv,
                                 "my main characters name is"sv,
                                 "my character's name is"sv,
                                 "my main character is"sv,
                                 "my characters name is"sv,
                                 "my main's name is"sv,
                                 "my character is"sv,
                                 "main character is"sv,
                                 "my main would be"sv,
                                 "my name is"sv,
                                 "the name is"sv,
                                 "my alts are"sv,
                                 "my alt is"sv,
                                 "my main is"sv,
                                 "main's"sv,
                                 "mains"sv,
                                 "my main's"sv,
                                 "my toon is"sv,
                                 "main character"sv,
                                 "it would be"sv,
                                 "i play as"sv,
                                 "my alts"sv,
                                 "my main"sv,
                                 "main is"sv,
                                 "name is"sv,
                                 "mine is"sv,
                                 "this is"sv,
                                 "that is"sv,
                                 "that's"sv,
                                 "it is"sv,
                                 "i have"sv,
                                 "i play"sv,
                                 "called"sv,
                                 "it's"sv,
                                 "i am"sv,
                                 "i\u2019m"sv,
                                 "it\u2019s"sv,
                                 "thats"sv,
                                 "i'm"sv,
                                 "its"sv,
                                 "im"sv,
                                 "and"sv,
                                 "also"sv};
/// Labels: dropped before a colon, an equals sign or a dash with a space before it.
constexpr std::array labels = {"main"sv, "name"sv, "character"sv, "char"sv, "toon"sv,
                               "alts"sv, "alt"sv,  "me"sv,        "ign"sv,  "realm"sv};
/// Said before the answer: dropped before a comma, a full stop or the like.
constexpr std::array greetings = {"yes"sv,  "yeah"sv,  "yep"sv,  "yup"sv,  "yea"sv,   "ye"sv,  "y"sv,
                                  "sure"sv, "ok"sv,    "okay"sv, "hi"sv,   "hello"sv, "hey"sv, "oh"sv,
                                  "well"sv, "sorry"sv, "no"sv,   "nope"sv, "so"sv};

bool has_letter(std::string_view s) {
    for (std::size_t i = 0; i < s.size();) {
        const text::decoded d = text::decode_at(s, i);
        if (is_letter(d.code_point)) {
            return true;
        }
        i += d.bytes;
    }
    return false;
}

/// How many bytes of `s` are a word in front of the name, with what ends it; 0 for none.
std::size_t lead_in_length(std::string_view s) {
    const std::string lower = lowered(s);
    for (const std::string_view phrase : lead_ins) {
        if (lower.starts_with(phrase) && lower.size() > phrase.size() &&
            (lower[phrase.size()] == ' ' || lower[phrase.size()] == ':')) {
            return phrase.size() + 1;
        }
    }
    for (const std::string_view label : labels) {
        if (!lower.starts_with(label)) {
            continue;
        }
        std::string_view rest = s.substr(label.size());
        const bool spaced = rest.starts_with(' ');
        skip_spaces(rest);
        if (rest.starts_with(':') || rest.starts_with('=') || (spaced && is_dash(first_of(rest)))) {
            return s.size() - rest.size() + bytes_of_first(rest);
        }
    }
    for (const std::string_view word : greetings) {
        if (lower.starts_with(word) && lower.size() > word.size() &&
            ",.!;:"sv.find(lower[word.size()]) != std::string_view::npos) {
            return word.size() + 1;
        }
    }
    return 0;
}

void skip_lead_ins(std::string_view& s) {
    skip_decoration(s);
    for (std::size_t length = lead_in_length(s); length > 0 && has_letter(s.substr(length));
         length = lead_in_length(s)) {
        s.remove_prefix(length);
        skip_decoration(s);
    }
}

std::string_view take_name(std::string_view& s) {
    std::size_t end = 0;
    while (end < s.size()) {
        const text::decoded d = text::decode_at(s, end);
        const std::string_view behind = s.substr(end + d.bytes);
        const bool joins = is_apostrophe(d.code_point) && end > 0 && is_letter(first_of(behind));
        if (!is_name_part(d.code_point) && !joins) {
            break;
        }
        end += d.bytes;
    }
    const std::string_view name = s.substr(0, end);
    s.remove_prefix(end);
    return name;
}

/// Removes punctuation, symbols and spaces at the end.
std::string_view without_tail(std::string_view s) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < s.size();) {
        const text::decoded d = text::decode_at(s, i);
        i += d.bytes;
        if (is_name_part(d.code_point)) {
            end = i;
        }
    }
    return s.substr(0, end);
}

std::string_view take_realm(std::string_view& s) {
    const std::string lower = lowered(s);
    std::size_t end = std::min(s.find_first_of("([{<>/\\,;|!?\""), s.size());
    for (const std::string_view filler :
         {" is "sv, " my "sv, " but "sv, " and "sv, " i "sv, " i'm "sv, " in "sv, " if "sv}) {
        end = std::min({end, lower.find(filler), s.size()});
    }
    std::string_view realm = s.substr(0, end);
    s.remove_prefix(end);
    while (!realm.empty() && !is_name_part(first_of(realm))) {
        realm.remove_prefix(bytes_of_first(realm));
    }
    return without_tail(realm);
}

std::string_view hint_in(std::string_view s) {
    while (!s.empty() && !is_name_part(first_of(s))) {
        s.remove_prefix(bytes_of_first(s));
    }
    return without_tail(s.substr(0, s.find_first_of(")]}")));
}

/// Whether the text goes on with a realm, and if so skips what says it.
bool skip_to_realm(std::string_view& s) {
    std::string_view rest = s;
    skip_spaces(rest);
    if (is_dash(first_of(rest))) {
        s = rest.substr(bytes_of_first(rest));
        return true;
    }
    const std::string lower = lowered(rest);
    for (const std::string_view word : {"on "sv, "from "sv, "at "sv, "@ "sv, "@"sv}) {
        if (lower.starts_with(word)) {
            s = rest.substr(word.size());
            return true;
        }
    }
    return false;
}

std::string cut(std::string_view s, std::size_t characters) {
    return std::string(without_tail(text::first_characters(s, characters)));
}

/// Where the bracket that opens at `at` closes in the same line, or `npos`.
std::size_t closing_bracket(std::string_view s, std::size_t at) {
    const char close = s[at] == '(' ? ')' : ']';
    const std::size_t found = s.find(close, at);
    return found < s.find('\n', at) ? found : std::string_view::npos;
}

std::vector<std::string_view> split_list(std::string_view s, std::string_view lower) {
    constexpr std::array separators = {","sv,  ";"sv,      "/"sv,      "+"sv,      "&"sv,      "|"sv,
                                       "\n"sv, "\u2022"sv, "\u00B7"sv, "\u3001"sv, "\uFF0C"sv, " and "sv};
    std::vector<std::string_view> out;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < s.size();) {
        if (s[i] == '(' || s[i] == '[') {
            const std::size_t close = closing_bracket(s, i);
            i = close == std::string_view::npos ? i + 1 : close + 1;
            continue;
        }
        const auto* found =
            std::find_if(separators.begin(), separators.end(),
                         [&](std::string_view separator) { return lower.substr(i).starts_with(separator); });
        if (found == separators.end()) {
            ++i;
            continue;
        }
        out.push_back(s.substr(begin, i - begin));
        i += found->size();
        begin = i;
    }
    out.push_back(s.substr(begin));
    return out;
}

} // namespace

std::optional<character_answer> parse_character(std::string_view typed) {
    typed = typed.substr(0, answer_limits::read_bytes);
    character_answer out;
    out.typed = text::plain(typed, answer_limits::typed);
    const std::string lines = text::plain(typed, answer_limits::typed * 4, text::line_breaks::stay);
    std::string_view rest = std::string_view(lines).substr(0, lines.find('\n'));
    skip_lead_ins(rest);
    const std::string_view name = take_name(rest);
    if (!has_letter(name)) {
        return std::nullopt;
    }
    out.name = cut(name, answer_limits::name);
    if (skip_to_realm(rest)) {
        out.realm = cut(take_realm(rest), answer_limits::realm);
    }
    out.hint = cut(hint_in(rest), answer_limits::hint);
    return out;
}

character_list parse_character_list(std::string_view typed) {
    character_list out;
    if (is_none(typed)) {
        return out;
    }
    const std::string lines = text::plain(typed.substr(0, answer_limits::read_bytes),
                                          answer_limits::read_bytes, text::line_breaks::stay);
    const std::string lower = lowered(lines);
    std::vector<std::string> seen;
    const std::vector<std::string_view> pieces = split_list(lines, lower);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i == 0 && pieces.size() > 1 && pieces[i].find(':') == std::string_view::npos &&
            parse_yes_no(pieces[i]) != yes_no::unclear) {
            continue; // "yes, Mitos and Elrek"
        }
        std::optional<character_answer> one = parse_character(pieces[i]);
        if (!one) {
            continue;
        }
        std::string key = text::folded_key(one->name) + '-' + text::folded_key(one->realm);
        if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
            continue;
        }
        if (out.characters.size() == answer_limits::characters) {
            ++out.left_out;
            continue;
        }
        seen.push_back(std::move(key));
        out.characters.push_back(std::move(*one));
    }
    return out;
}

} // namespace patt::onboarding
