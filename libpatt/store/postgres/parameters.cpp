#include "store/postgres/parameters.hpp"

#include "store/postgres/errors.hpp"
#include "store/text_check.hpp"

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>

namespace patt::store::postgres {
namespace {

/// What a run keeps for the next one; a large value gives its memory back.
constexpr std::size_t memory_kept = 16U * 1024U;

template <std::unsigned_integral Number>
void put(std::string& into, Number number) {
    for (int shift = 8 * static_cast<int>(sizeof number) - 8; shift >= 0; shift -= 8) {
        into += static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU);
    }
}

/// One dimension from 1 on, no NULL (`array_recv` in `src/backend/utils/adt/arrayfuncs.c` of PostgreSQL).
void put(std::string& into, std::span<const std::int64_t> numbers) {
    constexpr std::uint32_t dimensions = 1;
    constexpr std::uint32_t has_null = 0;
    constexpr std::uint32_t lowest_index = 1;
    into.reserve(into.size() + 20 + numbers.size() * 12);
    for (const std::uint32_t field : {dimensions, has_null, std::uint32_t{type::int8},
                                      static_cast<std::uint32_t>(numbers.size()), lowest_index}) {
        put(into, field);
    }
    for (const std::int64_t number : numbers) {
        put(into, std::uint32_t{sizeof number});
        put(into, static_cast<std::uint64_t>(number));
    }
}

} // namespace

std::int64_t from_wire(const char* bytes, int size) noexcept {
    // The sign comes from the first byte; shifting 64 bits in unsigned is free of overflow.
    std::uint64_t number = (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (int i = 0; i < size; ++i) {
        number = (number << 8U) | static_cast<unsigned char>(bytes[i]);
    }
    return static_cast<std::int64_t>(number);
}

void wire_parameters::assign(std::span<const value> parameters, std::string_view sql) {
    types_.clear();
    lengths_.clear();
    places_.clear();
    bytes_.clear();
    if (bytes_.capacity() > memory_kept) {
        bytes_ = {};
    }
    for (const value& parameter : parameters) {
        add(parameter, sql);
    }
    formats_.assign(parameters.size(), 1);
    values_.resize(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) { // Only now do the bytes stay where they are.
        values_[i] = types_[i] == type::none ? nullptr : bytes_.data() + places_[i];
    }
}

void wire_parameters::add(const value& parameter, std::string_view sql) {
    const std::size_t place = bytes_.size();
    Oid made = type::none;
    if (const auto* number = std::get_if<std::int64_t>(&parameter)) {
        made = type::int8;
        put(bytes_, static_cast<std::uint64_t>(*number));
    } else if (const auto* text = std::get_if<std::string_view>(&parameter)) {
        const text_fault fault = check_text(*text);
        if (fault != text_fault::none) {
            throw own_error(sql_errc::bad_value,
                            fault == text_fault::nul ? "a text with a NUL" : "a text that is not UTF-8", sql);
        }
        made = type::text;
        bytes_ += *text;
    } else if (const auto* floating = std::get_if<double>(&parameter)) {
        if (std::isnan(*floating)) { // SQLite has none, so nobody may store one.
            throw own_error(sql_errc::bad_value, "a floating point value that is no number", sql);
        }
        made = type::float8;
        put(bytes_, std::bit_cast<std::uint64_t>(*floating));
    } else if (const auto* blob = std::get_if<std::span<const std::byte>>(&parameter)) {
        made = type::bytea;
        bytes_.append(reinterpret_cast<const char*>(blob->data()), blob->size());
    } else if (const auto* numbers = std::get_if<std::span<const std::int64_t>>(&parameter)) {
        made = type::int8_array;
        put(bytes_, *numbers);
    }
    const std::size_t size = bytes_.size() - place;
    if (size > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw own_error(sql_errc::bad_value, "a value of more than 2 GiB", sql);
    }
    types_.push_back(made);
    places_.push_back(place);
    lengths_.push_back(static_cast<int>(size));
}

} // namespace patt::store::postgres
