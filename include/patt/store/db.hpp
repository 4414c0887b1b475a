/// @file
/// The driver interface: what a database must offer, and nothing more. For authors of drivers and repositories.
///
/// The repositories above it are written once, in SQL that SQLite and PostgreSQL share: integers for times and
/// booleans, JSON as opaque text, no arrays, `ON CONFLICT ... RETURNING`, parameters as `$1`, `$2`.
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
    unknown,       ///< The connection is gone after a commit was sent: it may or may not have happened. Look it up.
    bad_value,     ///< A value the database cannot take (bad UTF-8, NUL in text, out of range).
    full,          ///< No space left, or the file is read-only.
    corrupt,       ///< The file is damaged or is no database.
    misuse,        ///< A bug of the caller: wrong SQL, wrong parameter count, one statement used twice at once.
    other,
};

/// The one exception of every driver.
class sql_error : public failure {
public:
    sql_error(sql_errc code, const std::string& what) : failure(what), code_(code) {}
    [[nodiscard]] sql_errc code() const noexcept { return code_; }
    /// True when the same transaction may simply be run again: nothing of it was kept.
    [[nodiscard]] bool retryable() const noexcept {
        return code_ == sql_errc::busy || code_ == sql_errc::serialization || code_ == sql_errc::lost;
    }

private:
    sql_errc code_;
};

/// SQL NULL as a parameter. Typed by its place in the statement, so write `CAST($1 AS BIGINT)` where there is none.
struct null_t {};

/// A parameter. Text must be valid UTF-8 without NUL (checked by the driver: `bad_value`); views must outlive the call.
using value = std::variant<null_t, std::int64_t, double, std::string_view, std::span<const std::byte>>;

/// Implemented by drivers: the rows of one running statement. Views live until the next `next()` or `reset()`.
class row_source {
public:
    row_source() = default;
    row_source(const row_source&) = delete;
    row_source& operator=(const row_source&) = delete;
    virtual ~row_source() = default;
    /// Steps to the next row; false at the end. @throws sql_error
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
class cursor {
public:
    explicit cursor(row_source& source) noexcept : source_(&source) {}
    cursor(cursor&& other) noexcept : source_(std::exchange(other.source_, nullptr)) {}
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
    std::string_view name;            ///< "sqlite" or "postgres".
    std::string_view for_update;      ///< Appended to the SELECT of the guild's row: "" or " FOR UPDATE".
    std::string_view skip_locked;     ///< Appended to a claiming sub-select: "" or " FOR UPDATE SKIP LOCKED".
    std::string_view blob;            ///< The type name of bytes in DDL: "BLOB" or "BYTEA".
};

/// One connection. All calls throw `sql_error`.
class connection {
public:
    connection() = default;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    virtual ~connection() = default;

    [[nodiscard]] virtual const store::dialect& dialect() const noexcept = 0;
    /// Runs a statement, prepared and cached by its text. `$N` is the N-th parameter, wherever it stands.
    /// The statement starts with the first `next()`; for one without rows use `run`.
    [[nodiscard]] virtual cursor query(std::string_view sql, std::span<const value> parameters) = 0;
    /// Runs many statements without parameters. Migrations only.
    virtual void script(std::string_view statements) = 0;
    virtual void begin(tx_mode mode) = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
    /// Drops cached statements: after migrations.
    virtual void forget_statements() noexcept = 0;
    /// Statements executed since the connection was opened, for benchmarks and tests.
    [[nodiscard]] virtual std::uint64_t statements_run() const noexcept = 0;

    [[nodiscard]] cursor query(std::string_view sql, std::initializer_list<value> parameters = {}) {
        return query(sql, std::span<const value>{parameters.begin(), parameters.size()});
    }
    /// Runs a statement to its end and returns the number of rows it wrote.
    std::int64_t run(std::string_view sql, std::span<const value> parameters);
    std::int64_t run(std::string_view sql, std::initializer_list<value> parameters = {}) {
        return run(sql, std::span<const value>{parameters.begin(), parameters.size()});
    }
};

struct open_options {
    std::chrono::milliseconds busy_timeout{5000};
    std::size_t cached_statements = 256;
};

/// Opens connections to one database. Thread-safe.
class database {
public:
    database() = default;
    database(const database&) = delete;
    database& operator=(const database&) = delete;
    virtual ~database() = default;
    [[nodiscard]] virtual std::unique_ptr<connection> connect(open_options options = {}) = 0;
};

} // namespace patt::store
