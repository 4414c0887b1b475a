#include <patt/identity/class_table.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace patt::identity {
namespace {

constexpr std::array<std::string_view, 13> class_names{
    "Warrior", "Paladin", "Hunter", "Rogue", "Priest",       "Death Knight", "Shaman",
    "Mage",    "Warlock", "Monk",   "Druid", "Demon Hunter", "Evoker",
};

constexpr std::int32_t rogue = 4;
constexpr std::int32_t death_knight = 6;
constexpr std::int32_t mage = 8;
constexpr std::int32_t warlock = 9;

/// The next byte that counts when names are compared: lower case, spaces and hyphens skipped; 0 at the end.
char next_letter(std::string_view text, std::size_t& at) noexcept {
    while (at < text.size() && (text[at] == ' ' || text[at] == '-')) {
        ++at;
    }
    if (at == text.size()) {
        return '\0';
    }
    const char c = text[at++];
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    std::size_t i = 0;
    std::size_t j = 0;
    for (;;) {
        const char x = next_letter(a, i);
        if (x != next_letter(b, j)) {
            return false;
        }
        if (x == '\0') {
            return i == a.size() && j == b.size();
        }
    }
}

struct spec_role {
    std::string_view spec;
    role_category role;
};

/// Specialisations whose name alone decides. What is not here is ranged.
constexpr std::array<spec_role, 22> spec_roles{{
    {"protection", role_category::tank},    {"guardian", role_category::tank},
    {"blood", role_category::tank},         {"vengeance", role_category::tank},
    {"brewmaster", role_category::tank},    {"holy", role_category::healer},
    {"restoration", role_category::healer}, {"discipline", role_category::healer},
    {"mistweaver", role_category::healer},  {"preservation", role_category::healer},
    {"survival", role_category::melee},     {"feral", role_category::melee},
    {"retribution", role_category::melee},  {"enhancement", role_category::melee},
    {"windwalker", role_category::melee},   {"havoc", role_category::melee},
    {"arms", role_category::melee},         {"fury", role_category::melee},
    {"unholy", role_category::melee},       {"assassination", role_category::melee},
    {"outlaw", role_category::melee},       {"subtlety", role_category::melee},
}};

constexpr std::array all_roles{role_category::tank, role_category::healer, role_category::melee,
                               role_category::ranged};

} // namespace

std::string class_name(std::int32_t class_id) {
    if (class_id >= 1 && static_cast<std::size_t>(class_id) <= class_names.size()) {
        return std::string{class_names[static_cast<std::size_t>(class_id - 1)]};
    }
    return "Unknown(" + std::to_string(class_id) + ")";
}

std::optional<std::int32_t> class_by_name(std::string_view name) noexcept {
    for (std::size_t i = 0; i < class_names.size(); ++i) {
        if (same_name(class_names[i], name)) {
            return static_cast<std::int32_t>(i + 1);
        }
    }
    return std::nullopt;
}

std::string_view to_string(role_category role) noexcept {
    switch (role) {
    case role_category::tank:
        return "Tank";
    case role_category::healer:
        return "Healer";
    case role_category::melee:
        return "Melee";
    case role_category::ranged:
        return "Ranged";
    }
    return "Ranged";
}

std::optional<role_category> parse_role_category(std::string_view text) noexcept {
    const auto* found = std::find_if(all_roles.begin(), all_roles.end(),
                                     [&](role_category r) { return same_name(to_string(r), text); });
    return found == all_roles.end() ? std::nullopt : std::optional{*found};
}

role_category role_of(std::int32_t class_id, std::string_view spec) noexcept {
    if (const auto named = parse_role_category(spec)) {
        return *named;
    }
    for (const auto& known : spec_roles) {
        if (same_name(known.spec, spec)) {
            return known.role;
        }
    }
    if (same_name("frost", spec)) {
        return class_id == death_knight ? role_category::melee : role_category::ranged;
    }
    // Nothing is known of the specialisation: a class that fights in one way only still says enough.
    if (class_id == mage || class_id == warlock) {
        return role_category::ranged;
    }
    return class_id == rogue ? role_category::melee : role_category::ranged;
}

} // namespace patt::identity
