// What must hold for every text that somebody calls a list of members; shared by the fuzzer and the replay.
#pragma once

#include <patt/discord/member_list.hpp>
#include <patt/text/utf8.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace patt::fuzz {

inline std::string check_members_input(std::string_view text) {
    const discord::member_list_limits limits{.max_bytes = 1'000'000, .max_members = 5'000, .max_roles = 100};
    const auto list = discord::parse_members(text, limits);
    if (!list) {
        const std::string& said = list.err().detail;
        const bool speakable = !said.empty() && said.size() < 2'000 && text::is_utf8(said) &&
                               std::none_of(said.begin(), said.end(),
                                            [](char c) { return static_cast<unsigned char>(c) < 0x20; });
        return speakable ? "" : "a list was refused without a sentence";
    }
    std::set<member_id> seen;
    for (const identity::listed_member& m : list->members) {
        if (m.id.value() <= 0 || !seen.insert(m.id).second) {
            return "a member without an id or a second one with the same id was accepted";
        }
        if (m.username.empty()) {
            return "a member without a name was accepted";
        }
        for (const std::string* name : {&m.username, &m.global_name, &m.nickname}) {
            if (!text::is_utf8(*name) || name->size() > 400) {
                return "a name that is broken or too long was accepted";
            }
        }
        if (!std::is_sorted(m.roles.begin(), m.roles.end()) || m.roles.size() > limits.max_roles) {
            return "roles are not in order, or too many";
        }
        if (m.joined_at && m.joined_at.microseconds() <= 0) {
            return "a time before 1970 was accepted";
        }
    }
    const identity::prepared_members prepared = identity::prepare_members(*list);
    return prepared.members.size() + prepared.bots == list->members.size() && prepared.repeated == 0
               ? ""
               : "a member was lost";
}

} // namespace patt::fuzz
