/// @file
/// One run of a statement as a source of rows. The whole answer is read at the first `next()`.
#pragma once

#include "store/postgres/handles.hpp"
#include "store/postgres/parameters.hpp"
#include "store/postgres/statement_cache.hpp"

#include <patt/store/db.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace patt::store::postgres {

class rows;

/// Implemented by the connection: what a run needs from it.
class runner {
public:
    runner() = default;
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;
    /// Runs it and waits. @throws sql_error
    virtual result_handle run_now(const statement_ref& what, const wire_parameters& parameters) = 0;
    /// Lines it up; its answer comes with the next thing that waits. @throws sql_error
    virtual void send(const statement_ref& what, const wire_parameters& parameters, result_handle* into) = 0;
    /// Waits for everything that was sent. @throws sql_error
    virtual void await(const statement& what) = 0;
    /// Nobody asks for that answer any more.
    virtual void disown(const result_handle* into) noexcept = 0;

protected:
    ~runner() = default;
};

/// The rows of one statement, if they are used by a cursor.
class rows final : public row_source {
public:
    explicit rows(runner& by)
        : by_(by) {}

    /// Begins a run: copies the parameters. @throws sql_error; then no run has begun.
    void bind(const statement_ref& what, std::span<const value> parameters);
    /// Sends what was bound, to be read later. @throws sql_error
    void send();
    /// Ends the rows without ending the run: the transaction is over.
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
    enum class state : std::uint8_t { idle, bound, sent, running, done, broken };

    /// The bytes of a value; null for NULL. @throws sql_error `misuse` when there is no such value.
    [[nodiscard]] const char* at(int column) const;
    [[nodiscard]] int size_of(int column) const;
    [[noreturn]] void wrong_type(int column, std::string_view wanted) const;

    runner& by_;
    statement_ref what_;
    wire_parameters parameters_;
    result_handle result_;
    state state_ = state::idle;
    int row_ = -1;
    int count_ = 0;
    int columns_ = 0;
    std::int64_t affected_ = 0;
};

/// Rows written, as the server counts them; 0 for what is no INSERT, UPDATE, DELETE or MERGE.
[[nodiscard]] std::int64_t rows_written(const PGresult* result) noexcept;

/// The parameters for a statement. @throws sql_error `misuse` for a wrong number, `bad_value`.
void assign_parameters(wire_parameters& into, const statement& what, std::span<const value> parameters);

} // namespace patt::store::postgres
