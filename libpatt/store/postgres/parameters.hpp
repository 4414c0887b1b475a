/// @file
/// Parameters in PostgreSQL's wire form: always binary, always typed, except NULL.
#pragma once

#include <patt/store/db.hpp>

#include <libpq-fe.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store::postgres {

/// The object ids of the types that go in and come out (`src/include/catalog/pg_type.dat` of PostgreSQL).
namespace type {
constexpr Oid none = 0; ///< The server finds it out.
constexpr Oid boolean = 16;
constexpr Oid bytea = 17;
constexpr Oid name = 19;
constexpr Oid int8 = 20;
constexpr Oid int2 = 21;
constexpr Oid int4 = 23;
constexpr Oid text = 25;
constexpr Oid float4 = 700;
constexpr Oid float8 = 701;
constexpr Oid int8_array = 1016;
constexpr Oid bpchar = 1042;
constexpr Oid varchar = 1043;
} // namespace type

/// The parameters of one run, in the arrays that libpq takes. Keeps its memory for the next run.
class wire_parameters {
public:
    /// Copies the parameters.
    /// @throws sql_error `bad_value` for a text that is no text and a double that is no number.
    void assign(std::span<const value> parameters, std::string_view sql);

    [[nodiscard]] int count() const noexcept { return static_cast<int>(types_.size()); }
    /// `type::none` for a NULL.
    [[nodiscard]] std::span<const Oid> types() const noexcept { return types_; }
    [[nodiscard]] const char* const* values() const noexcept { return values_.data(); }
    [[nodiscard]] const int* lengths() const noexcept { return lengths_.data(); }
    [[nodiscard]] const int* formats() const noexcept { return formats_.data(); }

private:
    void add(const value& parameter, std::string_view sql);

    std::vector<Oid> types_;
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::size_t> places_; ///< Where in `bytes_` each value begins.
    std::string bytes_;
};

/// A big-endian integer of `size` bytes, as the server sends it.
[[nodiscard]] std::int64_t from_wire(const char* bytes, int size) noexcept;

} // namespace patt::store::postgres
