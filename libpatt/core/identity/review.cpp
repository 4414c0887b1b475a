#include <patt/identity/review.hpp>

namespace patt::identity {

std::optional<member_alias> former_username(const member& before, const member& after, instant now) {
    if (before.username.empty() || before.username == after.username) {
        return std::nullopt;
    }
    return member_alias{before.id, alias_source::learned, before.username, {}, now, alias_state::known};
}

} // namespace patt::identity
