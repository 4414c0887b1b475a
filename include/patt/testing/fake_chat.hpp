/// @file
/// A chat server in memory, with many guilds and a ledger of everything that was done in them. For embedders'
/// tests, for the terminal and for simulations.
///
/// It keeps the port's promise as Discord does with a nonce: the same key again (for the same recipient) is
/// answered as the first time, and nothing new appears. `set_dedupe_window` takes that away, to see what
/// would be sent twice.
///
/// @code
/// patt::testing::manual_clock clock;
/// patt::testing::fake_chat chat(clock);
/// chat.add_member(guild, {member, "Zatanna", {}});
/// chat.add_fault(patt::testing::dm_closed(member));
/// @endcode
/// @par Threads  One at a time.
#pragma once

#include <patt/engine/ports.hpp>
#include <patt/testing/chat_records.hpp>
#include <patt/testing/clock.hpp>
#include <patt/testing/fault.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::testing {

enum class outage : std::uint8_t { off, on };

class fake_chat final : public engine::chat {
public:
    /// The clock outlives it. Faults with a latency turn it.
    explicit fake_chat(manual_clock& clock);
    /// With a clock that cannot be turned; latencies are ignored.
    explicit fake_chat(engine::clock& clock);
    fake_chat(const fake_chat&) = delete;
    fake_chat& operator=(const fake_chat&) = delete;
    ~fake_chat() override;

    // What the engine calls.
    [[nodiscard]] effect_outcome send(guild_id guild, member_id to, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] effect_outcome post(guild_id guild, channel_id where, const engine::outgoing& what,
                                      std::string_view key) override;
    [[nodiscard]] engine::fetched<engine::member_state> fetch_member(guild_id guild, member_id who) override;
    [[nodiscard]] engine::fetched<engine::role_state> fetch_role(guild_id guild, role_id which) override;
    /// Last write wins, whatever the key: that is how the chat server's own call behaves.
    [[nodiscard]] effect_outcome replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                               std::string_view key) override;

    // The world. Things with a known id are replaced; a guild comes to be with the first thing in it.
    void add_role(guild_id guild, chat_role role);
    void add_channel(guild_id guild, chat_channel channel);
    void add_member(guild_id guild, chat_member member);
    void remove_role(guild_id guild, role_id role); ///< From its holders too.
    void remove_channel(guild_id guild, channel_id channel);
    void remove_member(guild_id guild, member_id member); ///< They leave; their inbox stays.
    /// Somebody other than PATT sets a member's roles: no entry in the ledger. Nothing when they are not
    /// there.
    void set_roles(guild_id guild, member_id member, std::vector<role_id> roles);

    [[nodiscard]] std::vector<guild_id> guilds() const;
    [[nodiscard]] std::vector<chat_role> roles(guild_id guild) const;       ///< By id.
    [[nodiscard]] std::vector<chat_channel> channels(guild_id guild) const; ///< By id.
    [[nodiscard]] std::vector<chat_member> members(guild_id guild) const;   ///< By id.
    [[nodiscard]] std::optional<chat_member> member(guild_id guild, member_id who) const;

    /// The direct messages that somebody got, from every guild, in order.
    [[nodiscard]] const std::vector<chat_message>& inbox(member_id who) const;
    /// What was posted in a channel, in order.
    [[nodiscard]] const std::vector<chat_message>& channel(guild_id guild, channel_id which) const;

    // The ledger.
    [[nodiscard]] const std::vector<ledger_entry>& ledger() const noexcept;
    /// Visible entries of the same operation, target and key. More than one of anything is a duplicate.
    [[nodiscard]] std::vector<ledger_count> counted_by_key() const;
    /// Visible entries of the same operation, target and content, whatever their keys: a wrong key shows
    /// here.
    [[nodiscard]] std::vector<ledger_count> counted_by_content() const;

    // Faults.
    fault_id add_fault(fault rule);
    void remove_fault(fault_id which);
    /// Ends the outage too.
    void clear_faults();
    [[nodiscard]] std::vector<std::pair<fault_id, fault>> faults() const;
    /// While it is on every call fails and can be tried again.
    void set_outage(outage now);
    /// How long a key is remembered; zero: not at all. Default: for ever.
    void set_dedupe_window(duration window);
    /// How many calls the port got, those that failed included.
    [[nodiscard]] std::size_t calls() const noexcept;

    // Files, so that the world outlives the process: everything above, faults included.
    [[nodiscard]] std::string to_json() const;
    /// Replaces the world. @throws failure when the text is not of `to_json`; the world is unchanged then.
    void from_json(std::string_view json);
    /// Writes the file as a whole or not at all. @throws failure when it cannot.
    void save(const std::filesystem::path& file) const;
    /// @throws failure when the file cannot be read or is none of `save`.
    void load(const std::filesystem::path& file);

    struct state; ///< Private.

private:
    std::unique_ptr<state> state_;
};

} // namespace patt::testing
