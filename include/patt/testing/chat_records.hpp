/// @file
/// What is in the fake chat's world: roles, channels, members, messages, and the ledger of what was done to
/// it.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/ids.hpp>
#include <patt/text/message.hpp>
#include <patt/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patt::testing {

/// What the engine asks of a chat server: the calls of `engine::chat`.
enum class chat_operation : std::uint8_t { send, post, fetch_member, fetch_role, replace_roles };

/// The stable name, for traces and files.
[[nodiscard]] std::string_view to_string(chat_operation operation) noexcept;

struct chat_role {
    role_id id;
    std::string name;
    std::uint64_t permissions = 0; ///< As `engine::role_state::permissions`.
    bool above_bot = false;        ///< The bot can neither give nor take it.
    friend bool operator==(const chat_role&, const chat_role&) = default;
};

struct chat_channel {
    channel_id id;
    std::string name;
    friend bool operator==(const chat_channel&, const chat_channel&) = default;
};

struct chat_member {
    member_id id;
    std::string name;
    std::vector<role_id> roles; ///< Ascending.
    friend bool operator==(const chat_member&, const chat_member&) = default;
};

/// A message as somebody sees it.
struct chat_message {
    std::string id;  ///< As the chat server numbered it; the effect's `external_ref`.
    std::string key; ///< The idempotency key it came with.
    text::message message;
    prompt question;   ///< What it asks; `prompt_kind::none` for nothing.
    member_id mention; ///< Who was notified; none for nobody.
    instant at;
    friend bool operator==(const chat_message&, const chat_message&) = default;
};

/// One action that was performed. What was refused, failed or repeated under a known key is no entry.
struct ledger_entry {
    std::size_t number = 0; ///< 1, 2, 3 in the order in which they were performed, over all guilds.
    instant at;
    chat_operation operation{};
    guild_id guild;
    std::int64_t target = 0; ///< The member (`send`, `replace_roles`) or the channel (`post`).
    std::string key;
    std::string content;         ///< The message as text, or the roles as `[1 2] -> [1 3]`.
    std::string external_ref;    ///< The message's id.
    std::vector<role_id> before; ///< What was visible before; of `replace_roles`.
    std::vector<role_id> after;
    int repeats = 0;       ///< How often the key came again and nothing was done.
    int other_content = 0; ///< Among the repeats: with another content. A key that is used for two things.

    /// Whether anybody can see that it was done: a replacement of roles by the same roles is invisible.
    [[nodiscard]] bool visible() const noexcept {
        return operation != chat_operation::replace_roles || before != after;
    }
    friend bool operator==(const ledger_entry&, const ledger_entry&) = default;
};

/// A group of ledger entries that are the same thing done more than once, or of which there are several by
/// right: the caller knows.
struct ledger_count {
    guild_id guild;
    chat_operation operation{};
    std::int64_t target = 0;
    std::string what; ///< The key or the content, as counted.
    std::size_t times = 0;
    friend auto operator<=>(const ledger_count&, const ledger_count&) = default;
};

} // namespace patt::testing
