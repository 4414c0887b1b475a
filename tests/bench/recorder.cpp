#include "bench/recorder.hpp"

#include <patt/result.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace patt::bench {
namespace {

recorded_value keep(const store::value& v) {
    struct keeper {
        recorded_value operator()(store::null_t) const { return {}; }
        recorded_value operator()(std::int64_t n) const { return n; }
        recorded_value operator()(double n) const { return n; }
        recorded_value operator()(std::string_view s) const { return std::string(s); }
        recorded_value operator()(std::span<const std::int64_t>) const {
            throw failure("a database with arrays is not recorded");
        }
        recorded_value operator()(std::span<const std::byte> b) const {
            return blob{std::string(reinterpret_cast<const char*>(b.data()), b.size())};
        }
    };
    return std::visit(keeper{}, v);
}

bool starts(std::string_view sql, std::string_view with) {
    return sql.substr(0, with.size()) == with;
}

} // namespace

class recording_connection final : public store::connection {
public:
    recording_connection(recorder& to, std::unique_ptr<store::connection> inner)
        : to_(to)
        , inner_(std::move(inner)) {}

    using connection::query;
    using connection::run;
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return inner_->dialect(); }
    [[nodiscard]] store::cursor query(std::string_view sql, std::span<const store::value> values) override;
    std::int64_t run(std::string_view sql, std::span<const store::value> values) override;
    void flush() override { inner_->flush(); }
    void enter_guild(guild_id guild) override { inner_->enter_guild(guild); }
    void enter_queue() override { inner_->enter_queue(); }
    void script(std::string_view statements) override { inner_->script(statements); }
    void begin(store::tx_mode mode) override {
        inner_->begin(mode);
        ++to_.seen_.transactions;
        open_.emplace();
    }
    void commit() override;
    void rollback() noexcept override {
        inner_->rollback();
        open_.reset();
    }
    void forget_statements() noexcept override { inner_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return inner_->statements_run(); }

private:
    enum class sort { reading, savepoint, writing };
    sort note(std::string_view sql);
    void record(std::string_view sql, std::span<const store::value> values, std::int64_t rows);

    recorder& to_;
    std::unique_ptr<store::connection> inner_;
    std::optional<std::vector<recorded_write>> open_;
    std::map<std::string, std::size_t, std::less<>> known_;

    /// The rows of a writing statement with RETURNING, read at once: only then is known what it wrote.
    class copied_rows final : public store::row_source {
    public:
        using cell = recorded_value;
        std::vector<std::vector<cell>> rows;
        std::int64_t wrote = 0;

        bool next() override { return ++at_ < rows.size(); }
        [[nodiscard]] bool is_null(int c) const override { return get(c).index() == 0; }
        [[nodiscard]] std::int64_t i64(int c) const override { return std::get<std::int64_t>(get(c)); }
        [[nodiscard]] double f64(int c) const override { return std::get<double>(get(c)); }
        [[nodiscard]] std::string_view text(int c) const override { return std::get<std::string>(get(c)); }
        [[nodiscard]] std::span<const std::byte> bytes(int c) const override {
            const std::string& b = std::get<blob>(get(c)).bytes;
            return {reinterpret_cast<const std::byte*>(b.data()), b.size()};
        }
        [[nodiscard]] std::int64_t affected() const override { return wrote; }
        void reset() noexcept override { rows.clear(); }

    private:
        [[nodiscard]] const cell& get(int c) const { return rows.at(at_).at(static_cast<std::size_t>(c)); }
        std::size_t at_ = static_cast<std::size_t>(-1);
    };
    static std::vector<recorded_value> copy_row(const store::cursor& row);
    std::vector<std::unique_ptr<copied_rows>> copies_;
};

recording_connection::sort recording_connection::note(std::string_view sql) {
    ++to_.seen_.by_text[std::string(sql)];
    if (starts(sql, "SELECT")) {
        ++to_.seen_.reads;
        return sort::reading;
    }
    if (starts(sql, "SAVEPOINT") || starts(sql, "RELEASE")) {
        ++to_.seen_.savepoints;
        return sort::savepoint;
    }
    if (starts(sql, "ROLLBACK")) {
        throw failure("a benchmark's input failed");
    }
    ++to_.seen_.writes;
    return sort::writing;
}

void recording_connection::record(std::string_view sql, std::span<const store::value> values,
                                  std::int64_t rows) {
    if (!open_) {
        throw failure("a benchmark wrote outside a transaction");
    }
    if (rows == 0) {
        ++to_.seen_.empty_writes;
        return;
    }
    auto known = known_.find(sql);
    if (known == known_.end()) {
        known = known_.emplace(std::string(sql), to_.written_.statements.size()).first;
        to_.written_.statements.emplace_back(sql);
    }
    recorded_write w{known->second, {}, rows};
    std::transform(values.begin(), values.end(), std::back_inserter(w.values), keep);
    open_->push_back(std::move(w));
}

std::vector<recorded_value> recording_connection::copy_row(const store::cursor& row) {
    std::vector<recorded_value> out;
    for (int column = 0;; ++column) {
        try {
            if (row->is_null(column)) {
                out.emplace_back();
                continue;
            }
        } catch (const store::sql_error&) {
            return out; // No more columns.
        }
        try {
            out.emplace_back(row->i64(column));
        } catch (const store::sql_error&) {
            out.emplace_back(std::string(row->text(column)));
        }
    }
}

store::cursor recording_connection::query(std::string_view sql, std::span<const store::value> values) {
    if (note(sql) != sort::writing) {
        return inner_->query(sql, values);
    }
    copies_.clear();
    copies_.push_back(std::make_unique<copied_rows>());
    copied_rows& copy = *copies_.back();
    const store::cursor rows = inner_->query(sql, values);
    while (rows->next()) {
        copy.rows.push_back(copy_row(rows));
    }
    copy.wrote = rows->affected();
    record(sql, values, copy.wrote);
    return store::cursor{copy};
}

std::int64_t recording_connection::run(std::string_view sql, std::span<const store::value> values) {
    const sort what = note(sql);
    const std::int64_t rows = inner_->run(sql, values);
    if (what == sort::writing) {
        record(sql, values, rows);
    }
    return rows;
}

void recording_connection::commit() {
    inner_->commit();
    if (open_ && !open_->empty()) {
        to_.written_.transactions.push_back(std::move(*open_));
    }
    open_.reset();
}

recorder::recorder(std::shared_ptr<store::database> inner)
    : inner_(std::move(inner)) {}

std::unique_ptr<store::connection> recorder::connect(store::open_options options) {
    return std::make_unique<recording_connection>(*this, inner_->connect(options));
}

} // namespace patt::bench
