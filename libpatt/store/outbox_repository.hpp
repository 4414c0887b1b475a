/// @file
/// The outbox (effects that are not done) and its ledger (those that are done or cancelled).
#pragma once

#include "store/asked.hpp"

#include <patt/decision/effect.hpp>
#include <patt/store/db.hpp>
#include <patt/store/rows.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// A new effect and the state it begins with.
struct new_effect {
    const effect* what = nullptr;
    effect_state state{};
};

/// Puts effects into the outbox, but those whose keys are known to outbox or ledger.
void insert_effects(connection& db, guild_id guild, std::span<const new_effect> effects, instant now);
void insert_effect(connection& db, guild_id guild, const effect& what, effect_state state, instant now);

/// An effect of the outbox, as far as its end needs it.
struct open_claim {
    effect_id id;
    std::string key;
    std::size_t kind = 0;
    session_id session;
    effect_state state{};
    int attempts = 0;
    std::int64_t epoch = 0; ///< Of the lease it was claimed under.
    instant created_at;
    bool awaited = false; ///< Others stand `after` it.
};

/// @return none when it is not in the outbox any more.
[[nodiscard]] std::optional<open_claim> read_claim(connection& db, guild_id guild, effect_id id);
[[nodiscard]] asked<std::optional<open_claim>> ask_claim(connection& db, guild_id guild, effect_id id);
/// Those of them that are in the outbox still, by id.
[[nodiscard]] std::vector<open_claim> read_claims(connection& db, guild_id guild,
                                                  std::span<const effect_id> ids);
/// Takes the effect out of the outbox into the ledger; what waited for a done one becomes due.
void finish_effect(connection& db, guild_id guild, effect_id id, std::string_view result,
                   std::string_view ref, instant now);
/// The same for one that was read in this transaction and not changed since.
void finish_effect(connection& db, guild_id guild, const open_claim& ended, std::string_view result,
                   std::string_view ref, instant now);
struct done_effect {
    effect_id id;
    std::string external_ref;
};
/// The same for many that are done and that nobody waits for, in two statements.
void acknowledge_effects(connection& db, guild_id guild, std::span<const done_effect> done, instant now);
void retry_effect(connection& db, guild_id guild, effect_id id, instant not_before, std::string_view error);
void fail_effect(connection& db, guild_id guild, effect_id id, std::string_view error);
/// Holds a claimed effect: the attempt does not count.
void hold_effect(connection& db, guild_id guild, effect_id id);
/// Makes the failed effects of a session due again.
void rearm_effects(connection& db, guild_id guild, session_id session, instant now);
/// Cancels the session's effects that are not being performed right now.
void cancel_effects(connection& db, guild_id guild, session_id session, instant now);
/// Holds and releases by gate: see `patt::apply_gates`.
void apply_gates(connection& db, guild_id guild, const std::vector<gate>& open, effect_state publish,
                 instant now);

[[nodiscard]] asked<std::vector<open_effect>> ask_effects_of(connection& db, guild_id guild,
                                                             session_id session);
[[nodiscard]] std::vector<open_effect> effects_of(connection& db, guild_id guild, session_id session);
[[nodiscard]] std::vector<open_effect> effects_in_lane(connection& db, guild_id guild,
                                                       std::string_view order_key);

[[nodiscard]] outbox_counts count_outbox(connection& db, guild_id guild);
[[nodiscard]] std::vector<ledger_row> ledger_of(connection& db, guild_id guild);

} // namespace patt::store
