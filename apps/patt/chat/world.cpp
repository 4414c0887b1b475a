#include "world.hpp"

#include <patt/result.hpp>
#include <patt/text/name_key.hpp>

#include <boost/json.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

namespace patt::cli::chat {

namespace json = boost::json;

namespace {

constexpr std::int64_t first_member = 1001;

std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace

void played_clock::go_with(engine::clock& real) noexcept {
    offset_ = still_ - real.now();
    real_ = &real;
}

instant played_clock::now() {
    return real_ == nullptr ? still_ : real_->now() + offset_;
}

void played_clock::set(instant to) {
    still_ = to;
    if (real_ != nullptr) {
        offset_ = to - real_->now();
    }
}

const furniture& usual_furniture() {
    static const furniture made{
        {{role_id{901}, "GM"},
         {role_id{902}, "Officer"},
         {role_id{903}, "Veteran"},
         {role_id{904}, "Member"},
         {role_id{905}, "Initiate"}},
        {{channel_id{801}, "landing"}, {channel_id{802}, "welcome"}, {channel_id{803}, "audit"}}};
    return made;
}

void world::furnish(guild_id guild) {
    for (const testing::chat_role& r : usual_furniture().roles) {
        chat.add_role(guild, r);
    }
    for (const testing::chat_channel& c : usual_furniture().channels) {
        chat.add_channel(guild, c);
    }
}

member_id world::know(std::string_view name) {
    if (const auto known = find(name)) {
        return *known;
    }
    const member_id next{names_.empty() ? first_member : names_.rbegin()->first.value() + 1};
    names_[next] = name;
    return next;
}

std::optional<member_id> world::find(std::string_view name_or_id) const {
    std::int64_t number = 0;
    const auto read = std::from_chars(name_or_id.data(), name_or_id.data() + name_or_id.size(), number);
    if (read.ec == std::errc{} && read.ptr == name_or_id.data() + name_or_id.size()) {
        return names_.contains(member_id{number}) ? std::optional(member_id{number}) : std::nullopt;
    }
    const std::string key = text::folded_key(name_or_id);
    const auto found = std::find_if(names_.begin(), names_.end(),
                                    [&](const auto& known) { return text::folded_key(known.second) == key; });
    return found == names_.end() || key.empty() ? std::nullopt : std::optional(found->first);
}

std::string world::name_of(member_id who) const {
    const auto found = names_.find(who);
    return found == names_.end() ? std::to_string(who.value()) : found->second;
}

std::string world::role_name(guild_id guild, role_id role) const {
    for (const testing::chat_role& r : chat.roles(guild)) {
        if (r.id == role) {
            return r.name;
        }
    }
    return std::to_string(role.value());
}

std::string world::channel_name(guild_id guild, channel_id channel) const {
    for (const testing::chat_channel& c : chat.channels(guild)) {
        if (c.id == channel) {
            return c.name;
        }
    }
    return std::to_string(channel.value());
}

void world::save(const std::filesystem::path& file) {
    json::object names;
    for (const auto& [id, name] : names_) {
        names[std::to_string(id.value())] = name;
    }
    const json::object all{{"clock", clock.now().microseconds()}, {"names", names}, {"chat", chat.to_json()}};
    const std::filesystem::path made = file.string() + ".new";
    std::ofstream out(made, std::ios::binary | std::ios::trunc);
    out << json::serialize(all) << '\n';
    out.close();
    std::error_code failed;
    std::filesystem::rename(made, file, failed);
    if (!out || failed) {
        throw failure(fmt::format("the chat world cannot be written to {}", file.string()));
    }
}

void world::load(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        return;
    }
    try {
        const json::object all = json::parse(read_text(file)).as_object();
        std::map<member_id, std::string> names;
        for (const auto& [id, name] : all.at("names").as_object()) {
            names[member_id{std::stoll(std::string(id))}] = std::string_view(name.as_string());
        }
        chat.from_json(std::string_view(all.at("chat").as_string()));
        names_ = std::move(names);
        clock.set(instant{all.at("clock").as_int64()});
    } catch (const std::exception& e) {
        throw failure(fmt::format("{} is no chat world of this program ({}); move it away to begin a new one",
                                  file.string(), e.what()));
    }
}

} // namespace patt::cli::chat
