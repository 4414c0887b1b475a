#include <patt/identity/member_snapshot.hpp>

#include <algorithm>

namespace patt::identity {

const std::string& shown_name(const listed_member& who) noexcept {
    if (!who.nickname.empty()) {
        return who.nickname;
    }
    return who.global_name.empty() ? who.username : who.global_name;
}

prepared_members prepare_members(const member_snapshot& snapshot) {
    prepared_members out;
    for (const listed_member& m : snapshot.members) {
        if (m.kind == account_kind::bot) {
            ++out.bots;
        } else {
            out.members.push_back(m);
            std::sort(out.members.back().roles.begin(), out.members.back().roles.end());
        }
    }
    std::stable_sort(out.members.begin(), out.members.end(),
                     [](const listed_member& a, const listed_member& b) { return a.id < b.id; });
    const auto last =
        std::unique(out.members.begin(), out.members.end(),
                    [](const listed_member& a, const listed_member& b) { return a.id == b.id; });
    out.repeated = static_cast<std::size_t>(out.members.end() - last);
    out.members.erase(last, out.members.end());
    return out;
}

} // namespace patt::identity
