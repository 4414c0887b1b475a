// Guild member objects as Discord's API gives them.

#include "discord/list_text.hpp"
#include "discord/member_fields.hpp"
#include "discord/member_list_parts.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace patt::discord::detail {

namespace {

namespace json = boost::json;
using identity::listed_member;

constexpr std::size_t full_page = 1'000;

/// Reads one member's fields; what is wrong goes to the faults, with the path.
class member_reader {
public:
    member_reader(std::string path, fault_list& faults)
        : path_(std::move(path))
        , faults_(faults) {}

    listed_member read(const json::object& from, const member_list_limits& limits) {
        listed_member out;
        const json::value* user = from.if_contains("user");
        if (user == nullptr || !user->is_object()) {
            fault("user", user == nullptr ? "is missing" : "must be an object");
            return out;
        }
        const json::object& account = user->get_object();
        out.id = id_of<member_id>(account.if_contains("id"), "user.id");
        out.username = name(account, "username", "user.username");
        if (out.username.empty() && !failed_) {
            fault("user.username", "is missing");
        }
        out.global_name = name(account, "global_name", "user.global_name");
        out.nickname = name(from, "nick", "nick");
        if (flag(account, "bot") || flag(account, "system")) {
            out.kind = identity::account_kind::bot;
        }
        out.joined_at = joined(from);
        read_roles(from, limits, out);
        return out;
    }

    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    void fault(std::string_view field, std::string_view why) {
        failed_ = true;
        faults_.add(fmt::format("{}.{}", path_, field), why);
    }

    template <class Id>
    Id id_of(const json::value* value, const std::string& field) {
        const auto id = id_in(value);
        if (!id) {
            fault(field, id.err().detail);
            return {};
        }
        return Id{*id};
    }

    std::string name(const json::object& from, std::string_view key, std::string_view field) {
        auto read = name_in(from.if_contains(key));
        if (!read) {
            fault(field, read.err().detail);
            return {};
        }
        return std::move(*read);
    }

    bool flag(const json::object& from, std::string_view key) {
        const json::value* value = from.if_contains(key);
        if (value == nullptr || value->is_null()) {
            return false;
        }
        if (!value->is_bool()) {
            fault("user." + std::string(key), "must be true or false");
            return false;
        }
        return value->get_bool();
    }

    instant joined(const json::object& from) {
        const json::value* value = from.if_contains("joined_at");
        if (value == nullptr || value->is_null()) {
            return {};
        }
        const auto at = value->is_string() ? read_time(std::string_view(value->get_string()))
                                           : result<instant>(error{errc::invalid_input, "must be text"});
        if (!at) {
            fault("joined_at", at.err().detail);
            return {};
        }
        return *at;
    }

    void read_roles(const json::object& from, const member_list_limits& limits, listed_member& out) {
        const json::value* value = from.if_contains("roles");
        if (value == nullptr || value->is_null()) {
            return;
        }
        const json::array* roles = value->if_array();
        if (roles == nullptr || roles->size() > limits.max_roles) {
            fault("roles", roles == nullptr ? "must be an array" : "has too many roles");
            return;
        }
        for (std::size_t i = 0; i < roles->size(); ++i) {
            out.roles.push_back(id_of<role_id>(&(*roles)[i], fmt::format("roles[{}]", i)));
        }
        std::sort(out.roles.begin(), out.roles.end());
        out.roles.erase(std::unique(out.roles.begin(), out.roles.end()), out.roles.end());
    }

    std::string path_;
    fault_list& faults_;
    bool failed_ = false;
};

} // namespace

result<identity::member_snapshot> parse_json(std::string_view text, const member_list_limits& limits) {
    json::monotonic_resource memory;
    const auto document = parse_document(text, &memory);
    if (!document) {
        return document.err();
    }
    const json::object* wrapped = document->if_object();
    const json::value* list = wrapped != nullptr ? wrapped->if_contains("members") : &*document;
    if (list == nullptr || !list->is_array()) {
        return error{errc::invalid_input,
                     "This is no list of members: an array of guild member objects, or an object with "
                     "\"members\", as GET /guilds/{id}/members gives it."};
    }
    const json::array& members = list->get_array();
    if (members.size() > limits.max_members) {
        return too_many(limits);
    }
    identity::member_snapshot out;
    fault_list faults;
    seen_ids seen;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const std::string path = fmt::format("members[{}]", i);
        const json::object* member = members[i].if_object();
        if (member == nullptr) {
            faults.add(path, "must be an object");
            continue;
        }
        member_reader reader(path, faults);
        listed_member read = reader.read(*member, limits);
        if (reader.failed()) {
            continue;
        }
        if (const std::string before = seen.note(read.id.value(), path); !before.empty()) {
            faults.add(path + ".user.id", fmt::format("{} is {} already", read.id.value(), before));
            continue;
        }
        out.members.push_back(std::move(read));
    }
    if (faults.any()) {
        return faults.as_error();
    }
    if (members.size() == full_page) {
        out.delivery = identity::roster_delivery::cut;
    }
    return out;
}

} // namespace patt::discord::detail
