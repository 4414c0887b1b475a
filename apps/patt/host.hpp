/// @file
/// What a command works on: the opened database, the guild that is meant, and an engine when one is needed.
#pragma once

#include "options.hpp"
#include "output.hpp"

#include <patt/engine/engine.hpp>
#include <patt/engine/queries.hpp>
#include <patt/engine/system.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/store/db.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace patt::cli {

/// The chat server of commands that reach none. The engine of such a command claims no effects, so whoever
/// runs the chat performs them; a call is a bug and says so.
class no_chat : public engine::chat {
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

/// Where a file of an installation is, beside its database: `patt.db` and `.chat.json` give
/// `patt.db.chat.json`.
[[nodiscard]] std::filesystem::path beside(const std::filesystem::path& database, std::string_view ending);

/// The values of a reply for machines: counts are numbers, ids stay text.
[[nodiscard]] record record_of(const reply& what);

class host {
public:
    /// @throws refusal      there is no database, or it needs another version of the program.
    explicit host(const common_options& options);
    /// On a database that is open and of this version already.
    host(const common_options& options, std::shared_ptr<store::database> database);
    host(const host&) = delete;
    host& operator=(const host&) = delete;
    ~host();

    [[nodiscard]] store::database& database() { return *database_; }
    [[nodiscard]] engine::queries& look() { return *look_; }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    /// An engine that decides and commits; effects wait for the host that has the chat.
    [[nodiscard]] engine::engine& engine();
    [[nodiscard]] engine::clock& clock() noexcept { return clock_; }

    /// The guild of `--guild`, else the only one. @throws refusal
    [[nodiscard]] guild_id guild();
    /// A member of the guild by id or name. @throws refusal  `not_found`, `ambiguous`.
    [[nodiscard]] member_id member(std::string_view name_or_id);

    /// Hands a command in as the operator at this machine, or as a member.
    [[nodiscard]] reply handle(engine::command what, const std::string& reason = {},
                               std::optional<member_id> as = {});
    /// The same; a refusal ends the program. @throws refusal
    [[nodiscard]] reply handle_or_refuse(engine::command what, const std::string& reason = {},
                                         std::optional<member_id> as = {});
    /// Characters and members by name, for explanations.
    [[nodiscard]] identity::naming names();
    /// What a reply says, as lines for the terminal.
    [[nodiscard]] std::string words_of(const reply& what);

private:
    const common_options& options_;
    std::filesystem::path file_;
    std::shared_ptr<store::database> database_;
    std::unique_ptr<engine::queries> look_;
    guild_id guild_;
    no_chat chat_;
    engine::system_clock clock_;
    engine::system_entropy entropy_;
    std::unique_ptr<engine::engine> engine_;
};

} // namespace patt::cli
