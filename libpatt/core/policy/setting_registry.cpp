#include "core/policy/setting_table.hpp"
#include "core/policy/setting_text.hpp"

#include <patt/policy/setting_registry.hpp>
#include <patt/text/distance.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace patt::policy {
namespace {

const detail::setting_row* find_row(std::string_view key) noexcept {
    const auto rows = detail::setting_rows();
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.info.key == key; });
    return found == rows.end() ? nullptr : &*found;
}

error unknown(std::string_view key) {
    if (key.size() > 60) {
        return {errc::not_found, "There is no setting of this name."};
    }
    std::string_view nearest;
    std::uint32_t best = 4;
    for (const auto& row : detail::setting_rows()) {
        const std::uint32_t distance = text::osa_distance(key, row.info.key, best);
        if (distance < best) {
            best = distance;
            nearest = row.info.key;
        }
    }
    return {errc::not_found,
            nearest.empty() ? "There is no setting of this name."
                            : fmt::format("There is no setting of this name. Did you mean {}?", nearest)};
}

error wrong_form(const setting_info& which) {
    return {errc::invalid_input, fmt::format("{} wants {}.", which.key, which.form)};
}

} // namespace

std::span<const setting_info> all_settings() noexcept {
    return detail::setting_infos();
}

const setting_info* find_setting(std::string_view key) noexcept {
    const detail::setting_row* row = find_row(key);
    return row == nullptr ? nullptr : &row->info;
}

std::optional<error> set(guild_settings& settings, std::string_view key, std::string_view text) {
    const detail::setting_row* row = find_row(key);
    if (row == nullptr) {
        return unknown(key);
    }
    const std::string_view value = detail::trimmed(text);
    if (value.empty() || value == "default") {
        row->copy(settings, guild_settings{});
        return std::nullopt;
    }
    return row->read(settings, value) ? std::nullopt : std::optional(wrong_form(row->info));
}

result<std::string> print(const guild_settings& settings, std::string_view key) {
    const detail::setting_row* row = find_row(key);
    if (row == nullptr) {
        return unknown(key);
    }
    return row->print(settings);
}

result<std::string> canonical(std::string_view key, std::string_view text) {
    guild_settings settings;
    if (auto refused = set(settings, key, text)) {
        return *std::move(refused);
    }
    return print(settings, key);
}

std::string shown(const setting_info& which, std::string_view text) {
    return which.secrecy == secrecy::secret && !text.empty() ? "********" : std::string(text);
}

loaded_settings load_settings(std::span<const std::pair<std::string, std::string>> rows) {
    loaded_settings out;
    for (const auto& [key, text] : rows) {
        if (auto refused = set(out.settings, key, text)) {
            out.ignored.push_back(*std::move(refused));
        }
    }
    return out;
}

std::vector<std::string> contradictions(const guild_settings& settings) {
    std::vector<std::string> out;
    const auto& trust = settings.trust;
    if (trust.claim_max_rank && *trust.claim_max_rank <= trust.officer_rank) {
        out.push_back(fmt::format(
            "trust.claim_max_rank is {}, but ranks up to {} need proof; claims give rank {} at most.",
            *trust.claim_max_rank, trust.officer_rank, claim_max_rank(settings)));
    }
    if (settings.sending.announcements && !settings.channels.welcome) {
        out.emplace_back(
            "sending.announcements is on, but channels.welcome is none: nobody is welcomed in public.");
    }
    if (settings.onboarding.closed_dm_fallback != dm_fallback::none && !settings.channels.landing) {
        out.emplace_back(
            "onboarding.closed_dm_fallback needs channels.landing: newcomers with closed direct messages "
            "are not reached.");
    }
    if (!settings.channels.audit) {
        out.emplace_back("channels.audit is none: escalations are seen in reports only.");
    }
    if (settings.ranks.roles.empty() && !settings.ranks.default_role) {
        out.emplace_back("ranks.roles is empty and ranks.default_role is none: no role can be given.");
    }
    if (settings.invite.enabled && settings.guild.signup_url.empty()) {
        out.emplace_back("invite.enabled is on, but guild.signup_url is empty: new members are not told "
                         "where to sign up.");
    }
    return out;
}

} // namespace patt::policy
