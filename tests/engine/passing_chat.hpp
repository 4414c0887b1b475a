/// @file
/// A chat in front of another one: passes everything on. Tests derive from it what they do otherwise.
#pragma once

#include <patt/engine/ports.hpp>

namespace patt::engine_tests {

class passing_chat : public engine::chat {
public:
    explicit passing_chat(engine::chat& inner)
        : inner_(inner) {}
    effect_outcome send(guild_id g, member_id to, const engine::outgoing& what,
                        std::string_view key) override {
        return inner_.send(g, to, what, key);
    }
    effect_outcome post(guild_id g, channel_id where, const engine::outgoing& what,
                        std::string_view key) override {
        return inner_.post(g, where, what, key);
    }
    effect_outcome replace_roles(guild_id g, member_id who, std::span<const role_id> roles,
                                 std::string_view key) override {
        return inner_.replace_roles(g, who, roles, key);
    }
    engine::fetched<engine::member_state> fetch_member(guild_id g, member_id who) override {
        return inner_.fetch_member(g, who);
    }
    engine::fetched<engine::role_state> fetch_role(guild_id g, role_id which) override {
        return inner_.fetch_role(g, which);
    }

private:
    engine::chat& inner_;
};

} // namespace patt::engine_tests
