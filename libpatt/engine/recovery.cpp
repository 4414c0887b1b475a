// When the database goes away: a new connection, and the truth about a commit whose answer was lost.

#include "engine/writer.hpp"
#include "store/event_repository.hpp"
#include "store/guild_repository.hpp"
#include "store/inbox_repository.hpp"

#include <fmt/core.h>

namespace patt::engine {

void writer::reconnect() {
    patience patient(parts_.how.patience, parts_.seed + 2);
    reconnect(patient);
}

void writer::reconnect(patience& patient) {
    for (;;) {
        connection_.reset();
        try {
            connection_ = parts_.database->connect();
            ++parts_.count.reconnects;
            return;
        } catch (const store::sql_error& e) {
            if (!e.retryable() || !patient.again()) {
                throw; // The next input tries again.
            }
        }
    }
}

/// What will be there when the running transaction is kept, and cannot be there otherwise.
writer::evidence writer::collect_evidence() const {
    for (const auto& [guild, held] : held_) {
        if (held.row.head.seq > held.read_seq) {
            return {guild, held.row.head, {}};
        }
    }
    return remembered_;
}

/// @throws outcome_unknown  when the database stays away.
bool writer::happened(const evidence& proof, patience& patient) {
    for (;;) {
        try {
            reconnect(patient);
            const bool yes = look_up(proof);
            ++(yes ? parts_.count.unknown_happened : parts_.count.unknown_not);
            return yes;
        } catch (const store::sql_error& e) {
            const bool away = e.retryable() || e.code() == store::sql_errc::unknown;
            if (!away || !patient.again()) {
                ++parts_.count.unknown_given_up;
                throw outcome_unknown(
                    fmt::format("the database went away during a commit and cannot be asked whether it took "
                                "place ({}); hand the input in again with the same key to find out",
                                e.what()));
            }
        }
    }
}

/// Inputs without evidence wrote nothing, or prove themselves (a timer that is gone, an effect that ended):
/// they run again.
bool writer::look_up(const evidence& proof) {
    if (!proof.guild) {
        return false;
    }
    connection_->begin(store::tx_mode::write);
    try {
        connection_->enter_guild(proof.guild);
        // Waits for the transaction itself, when its connection is still there on the database's side.
        static_cast<void>(store::lock_guild(*connection_, proof.guild));
        const bool there = proof.head ? store::has_event(*connection_, proof.guild, *proof.head)
                                      : store::known_input(*connection_, proof.guild, proof.key).has_value();
        // What is acknowledged from here on has everything before it: with it, the earlier commit is as safe.
        store::touch_guild(*connection_, proof.guild);
        connection_->commit();
        return there;
    } catch (...) {
        connection_->rollback();
        throw;
    }
}

} // namespace patt::engine
