/// @file
/// What a command prints: tables and records, as aligned text or as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patt::cli {

enum class form : std::uint8_t { text, json };

/// JSON that is part of a JSON output as it is. As text it is not shown.
struct raw_json {
    std::string text;
};

/// One value. Ids are text: JSON numbers lose the last digits of 64 bits in many readers.
using cell = std::variant<std::string, std::int64_t, raw_json>;

template <class Id>
[[nodiscard]] std::string id_text(Id id) {
    return id ? std::to_string(id.value()) : std::string();
}

/// Rows below column names. The names are the keys of the JSON objects.
struct table {
    std::vector<std::string> columns;
    std::vector<std::vector<cell>> rows;
    std::string when_empty = "Nothing."; ///< Said instead of an empty table, as text only.
};

/// Named values of one thing.
using record = std::vector<std::pair<std::string, cell>>;

[[nodiscard]] std::string rendered(const table& what, form as);
[[nodiscard]] std::string rendered(const record& what, form as);

/// Prints to standard output.
void print(const table& what, form as);
void print(const record& what, form as);

/// A sentence on standard output, for people only: nothing with `form::json`.
void tell(form as, std::string_view sentence);

/// What a command would do, after it was rehearsed: whoever is refused hears that instead.
void tell_rehearsed(form as, std::string_view would);

} // namespace patt::cli
