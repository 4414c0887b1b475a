/// @file
/// Planted faults: ways in which a store or a chat adapter could be wrong. Each must turn the sweep red.
/// Chosen by the environment of the victim; the library knows nothing of them.
#pragma once

#include <patt/engine/ports.hpp>
#include <patt/store/db.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace patt::crash {

enum class plant : std::uint8_t {
    none,
    sync_off,          ///< `synchronous=OFF`; shows when the power goes.
    outbox_outside,    ///< Rows of the outbox are inserted after the commit.
    random_keys,       ///< Each attempt has an idempotency key of its own.
    timer_not_unique,  ///< The timer's table has no key.
    commit_later,      ///< A commit returns at once and happens before the next transaction.
    ack_before,        ///< The victim acknowledges an input before it hands it in.
    ledger_left_out,   ///< Done effects leave no row in the ledger.
    claims_kept,       ///< Nobody takes up what a dead process had claimed.
    inbox_left_out,    ///< An input's key is not remembered.
    timer_taken_early, ///< A timer is deleted in a transaction of its own, before its decision.
    log_head_left_out, ///< The guild's row does not follow the log.
    no_guild_lock,     ///< The guild's row is read before the lock is held; shows with two hosts.
};

/// How a fault is looked for, and what must show.
struct named_plant {
    plant what;
    std::string_view name;
    std::string_view story; ///< `short` or `whole`.
    std::string_view mode;  ///< Of the deaths; empty: all take turns.
    int first_percent;      ///< Where in the story the sweep begins: nothing can show before.
    std::string_view shows; ///< Part of a break that tells this fault from any other.
};

/// Those that the crash sweep must notice.
inline constexpr std::array plants{
    named_plant{plant::sync_off, "sync_off", "short", "power", 17, "acknowledged-input"},
    named_plant{plant::outbox_outside, "outbox_outside", "short", "", 33, "effect-once: missing"},
    named_plant{plant::random_keys, "random_keys", "short", "after", 34, "order-per-target"},
    named_plant{plant::timer_not_unique, "timer_not_unique", "whole", "", 0, "everything-due-happens"},
    named_plant{plant::commit_later, "commit_later", "short", "", 17, "acknowledged-input"},
    named_plant{plant::ack_before, "ack_before", "short", "", 17, "acknowledged-input"},
    named_plant{plant::ledger_left_out, "ledger_left_out", "short", "", 0, "no-rolled-back-effect"},
    named_plant{plant::claims_kept, "claims_kept", "short", "", 34, "everything-due-happens"},
    named_plant{plant::inbox_left_out, "inbox_left_out", "short", "after", 34, "order-per-target"},
    named_plant{plant::timer_taken_early, "timer_taken_early", "short", "", 28, "state-and-outbox: missing"},
    named_plant{plant::log_head_left_out, "log_head_left_out", "short", "", 0, "everything-due-happens"},
};

/// The fault of that name; `none` for an empty one. @throws failure for any other.
[[nodiscard]] plant plant_of(std::string_view name);

/// The database with the fault in it.
[[nodiscard]] std::shared_ptr<store::database> planted_database(std::shared_ptr<store::database> sound,
                                                                plant what);

/// The chat with the fault in it. @param seed  Of the random keys.
[[nodiscard]] std::unique_ptr<engine::chat> planted_chat(engine::chat& sound, plant what, std::uint64_t seed);

} // namespace patt::crash
