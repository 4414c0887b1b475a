/// @file
/// The registry of settings: every key with its form, default, description and who may change it; and the way
/// from text (rows, commands, forms) to typed fields and back.
#pragma once

#include <patt/policy/capability.hpp>
#include <patt/policy/settings.hpp>
#include <patt/result.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patt::policy {

/// What a setting's text looks like.
enum class setting_type : std::uint8_t {
    boolean,
    integer,
    optional_integer,
    length_of_time,
    text,
    realm,
    url,
    colour,
    locale,
    timezone,
    channel,
    role,
    role_list,
    name_list,
    rank_map,  ///< Game rank → role.
    role_sets, ///< Role → capability set.
    rank_sets, ///< Game rank → capability set.
    enumeration,
};

/// Whether the value may be shown and logged.
enum class secrecy : std::uint8_t { open, secret };

/// Whether a change takes effect on many people at once and so wants to be confirmed.
enum class danger : std::uint8_t { none, confirm };

/// What there is to know about a setting.
struct setting_info {
    std::string_view key;
    setting_type type{};
    std::string_view form;        ///< The allowed form, for error messages: `on or off`.
    std::string_view description; ///< For people; one sentence.
    capability changed_by{};      ///< Who may change it.
    policy::danger danger = danger::none;
    policy::secrecy secrecy = secrecy::open;
};

/// Every setting, grouped as in `guild_settings`.
[[nodiscard]] std::span<const setting_info> all_settings() noexcept;

/// One setting, or null when there is no such key.
[[nodiscard]] const setting_info* find_setting(std::string_view key) noexcept;

/// Sets one field from text. An empty text, or `default`, restores the default.
///
/// @par Refusals  `not_found` an unknown key (the detail names the nearest ones); `invalid_input` a text of
/// another
///                form or out of range; the detail names the allowed form. The settings are unchanged then.
[[nodiscard]] std::optional<error> set(guild_settings& settings, std::string_view key, std::string_view text);

/// The text of one field in its canonical form: `set` reads it back to the same value. That form is what is
/// stored.
/// @par Refusals  `not_found` an unknown key.
[[nodiscard]] result<std::string> print(const guild_settings& settings, std::string_view key);

/// The canonical form of a text for a key, without settings to put it into. Refusals as of `set`.
[[nodiscard]] result<std::string> canonical(std::string_view key, std::string_view text);

/// The text as it may be shown: secrets become asterisks.
[[nodiscard]] std::string shown(const setting_info& which, std::string_view text);

/// Settings from their stored rows.
struct loaded_settings {
    guild_settings settings;
    std::vector<error> ignored; ///< Rows that no longer fit; the default holds in their place.
};

/// Never fails: a row that cannot be read leaves the default and is reported.
[[nodiscard]] loaded_settings load_settings(std::span<const std::pair<std::string, std::string>> rows);

/// What does not fit together, as sentences for officers: a claim that could give a privileged role, a
/// welcome that is switched on without a channel. Empty when all is well.
[[nodiscard]] std::vector<std::string> contradictions(const guild_settings& settings);

} // namespace patt::policy
