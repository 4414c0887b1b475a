#include "bench/postgres/script_recorder.hpp"

#include <patt/result.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace patt::bench {
namespace {

/// A value as SQL, of the type that the driver gives it. pgbench has no strings as variables, so they stand
/// in the statement, which is prepared once for each connection all the same.
struct as_literal {
    std::int64_t guild;
    std::int64_t member;
    std::string operator()(store::null_t) const { return "NULL"; }
    std::string operator()(std::int64_t n) const {
        if (n == guild || n == member) {
            return n == guild ? ":patt_guild::bigint" : ":patt_member::bigint";
        }
        return fmt::format("({})::bigint", n);
    }
    std::string operator()(double n) const { return fmt::format("({})::float8", n); }
    std::string operator()(std::string_view s) const {
        std::string out = "E'";
        for (const char c : s) {
            switch (c) {
            case '\'':
                out += "''";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case ':':
                out += "\\x3a";
                break; // pgbench takes what follows for a variable, in texts too.
            default:
                out += c;
            }
        }
        return out + "'::text";
    }
    std::string operator()(std::span<const std::int64_t> numbers) const {
        std::string out = "ARRAY[";
        for (const std::int64_t n : numbers) {
            out += (out.ends_with('[') ? "" : ", ") + (*this)(n);
        }
        return out + "]::bigint[]";
    }
    std::string operator()(std::span<const std::byte> b) const {
        std::string out = "'\\x";
        for (const std::byte each : b) {
            out += fmt::format("{:02x}", std::to_integer<unsigned>(each));
        }
        return out + "'::bytea";
    }
};

std::string on_one_line(std::string_view sql) {
    std::string out(sql);
    std::replace(out.begin(), out.end(), '\n', ' ');
    return out;
}

} // namespace

/// Rows whose first reading is a round trip, unless something waited meanwhile.
class asked_rows final : public store::row_source {
public:
    asked_rows(script_recorder& to, store::cursor rows)
        : to_(to)
        , rows_(std::move(rows))
        , asked_at_(to.round_trips()) {}
    bool next() override {
        if (!std::exchange(read_, true) && to_.round_trips() == asked_at_) {
            to_.waits_for_the_last();
        }
        return inner()->next();
    }
    [[nodiscard]] bool is_null(int column) const override { return inner()->is_null(column); }
    [[nodiscard]] std::int64_t i64(int column) const override { return inner()->i64(column); }
    [[nodiscard]] double f64(int column) const override { return inner()->f64(column); }
    [[nodiscard]] std::string_view text(int column) const override { return inner()->text(column); }
    [[nodiscard]] std::span<const std::byte> bytes(int column) const override {
        return inner()->bytes(column);
    }
    [[nodiscard]] std::int64_t affected() const override { return inner()->affected(); }
    void reset() noexcept override { rows_.reset(); }
    [[nodiscard]] bool free() const noexcept { return !rows_; }

private:
    [[nodiscard]] const store::cursor& inner() const { return *rows_; }
    script_recorder& to_;
    std::optional<store::cursor> rows_;
    std::int64_t asked_at_;
    bool read_ = false;
};

class script_connection final : public store::connection {
public:
    script_connection(script_recorder& to, std::unique_ptr<store::connection> inner)
        : to_(to)
        , inner_(std::move(inner)) {}

    using connection::ask;
    using connection::post;
    using connection::query;
    using connection::run;
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return inner_->dialect(); }
    [[nodiscard]] store::cursor query(std::string_view sql, std::span<const store::value> values) override {
        to_.waits(to_.with_values(sql, values));
        return inner_->query(sql, values);
    }
    [[nodiscard]] store::cursor ask(std::string_view sql, std::span<const store::value> values) override {
        to_.rides(to_.with_values(sql, values));
        std::erase_if(asked_, [](const auto& rows) { return rows->free(); });
        return store::cursor(
            *asked_.emplace_back(std::make_unique<asked_rows>(to_, inner_->ask(sql, values))));
    }
    std::int64_t run(std::string_view sql, std::span<const store::value> values) override {
        const bool rides = sql.starts_with("SAVEPOINT") || sql.starts_with("RELEASE");
        rides ? to_.rides(std::string(sql)) : to_.waits(to_.with_values(sql, values));
        return inner_->run(sql, values);
    }
    void post(std::string_view sql, std::span<const store::value> values) override {
        to_.rides(to_.with_values(sql, values));
        inner_->post(sql, values);
    }
    void flush() override { inner_->flush(); }
    void enter_guild(guild_id guild) override {
        const std::string number =
            guild == to_.guild_ ? std::string(":patt_guild") : std::to_string(guild.value());
        to_.rides("SELECT set_config('patt.guild', CAST(" + number +
                  " AS bigint)::text, true), set_config('role', 'none', true)");
        inner_->enter_guild(guild);
    }
    void enter_queue() override {
        to_.rides("SELECT set_config('role', 'patt_queue', true)");
        inner_->enter_queue();
    }
    void script(std::string_view statements) override { inner_->script(statements); }
    void begin(store::tx_mode mode) override {
        to_.rides(mode == store::tx_mode::write ? "BEGIN"
                                                : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        ++to_.transactions_;
        mode_ = mode;
        open_ = true;
        inner_->begin(mode);
    }
    void commit() override {
        inner_->commit();
        open_ = false;
        mode_ == store::tx_mode::read ? to_.rides("COMMIT") : to_.waits("COMMIT");
    }
    void rollback() noexcept override {
        inner_->rollback();
        if (std::exchange(open_, false)) {
            to_.rides("ROLLBACK");
        }
    }
    void forget_statements() noexcept override { inner_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return inner_->statements_run(); }

private:
    script_recorder& to_;
    std::unique_ptr<store::connection> inner_;
    std::vector<std::unique_ptr<asked_rows>> asked_;
    store::tx_mode mode_{};
    bool open_ = false; ///< A transaction, in the script.
};

script_recorder::script_recorder(std::shared_ptr<store::database> inner, guild_id guild, member_id member)
    : inner_(std::move(inner))
    , guild_(guild)
    , member_(member) {}

std::unique_ptr<store::connection> script_recorder::connect(store::open_options options) {
    return std::make_unique<script_connection>(*this, inner_->connect(options));
}

void script_recorder::forget() {
    script_.clear();
    riding_.clear();
    round_trips_ = statements_ = transactions_ = 0;
}

std::string script_recorder::script() const {
    return riding_.empty() ? script_ : script_ + "\\startpipeline\n" + riding_ + "\\endpipeline\n";
}

void script_recorder::rides(const std::string& statement) {
    riding_ += on_one_line(statement) + ";\n";
    ++statements_;
}

void script_recorder::waits(const std::string& statement) {
    ++round_trips_;
    ++statements_;
    const std::string line = on_one_line(statement) + ";\n";
    if (riding_.empty()) {
        script_ += line;
        return;
    }
    script_ += "\\startpipeline\n" + std::exchange(riding_, {}) + line + "\\endpipeline\n";
}

void script_recorder::waits_for_the_last() {
    ++round_trips_;
    script_ += "\\startpipeline\n" + std::exchange(riding_, {}) + "\\endpipeline\n";
}

std::string script_recorder::with_values(std::string_view sql, std::span<const store::value> values) const {
    std::string out;
    for (std::size_t at = 0; at < sql.size();) {
        if (sql[at] != '$') {
            out += sql[at++];
            continue;
        }
        std::size_t number = 0;
        for (++at; at < sql.size() && std::isdigit(static_cast<unsigned char>(sql[at])) != 0; ++at) {
            number = number * 10 + static_cast<std::size_t>(sql[at] - '0');
        }
        if (number == 0 || number > values.size()) {
            throw failure("a statement names a parameter that is not there");
        }
        out += std::visit(as_literal{guild_.value(), member_.value()}, values[number - 1]);
    }
    return out;
}

} // namespace patt::bench
