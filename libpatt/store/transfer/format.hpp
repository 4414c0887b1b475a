/// @file
/// The lines of a guild's file, as text and as values. Pure: no database, no file.
#pragma once

#include "store/catalogue.hpp"

#include <patt/store/transfer.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace patt::store::transfer {

/// One value of a row; text and bytes are told apart by the column.
using cell = std::variant<null_t, std::int64_t, double, std::string>;

struct header {
    std::int64_t format = transfer_format;
    std::int64_t schema = 0;
    guild_id guild;
    std::string name;
    instant exported_at;
};

[[nodiscard]] std::string header_line(const header& h);
[[nodiscard]] std::string row_line(const table_shape& table, const std::vector<cell>& cells);
[[nodiscard]] std::string trailer_line(const transfer_report& report);

/// Reads one value as its column takes it. @par Refusals  `invalid_input`, without the line's number.
struct row_text {
    const table_shape* table = nullptr;
    std::vector<cell> cells; ///< In the order of the table's columns.
};

/// What a line says. @par Refusals  `invalid_input`.
[[nodiscard]] result<header> parse_header(std::string_view line);
[[nodiscard]] result<row_text> parse_row(std::string_view line, const std::vector<table_shape>& tables);
/// Counts and checksum; nothing for a line that is no trailer.
[[nodiscard]] std::optional<transfer_report> parse_trailer(std::string_view line);

/// A cell as a parameter. The view lives as long as the cell.
[[nodiscard]] value bound(const cell& c, column_kind kind) noexcept;

} // namespace patt::store::transfer
