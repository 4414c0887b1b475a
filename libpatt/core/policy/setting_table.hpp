/// @file
/// The settings as a table: what there is to know about each, and how it is read into and printed from its
/// field.
#pragma once

#include <patt/policy/setting_registry.hpp>

#include <span>
#include <string>
#include <string_view>

namespace patt::policy::detail {

/// A setting with its way to the field.
struct setting_row {
    setting_info info;
    /// Reads the text into the field; answers whether it had the right form. The field is unchanged if not.
    bool (*read)(guild_settings& into, std::string_view text);
    std::string (*print)(const guild_settings& from);
    /// Copies the field.
    void (*copy)(guild_settings& into, const guild_settings& from);
};

[[nodiscard]] std::span<const setting_row> setting_rows() noexcept;

/// The first part of each row.
[[nodiscard]] std::span<const setting_info> setting_infos() noexcept;

} // namespace patt::policy::detail
