/// @file
/// One prepared statement as a source of rows.
#pragma once

#include "store/sqlite/prepare.hpp"
#include "store/sqlite/session.hpp"

#include <patt/store/db.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace patt::store::sqlite {

/// How long the views in parameters stay good.
enum class view_life : std::uint8_t {
    call,      ///< Until the call returns: what they point to is copied into the statement's own memory.
    whole_run, ///< Until the statement is reset: SQLite reads them in place.
};

/// A prepared statement and the run of it that a cursor is on, if any.
class sqlite_statement final : public row_source {
public:
    /// @param sql  Kept as a view, for messages: it must outlive the statement.
    sqlite_statement(session& shared, std::string_view sql, prepare_use use = prepare_use::cached);

    /// Begins a run: binds the parameters. @throws sql_error; then no run has begun.
    void bind(std::span<const value> parameters, view_life life);
    /// Ends the rows of the run without ending the run: the transaction is over.
    void end_with_transaction() noexcept;
    [[nodiscard]] bool in_use() const noexcept { return state_ != state::idle; }

    bool next() override;
    [[nodiscard]] bool is_null(int column) const override;
    [[nodiscard]] std::int64_t i64(int column) const override;
    [[nodiscard]] double f64(int column) const override;
    [[nodiscard]] std::string_view text(int column) const override;
    [[nodiscard]] std::span<const std::byte> bytes(int column) const override;
    [[nodiscard]] std::int64_t affected() const override { return affected_; }
    void reset() noexcept override;

private:
    enum class state : std::uint8_t { idle, bound, running, done, broken };

    void bind_all(std::span<const value> parameters, view_life life);
    void bind_one(int slot, const value& parameter);
    [[nodiscard]] const char* keep(const char* data, std::size_t size);
    void make_room(std::span<const value> parameters);
    void check_may_run() const;
    [[noreturn]] void fail(const sql_error& problem);
    [[nodiscard]] sqlite3_value* at(int column) const;
    [[noreturn]] void wrong_type(int column, std::string_view wanted) const;

    session& session_;
    std::string_view sql_;
    prepared prepared_;
    state state_ = state::idle;
    int columns_ = 0; ///< Of the current row; 0 when there is none.
    std::int64_t affected_ = 0;
    std::unique_ptr<char[]> memory_; ///< Copies of the texts and blobs of this run; kept for the next one.
    std::size_t memory_size_ = 0;
    std::size_t memory_used_ = 0;
    bool copying_ = false;
};

} // namespace patt::store::sqlite
