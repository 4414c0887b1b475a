#include "store/postgres/connection.hpp"

#include "store/postgres/errors.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace patt::store::postgres {
namespace {

constexpr store::dialect postgres_dialect{
    "postgres",
    " FOR UPDATE",
    " FOR SHARE",
    " FOR UPDATE SKIP LOCKED",
    "BYTEA",
    "SELECT 1 FROM pg_catalog.pg_class WHERE relname = $1 AND relkind IN ('r', 'p') AND "
    "pg_catalog.pg_table_is_visible(oid)",
    "SELECT pg_advisory_xact_lock(8097326549128375)", // A number of PATT's own.
    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
    "UNNEST",
};

constexpr store::dialect pooled_dialect = [] {
    store::dialect out = postgres_dialect;
    out.pooled = true;
    return out;
}();

/// After so many the answers are read, so that neither side keeps too much in memory.
constexpr std::size_t most_pending = 2000;

statement_ref fixed(std::string_view sql, statement_kind kind) {
    auto made = std::make_shared<statement>();
    made->sql = sql;
    made->kind = kind;
    made->parameters = parameters_in(sql).count;
    made->types.assign(made->parameters, type::none);
    return made;
}

} // namespace

shared_parts::shared_parts(std::string_view where, postgres_options chosen)
    : conninfo(where)
    , options(std::move(chosen))
    , seen(options.timeline_file)
    , connect_to(where, options, names, seen)
    , watch(connect_to, seen, options) {}

pg_connection::pg_connection(std::shared_ptr<shared_parts> shared, const open_options& options)
    : shared_(std::move(shared))
    , busy_timeout_(options.busy_timeout)
    , cache_(options.cached_statements)
    , fixed_{fixed("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", statement_kind::transaction),
             fixed("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", statement_kind::transaction),
             fixed("COMMIT", statement_kind::transaction),
             fixed("ROLLBACK", statement_kind::transaction),
             fixed("SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true), "
                   "set_config('idle_in_transaction_session_timeout', $3, true), " +
                       std::string{timeline_sql},
                   statement_kind::reading),
             fixed("SELECT set_config('statement_timeout', '0', true)", statement_kind::reading)} {
    ensure_link();
}

pg_connection::~pg_connection() = default;

const store::dialect& pg_connection::dialect() const noexcept {
    return shared_->options.statements == statement_mode::unnamed ? pooled_dialect : postgres_dialect;
}

void pg_connection::refuse(std::string_view what, std::string_view sql) {
    fail();
    throw own_error(sql_errc::misuse, what, sql);
}

const statement_ref& pg_connection::find(std::string_view sql) {
    try {
        return cache_.find(sql);
    } catch (...) {
        fail();
        throw;
    }
}

void pg_connection::check_may_run(const statement& what) const {
    if (failed_ && what.kind != statement_kind::rollback_to) {
        throw own_error(sql_errc::misuse, "the transaction has failed; only a rollback can follow", what.sql);
    }
    const bool about_savepoints =
        what.kind == statement_kind::savepoint || what.kind == statement_kind::rollback_to;
    if (about_savepoints && !transaction_) {
        throw own_error(sql_errc::misuse, "a savepoint outside a transaction", what.sql);
    }
}

rows& pg_connection::free_rows() {
    for (const auto& each : rows_) {
        if (!each->in_use()) {
            return *each;
        }
    }
    rows_.push_back(std::make_unique<rows>(static_cast<runner&>(*this)));
    return *rows_.back();
}

cursor pg_connection::query(std::string_view sql, std::span<const value> parameters) {
    rows& found = free_rows();
    try {
        found.bind(find(sql), parameters);
    } catch (...) {
        fail();
        throw;
    }
    return cursor{found};
}

cursor pg_connection::ask(std::string_view sql, std::span<const value> parameters) {
    if (!transaction_) {
        return query(sql, parameters);
    }
    rows& found = free_rows();
    try {
        found.bind(find(sql), parameters);
        found.send();
    } catch (...) {
        found.reset();
        fail();
        throw;
    }
    return cursor{found};
}

void pg_connection::send(const statement_ref& what, const wire_parameters& parameters, result_handle* into) {
    check_may_run(*what);
    ++statements_run_;
    line_up(what, parameters, into);
}

void pg_connection::await(const statement& what) {
    try {
        check_may_run(what);
        settle(what);
    } catch (...) {
        fail();
        throw;
    }
}

void pg_connection::disown(const result_handle* into) noexcept {
    if (link_) {
        link_->disown(into);
    }
}

std::int64_t pg_connection::run(std::string_view sql, std::span<const value> parameters) {
    const statement_ref what = find(sql);
    try {
        assign_parameters(scratch_, *what, parameters);
    } catch (...) {
        fail();
        throw;
    }
    if (what->kind == statement_kind::savepoint && transaction_ && !failed_) {
        ++statements_run_;
        line_up(what, scratch_, nullptr); // Has no answer that anybody needs.
        return 0;
    }
    const result_handle answer = run_now(what, scratch_);
    return rows_written(answer.get());
}

result_handle pg_connection::run_now(const statement_ref& what, const wire_parameters& parameters) {
    try {
        check_may_run(*what);
        ++statements_run_;
        if (what->kind == statement_kind::rollback_to) {
            roll_back_to(what, parameters);
            return nullptr;
        }
        result_handle answer;
        line_up(what, parameters, &answer);
        settle(*what);
        return answer;
    } catch (...) {
        fail();
        throw;
    }
}

void pg_connection::post(std::string_view sql, std::span<const value> parameters) {
    if (!transaction_) {
        refuse("a posted statement outside a transaction", sql);
    }
    const statement_ref what = find(sql);
    try {
        assign_parameters(scratch_, *what, parameters);
        check_may_run(*what);
        if (what->kind == statement_kind::rollback_to) {
            throw own_error(sql_errc::misuse, "ROLLBACK TO cannot be posted", sql);
        }
        ++statements_run_;
        line_up(what, scratch_, nullptr);
        if (link_->pending() > most_pending) {
            settle(*what);
        }
    } catch (...) {
        fail();
        throw;
    }
}

void pg_connection::flush() {
    if (!transaction_ || failed_ || !link_ || link_->pending() == 0) {
        return;
    }
    try {
        settle(*fixed_.begin_write);
    } catch (...) {
        fail();
        throw;
    }
}

void pg_connection::enter_guild(guild_id guild) {
    const std::string number = std::to_string(guild.value());
    if (shared_->options.queue_role.empty()) {
        post("SELECT set_config('patt.guild', $1, true)", {std::string_view{number}});
    } else { // The queues may have been entered before, and their role sees no guild's own tables.
        post("SELECT set_config('patt.guild', $1, true), set_config('role', 'none', true)",
             {std::string_view{number}});
    }
}

void pg_connection::enter_queue() {
    if (!shared_->options.queue_role.empty()) {
        post("SELECT set_config('role', $1, true)", {std::string_view{shared_->options.queue_role}});
    }
}

/// A host that is gone, and not only slow, is noticed by TCP within a minute: it holds locks and a snapshot.
void pg_connection::allow_pauses() {
    post("SELECT set_config('idle_in_transaction_session_timeout', '0', true), "
         "set_config('tcp_keepalives_idle', '30', true), set_config('tcp_keepalives_interval', '10', true), "
         "set_config('tcp_keepalives_count', '3', true)");
}

void pg_connection::script(std::string_view statements) {
    const std::string text{statements};
    try {
        if (statements.find('\0') != std::string_view::npos) {
            throw own_error(sql_errc::misuse, "a NUL in the text", statements);
        }
        for (std::string_view rest = statements; !rest.empty();) {
            const std::string_view one = cut_statement(rest);
            if (kind_by_words(one) == statement_kind::transaction) {
                throw own_error(sql_errc::misuse,
                                "transactions are begun and ended by begin(), commit(), rollback()", one);
            }
            if (!parameters_in(one).problem.empty() || parameters_in(one).count != 0) {
                throw own_error(sql_errc::misuse, "a script takes no parameters", one);
            }
        }
        if (failed_) {
            throw own_error(sql_errc::misuse, "the transaction has failed; only a rollback can follow", text);
        }
    } catch (...) {
        fail();
        throw;
    }
    const bool own = !transaction_;
    if (own) {
        begin(tx_mode::write);
    }
    try {
        line_up_fixed(fixed_.patient); // Migrations may take long.
        settle(*fixed_.patient);
        ++statements_run_;
        run_text(text, shared_->options.script_deadline);
    } catch (...) {
        fail();
        if (own) {
            rollback();
        }
        throw;
    }
    if (own) {
        commit();
    }
}

void pg_connection::run_text(const std::string& statements, std::chrono::milliseconds patience) {
    const auto asked = std::chrono::steady_clock::now();
    const outcome what = link_->run_script(statements, patience);
    if (what.broken) {
        drop_link();
    } else {
        shared_->watch.heard(asked);
    }
    if (what.problem) {
        throw *what.problem;
    }
}

bool pg_connection::has_session() const noexcept {
    return shared_->options.statements == statement_mode::prepared;
}

void pg_connection::run_alone(const std::string& statement) {
    if (transaction_ || !has_session()) {
        refuse("a statement that runs alone needs a session, and no transaction in it", statement);
    }
    if (!link_ || !link_->alive()) { // Not another session: this one may hold a lock.
        drop_link();
        throw own_error(sql_errc::lost, "the session is gone", statement);
    }
    if (link_->pending() != 0) {
        settle(*fixed_.commit);
    }
    ++statements_run_;
    // It never waits long for a lock that others queue behind, so the limits of ordinary statements go. That
    // the server is gone is noticed by TCP.
    constexpr std::chrono::hours however_long{24};
    const std::chrono::milliseconds deadline = shared_->options.script_deadline;
    run_text("SET lock_timeout = 0; SET statement_timeout = 0", deadline);
    std::optional<sql_error> problem;
    try {
        run_text(statement, however_long);
    } catch (const sql_error& e) {
        problem = e;
    }
    if (link_) {
        run_text(fmt::format("SET lock_timeout = {}; SET statement_timeout = {}",
                             milliseconds_text(busy_timeout_),
                             milliseconds_text(shared_->options.statement_timeout)),
                 deadline);
    }
    if (problem) {
        throw sql_error(*problem);
    }
}

} // namespace patt::store::postgres
