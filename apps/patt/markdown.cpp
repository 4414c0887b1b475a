#include "markdown.hpp"

#include <charconv>

namespace patt::cli {

namespace {

constexpr std::string_view zero_width_space = "\xE2\x80\x8B";

bool is_punctuation(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

/// The length of a mention `<@123>` at the front, and whom it names; 0 when there is none.
std::size_t mention_at(std::string_view s, std::int64_t& who) {
    if (!s.starts_with("<@")) {
        return 0;
    }
    const auto end = s.find('>');
    if (end == std::string_view::npos) {
        return 0;
    }
    const auto read = std::from_chars(s.data() + 2, s.data() + end, who);
    return read.ec == std::errc{} && read.ptr == s.data() + end ? end + 1 : 0;
}

} // namespace

std::string plain_markdown(std::string_view text, emphasis bold,
                           const std::function<std::string(std::int64_t)>& name_of) {
    std::string out;
    bool on = false;
    while (!text.empty()) {
        std::int64_t who = 0;
        std::size_t taken = 1;
        if (text.size() > 1 && text[0] == '\\' && is_punctuation(text[1])) {
            out += text[1];
            taken = 2;
        } else if (text.starts_with(zero_width_space)) {
            taken = zero_width_space.size();
        } else if (text.starts_with("**")) {
            on = !on;
            out += bold == emphasis::none ? "" : bold == emphasis::stars ? "**" : on ? "\x1b[1m" : "\x1b[22m";
            taken = 2;
        } else if (const std::size_t length = mention_at(text, who); length > 0) {
            const std::string name = name_of ? name_of(who) : std::string();
            out += "@" + (name.empty() ? std::to_string(who) : name);
            taken = length;
        } else {
            out += text[0];
        }
        text.remove_prefix(taken);
    }
    return on && bold == emphasis::escape ? out + "\x1b[22m" : out;
}

} // namespace patt::cli
