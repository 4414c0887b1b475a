#include <patt/identity/chat_role.hpp>
#include <patt/text/utf8.hpp>

#include <map>
#include <utility>

namespace patt::identity {

role_snapshot usable_roles(role_snapshot list) {
    list.source = text::repair_utf8(list.source);
    for (listed_role& r : list.roles) {
        r.name = text::repair_utf8(r.name);
    }
    std::erase_if(list.roles, [](const listed_role& r) { return !r.id || r.name.empty(); });
    return list;
}

std::vector<role_change> changes_by(const role_snapshot& list, std::span<const chat_role> known) {
    if (list.roles.empty()) {
        return {};
    }
    std::map<role_id, role_change> by_id;
    for (const listed_role& r : list.roles) {
        by_id.try_emplace(r.id, role_change{r.id, {}, r.name});
    }
    for (const chat_role& k : known) {
        const auto listed = by_id.find(k.id);
        if (listed != by_id.end()) {
            listed->second.before = k.name;
        } else if (list.covers == role_coverage::everything) {
            by_id.try_emplace(k.id, role_change{k.id, k.name, {}});
        }
    }
    std::vector<role_change> out;
    for (auto& [id, change] : by_id) {
        if (change.before != change.now) {
            out.push_back(std::move(change));
        }
    }
    return out;
}

} // namespace patt::identity
