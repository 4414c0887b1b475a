#include "store/transfer/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patt::store::transfer {

reader::reader(const std::vector<table_shape>& tables, std::int64_t schema)
    : tables_(tables)
    , schema_(schema) {}

error reader::at_line(const error& why) const {
    return {why.code, fmt::format("line {}: {}", line_, why.detail)};
}

result<std::optional<row_text>> reader::take(std::string_view line) {
    ++line_;
    if (ended_) {
        return at_line({errc::conflict, "something follows the end of the file"});
    }
    if (line.size() > transfer_longest_line) {
        return at_line({errc::limit_exceeded, "the line is longer than any that patt export writes"});
    }
    if (head_) {
        if (const auto said = parse_trailer(line)) {
            return take_trailer(*said);
        }
    }
    hash_.add(line);
    hash_.add("\n");
    return head_ ? take_row(line) : take_header(line);
}

result<std::optional<row_text>> reader::take_header(std::string_view line) {
    const result<header> read = parse_header(line);
    if (!read) {
        return at_line(read.err());
    }
    if (read->schema != schema_) {
        return at_line(
            {errc::wrong_state,
             fmt::format("the file was written from schema {}, this database has {}. {}", read->schema,
                         schema_,
                         read->schema > schema_
                             ? "Use the version of PATT that wrote it: patt migrate, then import again"
                             : "Import it with the version of PATT that wrote it into a database of its own, "
                               "bring that up to date with patt migrate, and export again")});
    }
    head_ = *read;
    seen_.guild = read->guild;
    seen_.name = read->name;
    seen_.schema = read->schema;
    return std::optional<row_text>{};
}

result<std::optional<row_text>> reader::take_row(std::string_view line) {
    result<row_text> read = parse_row(line, tables_);
    if (!read) {
        return at_line(read.err());
    }
    const table_shape& table = *read->table;
    const auto guild = static_cast<std::size_t>(table.find("guild_id") - table.columns.data());
    const auto* named = std::get_if<std::int64_t>(&read->cells[guild]);
    if (named == nullptr || *named != head_->guild.value()) {
        return at_line({errc::invalid_input, fmt::format("the row of {} is of another guild", table.name)});
    }
    ++seen_.rows;
    const auto count = std::find_if(seen_.tables.begin(), seen_.tables.end(),
                                    [&](const auto& t) { return t.first == table.name; });
    if (count == seen_.tables.end()) {
        seen_.tables.emplace_back(table.name, 1);
    } else {
        ++count->second;
    }
    return std::optional<row_text>{std::move(*read)};
}

result<std::optional<row_text>> reader::take_trailer(const transfer_report& said) {
    seen_.checksum = to_hex(hash_.end());
    ended_ = true;
    auto counted = seen_.tables;
    auto expected = said.tables;
    std::erase_if(expected, [](const auto& t) { return t.second == 0; });
    std::sort(counted.begin(), counted.end());
    std::sort(expected.begin(), expected.end());
    if (said.rows != seen_.rows || counted != expected) {
        return at_line(
            {errc::conflict, fmt::format("the file says that it has {} rows, {} were found; it was "
                                         "changed. Use another copy",
                                         said.rows, seen_.rows)});
    }
    if (said.checksum != seen_.checksum) {
        return at_line(
            {errc::conflict, fmt::format("the checksum is {}, the file says {}; it was changed. Use "
                                         "another copy",
                                         seen_.checksum, said.checksum.substr(0, 64))});
    }
    if (std::none_of(counted.begin(), counted.end(), [](const auto& t) { return t.first == "guild"; })) {
        return at_line({errc::conflict, "the file has no row of the guild itself"});
    }
    return std::optional<row_text>{};
}

result<transfer_report> reader::end() const {
    if (line_ == 0) {
        return error{errc::incomplete, "the file is empty"};
    }
    if (!ended_) {
        return error{errc::incomplete,
                     fmt::format("the file ends after line {} without its last line; it is cut. "
                                 "Use another copy",
                                 line_)};
    }
    return seen_;
}

} // namespace patt::store::transfer
