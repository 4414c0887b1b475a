#include "engine/roster_codec.hpp"

#include <patt/result.hpp>

#include <boost/json.hpp>

#include <charconv>

namespace patt::engine {

namespace {

namespace json = boost::json;

void put(json::object& to, const char* name, const std::optional<std::string>& value) {
    if (value) {
        to[name] = *value;
    }
}

void put(json::object& to, const char* name, const std::optional<std::int32_t>& value) {
    if (value) {
        to[name] = *value;
    }
}

std::optional<std::string> text_of(const json::object& from, const char* name) {
    const json::value* v = from.if_contains(name);
    return v == nullptr ? std::nullopt : std::optional<std::string>(std::string(v->as_string()));
}

std::optional<std::int32_t> number_of(const json::object& from, const char* name) {
    const json::value* v = from.if_contains(name);
    return v == nullptr ? std::nullopt
                        : std::optional<std::int32_t>(static_cast<std::int32_t>(v->as_int64()));
}

json::object profile_to_json(const identity::character_profile& p) {
    json::object out{{"game", p.game.value()}, {"name", p.name}, {"realm", p.realm_slug}};
    put(out, "realm_name", p.realm_name);
    put(out, "class", p.class_id);
    put(out, "class_name", p.class_name);
    put(out, "spec", p.active_spec);
    put(out, "level", p.level);
    put(out, "item_level", p.item_level);
    if (p.last_login) {
        out["last_login"] = p.last_login->microseconds();
    }
    put(out, "race", p.race);
    put(out, "gender", p.gender);
    return out;
}

identity::character_profile profile_from_json(const json::object& v) {
    identity::character_profile p;
    p.game = game_id{v.at("game").as_int64()};
    p.name = text_of(v, "name").value_or("");
    p.realm_slug = text_of(v, "realm").value_or("");
    p.realm_name = text_of(v, "realm_name");
    p.class_id = number_of(v, "class");
    p.class_name = text_of(v, "class_name");
    p.active_spec = text_of(v, "spec");
    p.level = number_of(v, "level");
    p.item_level = number_of(v, "item_level");
    if (const json::value* login = v.if_contains("last_login")) {
        p.last_login = instant{login->as_int64()};
    }
    p.race = text_of(v, "race");
    p.gender = text_of(v, "gender");
    return p;
}

} // namespace

std::string encode_items(std::span<const identity::roster_item> items) {
    json::array out;
    for (const identity::roster_item& i : items) {
        const identity::roster_entry& e = i.entry;
        json::object item{{"game", e.game.value()},     {"name", e.name},
                          {"key", i.key.folded_name},   {"realm", e.realm_slug},
                          {"realm_name", e.realm_name}, {"class", e.class_id},
                          {"level", e.level},           {"rank", e.rank}};
        if (i.profile) {
            item["profile"] = profile_to_json(*i.profile);
        }
        out.push_back(std::move(item));
    }
    return json::serialize(out);
}

std::vector<identity::roster_item> decode_items(std::string_view text) {
    boost::system::error_code ec;
    const json::value list = json::parse(json::string_view(text.data(), text.size()), ec);
    if (ec || !list.is_array()) {
        throw failure("a stored chunk of a roster is not JSON: " + ec.message());
    }
    std::vector<identity::roster_item> out;
    for (const json::value& v : list.get_array()) {
        const json::object& o = v.as_object();
        identity::roster_item i;
        i.entry.game = game_id{o.at("game").as_int64()};
        i.entry.name = text_of(o, "name").value_or("");
        i.entry.realm_slug = text_of(o, "realm").value_or("");
        i.entry.realm_name = text_of(o, "realm_name").value_or("");
        i.entry.class_id = number_of(o, "class").value_or(0);
        i.entry.level = number_of(o, "level").value_or(0);
        i.entry.rank = number_of(o, "rank").value_or(identity::lowest_rank);
        i.key = {text_of(o, "key").value_or(""), i.entry.realm_slug};
        if (const json::value* p = o.if_contains("profile")) {
            i.profile = profile_from_json(p->as_object());
        }
        out.push_back(std::move(i));
    }
    return out;
}

std::string encode_ids(std::span<const character_id> ids) {
    std::string out;
    for (const character_id id : ids) {
        out += std::to_string(id.value());
        out += ' ';
    }
    return out;
}

void decode_ids(std::string_view text, std::unordered_set<character_id>& to) {
    while (!text.empty()) {
        std::int64_t id = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
        if (read.ec != std::errc{} || read.ptr == text.data() + text.size() || *read.ptr != ' ') {
            throw failure("a stored list of characters is damaged");
        }
        to.insert(character_id{id});
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + 1);
    }
}

} // namespace patt::engine
