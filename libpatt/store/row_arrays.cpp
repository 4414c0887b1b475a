#include "store/row_arrays.hpp"

#include "store/array_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <span>

namespace patt::store {

namespace {

constexpr std::string_view no_null = "several rows hold no NULL: their columns have the types of values";

std::int64_t whole_number(const value& v) {
    const auto* number = std::get_if<std::int64_t>(&v);
    if (number == nullptr) {
        throw sql_error(sql_errc::misuse, std::string(no_null));
    }
    return *number;
}

bool is_whole_number(const value& v) noexcept {
    return std::holds_alternative<std::int64_t>(v);
}

} // namespace

void row_arrays::shape(const std::vector<value>& row) {
    width_ = row.size();
    for (std::size_t c = 0; c < row.size(); ++c) {
        // The first is what rows are joined by: of an expression the planner knows nothing.
        if (c > 0 && is_whole_number(row[c])) {
            together_.push_back(c);
        } else {
            own_.push_back({c, sql_type_of(row[c]), {}, {}});
        }
    }
}

void row_arrays::add(const std::vector<value>& row) {
    if (width_ == 0) {
        shape(row);
    }
    for (column& c : own_) {
        if (is_whole_number(row[c.number])) {
            c.numbers.push_back(whole_number(row[c.number]));
        } else {
            add_element(c.text, row[c.number]);
        }
    }
    for (const std::size_t c : together_) {
        numbers_.push_back(whole_number(row[c]));
    }
}

void row_arrays::clear() noexcept {
    numbers_.clear();
    for (column& c : own_) {
        c.text.clear();
        c.numbers.clear();
    }
}

void row_arrays::bind(std::vector<value>& to) {
    if (!together_.empty()) {
        to.emplace_back(std::span<const std::int64_t>{numbers_});
    }
    for (column& c : own_) {
        if (c.text.empty()) {
            to.emplace_back(std::span<const std::int64_t>{c.numbers});
        } else {
            c.text += '}';
            to.emplace_back(std::string_view{c.text});
        }
    }
}

std::string row_arrays::list(std::size_t first) const {
    return fmt::format("CAST(${} AS {}[])", first, own_.front().type);
}

std::string row_arrays::query(std::string_view function, std::size_t first) const {
    std::vector<std::string> columns(width_);
    for (std::size_t n = 0; n < together_.size(); ++n) {
        columns[together_[n]] =
            fmt::format("(CAST(${} AS BIGINT[]))[(r.n - 1) * {} + {}]", first, together_.size(), n + 1);
    }
    std::string arrays;
    std::string names;
    std::size_t parameter = first + (together_.empty() ? 0 : 1);
    for (const column& c : own_) {
        columns[c.number] = fmt::format("r.column{}", c.number + 1);
        fmt::format_to(std::back_inserter(arrays), "{}CAST(${} AS {}[])", arrays.empty() ? "" : ", ",
                       parameter++, c.type);
        fmt::format_to(std::back_inserter(names), "column{}, ", c.number + 1);
    }
    std::string out = "SELECT ";
    for (std::size_t c = 0; c < columns.size(); ++c) {
        fmt::format_to(std::back_inserter(out), "{}{} AS column{}", c == 0 ? "" : ", ", columns[c], c + 1);
    }
    fmt::format_to(std::back_inserter(out), " FROM {}({}) WITH ORDINALITY AS r ({}n)", function, arrays,
                   names);
    return out;
}

} // namespace patt::store
