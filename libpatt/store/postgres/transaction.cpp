// The part of the connection that begins, waits, commits, and knows what is lost when a session breaks.
#include "store/postgres/connection.hpp"
#include "store/postgres/errors.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace patt::store::postgres {
namespace {

const wire_parameters nothing;

sql_error left_behind_error() {
    return own_error(sql_errc::lost, "a failover left this server behind", "what it answered");
}

} // namespace

void pg_connection::forget_names() noexcept {
    cache_.forget_names();
    for (const statement_ref& each : {fixed_.begin_read, fixed_.begin_write, fixed_.commit, fixed_.rollback,
                                      fixed_.scope, fixed_.patient}) {
        each->name.clear();
    }
}

void pg_connection::drop_link() noexcept {
    link_.reset();
    doubted_.reset();
    scoped_.reset();
    forget_names();
}

/// An answer that does not come may be one of a server that was left behind: it is not waited for then.
impatience pg_connection::while_waiting() {
    return {shared_->watch.slow(), [this] { return shared_->watch.hopeless(timeline_); }};
}

void pg_connection::ensure_link() {
    const auto now = std::chrono::steady_clock::now();
    // A session with a server that a failover left behind is of no use, even if it still answers.
    if (link_ && (timeline_ < shared_->seen.highest() || !link_->alive() ||
                  (doubted_ && shared_->watch.left_behind(timeline_, *doubted_)) ||
                  (shared_->watch.due() && shared_->watch.left_behind(timeline_, now)))) {
        drop_link();
    }
    doubted_.reset();
    if (link_) {
        return;
    }
    found_server found = shared_->connect_to.connect(busy_timeout_);
    timeline_ = found.timeline;
    link_.emplace(std::move(found.connection),
                  shared_->options.statements == statement_mode::prepared ? statement_use::named
                                                                          : statement_use::unnamed,
                  while_waiting());
    shared_->watch.heard(now);
    shared_->watch.looked(now);
}

void pg_connection::scope_settings() {
    if (shared_->options.statements == statement_mode::prepared) {
        return; // The session has them.
    }
    const std::string lock = milliseconds_text(busy_timeout_);
    const std::string statement = milliseconds_text(shared_->options.statement_timeout);
    const std::string idle = milliseconds_text(shared_->options.idle_transaction_timeout);
    const std::array<value, 3> texts{std::string_view{lock}, std::string_view{statement},
                                     std::string_view{idle}};
    wire_parameters parameters;
    parameters.assign(texts, fixed_.scope->sql);
    link_->add(fixed_.scope, parameters, &scoped_);
}

void pg_connection::begin_for_real() {
    if (!begun_) {
        begun_ = true;
        link_->add(transaction_ == tx_mode::write ? fixed_.begin_write : fixed_.begin_read, nothing, nullptr);
        scope_settings();
        link_->forget(cache_.abandoned()); // Behind BEGIN, as no query may run before a REPEATABLE READ.
    }
}

void pg_connection::line_up(const statement_ref& what, const wire_parameters& parameters,
                            result_handle* into) {
    if (transaction_) {
        if (!link_) {
            throw own_error(sql_errc::lost, "the connection broke in this transaction", what->sql);
        }
        begin_for_real();
    } else {
        ensure_link();
        link_->forget(cache_.abandoned());
        scope_settings();
    }
    link_->add(what, parameters, into);
}

void pg_connection::line_up_fixed(const statement_ref& what, result_handle* into) {
    line_up(what, nothing, into);
}

outcome pg_connection::finish(std::chrono::milliseconds patience) {
    const auto asked = std::chrono::steady_clock::now();
    outcome what = link_->finish(patience);
    check_server(what);
    const auto now = std::chrono::steady_clock::now();
    const auto slow = shared_->watch.slow();
    if (slow.count() > 0 && now - asked > slow) {
        doubted_ = now; // The server may have hung meanwhile, and speak of what was.
    }
    // Nothing counts before the end of the transaction, and asking takes time in which others wait for its
    // locks. An error is its end.
    if (!transaction_ || what.problem) {
        believe(what);
    }
    if (what.broken) {
        drop_link();
    } else {
        shared_->watch.heard(asked);
    }
    return what;
}

void pg_connection::check_server(outcome& what) {
    const result_handle told = std::move(scoped_);
    if (!told || PQntuples(told.get()) != 1) {
        return;
    }
    const auto timeline = timeline_in(PQgetvalue(told.get(), 0, PQnfields(told.get()) - 1));
    shared_->seen.raise(timeline.value_or(0));
    if (timeline && *timeline >= shared_->seen.highest()) {
        timeline_ = *timeline;
        return;
    }
    what.broken = true;
    // A standby keeps nothing, and no server what it refused.
    what.definite = !timeline || (what.problem && what.definite);
    what.problem = timeline ? left_behind_error()
                            : own_error(sql_errc::lost, "this server is a standby", "what server this is");
}

void pg_connection::believe(outcome& what) {
    if (!what.broken && doubted_ && shared_->watch.left_behind(timeline_, *doubted_)) {
        what.broken = true;
        what.definite = false;
        what.problem = left_behind_error();
    }
    doubted_.reset();
}

/// It is not the primary any more.
bool pg_connection::is_fenced(const outcome& what) const {
    return what.problem && what.problem->code() == sql_errc::misuse && what.read_only &&
           transaction_ != tx_mode::read;
}

void pg_connection::settle(const statement& last) {
    const outcome what = finish(shared_->options.deadline);
    if (!what.problem) {
        if (what.not_replicated && !transaction_) {
            throw own_error(sql_errc::unknown, "committed here, but not known to be on the standby",
                            last.sql);
        }
        return;
    }
    sql_error problem = *what.problem;
    if (is_fenced(what)) {
        drop_link();
        problem = {sql_errc::lost, problem.what()};
    } else if (what.broken && !what.definite) {
        // Outside of a transaction a statement that writes is its own commit.
        const bool may_be_kept = !transaction_ && last.kind != statement_kind::reading;
        problem = {may_be_kept ? sql_errc::unknown : sql_errc::lost, problem.what()};
    }
    throw problem;
}

void pg_connection::roll_back_to(const statement_ref& what, const wire_parameters& parameters) {
    if (!link_) {
        throw own_error(sql_errc::lost, "the connection broke in this transaction", what->sql);
    }
    std::optional<sql_error> before;
    if (link_->pending() != 0) {
        // What was posted behind the savepoint is undone with it, its errors too. One from before it is not.
        const auto opened = link_->pending_savepoint(savepoint_name(what->sql));
        outcome posted = finish(shared_->options.deadline);
        if (posted.problem && (posted.broken || (opened && posted.failed_at <= *opened))) {
            throw *posted.problem;
        }
        before = std::move(posted.problem);
    }
    line_up(what, parameters, nullptr);
    try {
        settle(*what);
    } catch (...) {
        if (before) {
            throw *before;
        }
        throw;
    }
    failed_ = false;
}

void pg_connection::begin(tx_mode mode) {
    if (transaction_) {
        refuse("a transaction inside a transaction", "BEGIN");
    }
    ensure_link();
    transaction_ = mode;
    begun_ = false;
}

void pg_connection::commit() {
    if (!transaction_) {
        refuse("there is no transaction", "COMMIT");
    }
    if (failed_) {
        rollback();
        refuse("the transaction had failed and was rolled back", "COMMIT");
    }
    if (!begun_) { // Nothing was ever sent.
        end_transaction();
        return;
    }
    const bool writing = transaction_ == tx_mode::write;
    if (!writing && link_ && link_->pending() == 0) {
        commit_reading();
        return;
    }
    if (doubted_ && shared_->watch.left_behind_before_commit(timeline_, *doubted_)) {
        drop_link();
        end_transaction();
        throw left_behind_error(); // Rather than a commit that waits for a standby which follows nobody.
    }
    result_handle answer;
    link_->add(fixed_.commit, nothing, &answer);
    outcome what = finish(shared_->options.deadline);
    believe(what);
    if (what.broken) {
        drop_link();
    }
    if (!what.problem && !what.not_replicated && answer != nullptr &&
        std::string_view{PQcmdStatus(answer.get())} == "COMMIT") {
        end_transaction();
        return;
    }
    const bool fenced = is_fenced(what);
    rollback();
    if (fenced) {
        drop_link();
        throw sql_error(sql_errc::lost, what.problem->what());
    }
    if (!what.problem) {
        throw what.not_replicated
            ? own_error(sql_errc::unknown, "committed here, but not known to be on the standby", "COMMIT")
            : own_error(sql_errc::other, "the server rolled the transaction back", "COMMIT");
    }
    if (what.definite || !what.broken) {
        throw *what.problem;
    }
    throw sql_error(writing ? sql_errc::unknown : sql_errc::lost, what.problem->what());
}

/// Nobody waits for its end: nothing can go wrong there that anybody would ask about.
void pg_connection::commit_reading() {
    link_->add(fixed_.commit, nothing, nullptr);
    link_->send_ahead();
    end_transaction();
    outcome what;
    believe(what);
    if (what.broken) {
        drop_link();
        throw left_behind_error();
    }
}

void pg_connection::rollback() noexcept {
    if (!transaction_) {
        return;
    }
    try {
        roll_back_for_real();
    } catch (...) { // Out of memory: the server rolls back what has lost its client.
        drop_link();
    }
    end_transaction();
}

void pg_connection::roll_back_for_real() {
    if (!link_ || !begun_) {
        return;
    }
    if (link_->pending() != 0) {
        static_cast<void>(finish(shared_->options.deadline)); // It is all undone anyway.
    }
    if (link_ && link_->in_transaction()) {
        link_->add(fixed_.rollback, nothing, nullptr);
        if (finish(shared_->options.deadline).problem) {
            drop_link();
        }
    }
}

void pg_connection::end_transaction() noexcept {
    for (const auto& each : rows_) {
        each->end_with_transaction();
    }
    transaction_.reset();
    failed_ = false;
    begun_ = false;
}

} // namespace patt::store::postgres
