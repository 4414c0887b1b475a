/// @file
/// The chat server as the engine reaches it: watched before and after each call, and able to end the process
/// around one.
#pragma once

#include "simulation/checks.hpp"
#include "simulation/store_faults.hpp"

#include <patt/testing/fake_chat.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace patt::simulation {

class watched_chat final : public engine::chat {
public:
    watched_chat(testing::fake_chat& real, store_script& script, checks& watch)
        : real_(real)
        , script_(script)
        , watch_(watch) {}

    [[nodiscard]] effect_outcome send(guild_id guild, member_id to, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] effect_outcome post(guild_id guild, channel_id where, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] engine::fetched<engine::member_state> fetch_member(guild_id guild, member_id who) override;
    [[nodiscard]] engine::fetched<engine::role_state> fetch_role(guild_id guild, role_id which) override;
    [[nodiscard]] effect_outcome replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                               std::string_view key) override;

    /// Told of every call that did something, with the outcome that the engine hears.
    std::function<void(const testing::ledger_entry&, const engine::outgoing*)> on_done;
    /// Told of every call.
    std::function<void(testing::chat_operation, guild_id, std::int64_t, std::string_view,
                       const effect_outcome&)>
        on_call;

private:
    template <class Call>
    effect_outcome perform(guild_id guild, testing::chat_operation what, std::int64_t target,
                           std::string_view key, const engine::outgoing* content, Call call);

    testing::fake_chat& real_;
    store_script& script_;
    checks& watch_;
    int attempts_ = 0;
};

} // namespace patt::simulation
