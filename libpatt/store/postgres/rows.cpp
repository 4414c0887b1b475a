#include "store/postgres/rows.hpp"

#include "store/postgres/errors.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <utility>

namespace patt::store::postgres {

std::int64_t rows_written(const PGresult* result) noexcept {
    if (result == nullptr) { // Of a statement about savepoints.
        return 0;
    }
    auto* changed = const_cast<PGresult*>(result); // libpq asks for more than it needs.
    const std::string_view tag = PQcmdStatus(changed);
    if (!tag.starts_with("INSERT") && !tag.starts_with("UPDATE") && !tag.starts_with("DELETE") &&
        !tag.starts_with("MERGE")) {
        return 0;
    }
    const std::string_view count = PQcmdTuples(changed);
    std::int64_t number = 0;
    std::from_chars(count.data(), count.data() + count.size(), number);
    return number;
}

void assign_parameters(wire_parameters& into, const statement& what, std::span<const value> parameters) {
    if (parameters.size() != what.parameters) {
        throw own_error(sql_errc::misuse,
                        fmt::format("{} parameters given, {} used", parameters.size(), what.parameters),
                        what.sql);
    }
    into.assign(parameters, what.sql);
}

void rows::bind(const statement_ref& what, std::span<const value> parameters) {
    assign_parameters(parameters_, *what, parameters);
    what_ = what;
    affected_ = 0;
    row_ = -1;
    state_ = state::bound;
}

void rows::send() {
    by_.send(what_, parameters_, &result_);
    state_ = state::sent;
}

bool rows::next() {
    if (state_ == state::bound || state_ == state::sent) {
        const bool sent = std::exchange(state_, state::broken) == state::sent; // Until it has run.
        if (!sent) {
            result_ = by_.run_now(what_, parameters_);
        } else if (result_ == nullptr) {
            by_.await(*what_);
        }
        state_ = state::running;
        count_ = PQntuples(result_.get());
        columns_ = PQnfields(result_.get());
    } else if (state_ == state::done) {
        return false;
    } else if (state_ != state::running) {
        throw own_error(sql_errc::misuse, "a cursor after an error or the end of its transaction",
                        what_->sql);
    }
    if (++row_ < count_) {
        return true;
    }
    state_ = state::done;
    affected_ = rows_written(result_.get());
    return false;
}

void rows::end_with_transaction() noexcept {
    if (state_ != state::idle) {
        by_.disown(&result_);
        state_ = state::broken;
        result_.reset();
    }
}

void rows::reset() noexcept {
    if (state_ == state::sent && result_ == nullptr) {
        by_.disown(&result_);
    }
    state_ = state::idle;
    result_.reset();
    what_.reset();
}

const char* rows::at(int column) const {
    if (state_ != state::running || row_ < 0 || column < 0 || column >= columns_) {
        throw own_error(sql_errc::misuse, fmt::format("no row, or no column {} in it", column), what_->sql);
    }
    return PQgetisnull(result_.get(), row_, column) != 0 ? nullptr : PQgetvalue(result_.get(), row_, column);
}

int rows::size_of(int column) const {
    return PQgetlength(result_.get(), row_, column);
}

void rows::wrong_type(int column, std::string_view wanted) const {
    throw own_error(sql_errc::misuse, fmt::format("column {} does not hold {}", column, wanted), what_->sql);
}

bool rows::is_null(int column) const {
    return at(column) == nullptr;
}

std::int64_t rows::i64(int column) const {
    const char* found = at(column);
    if (found == nullptr) {
        return 0;
    }
    switch (PQftype(result_.get(), column)) {
    case type::int8:
    case type::int4:
    case type::int2:
        return from_wire(found, size_of(column));
    case type::boolean: // What a comparison answers; SQLite answers 0 or 1.
        return *found == 0 ? 0 : 1;
    default:
        wrong_type(column, "an integer");
    }
}

double rows::f64(int column) const {
    const char* found = at(column);
    if (found == nullptr) {
        return 0.0;
    }
    switch (PQftype(result_.get(), column)) {
    case type::float8:
        return std::bit_cast<double>(from_wire(found, 8));
    case type::float4:
        return static_cast<double>(std::bit_cast<float>(static_cast<std::int32_t>(from_wire(found, 4))));
    case type::int8:
    case type::int4:
    case type::int2:
        return static_cast<double>(i64(column));
    default:
        wrong_type(column, "a number");
    }
}

std::string_view rows::text(int column) const {
    const char* found = at(column);
    if (found == nullptr) {
        return {};
    }
    switch (PQftype(result_.get(), column)) {
    case type::text:
    case type::varchar:
    case type::bpchar:
    case type::name:
        return {found, static_cast<std::size_t>(size_of(column))};
    default:
        wrong_type(column, "a text");
    }
}

std::span<const std::byte> rows::bytes(int column) const {
    const char* found = at(column);
    if (found == nullptr) {
        return {};
    }
    if (PQftype(result_.get(), column) != type::bytea) {
        wrong_type(column, "bytes");
    }
    return {reinterpret_cast<const std::byte*>(found), static_cast<std::size_t>(size_of(column))};
}

} // namespace patt::store::postgres
