// Yes, no, none, and which of these.
#include "core/text/unicode.hpp"

#include <patt/onboarding/answers.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/plain.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace patt::onboarding {
namespace {

using namespace std::string_view_literals;
using text::unicode::kind;

// S0 Task 1 has the first eight and the first five; the rest are the same words as people type them.
constexpr std::array yes_words = {"yes"sv, "y"sv,  "yeah"sv, "yep"sv,  "yea"sv,
                                  "si"sv,  "ye"sv, "yup"sv,  "yess"sv, "yesss"sv,
                                  "yas"sv, "ya"sv, "yah"sv,  "sure"sv, "thumbsup"sv};
constexpr std::array no_words = {"no"sv,  "n"sv,   "nah"sv, "nope"sv,      "not yet"sv,
                                 "noo"sv, "nop"sv, "nay"sv, "thumbsdown"sv};
/// Behind a "no" these words make a sentence that means no; others may not ("no problem, I did").
constexpr std::array behind_no = {
    "i"sv,     "im"sv,  "ive"sv,   "not"sv,   "sorry"sv, "but"sv,     "havent"sv, "yet"sv, "thanks"sv,
    "thank"sv, "sir"sv, "still"sv, "never"sv, "we"sv,    "sadly"sv,   "nope"sv,   "no"sv,  "its"sv,
    "thats"sv, "it"sv,  "that"sv,  "isnt"sv,  "didnt"sv, "someone"sv, "wrong"sv};
constexpr std::array no_beginnings = {"not yet"sv,  "i havent"sv,   "i have not"sv, "havent"sv,
                                      "have not"sv, "not really"sv, "i did not"sv,  "i didnt"sv,
                                      "never"sv,    "not me"sv,     "thats not"sv,  "that is not"sv,
                                      "im not"sv,   "i am not"sv,   "its not"sv,    "not in"sv};
constexpr std::array negations = {"no"sv,   "not"sv,   "nope"sv,  "havent"sv,
                                  "isnt"sv, "didnt"sv, "never"sv, "dont"sv};

// S0 Task 1 has the first seven without the slash (the dash is looked for before); the rest is what it means.
constexpr std::array none_words = {"none"sv,      "no"sv,     "nope"sv,    "na"sv,        "0"sv,
                                   "n"sv,         "nah"sv,    "nothing"sv, "not yet"sv,   "zero"sv,
                                   "no thanks"sv, "nobody"sv, "i dont"sv,  "thumbsdown"sv};
constexpr std::array none_beginnings = {
    "none"sv,          "no alt"sv,        "no other"sv,     "no more"sv,   "just the one"sv,
    "just this one"sv, "only this one"sv, "only the one"sv, "only one"sv,  "just one"sv,
    "i have none"sv,   "i dont have"sv,   "dont have"sv,    "i have no"sv, "no i dont"sv,
    "no just"sv,       "no only"sv,       "nope just"sv,    "neither"sv,   "not in the guild"sv};

template <class List>
bool holds(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

template <class List>
bool begins_with_one(const List& list, std::string_view words) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view beginning) { return words.starts_with(beginning); });
}

enum class spaces : std::uint8_t { keep, drop };

/// Letters and digits alone, case and accents folded; punctuation disappears, so that "n/a" is "na".
std::string words_of(std::string_view typed, spaces what) {
    const std::string key = text::folded_key(text::plain(typed, answer_limits::typed * 4));
    std::string out;
    for (std::size_t i = 0; i < key.size();) {
        const text::decoded d = text::decode_at(key, i);
        const kind k = text::unicode::kind_of(d.code_point);
        if (k == kind::letter || k == kind::digit || k == kind::mark) {
            out += std::string_view(key).substr(i, d.bytes);
        } else if (k == kind::space && what == spaces::keep && !out.empty() && out.back() != ' ') {
            out += ' ';
        }
        i += d.bytes;
    }
    if (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out;
}

std::string_view first_word(std::string_view words) {
    return words.substr(0, words.find(' '));
}

std::vector<std::string_view> split_words(std::string_view words) {
    std::vector<std::string_view> out;
    while (!words.empty()) {
        const std::string_view word = first_word(words);
        out.push_back(word);
        words.remove_prefix(std::min(words.size(), word.size() + 1));
    }
    return out;
}

yes_no of_words(const std::string& words) {
    if (holds(yes_words, words)) {
        return yes_no::yes;
    }
    if (holds(no_words, words) || begins_with_one(no_beginnings, words)) {
        return yes_no::no;
    }
    const std::vector<std::string_view> list = split_words(words);
    if (list.size() < 2) {
        return yes_no::unclear;
    }
    if (holds(no_words, list[0]) && holds(behind_no, list[1])) {
        return yes_no::no;
    }
    const bool negated =
        std::any_of(list.begin() + 1, list.end(), [](auto w) { return holds(negations, w); });
    return holds(yes_words, list[0]) && !negated ? yes_no::yes : yes_no::unclear;
}

/// A thumb, check mark or cross anywhere, when there are no words that decide.
yes_no of_pictures(std::string_view typed) {
    for (std::size_t i = 0; i < typed.size();) {
        const text::decoded d = text::decode_at(typed, i);
        i += d.bytes;
        switch (d.code_point) {
        case U'\U0001F44D': // thumb up
        case U'\U0001F44C': // OK hand
        case U'\u2705':     // check mark button
        case U'\u2714':     // heavy check mark
        case U'\u2611':     // ballot box with check
            return yes_no::yes;
        case U'\U0001F44E': // thumb down
        case U'\u274C':     // cross mark
        case U'\u274E':     // cross mark button
        case U'\u2716':     // heavy multiplication
        case U'\U0001F6AB': // prohibited
            return yes_no::no;
        default:
            break;
        }
    }
    return yes_no::unclear;
}

std::string_view bounded(std::string_view typed) {
    return typed.substr(0, answer_limits::read_bytes);
}

bool is_dash(char32_t c) {
    return c == U'-' || (c >= U'\u2010' && c <= U'\u2015') || c == U'\u2212';
}

/// The number that an answer names, from 1; 0 is a number too.
std::optional<std::size_t> number_of(const std::string& words, std::size_t last) {
    constexpr std::array fillers = {"the"sv, "number"sv, "option"sv, "nr"sv, "please"sv,
                                    "its"sv, "it"sv,     "is"sv,     "i"sv,  "am"sv};
    constexpr std::array ordinals = {"first"sv, "second"sv, "third"sv, "fourth"sv, "fifth"sv};
    std::vector<std::string_view> list = split_words(words);
    std::erase_if(list, [&](std::string_view w) { return holds(fillers, w); });
    if (list.size() == 2 && list[1] == "one") {
        list.pop_back(); // "the second one"
    }
    if (list.size() != 1) {
        return std::nullopt;
    }
    std::string_view word = list.front();
    if (word == "last" && last > 0) {
        return last;
    }
    if (const auto* found = std::find(ordinals.begin(), ordinals.end(), word); found != ordinals.end()) {
        return static_cast<std::size_t>(found - ordinals.begin()) + 1;
    }
    for (const std::string_view ending : {"st"sv, "nd"sv, "rd"sv, "th"sv}) {
        if (word.size() > ending.size() && word.ends_with(ending)) {
            word.remove_suffix(ending.size());
            break;
        }
    }
    std::size_t number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    return read.ec == std::errc{} && read.ptr == word.data() + word.size() ? std::optional(number)
                                                                           : std::nullopt;
}

/// The options that share text with the answer; an option within the answer counts as well as the reverse.
choice by_part(const std::string& key, const std::vector<std::string>& keys) {
    std::vector<std::size_t> hits;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i].find(key) != std::string::npos ||
            (!keys[i].empty() && key.find(keys[i]) != std::string::npos)) {
            hits.push_back(i);
        }
    }
    if (hits.size() == 1) {
        return {choice_kind::chosen, hits.front()};
    }
    return {hits.empty() ? choice_kind::unclear : choice_kind::several, 0};
}

} // namespace

yes_no parse_acceptance(std::string_view typed) {
    constexpr std::array accepting = {"accept"sv, "accepted"sv, "agree"sv, "agreed"sv};
    constexpr std::array declining = {"decline"sv, "declined"sv, "disagree"sv, "refuse"sv, "reject"sv};
    const yes_no plain = parse_yes_no(typed);
    if (plain != yes_no::unclear) {
        return plain;
    }
    const std::string words = words_of(bounded(typed), spaces::keep);
    std::vector<std::string_view> list = split_words(words);
    const bool negated = std::any_of(list.begin(), list.end(), [](auto w) { return holds(negations, w); });
    std::erase_if(list, [](std::string_view w) { return w == "i" || w == "do" || holds(negations, w); });
    if (list.size() != 1) {
        return yes_no::unclear;
    }
    if (holds(accepting, list.front())) {
        return negated ? yes_no::no : yes_no::yes;
    }
    return holds(declining, list.front()) && !negated ? yes_no::no : yes_no::unclear;
}

yes_no parse_yes_no(std::string_view typed) {
    typed = bounded(typed);
    const std::string whole = text::plain(typed, answer_limits::typed * 4, text::line_breaks::stay);
    if (whole == "+1" || whole == ":+1:") {
        return yes_no::yes;
    }
    if (whole == "-1" || whole == ":-1:") {
        return yes_no::no;
    }
    if (const yes_no all = of_words(words_of(whole, spaces::keep)); all != yes_no::unclear) {
        return all;
    }
    const std::size_t clause = whole.find_first_of(",.;!?\n:");
    if (clause != std::string::npos) {
        const yes_no first = of_words(words_of(std::string_view(whole).substr(0, clause), spaces::keep));
        if (first != yes_no::unclear) {
            return first;
        }
    }
    return words_of(whole, spaces::drop).empty() ? of_pictures(whole) : yes_no::unclear;
}

bool is_none(std::string_view typed) {
    typed = bounded(typed);
    const std::string whole = text::plain(typed, answer_limits::typed * 4);
    const std::string words = words_of(whole, spaces::keep);
    if (!words.empty()) {
        return holds(none_words, words) || begins_with_one(none_beginnings, words);
    }
    std::size_t dashes = 0;
    for (std::size_t i = 0; i < whole.size();) {
        const text::decoded d = text::decode_at(whole, i);
        i += d.bytes;
        dashes += is_dash(d.code_point) ? 1U : 0U;
    }
    return (dashes > 0 && dashes == text::count_characters(whole)) || of_pictures(whole) == yes_no::no;
}

choice parse_choice(std::string_view typed, std::span<const std::string> options) {
    typed = bounded(typed);
    const std::string key = words_of(typed, spaces::drop);
    if (key.empty()) {
        return {is_none(typed) ? choice_kind::none : choice_kind::unclear, 0};
    }
    std::vector<std::string> keys;
    for (const std::string& option : options) {
        keys.push_back(words_of(option, spaces::drop));
    }
    if (std::count(keys.begin(), keys.end(), key) == 1) {
        const auto found = std::find(keys.begin(), keys.end(), key);
        return {choice_kind::chosen, static_cast<std::size_t>(found - keys.begin())};
    }
    const std::string words = words_of(typed, spaces::keep);
    if (const auto number = number_of(words, options.size())) {
        if (*number == 0) {
            return {choice_kind::none, 0};
        }
        return *number <= options.size() ? choice{choice_kind::chosen, *number - 1} : choice{};
    }
    const yes_no said = parse_yes_no(typed);
    if (said == yes_no::no || is_none(typed)) {
        return {choice_kind::none, 0};
    }
    if (said == yes_no::yes && options.size() == 1) {
        return {choice_kind::chosen, 0};
    }
    return text::count_characters(key) >= 2 ? by_part(key, keys) : choice{};
}

std::string parse_free_text(std::string_view typed) {
    return text::plain(bounded(typed), answer_limits::free_text);
}

} // namespace patt::onboarding
