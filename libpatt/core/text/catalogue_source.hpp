/// @file
/// Reads the documents of the catalogue.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patt::text::detail {

/// One text as its document has it.
struct source_text {
    std::string key;
    std::vector<std::string> arguments;
    std::string pattern;
};

/// All texts of a document, in its order. @throws failure with the line's number when it is broken.
[[nodiscard]] std::vector<source_text> read_source(std::string_view document);

/// The English texts, compiled in from `texts/en.texts`.
[[nodiscard]] std::string_view english_texts() noexcept;

} // namespace patt::text::detail
