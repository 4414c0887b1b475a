#include "discord/member_list_parts.hpp"

#include <patt/text/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace patt::discord {

namespace detail {

error too_many(const member_list_limits& limits) {
    return {
        errc::limit_exceeded,
        fmt::format("The list has more than {} members, which is more than is read.", limits.max_members)};
}

} // namespace detail

result<identity::member_snapshot> parse_members(std::string_view text, const member_list_limits& limits) {
    constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
    if (text.size() > limits.max_bytes) {
        return error{
            errc::limit_exceeded,
            fmt::format("The list has more than {} bytes, which is more than is read.", limits.max_bytes)};
    }
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        return error{errc::invalid_input, "The list is UTF-16 text. Save it as UTF-8."};
    }
    if (text.starts_with(utf8_mark)) {
        text.remove_prefix(utf8_mark.size());
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return error{errc::incomplete, "The list is empty."};
    }
    if (const std::size_t broken = text::find_broken_utf8(text); broken != std::string_view::npos) {
        const std::string_view before = text.substr(0, broken);
        const std::size_t line_start =
            before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        return error{errc::invalid_input,
                     fmt::format("line {}, byte {}: broken UTF-8. Save the list as UTF-8.",
                                 std::count(before.begin(), before.end(), '\n') + 1,
                                 broken - line_start + 1)};
    }
    if (text[first] == '<') {
        return error{errc::invalid_input, "This is a web page or XML and no list of members."};
    }
    return text[first] == '[' || text[first] == '{' ? detail::parse_json(text, limits)
                                                    : detail::parse_csv(text, limits);
}

} // namespace patt::discord
