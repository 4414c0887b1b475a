/// @file
/// A chat server in another process: the client that the engine calls, and what the server does with a line.
#pragma once

#include "crash/line_socket.hpp"

#include <patt/engine/ports.hpp>
#include <patt/testing/fake_chat.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patt::crash {

/// `engine::chat` over a socket. Whatever goes wrong with the socket is `temporary`, and the next call
/// connects again.
class remote_chat final : public engine::chat {
public:
    explicit remote_chat(std::string socket_path)
        : path_(std::move(socket_path)) {}

    [[nodiscard]] effect_outcome send(guild_id guild, member_id to, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] effect_outcome post(guild_id guild, channel_id where, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] engine::fetched<engine::member_state> fetch_member(guild_id guild, member_id who) override;
    [[nodiscard]] engine::fetched<engine::role_state> fetch_role(guild_id guild, role_id which) override;
    [[nodiscard]] effect_outcome replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                               std::string_view key) override;

    /// Replaces the server's world by one of `fake_chat::to_json`. @throws failure when the server does not
    /// answer.
    void load(const std::string& world);
    /// How many direct messages somebody has got. @throws failure when the server does not answer.
    [[nodiscard]] std::int64_t inbox_size(member_id who);
    /// The server's world. @throws failure when the server does not answer.
    [[nodiscard]] std::string dump();

private:
    [[nodiscard]] std::optional<std::string> ask(const std::string& line);

    std::string path_;
    std::optional<line_socket> socket_;
};

/// Answers one line of a `remote_chat`. A line that cannot be read is answered as `rejected` and does
/// nothing.
[[nodiscard]] std::string answer(testing::fake_chat& chat, std::string_view line);

} // namespace patt::crash
