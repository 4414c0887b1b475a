#include "store/codec.hpp"

#include <boost/json.hpp>
#include <boost/system/system_error.hpp>

#include <stdexcept>

namespace patt::store {

namespace {

namespace json = boost::json;

json::string_view sv(std::string_view text) {
    return {text.data(), text.size()};
}
std::string str(const json::value& v) {
    return std::string(v.as_string());
}

json::value text_to_json(const text_ref& text);

json::array args_to_json(const std::vector<text_arg>& args) {
    json::array out;
    for (const text_arg& a : args) {
        out.push_back(json::array{a.name, a.value, static_cast<std::int64_t>(a.kind)});
    }
    return out;
}

std::vector<text_arg> args_from_json(const json::value& list) {
    std::vector<text_arg> out;
    for (const json::value& item : list.as_array()) {
        const json::array& a = item.as_array();
        out.push_back({str(a.at(0)), str(a.at(1)), static_cast<arg_kind>(a.at(2).as_int64())});
    }
    return out;
}

json::value text_to_json(const text_ref& text) {
    return json::object{{"key", text.key}, {"args", args_to_json(text.args)}};
}

text_ref text_from_json(const json::value& v) {
    return {str(v.at("key")), args_from_json(v.at("args"))};
}

json::value prompt_to_json(const prompt& p) {
    json::array choices;
    for (const std::string& c : p.choices) {
        choices.emplace_back(c);
    }
    json::object out{
        {"kind", static_cast<std::int64_t>(p.kind)}, {"step", p.step}, {"choices", std::move(choices)}};
    if (!p.id.empty()) {
        out["id"] = p.id;
    }
    return out;
}

prompt prompt_from_json(const json::value& v) {
    prompt p;
    p.kind = static_cast<prompt_kind>(v.at("kind").as_int64());
    p.step = str(v.at("step"));
    for (const json::value& c : v.at("choices").as_array()) {
        p.choices.push_back(str(c));
    }
    if (const json::value* id = v.as_object().if_contains("id")) { // Older rows have none.
        p.id = str(*id);
    }
    return p;
}

json::array roles_to_json(const std::vector<role_id>& roles) {
    json::array out;
    for (const role_id r : roles) {
        out.emplace_back(r.value());
    }
    return out;
}

std::vector<role_id> roles_from_json(const json::value& v) {
    std::vector<role_id> out;
    for (const json::value& item : v.as_array()) {
        out.emplace_back(item.as_int64());
    }
    return out;
}

struct to_json {
    json::value operator()(const direct_message& m) const {
        return json::object{
            {"to", m.to.value()}, {"text", text_to_json(m.text)}, {"question", prompt_to_json(m.question)}};
    }
    json::value operator()(const channel_post& p) const {
        return json::object{{"channel", p.channel.value()},
                            {"text", text_to_json(p.text)},
                            {"mention", p.mention.value()},
                            {"question", prompt_to_json(p.question)}};
    }
    json::value operator()(const set_roles& s) const {
        return json::object{
            {"member", s.member.value()}, {"add", roles_to_json(s.add)}, {"remove", roles_to_json(s.remove)}};
    }
    json::value operator()(const issue_invite& i) const {
        return json::object{{"session", i.session.value()}, {"person", i.person.value()}};
    }
    json::value operator()(const add_roster_entries& a) const {
        return json::object{
            {"session", a.session.value()}, {"person", a.person.value()}, {"member", a.member.value()}};
    }
};

[[noreturn]] void unknown_kind(std::size_t kind) {
    throw failure("the outbox has an effect of the unknown kind " + std::to_string(kind));
}

effect_body from_json(std::size_t kind, const json::value& v) {
    const auto number = [&](const char* name) { return v.at(name).as_int64(); };
    switch (kind) {
    case 0:
        return direct_message{member_id{number("to")}, text_from_json(v.at("text")),
                              prompt_from_json(v.at("question"))};
    case 1:
        return channel_post{channel_id{number("channel")}, text_from_json(v.at("text")),
                            member_id{number("mention")}, prompt_from_json(v.at("question"))};
    case 2:
        return set_roles{member_id{number("member")}, roles_from_json(v.at("add")),
                         roles_from_json(v.at("remove"))};
    case 3:
        return issue_invite{session_id{number("session")}, person_id{number("person")}};
    case 4:
        return add_roster_entries{session_id{number("session")}, person_id{number("person")},
                                  member_id{number("member")}};
    default:
        unknown_kind(kind);
    }
}

template <std::size_t... Kinds>
effect_body empty_of(std::size_t kind, std::index_sequence<Kinds...> /*all*/) {
    effect_body out;
    if (!((kind == Kinds && (out.emplace<Kinds>(), true)) || ...)) {
        unknown_kind(kind);
    }
    return out;
}

reply reply_from_json(const json::value& v) {
    reply out;
    out.verdict = static_cast<verdict>(v.at("verdict").as_int64());
    for (const json::value& t : v.at("before").as_array()) {
        out.before.push_back(text_from_json(t));
    }
    out.text = text_from_json(v.at("text"));
    out.question = prompt_from_json(v.at("question"));
    for (const json::value& pair : v.at("data").as_array()) {
        out.data.emplace_back(str(pair.as_array().at(0)), str(pair.as_array().at(1)));
    }
    if (const json::value* code = v.as_object().if_contains("code")) {
        out.why = error{static_cast<errc>(code->as_int64()), str(v.at("detail"))};
    }
    return out;
}

json::value parse(std::string_view text, const char* what) {
    boost::system::error_code ec;
    json::value v = json::parse(sv(text), ec);
    if (ec) {
        throw failure(std::string("the stored ") + what + " is not JSON: " + ec.message());
    }
    return v;
}

/// JSON of another form than it was written in: the library says so in several ways.
template <class Read>
auto read_stored(std::string_view text, const char* what, Read read) {
    const json::value v = parse(text, what);
    try {
        return read(v);
    } catch (const std::logic_error& other) {
        throw failure(std::string("the stored ") + what + " has another form: " + other.what());
    } catch (const boost::system::system_error& other) {
        throw failure(std::string("the stored ") + what + " has another form: " + other.what());
    }
}

} // namespace

std::string encode_effect(const effect_body& body) {
    return json::serialize(std::visit(to_json{}, body));
}

effect_body decode_effect(std::size_t kind, std::string_view text) {
    return read_stored(text, "effect", [&](const json::value& v) { return from_json(kind, v); });
}

effect_body empty_effect(std::size_t kind) {
    return empty_of(kind, std::make_index_sequence<std::variant_size_v<effect_body>>{});
}

std::string encode_args(const std::vector<text_arg>& args) {
    return json::serialize(args_to_json(args));
}

std::vector<text_arg> decode_args(std::string_view text) {
    return read_stored(text, "arguments", args_from_json);
}

std::string encode_fields(const std::vector<std::pair<std::string, std::string>>& fields) {
    json::object out;
    for (const auto& [name, value] : fields) {
        out[name] = value;
    }
    return json::serialize(out);
}

std::string encode_reply(const reply& what) {
    json::array before;
    for (const text_ref& t : what.before) {
        before.push_back(text_to_json(t));
    }
    json::array data;
    for (const auto& [name, value] : what.data) {
        data.push_back(json::array{name, value});
    }
    json::object out{{"verdict", static_cast<std::int64_t>(what.verdict)},
                     {"before", std::move(before)},
                     {"text", text_to_json(what.text)},
                     {"question", prompt_to_json(what.question)},
                     {"data", std::move(data)}};
    if (what.why) {
        out["code"] = static_cast<std::int64_t>(what.why->code);
        out["detail"] = what.why->detail;
    }
    return json::serialize(out);
}

reply decode_reply(std::string_view text) {
    return read_stored(text, "reply", reply_from_json);
}

} // namespace patt::store
