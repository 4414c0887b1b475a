// What must hold for every text that somebody calls a list of roles; shared by the fuzzer and the replay.
#pragma once

#include <patt/discord/role_list.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace patt::fuzz {

inline std::string check_roles_input(std::string_view text) {
    const discord::role_list_limits limits{.max_bytes = 1'000'000, .max_roles = 1'000};
    const auto list = discord::parse_roles(text, limits);
    const auto is_sentence = [](const std::string& said) {
        return !said.empty() && said.size() < 2'000 && text::is_utf8(said) &&
               std::none_of(said.begin(), said.end(),
                            [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    };
    if (!list) {
        return is_sentence(list.err().detail) ? "" : "a list was refused without a sentence";
    }
    std::set<role_id> seen;
    for (const identity::listed_role& r : list->roles) {
        if (r.id.value() <= 0 || !seen.insert(r.id).second) {
            return "a role without an id or a second one with the same id was accepted";
        }
        if (r.name.empty() || !text::is_utf8(r.name) || r.name.size() > 400) {
            return "a role without a name, or with one that is broken or too long, was accepted";
        }
    }
    if (list->roles.empty() || list->roles.size() > limits.max_roles) {
        return "a list without roles, or with too many, was accepted";
    }
    return identity::usable_roles(*list).roles == list->roles ? "" : "a role was accepted that is of no use";
}

} // namespace patt::fuzz
