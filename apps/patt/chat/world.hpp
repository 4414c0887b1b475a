/// @file
/// The world that the terminal plays: a chat server with people, the game, and a clock that can be turned. It
/// lives outside the database, as the real one does, and outlives the program in a file.
#pragma once

#include "game.hpp"

#include <patt/engine/ports.hpp>
#include <patt/testing/fake_chat.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::cli::chat {

/// A clock that stands still until it is turned, or that goes with the machine's from where it was turned to.
class played_clock final : public engine::clock {
public:
    explicit played_clock(instant start) noexcept
        : still_(start) {}
    /// @param real  Outlives this clock; time goes with it from now on.
    void go_with(engine::clock& real) noexcept;

    [[nodiscard]] instant now() override;
    void set(instant to);

private:
    instant still_;
    engine::clock* real_ = nullptr;
    duration offset_{};
};

/// The roles and channels of a new world, by the seeds' names.
struct furniture {
    std::vector<testing::chat_role> roles;
    std::vector<testing::chat_channel> channels;
};
[[nodiscard]] const furniture& usual_furniture();

class world {
public:
    explicit world(instant start)
        : clock(start)
        , chat(clock) {}

    /// Makes the usual roles and channels of a guild.
    void furnish(guild_id guild);
    /// Somebody new comes to be known, with the next number; whoever has the name already keeps theirs.
    member_id know(std::string_view name);
    /// By name or number. None when nobody is known by it.
    [[nodiscard]] std::optional<member_id> find(std::string_view name_or_id) const;
    /// The name of a member; the number when they have none.
    [[nodiscard]] std::string name_of(member_id who) const;
    [[nodiscard]] std::string role_name(guild_id guild, role_id role) const;
    [[nodiscard]] std::string channel_name(guild_id guild, channel_id channel) const;

    /// @throws failure  the file cannot be written.
    void save(const std::filesystem::path& file);
    /// Nothing when there is no such file. @throws failure  it is none of `save`.
    void load(const std::filesystem::path& file);

    played_clock clock;
    testing::fake_chat chat;
    chat::game game; ///< Not in the file: it begins as what the database knows.

private:
    std::map<member_id, std::string> names_;
};

} // namespace patt::cli::chat
