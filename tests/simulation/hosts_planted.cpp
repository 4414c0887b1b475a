#include "simulation/hosts_planted.hpp"

#include "store/host_repository.hpp"
#include "store/lease_repository.hpp"
#include "store/slot.hpp"

#include <fmt/core.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patt::simulation {
namespace {

using store::cursor;
using store::value;

/// Rows of leases that are told again.
class told_leases final : public store::row_source {
public:
    std::vector<store::lease_row> rows;
    void begin_again() {
        rows.clear();
        at_ = 0;
    }
    bool next() override { return ++at_ <= rows.size(); }
    [[nodiscard]] bool is_null(int) const override { return false; }
    [[nodiscard]] std::int64_t i64(int column) const override {
        const store::lease_row& l = rows[at_ - 1];
        const std::array<std::int64_t, 5> columns{0, l.key, l.epoch, l.holder, l.expires_at.microseconds()};
        return columns.at(static_cast<std::size_t>(column));
    }
    [[nodiscard]] double f64(int) const override { return 0; }
    [[nodiscard]] std::string_view text(int) const override { return store::partition_lease; }
    [[nodiscard]] std::span<const std::byte> bytes(int) const override { return {}; }
    [[nodiscard]] std::int64_t affected() const override { return 0; }
    void reset() noexcept override {}

private:
    std::size_t at_ = 0;
};

/// An effect that a transaction claims.
struct claim {
    std::int64_t guild;
    std::int64_t effect;
    std::int64_t epoch;
    std::int64_t attempts = 0;
};

/// The rows of a claiming statement, told on as they are and remembered.
class watched_claims final : public store::row_source {
public:
    std::vector<claim> seen; ///< Of the running transaction.
    void watch(cursor rows) { rows_.emplace(std::move(rows)); }
    bool next() override {
        const bool one = (*rows_)->next();
        if (one) {
            // As claim_effects() reads them: the guild, the effect, ..., the attempts, the epoch.
            seen.push_back({i64(0), i64(1), i64(11), i64(10)});
        }
        return one;
    }
    [[nodiscard]] bool is_null(int column) const override { return (*rows_)->is_null(column); }
    [[nodiscard]] std::int64_t i64(int column) const override { return (*rows_)->i64(column); }
    [[nodiscard]] double f64(int column) const override { return (*rows_)->f64(column); }
    [[nodiscard]] std::string_view text(int column) const override { return (*rows_)->text(column); }
    [[nodiscard]] std::span<const std::byte> bytes(int column) const override {
        return (*rows_)->bytes(column);
    }
    [[nodiscard]] std::int64_t affected() const override { return (*rows_)->affected(); }
    void reset() noexcept override { rows_.reset(); }

private:
    std::optional<cursor> rows_;
};

class watched_connection final : public store::connection {
public:
    watched_connection(std::unique_ptr<store::connection> real, host_watch& watch)
        : real_(std::move(real))
        , watch_(watch) {}

    using connection::query;
    using connection::run;
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return real_->dialect(); }
    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override;
    std::int64_t run(std::string_view sql, std::span<const value> parameters) override;
    void post(std::string_view sql, std::span<const value> parameters) override {
        real_->post(sql, parameters);
    }
    void flush() override { real_->flush(); }
    void enter_guild(guild_id guild) override { real_->enter_guild(guild); }
    void enter_queue() override { real_->enter_queue(); }
    void script(std::string_view statements) override { real_->script(statements); }
    void begin(store::tx_mode mode) override { real_->begin(mode); }
    void commit() override;
    void rollback() noexcept override {
        forget();
        real_->rollback();
    }
    void forget_statements() noexcept override { real_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return real_->statements_run(); }

private:
    [[nodiscard]] std::int64_t number(std::string_view sql, std::initializer_list<value> parameters);
    [[nodiscard]] cursor leases_as_they_were(std::string_view sql, std::span<const value> parameters);
    [[nodiscard]] std::string as_if_still_ours(std::string_view sql, std::span<const value> parameters);
    [[nodiscard]] std::string in_the_others_care(std::string_view sql);
    void forget() noexcept {
        claims_.seen.clear();
        slots_.clear();
    }

    std::unique_ptr<store::connection> real_;
    host_watch& watch_;
    watched_claims claims_;
    std::vector<std::pair<guild_id, std::int64_t>> slots_;       ///< Of the running transaction.
    std::map<std::pair<std::int64_t, std::int64_t>, claim> had_; ///< What was once claimed here.
    std::map<std::int64_t, store::lease_row> known_;
    told_leases told_;
};

std::int64_t watched_connection::number(std::string_view sql, std::initializer_list<value> parameters) {
    const cursor rows = real_->query(sql, parameters);
    return rows->next() ? rows->i64(0) : 0;
}

cursor watched_connection::leases_as_they_were(std::string_view sql, std::span<const value> parameters) {
    told_.begin_again();
    const cursor rows = real_->query(sql, parameters);
    while (rows->next()) {
        const std::int64_t key = rows->i64(1);
        const store::lease_row now{std::string(store::partition_lease), key, rows->i64(2), rows->i64(3),
                                   instant{rows->i64(4)}};
        if (now.holder == watch_.host) {
            known_.insert_or_assign(key, now);
        }
        const auto known = known_.find(key);
        told_.rows.push_back(known == known_.end() ? now : known->second);
    }
    return cursor{told_};
}

std::string watched_connection::as_if_still_ours(std::string_view sql, std::span<const value> parameters) {
    std::string out(sql);
    constexpr std::string_view claimed = ", o.attempts, o.claim_epoch,";
    const auto at = out.find(claimed);
    const auto had =
        at == std::string::npos
            ? had_.end()
            : had_.find({std::get<std::int64_t>(parameters[0]), std::get<std::int64_t>(parameters[1])});
    if (had != had_.end()) {
        out.replace(at, claimed.size(),
                    fmt::format(", CAST({} AS BIGINT), CAST({} AS BIGINT),", had->second.attempts,
                                had->second.epoch));
    }
    return out;
}

/// What another holder has claimed is left to it, and stands before nothing.
std::string watched_connection::in_the_others_care(std::string_view sql) {
    std::string out(sql);
    constexpr std::string_view waits = "b.state = 2";
    const std::string counts =
        fmt::format("b.state = 2 AND (b.claimed_at = 0 OR b.claim_epoch = (SELECT l.epoch FROM lease l WHERE"
                    " l.kind = '{}' AND l.lease_key = b.slot * {} / {}))",
                    store::partition_lease, store::partitions(*real_), store::slots);
    for (std::size_t at = out.find(waits); at != std::string::npos;
         at = out.find(waits, at + counts.size())) {
        out.replace(at, waits.size(), counts);
    }
    constexpr std::string_view first = " = o.effect_id THEN 1"; // Such a one may be claimed itself.
    if (const std::size_t at = out.find(first); at != std::string::npos) {
        out.replace(at, first.size(), " = o.effect_id OR o.claimed_at <> 0 THEN 1");
    }
    return out;
}

cursor watched_connection::query(std::string_view sql, std::span<const value> parameters) {
    if (sql.starts_with("UPDATE outbox SET attempts")) {
        claims_.watch(real_->query(sql, parameters));
        return cursor{claims_};
    }
    if (watch_.planted == host_defect::fence_left_out &&
        sql.starts_with("SELECT kind, lease_key, epoch, holder, expires_at FROM lease WHERE kind = $1 AND")) {
        return leases_as_they_were(sql, parameters);
    }
    if (watch_.planted == host_defect::stale_ack_accepted) {
        return real_->query(as_if_still_ours(sql, parameters), parameters);
    }
    if (watch_.planted == host_defect::order_lost && sql.find("b.state = 2") != std::string_view::npos) {
        return real_->query(in_the_others_care(sql), parameters);
    }
    return real_->query(sql, parameters);
}

std::int64_t watched_connection::run(std::string_view sql, std::span<const value> parameters) {
    std::int64_t written = real_->run(sql, parameters);
    const bool slot = sql.starts_with("INSERT INTO cron_slot");
    if (watch_.planted == host_defect::slot_run_twice && (slot || sql.starts_with("DELETE FROM timer"))) {
        written = 1;
    }
    if (slot && written == 1) {
        slots_.emplace_back(std::get<std::int64_t>(parameters[0]), std::get<std::int64_t>(parameters[2]));
    }
    return written;
}

void watched_connection::commit() {
    for (const claim& c : claims_.seen) {
        const std::int64_t slot = store::guild_slot(guild_id{c.guild});
        const std::int64_t partition = store::partition_of(slot, store::partitions(*real_));
        watch_.on_claim(partition, c.epoch,
                        number("SELECT epoch FROM lease WHERE kind = $1 AND lease_key = $2",
                               {store::partition_lease, partition}));
    }
    real_->commit();
    for (const claim& c : claims_.seen) {
        had_.insert_or_assign({c.guild, c.effect}, c);
    }
    for (const auto& [guild, slot] : slots_) {
        watch_.on_slot(guild, slot);
    }
    forget();
}

class watched_db final : public store::database {
public:
    watched_db(std::shared_ptr<store::database> real, host_watch& watch)
        : real_(std::move(real))
        , watch_(watch) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        return std::make_unique<watched_connection>(real_->connect(options), watch_);
    }

private:
    std::shared_ptr<store::database> real_;
    host_watch& watch_;
};

} // namespace

std::string_view to_string(host_defect value) noexcept {
    switch (value) {
    case host_defect::fence_left_out:
        return "fence_left_out";
    case host_defect::boot_id_again:
        return "boot_id_again";
    case host_defect::stale_ack_accepted:
        return "stale_ack_accepted";
    case host_defect::order_lost:
        return "order_lost";
    case host_defect::slot_run_twice:
        return "slot_run_twice";
    case host_defect::none:
        break;
    }
    return "none";
}

std::shared_ptr<store::database> watched_database(std::shared_ptr<store::database> real, host_watch& watch) {
    return std::make_shared<watched_db>(std::move(real), watch);
}

} // namespace patt::simulation
