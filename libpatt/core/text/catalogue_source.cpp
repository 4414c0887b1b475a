#include "core/text/catalogue_source.hpp"

#include <patt/result.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace patt::text::detail {
namespace {

std::string_view trimmed(std::string_view s) noexcept {
    const std::size_t first = s.find_first_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view{}
                                           : s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
}

bool is_name(std::string_view s) noexcept {
    return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
}

[[noreturn]] void broken(std::size_t line, std::string_view why) {
    throw failure(fmt::format("texts, line {}: {}", line, why));
}

std::vector<std::string> read_arguments(std::string_view list, std::size_t line) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view name = trimmed(list.substr(0, comma));
        if (!is_name(name)) {
            broken(line, "an argument's name has letters a to z, digits and _");
        }
        out.emplace_back(name);
        list.remove_prefix(std::min(list.size(), comma + 1));
    }
    return out;
}

source_text read_first_line(std::string_view text, std::size_t line) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
        broken(line, "expected `key = text`");
    }
    source_text out;
    std::string_view name = trimmed(text.substr(0, equals));
    if (const std::size_t open = name.find('('); open != std::string_view::npos) {
        if (name.back() != ')') {
            broken(line, "the list of arguments is not closed");
        }
        out.arguments = read_arguments(name.substr(open + 1, name.size() - open - 2), line);
        name = trimmed(name.substr(0, open));
    }
    if (!is_name(name)) {
        broken(line, "a key has letters a to z, digits, _ and .");
    }
    out.key = name;
    out.pattern = trimmed(text.substr(equals + 1));
    return out;
}

} // namespace

std::vector<source_text> read_source(std::string_view document) {
    std::vector<source_text> out;
    std::set<std::string> keys;
    for (std::size_t number = 1; !document.empty(); ++number) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        const std::string_view line = document.substr(0, end);
        document.remove_prefix(std::min(document.size(), end + 1));
        const std::string_view text = trimmed(line);
        if (text.empty() || text.front() == '#') {
            continue;
        }
        if (text.front() == '|') {
            if (out.empty()) {
                broken(number, "a continuation without a text");
            }
            std::string& pattern = out.back().pattern;
            std::string_view more = text.substr(1);
            more.remove_prefix(more.starts_with(' ') ? 1 : 0);
            pattern += (pattern.empty() ? "" : "\n");
            pattern += more;
            continue;
        }
        out.push_back(read_first_line(text, number));
        if (!keys.insert(out.back().key).second) {
            broken(number, "the key " + out.back().key + " is there twice");
        }
    }
    return out;
}

} // namespace patt::text::detail
