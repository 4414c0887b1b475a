/// @file
/// The outbox (effects that are not done) and its ledger (those that are done or cancelled).
#pragma once

#include <patt/decision/effect.hpp>
#include <patt/store/db.hpp>
#include <patt/store/rows.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

/// An effect that was claimed to be performed now.
struct claimed_effect {
    guild_id guild;
    effect what;
    int attempts = 0; ///< This one included.
};

/// Puts an effect into the outbox, unless its key is known to outbox or ledger.
void insert_effect(connection& db, guild_id guild, const effect& what, effect_state state, instant now);

/// Whether a claim would find something: asked outside a transaction, so that looking costs no write.
[[nodiscard]] bool anything_to_claim(connection& db, instant now, instant stale_before);
/// Claims due effects, the oldest first, at most one of each lane. They are `sending` until something ends
/// that. Claims older than `stale_before` count as lost and are claimed again.
[[nodiscard]] std::vector<claimed_effect> claim_effects(connection& db, instant now, instant stale_before,
                                                        int most);
/// Makes what a process that died was sending due again. Only for the one host that dispatches.
void release_claims(connection& db, instant now);

/// An effect of the outbox, as far as its end needs it.
struct open_claim {
    effect_id id;
    std::string key;
    std::size_t kind = 0;
    session_id session;
    effect_state state{};
    int attempts = 0;
    instant created_at;
    bool awaited = false; ///< Others stand `after` it.
};

/// @return none when it is not in the outbox any more.
[[nodiscard]] std::optional<open_claim> read_claim(connection& db, guild_id guild, effect_id id);
/// Takes the effect out of the outbox into the ledger; what waited for a done one becomes due.
void finish_effect(connection& db, guild_id guild, effect_id id, std::string_view result,
                   std::string_view ref, instant now);
/// The same for one that was read in this transaction and not changed since.
void finish_effect(connection& db, guild_id guild, const open_claim& ended, std::string_view result,
                   std::string_view ref, instant now);
void retry_effect(connection& db, guild_id guild, effect_id id, instant not_before, std::string_view error);
void fail_effect(connection& db, guild_id guild, effect_id id, std::string_view error);
void hold_effect(connection& db, guild_id guild, effect_id id);
/// Makes the failed effects of a session due again.
void rearm_effects(connection& db, guild_id guild, session_id session, instant now);
/// Cancels the session's effects that are not being performed right now.
void cancel_effects(connection& db, guild_id guild, session_id session, instant now);
/// Holds and releases by gate: see `patt::apply_gates`.
void apply_gates(connection& db, guild_id guild, const std::vector<gate>& open, effect_state publish,
                 instant now);

[[nodiscard]] std::vector<open_effect> effects_of(connection& db, guild_id guild, session_id session);
[[nodiscard]] std::vector<open_effect> effects_in_lane(connection& db, guild_id guild,
                                                       std::string_view order_key);

[[nodiscard]] outbox_counts count_outbox(connection& db, guild_id guild);
/// When the next pending effect is due; none when nothing is pending.
[[nodiscard]] instant next_effect_due(connection& db);

[[nodiscard]] std::vector<ledger_row> ledger_of(connection& db, guild_id guild);

} // namespace patt::store
