#include "store/postgres/refusal.hpp"

#include "store/postgres/errors.hpp"

#include <algorithm>
#include <cstddef>

namespace patt::store::postgres {
namespace {

/// The SQLSTATE in a verbose message: libpq keeps no result of a failed connection.
std::string_view state_in(std::string_view message) noexcept {
    constexpr std::string_view before = ":  ";
    constexpr std::size_t length = 5;
    const std::size_t found = message.find(before);
    if (found == std::string_view::npos) {
        return {};
    }
    message.remove_prefix(found + before.size());
    const bool state = message.size() > length && message[length] == ':' &&
                       std::all_of(message.begin(), message.begin() + length,
                                   [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    return state ? message.substr(0, length) : std::string_view{};
}

/// What waiting heals, what more connections would need, and what a person must put right.
sql_errc class_of_failure(std::string_view state, std::string_view message) noexcept {
    if (state == "53300") {
        return sql_errc::busy;
    }
    if (state.starts_with("28") || state.starts_with("3D") || state.starts_with("42")) {
        return sql_errc::other;
    }
    const auto has = [&](std::string_view word) { return message.find(word) != std::string_view::npos; };
    return state.empty() && (has("certificate") || has("does not support SSL") ||
                             has("no password supplied") || has("invalid"))
               ? sql_errc::other
               : sql_errc::lost;
}

/// How much a line tells, so that the one that tells most is taken. A server's words count before libpq's
/// own: that nobody listens at another address of the same name is no news. That it is full must be known
/// whatever else it says; and one that has no rule for connections without TLS says that to whoever was
/// refused for something else and tried again without.
int weight(std::string_view line) noexcept {
    enum { nobody_there, own_words, heals, no_rule, wrong, full };
    const std::string_view state = state_in(line);
    const sql_errc code = class_of_failure(state, line);
    if (state.empty()) {
        return code == sql_errc::lost ? nobody_there : own_words;
    }
    if (code == sql_errc::busy) {
        return full;
    }
    if (code == sql_errc::lost) {
        return heals;
    }
    return state == "28000" ? no_rule : wrong;
}

/// Whether a line begins a paragraph: others advise, or say where in its source the server was. In other
/// languages the server's code must do.
bool begins(std::string_view line) noexcept {
    return line.starts_with("connection to server ") || !state_in(line).empty();
}

} // namespace

refusal read_refusal(std::string_view text) {
    std::string_view best = text.substr(0, text.find('\n'));
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        text.remove_prefix(end + 1);
        const std::string_view line = text.substr(0, text.find('\n'));
        if (begins(line) && weight(line) > weight(best)) {
            best = line;
        }
    }
    const std::string_view state = state_in(best);
    std::string shown{best};
    if (!state.empty()) {
        shown.erase(shown.find(state), state.size() + 2);
    }
    return {class_of_failure(state, best), one_line(shown.c_str())};
}

} // namespace patt::store::postgres
