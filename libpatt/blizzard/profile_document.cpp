#include "blizzard/document.hpp"
#include "blizzard/file.hpp"
#include "blizzard/foreign.hpp"
#include "blizzard/node.hpp"

#include <patt/blizzard/profile_document.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

namespace patt::blizzard {
namespace {

namespace json = boost::json;
using detail::node;

constexpr detail::bounds any_id{0, std::numeric_limits<std::int64_t>::max()};
constexpr detail::bounds any_class{0, 1'000'000};
constexpr detail::bounds any_level{0, 1'000};
constexpr detail::bounds any_item_level{0, 1'000'000};
/// Milliseconds up to the year 9999: what is later is no time, and a thousand times as much must fit.
constexpr detail::bounds any_time_ms{0, 253'402'300'799'999};

/// A zero from Battle.net means that it does not know.
std::optional<std::int32_t> small(std::optional<std::int64_t> value) {
    return value && *value != 0 ? std::optional{static_cast<std::int32_t>(*value)} : std::nullopt;
}

identity::character_profile read_profile(const node& top) {
    identity::character_profile out;
    const auto realm = top.child("realm");
    const auto job = top.child("character_class");
    out.game = game_id{top.number("id", any_id).value_or(0)};
    out.name = top.text("name").value_or("");
    out.realm_slug = detail::lower_slug(realm.text("slug").value_or(""));
    out.realm_name = realm.translated("name");
    out.class_id = small(job.number("id", any_class));
    out.class_name = job.translated("name");
    out.active_spec = top.child("active_spec").translated("name");
    out.level = small(top.number("level", any_level));
    out.item_level = small(top.number("equipped_item_level", any_item_level));
    if (const auto ms = top.number("last_login_timestamp", any_time_ms); ms && *ms != 0) {
        out.last_login = instant{*ms * 1000};
    }
    out.race = top.child("race").translated("name");
    out.gender = top.child("gender").translated("name");
    return out;
}

} // namespace

result<identity::character_profile> parse_profile(std::string_view text, const document_limits& limits) {
    json::monotonic_resource memory;
    const auto document = detail::parse_object(text, "character profile", limits, &memory);
    if (!document) {
        return document.err();
    }
    // Profiles and error answers share few members; without one of these it is something else.
    const bool looks_right = document->contains("character_class") || document->contains("level");
    const auto kind = looks_right ? std::string{} : detail::recognise(*document);
    if (!kind.empty()) {
        return error{errc::invalid_input, fmt::format("This is no character profile but {}.", kind)};
    }
    detail::read_fault fault;
    auto out = read_profile(node{&*document, "", fault});
    if (fault) {
        return error{errc::invalid_input,
                     fmt::format("The character profile cannot be understood: {} {}. Fetch it "
                                 "again.",
                                 fault.where, fault.reason)};
    }
    if (!out.game && (out.name.empty() || out.realm_slug.empty())) {
        return error{errc::invalid_input,
                     "This is no character profile: it names no character (neither \"id\" nor "
                     "\"name\" with \"realm\"). Fetch /profile/wow/character/{realm}/{name}."};
    }
    return out;
}

result<profile_set> load_profiles(const std::filesystem::path& directory, const document_limits& limits) {
    namespace fs = std::filesystem;
    std::error_code ec;
    fs::directory_iterator it{directory, ec};
    if (ec) {
        return error{errc::not_found, fmt::format("The directory of profiles {} cannot be read: {}.",
                                                  directory.string(), ec.message())};
    }
    std::vector<fs::path> files;
    for (const fs::directory_iterator end; it != end; it.increment(ec)) {
        std::error_code unreadable;
        if (it->path().extension() == ".json" && !it->is_directory(unreadable)) {
            files.push_back(it->path());
        }
        if (files.size() > limits.max_files) {
            return error{errc::limit_exceeded,
                         fmt::format("The directory of profiles {} has more than {} files.",
                                     directory.string(), limits.max_files)};
        }
    }
    if (ec) {
        return error{errc::incomplete,
                     fmt::format("The directory of profiles {} cannot be read to its end: {}.",
                                 directory.string(), ec.message())};
    }
    std::sort(files.begin(), files.end());
    profile_set out;
    for (const auto& file : files) {
        const auto text = detail::read_file(file, limits);
        if (!text) {
            out.failed.push_back({file.filename().string(), text.err()});
            continue;
        }
        auto profile = parse_profile(*text, limits);
        if (profile) {
            out.profiles.push_back(std::move(profile).value());
        } else {
            out.failed.push_back({file.filename().string(), detail::in_file(file, profile.err())});
        }
    }
    return out;
}

} // namespace patt::blizzard
