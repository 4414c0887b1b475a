// The stable names of the enumerators: they appear in the API and in `--json` output.
#include <patt/identity/matcher.hpp>

namespace patt::identity {

std::string_view to_string(channel value) noexcept {
    switch (value) {
    case channel::name:
        return "name";
    case channel::former_name:
        return "former_name";
    case channel::guild_note:
        return "guild_note";
    case channel::officer_note:
        return "officer_note";
    case channel::claim:
        return "claim";
    case channel::alias:
        return "alias";
    case channel::char_class:
        return "char_class";
    case channel::realm:
        return "realm";
    case channel::join_time:
        return "join_time";
    case channel::relation:
        return "relation";
    case channel::group:
        return "group";
    case channel::prior:
        return "prior";
    case channel::experience:
        return "experience";
    case channel::competition:
        return "competition";
    case channel::rivalry:
        return "rivalry";
    case channel::calibration:
        return "calibration";
    case channel::ruling:
        return "ruling";
    }
    return "unknown";
}

std::string_view to_string(agreement value) noexcept {
    switch (value) {
    case agreement::none:
        return "none";
    case agreement::identical:
        return "identical";
    case agreement::exact:
        return "exact";
    case agreement::folded:
        return "folded";
    case agreement::token:
        return "token";
    case agreement::sound:
        return "sound";
    case agreement::leet:
        return "leet";
    case agreement::core:
        return "core";
    case agreement::shared_word:
        return "shared_word";
    case agreement::edge:
        return "edge";
    case agreement::inside:
        return "inside";
    case agreement::one_edit:
        return "one_edit";
    case agreement::two_edits:
        return "two_edits";
    case agreement::prefix:
        return "prefix";
    case agreement::look:
        return "look";
    }
    return "unknown";
}

std::string_view to_string(confidence value) noexcept {
    switch (value) {
    case confidence::none:
        return "none";
    case confidence::low:
        return "low";
    case confidence::medium:
        return "medium";
    case confidence::high:
        return "high";
    case confidence::certain:
        return "certain";
    case confidence::confirmed:
        return "confirmed";
    }
    return "unknown";
}

std::string_view to_string(advice value) noexcept {
    switch (value) {
    case advice::link:
        return "link";
    case advice::suggest:
        return "suggest";
    case advice::nothing:
        return "nothing";
    }
    return "unknown";
}

std::string_view to_string(doubt value) noexcept {
    switch (value) {
    case doubt::none:
        return "none";
    case doubt::unsure:
        return "unsure";
    case doubt::several_fit:
        return "several_fit";
    case doubt::several_characters:
        return "several_characters";
    case doubt::look_alike:
        return "look_alike";
    case doubt::owners_conflict:
        return "owners_conflict";
    case doubt::contradicts_ruling:
        return "contradicts_ruling";
    case doubt::ruling_outdated:
        return "ruling_outdated";
    case doubt::contradicts_group:
        return "contradicts_group";
    case doubt::related_only:
        return "related_only";
    case doubt::rejected:
        return "rejected";
    case doubt::alt_of_somebody:
        return "alt_of_somebody";
    case doubt::not_in_chat:
        return "not_in_chat";
    }
    return "unknown";
}

std::string_view to_string(route value) noexcept {
    switch (value) {
    case route::none:
        return "none";
    case route::exact_name:
        return "exact_name";
    case route::guild_note:
        return "guild_note";
    case route::officer_note:
        return "officer_note";
    case route::fuzzy_name:
        return "fuzzy_name";
    case route::similar_name:
        return "similar_name";
    case route::alt_of:
        return "alt_of";
    case route::main_of:
        return "main_of";
    case route::self_reported:
        return "self_reported";
    case route::alias:
        return "alias";
    case route::proven:
        return "proven";
    case route::migrated:
        return "migrated";
    case route::manual:
        return "manual";
    }
    return "unknown";
}

std::string_view to_string(ruling_kind value) noexcept {
    switch (value) {
    case ruling_kind::accepted:
        return "accepted";
    case ruling_kind::rejected:
        return "rejected";
    case ruling_kind::not_in_chat:
        return "not_in_chat";
    case ruling_kind::merged:
        return "merged";
    case ruling_kind::split:
        return "split";
    }
    return "unknown";
}

} // namespace patt::identity
