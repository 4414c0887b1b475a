/// @file
/// Guilds of any size to measure with, a chat server that costs nothing, and newcomers who walk through the
/// flow.
#pragma once

#include <patt/engine/engine.hpp>
#include <patt/identity/character.hpp>
#include <patt/store/db.hpp>
#include <patt/testing/clock.hpp>

#include <memory>
#include <string>

namespace patt::bench {

/// Says yes to everything and remembers nothing.
class quiet_chat final : public engine::chat {
public:
    [[nodiscard]] effect_outcome send(guild_id, member_id, const engine::outgoing&,
                                      std::string_view) override;
    [[nodiscard]] effect_outcome post(guild_id, channel_id, const engine::outgoing&,
                                      std::string_view) override;
    [[nodiscard]] engine::fetched<engine::member_state> fetch_member(guild_id, member_id) override;
    [[nodiscard]] engine::fetched<engine::role_state> fetch_role(guild_id, role_id) override;
    [[nodiscard]] effect_outcome replace_roles(guild_id, member_id, std::span<const role_id>,
                                               std::string_view) override;
};

/// The n-th character's name: letters only, no two alike or near.
[[nodiscard]] std::string name_of(std::int64_t n);

/// An engine with what it needs around it; the clock stands still.
struct host {
    explicit host(std::shared_ptr<store::database> on, engine::options how = {});
    [[nodiscard]] reply hand_in(guild_id guild, engine::command what);
    [[nodiscard]] reply say(member_id who, std::string text);
    void settle();

    std::shared_ptr<store::database> database;
    quiet_chat chat;
    testing::manual_clock clock;
    testing::seeded_entropy entropy;
    engine::engine engine;
};

/// Brings the schema up to date.
void migrate(store::database& database);
/// Makes a guild with its ranks and switches set, and `characters` free ones on its roster.
void make_guild(host& at, guild_id guild, std::int64_t characters);
/// Adds members who have been provisioned long ago: each is a person with two characters.
void add_members(store::database& database, guild_id guild, std::int64_t members);

/// The n-th newcomer of a guild, and what they do. Their main is the n-th character.
[[nodiscard]] member_id newcomer(guild_id guild, std::int64_t n);
[[nodiscard]] engine::input join(guild_id guild, std::int64_t n);
/// What they answer, in order. The last answer leads to their provisioning.
inline constexpr int answers = 4;
[[nodiscard]] engine::input answer(guild_id guild, std::int64_t n, int which);
/// How many sessions of the guild are completed.
[[nodiscard]] std::int64_t completed(store::database& database, guild_id guild);

} // namespace patt::bench
