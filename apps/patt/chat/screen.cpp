#include "screen.hpp"

namespace patt::cli::chat {

namespace {

std::string_view colour_of(tone kind) {
    switch (kind) {
    case tone::bot:
        return "\x1b[36m";
    case tone::channel:
        return "\x1b[35m";
    case tone::roles:
        return "\x1b[32m";
    case tone::reply:
        return "\x1b[34m";
    case tone::refused:
        return "\x1b[31m";
    case tone::time:
        return "\x1b[2m";
    case tone::note:
        return "\x1b[33m";
    }
    return "";
}

} // namespace

void screen::say(tone kind, std::string_view heading, std::string_view text) {
    while (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    if (!heading.empty()) {
        out_ << (coloured() ? colour_of(kind) : "") << heading << (coloured() ? "\x1b[0m" : "");
        out_ << (text.empty() ? "\n" : text.find('\n') == std::string_view::npos ? " " : "\n");
    }
    const bool below = heading.empty() || text.find('\n') != std::string_view::npos;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        if (!line.empty()) {
            out_ << (below ? "  " : "") << line;
        }
        out_ << '\n';
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

void screen::lines(std::string_view text) {
    say(tone::note, "", text);
}

void screen::echo(std::string_view prompt, std::string_view typed) {
    out_ << prompt << typed << '\n';
}

} // namespace patt::cli::chat
