#include "blizzard/json_location.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace patt::blizzard::detail {
namespace {

struct frame {
    bool array = false;
    std::size_t index = 0;
    std::string key;
};

/// Deeper than any limit lets a document be; beyond it the path is not followed.
constexpr std::size_t max_frames = 64;
/// A key in a message is data from outside: shortened, and without line breaks.
constexpr std::size_t max_key = 40;

std::string shown(std::string_view key) {
    std::string out{key.substr(0, max_key)};
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
        '?');
    // A multi-byte character may have been cut or broken: only ASCII is certain to print.
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return out;
}

std::string join(const std::vector<frame>& stack) {
    std::string out;
    for (const auto& f : stack) {
        if (f.array) {
            out += fmt::format("[{}]", f.index);
        } else if (!f.key.empty()) {
            out += out.empty() ? f.key : "." + f.key;
        }
    }
    return out;
}

/// The end of the string that begins at `at`, behind its closing quote, or the end of the text.
std::size_t skip_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

} // namespace

std::string path_at_end(std::string_view prefix) {
    std::vector<frame> stack;
    std::size_t too_deep = 0;
    std::string_view last_string;
    for (std::size_t at = 0; at < prefix.size();) {
        const char c = prefix[at];
        if (c == '"') {
            const auto end = skip_string(prefix, at);
            last_string = prefix.substr(at + 1, end > at + 2 ? end - at - 2 : 0);
            at = end;
            continue;
        }
        if (c == '{' || c == '[') {
            if (stack.size() < max_frames) {
                stack.push_back({c == '[', 0, {}});
            } else {
                ++too_deep;
            }
        } else if (c == '}' || c == ']') {
            if (too_deep > 0) {
                --too_deep;
            } else if (!stack.empty()) {
                stack.pop_back();
            }
        } else if (too_deep == 0 && !stack.empty()) {
            auto& top = stack.back();
            if (c == ':' && !top.array) {
                top.key = shown(last_string);
            } else if (c == ',' && top.array) {
                ++top.index;
            } else if (c == ',') {
                top.key.clear();
            }
        }
        ++at;
    }
    return join(stack);
}

std::string describe_location(std::string_view json, std::size_t offset) {
    const auto prefix = json.substr(0, std::min(offset, json.size()));
    const auto lines = std::count(prefix.begin(), prefix.end(), '\n');
    const auto line_start = prefix.rfind('\n');
    const auto column = line_start == std::string_view::npos ? prefix.size() : prefix.size() - line_start - 1;
    auto out = fmt::format("byte {} (line {}, column {})", prefix.size() + 1, lines + 1, column + 1);
    if (const auto path = path_at_end(prefix); !path.empty()) {
        out += ", in " + path;
    }
    return out;
}

} // namespace patt::blizzard::detail
