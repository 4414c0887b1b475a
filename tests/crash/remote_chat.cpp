#include "crash/remote_chat.hpp"

#include "testing/chat_json.hpp"

#include <patt/result.hpp>

#include <exception>
#include <utility>

namespace patt::crash {

namespace json = boost::json;
using testing::at;
using testing::id_at;
using testing::json_of;
using testing::number_at;
using testing::parse_json;
using testing::text_at;

namespace {

effect_outcome unreachable() {
    return {effect_error::temporary, "the chat server does not answer", "", {}};
}

json::object call(std::string_view name, guild_id guild, std::int64_t target) {
    return {{"call", name}, {"guild", guild.value()}, {"target", target}};
}

effect_outcome outcome_from(const std::optional<std::string>& line) {
    if (!line) {
        return unreachable();
    }
    return testing::outcome_of(at(parse_json(*line), "outcome"));
}

} // namespace

std::optional<std::string> remote_chat::ask(const std::string& line) {
    if (!socket_) {
        socket_ = connect_to(path_);
    }
    if (socket_ && socket_->send_line(line)) {
        if (auto received = socket_->receive_line()) {
            return received;
        }
    }
    socket_.reset();
    return std::nullopt;
}

effect_outcome remote_chat::send(guild_id guild, member_id to, const engine::outgoing& what,
                                 std::string_view key) {
    json::object line = call("send", guild, to.value());
    line["what"] = json_of(what);
    line["key"] = key;
    return outcome_from(ask(json::serialize(line)));
}

effect_outcome remote_chat::post(guild_id guild, channel_id where, const engine::outgoing& what,
                                 std::string_view key) {
    json::object line = call("post", guild, where.value());
    line["what"] = json_of(what);
    line["key"] = key;
    return outcome_from(ask(json::serialize(line)));
}

engine::fetched<engine::member_state> remote_chat::fetch_member(guild_id guild, member_id who) {
    const auto line = ask(json::serialize(call("fetch_member", guild, who.value())));
    const effect_outcome outcome = outcome_from(line);
    if (outcome.error != effect_error::none) {
        return outcome;
    }
    return engine::member_state{testing::roles_at(parse_json(*line), "roles")};
}

engine::fetched<engine::role_state> remote_chat::fetch_role(guild_id guild, role_id which) {
    const auto line = ask(json::serialize(call("fetch_role", guild, which.value())));
    const effect_outcome outcome = outcome_from(line);
    if (outcome.error != effect_error::none) {
        return outcome;
    }
    const json::value state = parse_json(*line);
    return engine::role_state{std::stoull(text_at(state, "permissions")), number_at(state, "above_bot") != 0};
}

effect_outcome remote_chat::replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                          std::string_view key) {
    json::object line = call("replace_roles", guild, who.value());
    line["roles"] = json_of(std::vector<role_id>(roles.begin(), roles.end()));
    line["key"] = key;
    return outcome_from(ask(json::serialize(line)));
}

void remote_chat::load(const std::string& world) {
    if (outcome_from(ask(json::serialize(json::object{{"call", "load"}, {"world", world}}))).error !=
        effect_error::none) {
        throw failure("the chat server does not take its world");
    }
}

std::int64_t remote_chat::inbox_size(member_id who) {
    const auto line = ask(json::serialize(call("inbox_size", {}, who.value())));
    if (!line) {
        throw failure("the chat server does not answer");
    }
    return number_at(parse_json(*line), "size");
}

std::string remote_chat::dump() {
    const auto line = ask(R"({"call":"dump"})");
    if (!line) {
        throw failure("the chat server does not answer");
    }
    return text_at(parse_json(*line), "world");
}

namespace {

json::object answer_call(testing::fake_chat& chat, const json::value& asked) {
    const std::string name = text_at(asked, "call");
    if (name == "load") {
        chat.from_json(text_at(asked, "world"));
        return {{"outcome", json_of(effect_outcome{})}};
    }
    if (name == "dump") {
        return {{"outcome", json_of(effect_outcome{})}, {"world", chat.to_json()}};
    }
    const auto guild = id_at<guild_id>(asked, "guild");
    const std::int64_t target = number_at(asked, "target");
    if (name == "inbox_size") {
        return {{"outcome", json_of(effect_outcome{})}, {"size", chat.inbox(member_id{target}).size()}};
    }
    if (name == "send" || name == "post") {
        const engine::outgoing what = testing::outgoing_of(at(asked, "what"));
        const std::string key = text_at(asked, "key");
        return {{"outcome", json_of(name == "send" ? chat.send(guild, member_id{target}, what, key)
                                                   : chat.post(guild, channel_id{target}, what, key))}};
    }
    if (name == "replace_roles") {
        return {{"outcome",
                 json_of(chat.replace_roles(guild, member_id{target}, testing::roles_at(asked, "roles"),
                                            text_at(asked, "key")))}};
    }
    if (name == "fetch_member") {
        const auto found = chat.fetch_member(guild, member_id{target});
        if (const auto* failed = std::get_if<effect_outcome>(&found)) {
            return {{"outcome", json_of(*failed)}};
        }
        return {{"outcome", json_of(effect_outcome{})},
                {"roles", json_of(std::get<engine::member_state>(found).roles)}};
    }
    if (name == "fetch_role") {
        const auto found = chat.fetch_role(guild, role_id{target});
        if (const auto* failed = std::get_if<effect_outcome>(&found)) {
            return {{"outcome", json_of(*failed)}};
        }
        const auto& state = std::get<engine::role_state>(found);
        return {{"outcome", json_of(effect_outcome{})},
                {"permissions", std::to_string(state.permissions)},
                {"above_bot", state.above_bot ? 1 : 0}};
    }
    throw failure("no such call");
}

} // namespace

std::string answer(testing::fake_chat& chat, std::string_view line) {
    try {
        return json::serialize(answer_call(chat, parse_json(line)));
    } catch (const std::exception& e) {
        return json::serialize(
            json::object{{"outcome", json_of(effect_outcome{effect_error::rejected, e.what(), "", {}})}});
    }
}

} // namespace patt::crash
