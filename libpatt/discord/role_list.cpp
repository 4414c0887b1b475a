// Role objects as Discord's API gives them.

#include "discord/list_text.hpp"
#include "discord/member_fields.hpp"

#include <patt/discord/role_list.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <optional>

namespace patt::discord {

namespace {

namespace json = boost::json;

/// The one role that every server has. Its name cannot be changed.
constexpr std::string_view everyone = "@everyone";

/// What is wrong with it goes to the faults, with the path.
std::optional<identity::listed_role> read_role(const json::value& from, const std::string& path,
                                               detail::fault_list& faults) {
    const json::object* role = from.if_object();
    if (role == nullptr) {
        faults.add(path, "must be an object");
        return std::nullopt;
    }
    const auto id = detail::id_in(role->if_contains("id"));
    if (!id) {
        faults.add(path + ".id", id.err().detail);
    }
    auto name = detail::name_in(role->if_contains("name"));
    if (!name || name->empty()) {
        faults.add(path + ".name", name ? "is missing" : name.err().detail);
        return std::nullopt;
    }
    return id ? std::optional(identity::listed_role{role_id{*id}, std::move(*name)}) : std::nullopt;
}

} // namespace

result<identity::role_snapshot> parse_roles(std::string_view text, const role_list_limits& limits) {
    const auto usable = detail::usable_text(text, limits.max_bytes, "roles");
    if (!usable) {
        return usable.err();
    }
    json::monotonic_resource memory;
    const auto document = detail::parse_document(*usable, &memory);
    if (!document) {
        return document.err();
    }
    const json::object* wrapped = document->if_object();
    const json::value* list = wrapped != nullptr ? wrapped->if_contains("roles") : &*document;
    if (list == nullptr || !list->is_array()) {
        return error{errc::invalid_input,
                     "This is no list of roles: an array of role objects, as GET /guilds/{id}/roles gives "
                     "it, or a guild with \"roles\"."};
    }
    const json::array& roles = list->get_array();
    if (roles.empty()) {
        return error{errc::incomplete, "The list has no role, and every server has one. Make it again."};
    }
    if (roles.size() > limits.max_roles) {
        return error{
            errc::limit_exceeded,
            fmt::format("The list has more than {} roles, which is more than is read.", limits.max_roles)};
    }
    identity::role_snapshot out;
    detail::fault_list faults;
    detail::seen_ids seen;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const std::string path = fmt::format("roles[{}]", i);
        auto role = read_role(roles[i], path, faults);
        if (!role) {
            continue;
        }
        if (const std::string before = seen.note(role->id.value(), path); !before.empty()) {
            faults.add(path + ".id", fmt::format("{} is {} already", role->id.value(), before));
            continue;
        }
        if (role->name == everyone) {
            out.covers = identity::role_coverage::everything;
        }
        out.roles.push_back(std::move(*role));
    }
    if (faults.any()) {
        return faults.as_error();
    }
    return out;
}

} // namespace patt::discord
