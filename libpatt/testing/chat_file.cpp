// The fake chat as a file: the world, the ledger and the faults, so that it outlives the process.

#include "testing/chat_json.hpp"
#include "testing/chat_state.hpp"

#include <patt/result.hpp>
#include <patt/testing/fake_chat.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace patt::testing {

namespace json = boost::json;

namespace {

json::array json_of_messages(const std::vector<chat_message>& messages) {
    json::array out;
    for (const chat_message& m : messages) {
        json::object one = json_of(engine::outgoing{m.message, m.question, m.mention});
        one["id"] = m.id;
        one["key"] = m.key;
        one["at_us"] = m.at.microseconds();
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<chat_message> messages_at(const json::value& from, std::string_view name) {
    std::vector<chat_message> out;
    for (const json::value& m : list_at(from, name)) {
        engine::outgoing what = outgoing_of(m);
        out.push_back({text_at(m, "id"), text_at(m, "key"), std::move(what.message), std::move(what.question),
                       what.mention, instant{number_at(m, "at_us")}});
    }
    return out;
}

json::object json_of_guild(guild_id id, const chat_guild& guild) {
    json::array roles;
    for (const auto& [role_key, role] : guild.roles) {
        // Permission bits may use the highest one: kept as text, since JSON readers round large numbers.
        roles.push_back(json::object{{"id", role.id.value()},
                                     {"name", role.name},
                                     {"permissions", std::to_string(role.permissions)},
                                     {"above_bot", role.above_bot ? 1 : 0}});
    }
    json::array channels;
    for (const auto& [channel_key, channel] : guild.channels) {
        channels.push_back(json::object{{"id", channel.id.value()}, {"name", channel.name}});
    }
    json::array members;
    for (const auto& [member_key, member] : guild.members) {
        members.push_back(
            json::object{{"id", member.id.value()}, {"name", member.name}, {"roles", json_of(member.roles)}});
    }
    json::array posts;
    for (const auto& [channel, messages] : guild.posts) {
        posts.push_back(json::object{{"channel", channel.value()}, {"messages", json_of_messages(messages)}});
    }
    return {
        {"id", id.value()}, {"roles", roles}, {"channels", channels}, {"members", members}, {"posts", posts}};
}

std::uint64_t permissions_at(const json::value& role) {
    try {
        return std::stoull(text_at(role, "permissions"));
    } catch (const std::logic_error&) {
        throw failure("not a chat world: permissions are no number");
    }
}

chat_guild guild_of(const json::value& from) {
    chat_guild out;
    for (const json::value& r : list_at(from, "roles")) {
        chat_role role{id_at<role_id>(r, "id"), text_at(r, "name"), permissions_at(r),
                       number_at(r, "above_bot") != 0};
        out.roles.emplace(role.id, std::move(role));
    }
    for (const json::value& c : list_at(from, "channels")) {
        chat_channel channel{id_at<channel_id>(c, "id"), text_at(c, "name")};
        out.channels.emplace(channel.id, std::move(channel));
    }
    for (const json::value& m : list_at(from, "members")) {
        chat_member member{id_at<member_id>(m, "id"), text_at(m, "name"), roles_at(m, "roles")};
        out.members.emplace(member.id, std::move(member));
    }
    for (const json::value& p : list_at(from, "posts")) {
        out.posts.emplace(id_at<channel_id>(p, "channel"), messages_at(p, "messages"));
    }
    return out;
}

std::int64_t target_value(const chat_target& target) {
    struct visitor {
        std::int64_t operator()(std::monostate) const { return 0; }
        std::int64_t operator()(member_id v) const { return v.value(); }
        std::int64_t operator()(channel_id v) const { return v.value(); }
        std::int64_t operator()(role_id v) const { return v.value(); }
    };
    return std::visit(visitor{}, target);
}

chat_target target_of(std::int64_t kind, std::int64_t value) {
    switch (kind) {
    case 0:
        return std::monostate{};
    case 1:
        return member_id{value};
    case 2:
        return channel_id{value};
    case 3:
        return role_id{value};
    default:
        throw failure("not a chat world: an unknown target");
    }
}

json::object json_of_fault(const armed_fault& f) {
    return {{"id", f.id.value()},
            {"error", to_string(f.rule.error)},
            {"after", f.rule.moment == fault_moment::after ? 1 : 0},
            {"operation", f.rule.operation ? to_string(*f.rule.operation) : ""},
            {"target_kind", f.rule.target.index()},
            {"target", target_value(f.rule.target)},
            {"guild", f.rule.guild.value()},
            {"skip", f.rule.skip},
            {"every", f.rule.every},
            {"times", f.rule.times},
            {"retry_after_us", f.rule.retry_after.count()},
            {"latency_us", f.rule.latency.count()},
            {"asked", f.asked},
            {"struck", f.struck}};
}

armed_fault fault_of(const json::value& from) {
    armed_fault out;
    out.id = id_at<fault_id>(from, "id");
    out.rule.error = parse_effect_error(text_at(from, "error")).value_or(effect_error::temporary);
    out.rule.moment = number_at(from, "after") != 0 ? fault_moment::after : fault_moment::before;
    out.rule.operation = parse_chat_operation(text_at(from, "operation"));
    out.rule.target = target_of(number_at(from, "target_kind"), number_at(from, "target"));
    out.rule.guild = id_at<guild_id>(from, "guild");
    out.rule.skip = static_cast<int>(number_at(from, "skip"));
    out.rule.every = static_cast<int>(number_at(from, "every"));
    out.rule.times = static_cast<int>(number_at(from, "times"));
    out.rule.retry_after = duration{number_at(from, "retry_after_us")};
    out.rule.latency = duration{number_at(from, "latency_us")};
    out.asked = static_cast<int>(number_at(from, "asked"));
    out.struck = static_cast<int>(number_at(from, "struck"));
    return out;
}

void read_ledger(const json::value& from, fake_chat::state& into) {
    for (const json::value& e : list_at(from, "ledger")) {
        ledger_entry entry = ledger_entry_of(e);
        entry.number = into.ledger.size() + 1;
        into.seen[{entry.guild, entry.operation, entry.target, entry.key}] = into.ledger.size();
        into.ledger.push_back(std::move(entry));
    }
}

} // namespace

std::string fake_chat::to_json() const {
    json::array guilds;
    for (const auto& [id, guild] : state_->guilds) {
        guilds.push_back(json_of_guild(id, guild));
    }
    json::array inboxes;
    for (const auto& [member, messages] : state_->inboxes) {
        inboxes.push_back(json::object{{"member", member.value()}, {"messages", json_of_messages(messages)}});
    }
    json::array ledger;
    for (const ledger_entry& e : state_->ledger) {
        ledger.push_back(json_of(e));
    }
    json::array faults;
    for (const armed_fault& f : state_->faults) {
        faults.push_back(json_of_fault(f));
    }
    return json::serialize(json::object{{"chat_world", 1},
                                        {"guilds", guilds},
                                        {"inboxes", inboxes},
                                        {"ledger", ledger},
                                        {"faults", faults},
                                        {"next_fault", state_->next_fault},
                                        {"next_message", state_->next_message},
                                        {"outage", state_->down == outage::on ? 1 : 0},
                                        {"dedupe_window_us", state_->dedupe_window.count()},
                                        {"calls", state_->calls}});
}

void fake_chat::from_json(std::string_view text) {
    const json::value from = parse_json(text);
    if (number_at(from, "chat_world") != 1) {
        throw failure("a chat world of another version");
    }
    auto read = std::make_unique<state>(state_->clock);
    read->turned = state_->turned;
    for (const json::value& g : list_at(from, "guilds")) {
        read->guilds.emplace(id_at<guild_id>(g, "id"), guild_of(g));
    }
    for (const json::value& i : list_at(from, "inboxes")) {
        read->inboxes.emplace(id_at<member_id>(i, "member"), messages_at(i, "messages"));
    }
    read_ledger(from, *read);
    for (const json::value& f : list_at(from, "faults")) {
        read->faults.push_back(fault_of(f));
    }
    read->next_fault = number_at(from, "next_fault");
    read->next_message = number_at(from, "next_message");
    read->down = number_at(from, "outage") != 0 ? outage::on : outage::off;
    read->dedupe_window = duration{number_at(from, "dedupe_window_us")};
    read->calls = static_cast<std::size_t>(number_at(from, "calls"));
    state_ = std::move(read);
}

void fake_chat::save(const std::filesystem::path& file) const {
    std::filesystem::path fresh = file;
    fresh += ".new";
    {
        std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
        out << to_json() << '\n';
        out.close();
        if (!out) {
            throw failure("cannot write " + fresh.string());
        }
    }
    std::error_code problem;
    std::filesystem::rename(fresh, file, problem);
    if (problem) {
        throw failure("cannot write " + file.string() + ": " + problem.message());
    }
}

void fake_chat::load(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw failure("cannot read " + file.string());
    }
    from_json(std::string(std::istreambuf_iterator<char>(in), {}));
}

} // namespace patt::testing
