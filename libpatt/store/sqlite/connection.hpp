/// @file
/// The SQLite connection.
#pragma once

#include "store/sqlite/session.hpp"
#include "store/sqlite/statement_cache.hpp"

#include <patt/store/db.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace patt::store::sqlite {

class sqlite_connection final : public connection {
public:
    /// @param opened  A database on which the settings of `open.hpp` have been made.
    sqlite_connection(database_handle opened, const open_options& options);

    using connection::post;
    using connection::query;
    using connection::run;
    [[nodiscard]] const store::dialect& dialect() const noexcept override;
    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override;
    std::int64_t run(std::string_view sql, std::span<const value> parameters) override;
    void post(std::string_view sql, std::span<const value> parameters) override;
    void script(std::string_view statements) override;
    void begin(tx_mode mode) override;
    void commit() override;
    void rollback() noexcept override;
    void forget_statements() noexcept override { cache_.clear(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return session_.statements_run; }

private:
    [[nodiscard]] sqlite_statement& start(std::string_view sql, std::span<const value> parameters,
                                          view_life life);
    void run_script(std::string_view statements);
    void run_defining(const prepared& made, std::string_view text);
    void end_transaction() noexcept;
    void roll_back_for_real() noexcept;
    [[noreturn]] void refuse(std::string_view what, std::string_view sql);

    session session_;
    statement_cache cache_; ///< After the session, so that statements go before the database.
    statement_handle begin_read_;
    statement_handle begin_write_;
    statement_handle commit_;
    statement_handle rollback_;
    std::chrono::milliseconds busy_timeout_;
};

} // namespace patt::store::sqlite
