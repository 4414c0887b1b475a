#include "store/transfer/format.hpp"

#include <patt/digest.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace patt::store::transfer {
namespace {

namespace json = boost::json;

/// Beyond it a number that went through a floating point reader is another one.
constexpr std::int64_t exact_everywhere = std::int64_t{1} << 53;

json::value json_of(std::int64_t number) {
    const bool exact = number >= -exact_everywhere && number <= exact_everywhere;
    return exact ? json::value(number) : json::value(std::to_string(number));
}

json::value json_of(const cell& c, column_kind kind) {
    if (const auto* number = std::get_if<std::int64_t>(&c)) {
        return json_of(*number);
    }
    if (const auto* real = std::get_if<double>(&c)) {
        // The shortest text that reads as the same number; JSON itself has no infinity.
        return json::value(fmt::format("{}", *real));
    }
    if (const auto* text = std::get_if<std::string>(&c)) {
        return json::value(kind == column_kind::bytes ? to_hex(*text) : *text);
    }
    return nullptr;
}

template <class Number>
std::optional<Number> number_from(std::string_view text) {
    Number out{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return whole ? std::optional(out) : std::nullopt;
}

std::optional<std::int64_t> integer_from(const json::value& v) {
    if (const auto* number = v.if_int64()) {
        return *number;
    }
    const auto* text = v.if_string();
    return text == nullptr ? std::nullopt : number_from<std::int64_t>(std::string_view(*text));
}

std::optional<std::string> bytes_from(std::string_view hex) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (hex.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string out(hex.size() / 2, '\0');
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit(hex[2 * i]);
        const int low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out[i] = static_cast<char>(high * 16 + low);
    }
    return out;
}

std::optional<cell> cell_from(const json::value& v, const column& c) {
    if (v.is_null()) {
        return c.nullable ? std::optional<cell>(null_t{}) : std::nullopt;
    }
    const auto* text = v.if_string();
    switch (c.kind) {
    case column_kind::number:
        if (const auto number = integer_from(v)) {
            return cell(*number);
        }
        return std::nullopt;
    case column_kind::small_number: {
        using limits = std::numeric_limits<std::int32_t>;
        const auto number = integer_from(v);
        return number && *number >= limits::min() && *number <= limits::max() ? std::optional<cell>(*number)
                                                                              : std::nullopt;
    }
    case column_kind::floating: {
        const auto real = text == nullptr ? std::nullopt : number_from<double>(std::string_view(*text));
        return real && !std::isnan(*real) ? std::optional<cell>(*real) : std::nullopt;
    }
    case column_kind::text:
        return text == nullptr ? std::nullopt : std::optional<cell>(std::string(*text));
    case column_kind::bytes:
        break;
    }
    auto bytes = text == nullptr ? std::nullopt : bytes_from(std::string_view(*text));
    return bytes ? std::optional<cell>(std::move(*bytes)) : std::nullopt;
}

/// The line as a JSON object; none when it is anything else.
std::optional<json::object> object_from(std::string_view line) {
    json::parse_options limits;
    limits.max_depth = 4;
    json::error_code wrong;
    json::value v = json::parse(line, wrong, {}, limits);
    return wrong || !v.is_object() ? std::nullopt : std::optional(std::move(v.get_object()));
}

std::optional<std::int64_t> integer_at(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v == nullptr ? std::nullopt : integer_from(*v);
}

std::optional<std::string> text_at(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v == nullptr || !v->is_string() ? std::nullopt : std::optional(std::string(v->get_string()));
}

/// A name out of a file, short enough for a message and without control characters.
std::string shown(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, 60)) {
        out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
    return out;
}

} // namespace

std::string header_line(const header& h) {
    const json::object o{{"patt", "guild"},    {"format", h.format},
                         {"schema", h.schema}, {"guild", std::to_string(h.guild.value())},
                         {"name", h.name},     {"exported_at", h.exported_at.microseconds()}};
    return json::serialize(o);
}

std::string row_line(const table_shape& table, const std::vector<cell>& cells) {
    json::object row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        row[table.columns[i].name] = json_of(cells[i], table.columns[i].kind);
    }
    return json::serialize(json::object{{"table", table.name}, {"row", std::move(row)}});
}

std::string trailer_line(const transfer_report& report) {
    json::object tables;
    for (const auto& [name, rows] : report.tables) {
        tables[name] = rows;
    }
    return json::serialize(json::object{
        {"end", "guild"}, {"rows", report.rows}, {"tables", std::move(tables)}, {"sha256", report.checksum}});
}

result<header> parse_header(std::string_view line) {
    const error not_such_a_file{errc::invalid_input, "this is no file of patt export: the header is missing"};
    const auto o = object_from(line);
    if (!o || text_at(*o, "patt") != "guild") {
        return not_such_a_file;
    }
    header h;
    h.format = integer_at(*o, "format").value_or(0);
    if (h.format != transfer_format) {
        return error{
            errc::wrong_state,
            fmt::format("the file has format {}, this program reads {}; use the version of PATT that "
                        "wrote it, or a newer one",
                        h.format, transfer_format)};
    }
    const auto schema = integer_at(*o, "schema");
    const auto guild = integer_at(*o, "guild");
    auto name = text_at(*o, "name");
    const auto at = integer_at(*o, "exported_at");
    if (!schema || !guild || *guild <= 0 || !name || !at) {
        return not_such_a_file;
    }
    h.schema = *schema;
    h.guild = guild_id{*guild};
    h.name = std::move(*name);
    h.exported_at = instant{*at};
    return h;
}

result<row_text> parse_row(std::string_view line, const std::vector<table_shape>& tables) {
    const auto refuse = [](std::string what) { return error{errc::invalid_input, std::move(what)}; };
    const auto o = object_from(line);
    const auto name = o ? text_at(*o, "table") : std::nullopt;
    const json::value* row = o ? o->if_contains("row") : nullptr;
    if (!name || row == nullptr || !row->is_object()) {
        return refuse("it is neither a row nor the end of the file");
    }
    row_text out;
    out.table = find_table(tables, *name);
    if (out.table == nullptr) {
        return refuse(fmt::format("there is no table \"{}\" that belongs to a guild", shown(*name)));
    }
    const json::object& given = row->get_object();
    for (const column& c : out.table->columns) {
        const json::value* v = given.if_contains(c.name);
        if (v == nullptr) {
            return refuse(fmt::format("the column {} of {} is missing", c.name, out.table->name));
        }
        auto read = cell_from(*v, c);
        if (!read) {
            return refuse(
                fmt::format("the value of {} in {} does not fit its column", c.name, out.table->name));
        }
        out.cells.push_back(std::move(*read));
    }
    if (given.size() != out.table->columns.size()) {
        for (const auto& [key, unused] : given) {
            if (out.table->find(std::string_view(key)) == nullptr) {
                return refuse(fmt::format("{} has no column \"{}\"", out.table->name, shown(key)));
            }
        }
    }
    return out;
}

std::optional<transfer_report> parse_trailer(std::string_view line) {
    if (!line.starts_with(R"({"end":)")) {
        return std::nullopt; // Only one line has to be parsed twice.
    }
    const auto o = object_from(line);
    const json::value* tables = o ? o->if_contains("tables") : nullptr;
    if (!o || text_at(*o, "end") != "guild" || tables == nullptr || !tables->is_object()) {
        return std::nullopt;
    }
    transfer_report out;
    out.rows = integer_at(*o, "rows").value_or(-1);
    out.checksum = text_at(*o, "sha256").value_or("");
    for (const auto& [name, rows] : tables->get_object()) {
        out.tables.emplace_back(std::string(name), integer_from(rows).value_or(-1));
    }
    return out;
}

value bound(const cell& c, column_kind kind) noexcept {
    if (const auto* number = std::get_if<std::int64_t>(&c)) {
        return *number;
    }
    if (const auto* real = std::get_if<double>(&c)) {
        return *real;
    }
    if (const auto* text = std::get_if<std::string>(&c)) {
        if (kind == column_kind::bytes) {
            return std::span<const std::byte>{reinterpret_cast<const std::byte*>(text->data()), text->size()};
        }
        return std::string_view{*text};
    }
    return null_t{};
}

} // namespace patt::store::transfer
