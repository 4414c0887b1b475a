#include <patt/policy/actor.hpp>

#include <utility>

namespace patt::policy {

std::string_view to_string(actor_kind kind) noexcept {
    switch (kind) {
    case actor_kind::system:
        return "system";
    case actor_kind::local_operator:
        return "operator";
    case actor_kind::owner:
        return "owner";
    case actor_kind::member:
        return "member";
    case actor_kind::api_key:
        return "key";
    }
    return "unknown";
}

std::string to_string(const actor& who) {
    const std::string kind(to_string(who.kind));
    switch (who.kind) {
    case actor_kind::owner:
    case actor_kind::member:
        return kind + ':' + std::to_string(who.member.value());
    case actor_kind::api_key:
        return kind + ':' + who.key_name;
    case actor_kind::system:
    case actor_kind::local_operator:
        break;
    }
    return kind;
}

actor system_actor() {
    return {};
}

actor local_operator() {
    actor who;
    who.kind = actor_kind::local_operator;
    return who;
}

actor member_actor(guild_id guild, member_id member, std::vector<role_id> roles, person_id person,
                   std::optional<int> proven_rank) {
    actor who;
    who.kind = actor_kind::member;
    who.guild = guild;
    who.member = member;
    who.person = person;
    who.roles = std::move(roles);
    who.proven_rank = proven_rank;
    return who;
}

actor owner_actor(guild_id guild, member_id member, person_id person) {
    actor who;
    who.kind = actor_kind::owner;
    who.guild = guild;
    who.member = member;
    who.person = person;
    return who;
}

actor api_key_actor(guild_id guild, std::string name, capabilities granted) {
    actor who;
    who.kind = actor_kind::api_key;
    who.guild = guild;
    who.key_name = std::move(name);
    who.granted = granted;
    return who;
}

} // namespace patt::policy
