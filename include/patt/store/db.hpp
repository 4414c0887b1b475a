/// @file
/// The driver interface: what a database must offer, and nothing more. For authors of drivers and
/// repositories.
///
/// The repositories above it are written once, in SQL that SQLite and PostgreSQL share: integers for times
/// and booleans, JSON as opaque text, no arrays, `ON CONFLICT ... RETURNING`, parameters as `$1`, `$2`.
/// @par Threads  A connection belongs to one thread at a time; different connections are independent.
#pragma once

#include <patt/ids.hpp>
#include <patt/result.hpp>
#include <patt/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patt::store {

/// What kind of thing went wrong in the database. Constraint violations are mapped by class, never by name.
enum class sql_errc : std::uint8_t {
    unique,
    foreign_key,
    check,
    not_null,
    busy,          ///< Somebody else holds the lock; nothing was done. Try again.
    serialization, ///< The transaction lost against another. Roll back, try again.
    lost,          ///< The connection is gone before a commit was sent. Try again on a new one.
    unknown, ///< The connection is gone after a commit was sent: it may or may not have happened. Look it up.
    bad_value, ///< A value the database cannot take (bad UTF-8, NUL in text, out of range).
    full,      ///< No space left, or the file is read-only.
    corrupt,   ///< The file is damaged or is no database.
    misuse,    ///< A bug of the caller: wrong SQL, wrong parameter count, writing in a read transaction.
    io,        ///< Reading or writing failed below the database: a broken disk, a vanished mount.
    other,
};

/// The name of a class, for messages: `foreign_key`.
[[nodiscard]] std::string_view to_string(sql_errc code) noexcept;

/// The one exception of every driver.
class sql_error : public failure {
public:
    sql_error(sql_errc code, const std::string& what)
        : failure(what)
        , code_(code) {}
    [[nodiscard]] sql_errc code() const noexcept { return code_; }
    /// True when the same transaction may simply be run again: nothing of it was kept.
    [[nodiscard]] bool retryable() const noexcept {
        return code_ == sql_errc::busy || code_ == sql_errc::serialization || code_ == sql_errc::lost;
    }

private:
    sql_errc code_;
};

/// SQL NULL as a parameter. Typed by its place in the statement, so write `CAST($1 AS BIGINT)` where there is
/// none.
struct null_t {};

/// A parameter. Text must be valid UTF-8 without NUL and a double no NaN (checked by the driver:
/// `bad_value`). Several integers are an array: only where `dialect().rows_of_arrays` is not empty, else
/// `misuse`.
/// @par Ownership  What views point to must outlive the call of `query` or `run`, no longer: drivers copy
/// what they keep.
using value = std::variant<null_t, std::int64_t, double, std::string_view, std::span<const std::byte>,
                           std::span<const std::int64_t>>;

/// Implemented by drivers: the rows of one running statement.
///
/// Columns count from 0. The accessor must fit the value: `i64` an integer, `f64` an integer or a floating
/// point number, `text` a text, `bytes` a blob; anything else, a column that is not there or no current row
/// is `misuse`. NULL reads as 0 or empty: ask `is_null` where it matters.
/// @par Ownership  Views live until the next `next()` or `reset()`, or the end of the transaction.
class row_source {
public:
    row_source() = default;
    row_source(const row_source&) = delete;
    row_source& operator=(const row_source&) = delete;
    virtual ~row_source() = default;
    /// Steps to the next row; false at the end, and from then on. The first call runs the statement.
    /// A cursor does not outlive its transaction: after the commit or rollback this is `misuse`.
    /// @throws sql_error
    virtual bool next() = 0;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
    [[nodiscard]] virtual std::int64_t i64(int column) const = 0;
    [[nodiscard]] virtual double f64(int column) const = 0;
    [[nodiscard]] virtual std::string_view text(int column) const = 0;
    [[nodiscard]] virtual std::span<const std::byte> bytes(int column) const = 0;
    /// Rows written by the statement; complete after `next()` returned false.
    [[nodiscard]] virtual std::int64_t affected() const = 0;
    virtual void reset() noexcept = 0;
};

/// Owns one run of a statement. Its destructor resets it, so that no read lock stays behind.
///
/// It must not outlive its connection. Outside a transaction read the rows of a writing statement
/// (`RETURNING`) to the end: only then is it known to be committed.
class cursor {
public:
    explicit cursor(row_source& source) noexcept
        : source_(&source) {}
    cursor(cursor&& other) noexcept
        : source_(std::exchange(other.source_, nullptr)) {}
    cursor& operator=(cursor&&) = delete;
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;
    ~cursor() {
        if (source_ != nullptr) {
            source_->reset();
        }
    }
    row_source* operator->() const noexcept { return source_; }

private:
    row_source* source_;
};

enum class tx_mode : std::uint8_t {
    read, ///< A stable snapshot; writing is an error.
    write ///< Takes the write lock at once (SQLite: BEGIN IMMEDIATE).
};

/// What really differs between the two databases, as data. At most ten members.
struct dialect {
    std::string_view name;       ///< "sqlite" or "postgres".
    std::string_view for_update; ///< Appended to the SELECT of the guild's row: "" or " FOR UPDATE".
    std::string_view for_share; ///< Appended to the SELECT of a lease that must not move: "" or " FOR SHARE".
    std::string_view skip_locked; ///< Appended to a claiming sub-select: "" or " FOR UPDATE SKIP LOCKED".
    std::string_view blob;        ///< The type name of bytes in DDL: "BLOB" or "BYTEA".
    /// A query with one row if the table `$1` exists, else none.
    std::string_view table_exists;
    /// A query that takes the migration lock until the end of the transaction; empty where `tx_mode::write`
    /// does.
    std::string_view migration_lock;
    /// A query for the database's own clock, in microseconds since 1970 UTC; empty where the database is in
    /// this process, so that the host's clock is the database's. Only leases, heartbeats and the host's idea
    /// of the time ask it: no other statement calls a clock.
    std::string_view clock;
    /// The function that makes rows of arrays, "UNNEST"; empty where there are no arrays and several rows are
    /// written out as `VALUES`.
    std::string_view rows_of_arrays;
    /// Whether connections lead to a pooler, which has a limit of its own and gives them sessions of the
    /// server in turn.
    bool pooled = false;
};

/// One connection. All calls throw `sql_error`.
///
/// Any error inside a transaction fails it: then only `rollback()` or a `ROLLBACK TO` of an earlier savepoint
/// is allowed, anything else is `misuse`. Savepoints are plain statements (`SAVEPOINT a`, `RELEASE a`,
/// `ROLLBACK TO a`) inside a transaction; `BEGIN`, `COMMIT` and `ROLLBACK` as text are `misuse`.
class connection {
public:
    connection() = default;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    virtual ~connection() = default;

    [[nodiscard]] virtual const store::dialect& dialect() const noexcept = 0;
    /// Runs one statement, prepared and cached by its text. `$N` is the N-th parameter, wherever it stands;
    /// as many parameters are given as the text names. Outside a transaction a statement is a transaction of
    /// its own. The statement starts with the first `next()`; for one without rows use `run`.
    [[nodiscard]] virtual cursor query(std::string_view sql, std::span<const value> parameters) = 0;
    /// Runs a statement to its end and returns the number of rows it wrote; faster than `query` for large
    /// values.
    virtual std::int64_t run(std::string_view sql, std::span<const value> parameters);
    /// Runs a statement whose rows and count nobody asks for, only inside a transaction (`misuse` outside).
    /// A driver may send it without waiting for the answer: a round trip saved. Its error then fails the
    /// transaction at the next call that waits, at the latest at `commit`. By default it is `run`.
    /// @par Ownership  As of `run`: what the parameters point to is copied or sent before this returns.
    virtual void post(std::string_view sql, std::span<const value> parameters);
    /// A reading `query` whose rows are wanted, but not yet: a driver may send it at once and read its answer
    /// with the next thing that waits, so that several of them cost one round trip. Until its rows are read,
    /// write nothing that they may depend on: elsewhere it runs at the first `next()` as any query.
    [[nodiscard]] virtual cursor ask(std::string_view sql, std::span<const value> parameters) {
        return query(sql, parameters);
    }
    /// Waits for everything that was posted, and throws what went wrong with it. By default nothing.
    virtual void flush() {}
    /// Narrows the rest of the transaction to the rows of one guild: the second wall behind the code
    /// (row-level security). May be called again for another guild. Databases without it do nothing.
    virtual void enter_guild(guild_id guild);
    /// Opens the queues of all guilds (outbox, timers, the guilds' heads and settings) to the rest of the
    /// transaction, and nothing else. Databases without row-level security do nothing.
    virtual void enter_queue() {}
    /// Lets the rest of the transaction pause for as long as it likes: for one that goes at the pace of
    /// somebody else, such as the other end of a pipe. Elsewhere a database may end a transaction that
    /// stopped in the middle. Only inside a transaction. By default nothing.
    virtual void allow_pauses() {}
    /// Runs many statements without parameters, all or (outside a transaction too) none. Migrations only.
    virtual void script(std::string_view statements) = 0;
    /// Whether everything runs in one session of the server: not behind a pooler that gives each transaction
    /// another one.
    [[nodiscard]] virtual bool has_session() const noexcept { return true; }
    /// Runs one statement that the server takes only by itself, such as `CREATE INDEX CONCURRENTLY`, however
    /// long it takes or waits. Outside a transaction and in a session only. Migrations only. By default
    /// `run`.
    virtual void run_alone(const std::string& statement);
    /// @throws sql_error `busy` when the write lock was not free within the busy timeout; `misuse` when
    /// nested.
    virtual void begin(tx_mode mode) = 0;
    /// Ends the transaction in any case: when this throws, it was rolled back and the connection can be used
    /// again.
    /// @throws sql_error `misuse` when the transaction had failed; `unknown` when it may have been kept.
    virtual void commit() = 0;
    /// Ends the transaction, if there is one.
    virtual void rollback() noexcept = 0;
    /// Drops cached statements: after migrations. Open cursors stay usable.
    virtual void forget_statements() noexcept = 0;
    /// Statements executed since the connection was opened, for benchmarks and tests.
    [[nodiscard]] virtual std::uint64_t statements_run() const noexcept = 0;

    [[nodiscard]] cursor query(std::string_view sql, std::initializer_list<value> parameters = {}) {
        return query(sql, std::span<const value>{parameters.begin(), parameters.size()});
    }
    [[nodiscard]] cursor ask(std::string_view sql, std::initializer_list<value> parameters = {}) {
        return ask(sql, std::span<const value>{parameters.begin(), parameters.size()});
    }
    std::int64_t run(std::string_view sql, std::initializer_list<value> parameters = {}) {
        return run(sql, std::span<const value>{parameters.begin(), parameters.size()});
    }
    void post(std::string_view sql, std::initializer_list<value> parameters = {}) {
        post(sql, std::span<const value>{parameters.begin(), parameters.size()});
    }
};

/// Tells the other hosts of the same database that there is work, and is told by them. Losing a message is
/// harmless: hosts look by themselves now and then.
class wake_channel {
public:
    wake_channel() = default;
    wake_channel(const wake_channel&) = delete;
    wake_channel& operator=(const wake_channel&) = delete;
    virtual ~wake_channel() = default;
    /// Remembers a number (of an outbox partition) for the other hosts. Threads: any.
    virtual void announce(std::int64_t number) = 0;
    /// Sends what was announced, all of it in one message and not more often than every 20 ms, and waits for
    /// messages of other hosts. Reconnects by itself; while there is no connection it only waits.
    /// @return the numbers that others announced; empty after `most`, or when interrupted. Threads: one.
    [[nodiscard]] virtual std::vector<std::int64_t> turn(std::chrono::milliseconds most) = 0;
    /// Makes `turn` return now. Threads: any.
    virtual void interrupt() noexcept = 0;
    /// Whether it goes past the pooler that connections lead to, and takes room in the server itself.
    [[nodiscard]] virtual bool passes_pooler() const noexcept { return false; }
};

/// How much a commit waits for the disk (SQLite). PostgreSQL's own settings decide there.
enum class synchronous : std::uint8_t {
    full,   ///< Every commit is on the disk before it returns. The only one that keeps every promise.
    normal, ///< A power cut may take the last commits; never damages the file.
    off,    ///< A power cut may damage the file. Tests and throw-away imports only.
};

struct open_options {
    std::chrono::milliseconds busy_timeout{5000}; ///< How long a lock held by somebody else is waited for.
    std::size_t cached_statements = 256;          ///< Prepared statements kept for each connection.
    store::synchronous synchronous = store::synchronous::full;
};

/// Opens connections to one database. Thread-safe.
class database {
public:
    database() = default;
    database(const database&) = delete;
    database& operator=(const database&) = delete;
    virtual ~database() = default;
    [[nodiscard]] virtual std::unique_ptr<connection> connect(open_options options = {}) = 0;
    /// None where there is only one host.
    [[nodiscard]] virtual std::unique_ptr<wake_channel> open_wake_channel() { return nullptr; }
};

} // namespace patt::store
