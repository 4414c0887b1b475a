#include "blizzard/foreign.hpp"

#include "blizzard/node.hpp"

#include <fmt/format.h>

#include <optional>

namespace patt::blizzard::detail {
namespace {

std::string advice_for(std::int64_t status) {
    if (status == 401) {
        return "The access token is missing or has expired: fetch a new one";
    }
    if (status == 403) {
        return "The API client may not read it: check its settings";
    }
    if (status == 404) {
        return "Check the region, the realm's slug and the name in the address";
    }
    if (status == 429) {
        return "Too many requests: wait before the next one";
    }
    return "Try again later";
}

} // namespace

std::string recognise(const boost::json::object& document) {
    read_fault ignored;
    const node top{&document, "", ignored};
    if (const auto status = top.number("code", {0, 99'999'999})) {
        if (top.find("type") != nullptr || top.find("detail") != nullptr) {
            const auto detail = top.text("detail");
            return fmt::format("an error answer of Battle.net ({}{}{}). {}", *status, detail ? ", " : "",
                               detail.value_or(""), advice_for(*status));
        }
    }
    if (const auto why = top.text("error")) {
        return fmt::format("an error answer ({}). Fetch a new access token and try again", *why);
    }
    if (top.find("access_token") != nullptr) {
        return "an access token. Keep it secret, and use it to fetch the document";
    }
    if (top.find("wow_accounts") != nullptr) {
        return "an account's list of characters";
    }
    if (top.find("members") != nullptr) {
        return "a guild roster. Give it where a roster is asked for";
    }
    if (top.find("member_count") != nullptr || top.find("achievement_points") != nullptr) {
        if (top.find("character_class") == nullptr) {
            return "a guild's summary. Fetch the address in its \"roster\"";
        }
    }
    if (top.find("character_class") != nullptr || top.find("active_spec") != nullptr) {
        return "a character profile. Give it where profiles are asked for";
    }
    if (top.find("equipped_items") != nullptr) {
        return "a character's equipment";
    }
    return {};
}

} // namespace patt::blizzard::detail
