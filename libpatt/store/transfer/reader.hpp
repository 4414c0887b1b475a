/// @file
/// Reads a guild's file line by line and holds that it is whole. Pure: it knows the tables, not the database.
#pragma once

#include "store/transfer/format.hpp"

#include <patt/digest_stream.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace patt::store::transfer {

class reader {
public:
    /// @param tables  What a row may belong to. Must outlive the reader.
    /// @param schema  Of the database that will take it: another one is refused.
    reader(const std::vector<table_shape>& tables, std::int64_t schema);

    /// Takes the next line, without its end. A row comes back; header and trailer do not.
    /// @par Refusals  As `import_guild`, with the line's number. Nothing may be taken after one.
    [[nodiscard]] result<std::optional<row_text>> take(std::string_view line);
    /// What was read, when all of it was there. @par Refusals  `incomplete`.
    [[nodiscard]] result<transfer_report> end() const;
    /// Known from the first line on.
    [[nodiscard]] const std::optional<header>& head() const noexcept { return head_; }
    [[nodiscard]] std::int64_t line() const noexcept { return line_; }

private:
    [[nodiscard]] error at_line(const error& why) const;
    [[nodiscard]] result<std::optional<row_text>> take_header(std::string_view line);
    [[nodiscard]] result<std::optional<row_text>> take_trailer(const transfer_report& said);
    [[nodiscard]] result<std::optional<row_text>> take_row(std::string_view line);

    const std::vector<table_shape>& tables_;
    std::int64_t schema_;
    std::int64_t line_ = 0;
    std::optional<header> head_;
    transfer_report seen_;
    sha256_stream hash_;
    bool ended_ = false;
};

} // namespace patt::store::transfer
