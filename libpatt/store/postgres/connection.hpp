/// @file
/// The PostgreSQL connection.
#pragma once

#include "store/postgres/connector.hpp"
#include "store/postgres/link.hpp"
#include "store/postgres/primary_watch.hpp"
#include "store/postgres/rows.hpp"
#include "store/postgres/statement_cache.hpp"

#include <patt/store/db.hpp>
#include <patt/store/postgres.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store::postgres {

/// What all connections to one database share.
struct shared_parts {
    std::string conninfo; ///< Holds a password, perhaps: never shown.
    postgres_options options;
    resolver names;
    timeline_memory seen;
    connector connect_to;
    primary_watch watch;
    shared_parts(std::string_view where, postgres_options chosen);
};

class pg_connection final : public connection, private runner {
public:
    /// Connects. @throws sql_error
    pg_connection(std::shared_ptr<shared_parts> shared, const open_options& options);
    ~pg_connection() override;

    using connection::ask;
    using connection::post;
    using connection::query;
    using connection::run;
    [[nodiscard]] const store::dialect& dialect() const noexcept override;
    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override;
    [[nodiscard]] cursor ask(std::string_view sql, std::span<const value> parameters) override;
    std::int64_t run(std::string_view sql, std::span<const value> parameters) override;
    void post(std::string_view sql, std::span<const value> parameters) override;
    void flush() override;
    void enter_guild(guild_id guild) override;
    void enter_queue() override;
    void allow_pauses() override;
    void script(std::string_view statements) override;
    [[nodiscard]] bool has_session() const noexcept override;
    void run_alone(const std::string& statement) override;
    void begin(tx_mode mode) override;
    void commit() override;
    void rollback() noexcept override;
    void forget_statements() noexcept override { cache_.clear(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return statements_run_; }

private:
    /// PATT's own statements, prepared like any other.
    struct fixed_statements {
        statement_ref begin_read, begin_write, commit, rollback, scope, patient;
    };

    result_handle run_now(const statement_ref& what, const wire_parameters& parameters) override;
    void send(const statement_ref& what, const wire_parameters& parameters, result_handle* into) override;
    void await(const statement& what) override;
    void disown(const result_handle* into) noexcept override;
    [[nodiscard]] const statement_ref& find(std::string_view sql);
    void check_may_run(const statement& what) const;
    void line_up(const statement_ref& what, const wire_parameters& parameters, result_handle* into);
    void line_up_fixed(const statement_ref& what, result_handle* into = nullptr);
    void begin_for_real();
    void scope_settings();
    [[nodiscard]] bool is_fenced(const outcome& what) const;
    /// Waits for what is lined up; throws what went wrong.
    void settle(const statement& last);
    [[nodiscard]] outcome finish(std::chrono::milliseconds patience);
    /// Without a session of its own each transaction may be on another server than the one before: that one
    /// is judged by what it told, before anything of it is believed.
    void check_server(outcome& what);
    /// Believes an answer, or the end of a transaction, unless something came late and the server was left
    /// behind.
    void believe(outcome& what);
    void commit_reading();
    void run_text(const std::string& statements, std::chrono::milliseconds patience);
    void roll_back_to(const statement_ref& what, const wire_parameters& parameters);
    void ensure_link();
    void drop_link() noexcept;
    [[nodiscard]] impatience while_waiting();
    void roll_back_for_real();
    void end_transaction() noexcept;
    void fail() noexcept { failed_ = transaction_.has_value(); }
    [[noreturn]] void refuse(std::string_view what, std::string_view sql);
    rows& free_rows();
    void forget_names() noexcept;

    std::shared_ptr<shared_parts> shared_;
    std::chrono::milliseconds busy_timeout_;
    statement_cache cache_;
    fixed_statements fixed_;
    std::vector<std::unique_ptr<rows>> rows_;
    std::optional<link> link_;
    std::int64_t timeline_ = 0;
    result_handle scoped_; ///< What `scope` was answered and nobody has looked at yet.
    std::optional<tx_mode> transaction_;
    bool begun_ = false; ///< BEGIN is lined up or was sent: it waits for the first statement.
    std::optional<primary_watch::time_point> doubted_; ///< The last late answer that nobody asked about yet.
    bool failed_ = false;                              ///< An error happened in the open transaction.
    wire_parameters scratch_;
    std::uint64_t statements_run_ = 0;
};

} // namespace patt::store::postgres
