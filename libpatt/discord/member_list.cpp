#include "discord/list_text.hpp"
#include "discord/member_list_parts.hpp"

#include <fmt/format.h>

namespace patt::discord {

namespace detail {

error too_many(const member_list_limits& limits) {
    return {
        errc::limit_exceeded,
        fmt::format("The list has more than {} members, which is more than is read.", limits.max_members)};
}

} // namespace detail

result<identity::member_snapshot> parse_members(std::string_view text, const member_list_limits& limits) {
    const auto usable = detail::usable_text(text, limits.max_bytes, "members");
    if (!usable) {
        return usable.err();
    }
    const char first = (*usable)[usable->find_first_not_of(" \t\r\n")];
    return first == '[' || first == '{' ? detail::parse_json(*usable, limits)
                                        : detail::parse_csv(*usable, limits);
}

} // namespace patt::discord
