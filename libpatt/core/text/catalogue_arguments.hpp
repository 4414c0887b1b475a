/// @file
/// The arguments of a text: its own, those that every text has from the settings, and the `has_` ones.
#pragma once

#include <patt/decision/text.hpp>
#include <patt/text/catalogue.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace patt::text::detail {

/// An argument as it goes into a pattern.
using argument_value = std::variant<std::string, std::int64_t>;

class argument_list {
public:
    argument_list(const text_ref& what, const surroundings& with);

    /// The value for a declared name; `has_x` is answered from `x`. Nothing when it is not there.
    [[nodiscard]] std::optional<argument_value> find(std::string_view name) const;

private:
    struct entry {
        std::string name;
        argument_value value;
    };
    [[nodiscard]] const entry* find_entry(std::string_view name) const;

    std::vector<entry> entries_; ///< The text's own first: they win.
};

} // namespace patt::text::detail
