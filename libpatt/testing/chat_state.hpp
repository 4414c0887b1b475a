/// @file
/// What a fake chat remembers. Private: shared by the files of the fake chat.
#pragma once

#include <patt/testing/fake_chat.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace patt::testing {

/// A rule with how often it was asked and how often it struck.
struct armed_fault {
    fault_id id;
    fault rule;
    int asked = 0;
    int struck = 0;
};

struct chat_guild {
    std::map<role_id, chat_role> roles;
    std::map<channel_id, chat_channel> channels;
    std::map<member_id, chat_member> members;
    std::map<channel_id, std::vector<chat_message>> posts; ///< Stay when the channel goes.
};

/// Which call a key belongs to: the chat server remembers it for each recipient.
using dedupe_key = std::tuple<guild_id, chat_operation, std::int64_t, std::string>;

struct fake_chat::state {
    explicit state(engine::clock& c)
        : clock(c) {}

    engine::clock& clock;
    manual_clock* turned = nullptr; ///< The same clock, where latencies can turn it.
    std::map<guild_id, chat_guild> guilds;
    std::map<member_id, std::vector<chat_message>> inboxes;
    std::vector<ledger_entry> ledger;
    std::map<dedupe_key, std::size_t> seen; ///< Place in the ledger of the last entry with this key.
    std::vector<armed_fault> faults;
    std::int64_t next_fault = 1;
    std::int64_t next_message = 1;
    outage down = outage::off;
    duration dedupe_window = duration::max();
    std::size_t calls = 0;

    /// Counts the call and asks the rules. @return The error to answer with; `moment` says when.
    struct strike {
        effect_outcome outcome; ///< Error `none`: nothing goes wrong.
        fault_moment moment = fault_moment::before;
    };
    [[nodiscard]] strike called(chat_operation operation, guild_id guild, const chat_target& target);

    /// The entry under this key, when it is still remembered.
    [[nodiscard]] ledger_entry* remembered(const dedupe_key& key);
    /// Writes an entry and remembers its key.
    ledger_entry& record(ledger_entry entry);
    [[nodiscard]] chat_guild* find(guild_id guild);
    [[nodiscard]] const chat_guild* find(guild_id guild) const;
};

} // namespace patt::testing
