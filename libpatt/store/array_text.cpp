#include "store/array_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

namespace patt::store {

namespace {

struct append {
    std::string& to;

    [[noreturn]] void operator()(null_t) const {
        throw sql_error(sql_errc::misuse,
                        "several rows hold no NULL: their columns have the types of values");
    }
    void operator()(std::int64_t v) const { fmt::format_to(std::back_inserter(to), "{}", v); }
    void operator()(double v) const {
        if (std::isnan(v)) { // As for a parameter: SQLite has none, so nobody may store one.
            throw sql_error(sql_errc::bad_value, "a row holds a number that is none");
        }
        fmt::format_to(std::back_inserter(to), "{}", v); // Reads back the same.
    }
    void operator()(std::string_view v) const {
        to += '"';
        for (const char c : v) {
            if (c == '"' || c == '\\') {
                to += '\\';
            }
            to += c;
        }
        to += '"';
    }
    void operator()(std::span<const std::byte> v) const {
        constexpr std::string_view digits = "0123456789abcdef";
        to += "\"\\\\x";
        for (const std::byte b : v) {
            to += digits[std::to_integer<unsigned>(b) >> 4U];
            to += digits[std::to_integer<unsigned>(b) & 15U];
        }
        to += '"';
    }
    [[noreturn]] void operator()(std::span<const std::int64_t>) const {
        throw sql_error(sql_errc::misuse, "a row holds no array");
    }
};

} // namespace

std::string_view sql_type_of(const value& v) noexcept {
    constexpr std::array<std::string_view, 6> names{"",     "BIGINT", "DOUBLE PRECISION",
                                                    "TEXT", "BYTEA",  "BIGINT[]"};
    return names.at(v.index());
}

void add_element(std::string& to, const value& v) {
    to += to.empty() ? '{' : ',';
    std::visit(append{to}, v);
}

} // namespace patt::store
