/// @file
/// A typed line, word by word.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace patt::cli::chat {

[[nodiscard]] inline std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view{}
                                           : s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
}

/// Up to the first space.
[[nodiscard]] inline std::string_view first_word(std::string_view s) {
    return s.substr(0, s.find(' '));
}

/// What follows the first word, trimmed.
[[nodiscard]] inline std::string_view behind_first_word(std::string_view s) {
    return trimmed(s.substr(first_word(s).size()));
}

/// ASCII letters in lower case.
[[nodiscard]] inline std::string lowered(std::string_view s) {
    std::string out(s);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    return out;
}

} // namespace patt::cli::chat
