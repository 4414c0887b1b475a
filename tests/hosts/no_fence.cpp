#include "hosts/no_fence.hpp"

#include <patt/result.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::hosts {
namespace {

using store::cursor;
using store::value;

/// A row of a lease: key and epoch, or the five columns that are locked.
using lease_columns = std::vector<std::int64_t>;

class fixed_rows final : public store::row_source {
public:
    fixed_rows(std::vector<lease_columns> rows, std::string kind)
        : rows_(std::move(rows))
        , kind_(std::move(kind)) {}
    bool next() override { return ++at_ <= rows_.size(); }
    [[nodiscard]] bool is_null(int) const override { return false; }
    [[nodiscard]] std::int64_t i64(int column) const override {
        return rows_[at_ - 1].at(static_cast<std::size_t>(column));
    }
    [[nodiscard]] double f64(int column) const override { return static_cast<double>(i64(column)); }
    [[nodiscard]] std::string_view text(int) const override { return kind_; }
    [[nodiscard]] std::span<const std::byte> bytes(int) const override { return {}; }
    [[nodiscard]] std::int64_t affected() const override { return static_cast<std::int64_t>(rows_.size()); }
    void reset() noexcept override {}

private:
    std::vector<lease_columns> rows_;
    std::string kind_;
    std::size_t at_ = 0;
};

/// Keys as parameters: each by itself, or more than a few as one array.
std::vector<std::int64_t> keys_in(std::span<const value> parameters) {
    std::vector<std::int64_t> out;
    for (const value& v : parameters) {
        if (const auto* key = std::get_if<std::int64_t>(&v)) {
            out.push_back(*key);
            continue;
        }
        const auto keys = std::get<std::span<const std::int64_t>>(v);
        out.insert(out.end(), keys.begin(), keys.end());
    }
    return out;
}

/// What a host believes to hold, whatever became of it.
struct belief {
    std::mutex mutex;
    std::map<std::int64_t, std::int64_t> epochs; ///< By partition.
    std::int64_t holder = 0;
};

class trusting_connection final : public store::connection {
public:
    trusting_connection(std::unique_ptr<store::connection> sound, std::shared_ptr<belief> mine)
        : sound_(std::move(sound))
        , belief_(std::move(mine)) {}

    using connection::post;
    using connection::query;
    using connection::run;
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return sound_->dialect(); }

    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override {
        if (sql.starts_with("INSERT INTO lease")) {
            remember(sql, parameters, {});
            return rows();
        }
        if (sql.starts_with("UPDATE lease SET expires_at")) {
            remember(sql, parameters, std::get<std::int64_t>(parameters[1]));
            rows_ = believed_rows();
            return rows();
        }
        if (sql.starts_with("SELECT kind, lease_key") && sql.find("FOR SHARE") != sql.npos) {
            rows_ = believed_leases(parameters);
            return rows();
        }
        return sound_->query(sql, parameters);
    }
    std::int64_t run(std::string_view sql, std::span<const value> parameters) override {
        return sound_->run(sql, parameters);
    }
    void post(std::string_view sql, std::span<const value> parameters) override {
        if (sql.starts_with("UPDATE lease SET holder = 0")) {
            const std::scoped_lock lock(belief_->mutex);
            belief_->epochs.erase(std::get<std::int64_t>(parameters[1]));
        }
        sound_->post(sql, parameters);
    }
    void flush() override { sound_->flush(); }
    void enter_guild(guild_id guild) override { sound_->enter_guild(guild); }
    void enter_queue() override { sound_->enter_queue(); }
    void script(std::string_view statements) override { sound_->script(statements); }
    void begin(store::tx_mode mode) override { sound_->begin(mode); }
    void commit() override { sound_->commit(); }
    void rollback() noexcept override { sound_->rollback(); }
    void forget_statements() noexcept override { sound_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return sound_->statements_run(); }

private:
    /// Runs a statement that answers with keys and epochs.
    void remember(std::string_view sql, std::span<const value> parameters, std::int64_t holder) {
        std::vector<lease_columns> found;
        const cursor answer = sound_->query(sql, parameters);
        while (answer->next()) {
            found.push_back({answer->i64(0), answer->i64(1)});
        }
        const std::scoped_lock lock(belief_->mutex);
        for (const lease_columns& l : found) {
            belief_->epochs[l[0]] = l[1];
        }
        if (holder != 0) {
            belief_->holder = holder;
        }
        rows_ = std::make_unique<fixed_rows>(std::move(found), "partition");
    }
    [[nodiscard]] std::unique_ptr<fixed_rows> believed_rows() const {
        const std::scoped_lock lock(belief_->mutex);
        std::vector<lease_columns> out;
        for (const auto& [partition, epoch] : belief_->epochs) {
            out.push_back({partition, epoch});
        }
        return std::make_unique<fixed_rows>(std::move(out), "partition");
    }
    [[nodiscard]] std::unique_ptr<fixed_rows> believed_leases(std::span<const value> parameters) const {
        const std::scoped_lock lock(belief_->mutex);
        std::vector<lease_columns> out;
        for (const std::int64_t key : keys_in(parameters.subspan(1))) {
            const auto found = belief_->epochs.find(key);
            if (found != belief_->epochs.end()) {
                out.push_back({0, found->first, found->second, belief_->holder, INT64_MAX});
            }
        }
        return std::make_unique<fixed_rows>(std::move(out), "partition");
    }
    [[nodiscard]] cursor rows() { return cursor(*rows_); }

    std::unique_ptr<store::connection> sound_;
    std::shared_ptr<belief> belief_;
    std::unique_ptr<fixed_rows> rows_;
};

class trusting_database final : public store::database {
public:
    explicit trusting_database(std::shared_ptr<store::database> sound)
        : sound_(std::move(sound)) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        return std::make_unique<trusting_connection>(sound_->connect(options), belief_);
    }
    [[nodiscard]] std::unique_ptr<store::wake_channel> open_wake_channel() override {
        return sound_->open_wake_channel();
    }

private:
    std::shared_ptr<store::database> sound_;
    std::shared_ptr<belief> belief_ = std::make_shared<belief>();
};

} // namespace

std::shared_ptr<store::database> without_fence(std::shared_ptr<store::database> sound) {
    return std::make_shared<trusting_database>(std::move(sound));
}

} // namespace patt::hosts
