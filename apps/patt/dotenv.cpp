#include "dotenv.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace patt::cli {

namespace {

std::string_view trimmed(std::string_view s) {
    constexpr std::string_view blank = " \t\r";
    const auto first = s.find_first_not_of(blank);
    return first == std::string_view::npos ? std::string_view{}
                                           : s.substr(first, s.find_last_not_of(blank) - first + 1);
}

bool is_name(std::string_view s) {
    return !s.empty() && (s.front() < '0' || s.front() > '9') && std::all_of(s.begin(), s.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

} // namespace

std::vector<std::pair<std::string, std::string>> parse_dotenv(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.starts_with("export ")) {
            line = trimmed(line.substr(7));
        }
        const auto equals = line.find('=');
        if (line.starts_with('#') || equals == std::string_view::npos) {
            continue;
        }
        const std::string_view name = trimmed(line.substr(0, equals));
        std::string_view value = trimmed(line.substr(equals + 1));
        const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
                            value.back() == value.front();
        if (quoted) {
            value = value.substr(1, value.size() - 2);
        }
        if (is_name(name)) {
            out.emplace_back(name, value);
        }
    }
    return out;
}

void load_dotenv(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return;
    }
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    for (const auto& [name, value] : parse_dotenv(text)) {
        ::setenv(name.c_str(), value.c_str(), 0); // what is set already wins
    }
}

} // namespace patt::cli
