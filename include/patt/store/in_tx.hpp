/// @file
/// A transaction as a scope: commit at the end, rollback on throw, again when that makes sense.
#pragma once

#include <patt/store/db.hpp>

#include <type_traits>
#include <utility>

namespace patt::store {

/// Runs `work()` in a transaction and returns what it returns.
///
/// Whatever `work` throws rolls back and goes on to the caller, except a `retryable()` `sql_error`: then the
/// transaction runs again, at most `tries` times in all. So `work` may run more than once: it must have no
/// effect outside the transaction that it cannot repeat. A `commit` that ended `unknown` is never run again.
/// @param tries  How often at most; less than 1 counts as 1. There is no pause in between, as drivers wait
/// for locks
///               themselves (`open_options::busy_timeout`).
/// @throws sql_error  of the last try, and whatever `work` throws.
template <class Work>
std::invoke_result_t<Work&> in_tx(connection& db, tx_mode mode, Work&& work, int tries = 4) {
    for (int left = tries;; --left) {
        bool begun =
            false; // When begin itself refuses, there may be somebody else's transaction to leave alone.
        try {
            db.begin(mode);
            begun = true;
            if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
                work();
                db.commit();
                return;
            } else {
                std::invoke_result_t<Work&> answer = work();
                db.commit();
                return answer;
            }
        } catch (const sql_error& problem) {
            if (begun) {
                db.rollback();
            }
            if (!problem.retryable() || left <= 1) {
                throw;
            }
        } catch (...) {
            if (begun) {
                db.rollback();
            }
            throw;
        }
    }
}

} // namespace patt::store
