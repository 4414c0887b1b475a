#include <patt/identity/character_facts.hpp>

namespace patt::identity {

std::string_view to_string(character_field field) noexcept {
    switch (field) {
    case character_field::game:
        return "game_id";
    case character_field::name:
        return "name";
    case character_field::realm_slug:
        return "realm_slug";
    case character_field::realm_name:
        return "realm_name";
    case character_field::class_id:
        return "class_id";
    case character_field::spec:
        return "spec";
    case character_field::level:
        return "level";
    case character_field::item_level:
        return "item_level";
    case character_field::rank:
        return "rank";
    case character_field::last_login:
        return "last_login";
    case character_field::present:
        return "present";
    }
    return "unknown";
}

std::vector<std::string_view> character_fields::names() const {
    std::vector<std::string_view> out;
    for (auto i = 0U; i <= static_cast<unsigned>(character_field::present); ++i) {
        const auto field = static_cast<character_field>(i);
        if (has(field)) {
            out.push_back(to_string(field));
        }
    }
    return out;
}

} // namespace patt::identity
