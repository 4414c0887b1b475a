/// @file
/// Records of a CSV text (RFC 4180), one after the other, with the line that each begins in.
#pragma once

#include <patt/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::discord::detail {

struct csv_record {
    std::size_t line = 1; ///< Where it begins, from 1.
    std::vector<std::string> cells;
};

/// Refers to the text, which must outlive it.
class csv_reader {
public:
    csv_reader(std::string_view text, char separator)
        : text_(text)
        , separator_(separator) {}

    /// The next record that is not an empty line; none at the end.
    /// @par Errors  `incomplete` when the text ends inside quotes; `invalid_input` for text behind a closing
    ///              quote and above 64 cells.
    [[nodiscard]] result<std::optional<csv_record>> next();

private:
    [[nodiscard]] result<bool> read_cell(std::string& into);

    std::string_view text_;
    char separator_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

/// The separator that the first line uses most: comma, semicolon or tab.
[[nodiscard]] char separator_of(std::string_view first_line);

} // namespace patt::discord::detail
