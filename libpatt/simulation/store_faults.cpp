#include "simulation/store_faults.hpp"

#include <string>
#include <vector>

namespace patt::simulation {

namespace {

using store::cursor;
using store::sql_errc;
using store::sql_error;
using store::value;

class faulty_connection final : public store::connection {
public:
    faulty_connection(std::unique_ptr<store::connection> real, store_script& script)
        : real_(std::move(real))
        , script_(script) {}
    ~faulty_connection() override { leave_transaction(); }

    [[nodiscard]] const store::dialect& dialect() const noexcept override { return dialect_; }
    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override;
    std::int64_t run(std::string_view sql, std::span<const value> parameters) override;
    void post(std::string_view sql, std::span<const value> parameters) override;
    void flush() override { real_->flush(); }
    void enter_guild(guild_id guild) override { real_->enter_guild(guild); }
    void enter_queue() override { real_->enter_queue(); }
    void script(std::string_view statements) override { real_->script(statements); }
    void begin(store::tx_mode mode) override;
    void commit() override;
    void rollback() noexcept override { leave_transaction(); }
    void forget_statements() noexcept override { real_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return real_->statements_run(); }

private:
    enum class call : std::uint8_t { read, step };
    void before(std::string_view sql, call what);
    [[noreturn]] void struck(const strike& how);
    /// The parameters as a planted defect has them; none when it swallows the statement.
    using changed_values = std::optional<std::vector<value>>;
    [[nodiscard]] changed_values planted(std::string_view sql, std::span<const value> parameters);
    void leave_transaction() noexcept;

    static store::dialect in_virtual_time(store::dialect real) noexcept {
        real.clock = {}; // The simulation's clock is everybody's, the database's too.
        return real;
    }

    std::unique_ptr<store::connection> real_;
    store::dialect dialect_ = in_virtual_time(real_->dialect());
    store_script& script_;
    bool inside_ = false;
    bool failed_ = false; ///< Only a rollback, or one to a savepoint, may follow.
    bool gone_ = false;   ///< Not even that: the connection was lost.
    bool remembers_input_ = false;
    std::optional<strike> pending_; ///< Strikes at the next call, whatever that is.
};

void faulty_connection::leave_transaction() noexcept {
    real_->rollback();
    if (inside_) {
        script_.in_transaction = false;
    }
    inside_ = failed_ = gone_ = remembers_input_ = false;
    pending_.reset();
}

/// Only steps are counted: what begins a transaction and what writes. How often the engine reads differs by
/// database (one locks the guilds of a batch together), and a strike is to fall at the same place on all.
void faulty_connection::before(std::string_view sql, call what) {
    if (script_.dead) {
        throw process_end();
    }
    const bool to_savepoint = sql.starts_with("ROLLBACK TO");
    if (failed_ && (gone_ || !to_savepoint)) {
        throw sql_error(sql_errc::misuse, "the transaction has failed; only a rollback can follow");
    }
    failed_ = false;
    ++script_.statements;
    if (pending_ && !to_savepoint) {
        struck(*std::exchange(pending_, std::nullopt));
    }
    if (what == call::read || to_savepoint) {
        return;
    }
    const std::optional<strike> due = script_.take(strike_at::statement);
    if (due && (due->side == strike_side::before || sql == "BEGIN")) {
        struck(*due);
    }
    pending_ = due;
}

void faulty_connection::struck(const strike& how) {
    script_.tell(how);
    if (how.way == strike_way::ends_process) {
        script_.end();
    }
    failed_ = inside_;
    gone_ = inside_ && how.error == sql_errc::lost;
    throw sql_error(how.error, "a fault of the simulation");
}

cursor faulty_connection::query(std::string_view sql, std::span<const value> parameters) {
    before(sql, sql.starts_with("SELECT") || sql.starts_with("WITH") ? call::read : call::step);
    constexpr std::string_view earlier = " = o.effect_id THEN 1";
    const std::size_t lane = sql.find(earlier);
    if (script_.planted == defect::lane_ignored && lane != std::string_view::npos) {
        std::string changed(sql);
        changed.replace(lane, earlier.size(), " > 0 THEN 1"); // Nothing stands before anything.
        return real_->query(changed, parameters);
    }
    return real_->query(sql, parameters);
}

faulty_connection::changed_values faulty_connection::planted(std::string_view sql,
                                                             std::span<const value> parameters) {
    std::vector<value> changed(parameters.begin(), parameters.end());
    if (sql.starts_with("INSERT INTO outbox")) {
        const auto key = std::get<std::string_view>(changed[2]);
        const auto lane = std::get<std::string_view>(changed[3]);
        if (script_.strikes(defect::outbox_row_lost, 7)) {
            return std::nullopt;
        }
        if (script_.strikes(defect::guild_swapped, 11)) {
            changed[0] = script_.other_guild.value();
        }
        if (lane.starts_with("dm:") && script_.strikes(defect::effect_before_commit, 5)) {
            script_.send_now(guild_id{std::get<std::int64_t>(changed[0])},
                             std::stoll(std::string(lane.substr(3))), key);
        }
    } else if (sql.starts_with("INSERT INTO ledger") && script_.strikes(defect::ledger_row_lost, 3)) {
        return std::nullopt;
    } else if (sql.starts_with("INSERT INTO timer") && script_.strikes(defect::timer_lost, 7)) {
        return std::nullopt;
    } else if (sql.starts_with("INSERT INTO inbox") && script_.strikes(defect::repeat_runs_again, 5)) {
        return std::nullopt;
    } else if (sql.starts_with("INSERT INTO link") && script_.strikes(defect::claim_raised, 1)) {
        changed[5] = std::int64_t{5}; // The column `level`: confirmed.
    }
    return changed;
}

std::int64_t faulty_connection::run(std::string_view sql, std::span<const value> parameters) {
    before(sql, call::step);
    remembers_input_ = remembers_input_ || sql.starts_with("INSERT INTO inbox");
    if (script_.planted == defect::none) {
        return real_->run(sql, parameters);
    }
    const changed_values changed = planted(sql, parameters);
    return changed ? real_->run(sql, *changed) : 1;
}

void faulty_connection::post(std::string_view sql, std::span<const value> parameters) {
    before(sql, call::step);
    remembers_input_ = remembers_input_ || sql.starts_with("INSERT INTO inbox");
    if (script_.planted == defect::none) {
        real_->post(sql, parameters);
    } else if (const changed_values changed = planted(sql, parameters)) {
        real_->post(sql, *changed);
    }
}

void faulty_connection::begin(store::tx_mode mode) {
    script_.stop(mode == store::tx_mode::write ? stop_place::before_writing : stop_place::before_reading);
    before("BEGIN", call::step);
    real_->begin(mode);
    inside_ = true;
    script_.in_transaction = true;
}

void faulty_connection::commit() {
    if (script_.dead) {
        throw process_end();
    }
    if (failed_) {
        leave_transaction();
        throw sql_error(sql_errc::misuse, "the transaction had failed and was rolled back");
    }
    ++script_.commits;
    const std::optional<strike> due = script_.take(strike_at::commit);
    if (due && due->side == strike_side::before) {
        leave_transaction();
        struck(*due);
    }
    if (remembers_input_ && script_.strikes(defect::acknowledged_dropped, 9)) {
        leave_transaction();
        return;
    }
    real_->commit();
    leave_transaction();
    if (due) {
        script_.tell(*due);
    }
    if (due && due->way == strike_way::fails) {
        throw sql_error(sql_errc::unknown, "a fault of the simulation: the answer to the commit was lost");
    }
    if (due) {
        script_.end();
    }
    script_.stop(stop_place::after_commit);
}

class faulty_database final : public store::database {
public:
    faulty_database(std::shared_ptr<store::database> real, store_script& script)
        : real_(std::move(real))
        , script_(script) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        return std::make_unique<faulty_connection>(real_->connect(options), script_);
    }

private:
    std::shared_ptr<store::database> real_;
    store_script& script_;
};

} // namespace

std::optional<strike> store_script::take(strike_at at) {
    if (!next || next->at != at || --next->countdown > 0) {
        return std::nullopt;
    }
    return std::exchange(next, std::nullopt);
}

void store_script::tell(const strike& what) const {
    if (on_strike) {
        on_strike(what);
    }
}

void store_script::stop(stop_place where) const {
    if (on_stop && !dead) {
        on_stop(where);
    }
}

void store_script::end() {
    dead = true;
    throw process_end();
}

bool store_script::strikes(defect which, std::uint64_t nth) {
    return planted == which && ++chances % nth == 0;
}

std::shared_ptr<store::database> with_faults(std::shared_ptr<store::database> real, store_script& script) {
    return std::make_shared<faulty_database>(std::move(real), script);
}

} // namespace patt::simulation
