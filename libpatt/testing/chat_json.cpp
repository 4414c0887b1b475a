#include "testing/chat_json.hpp"

#include <patt/result.hpp>
#include <patt/testing/fault.hpp>

namespace patt::testing {

namespace json = boost::json;

namespace {

[[noreturn]] void broken(std::string_view what) {
    throw failure("not a chat world: " + std::string(what));
}

json::object json_of_message(const text::message& m) {
    json::array fields;
    for (const text::message_field& f : m.fields) {
        fields.push_back(json::object{
            {"name", f.name}, {"value", f.value}, {"narrow", f.width == text::field_width::narrow}});
    }
    return {{"content", m.content}, {"title", m.title},   {"description", m.description},
            {"fields", fields},     {"footer", m.footer}, {"colour", m.colour}};
}

text::message message_of(const json::value& from) {
    text::message out;
    out.content = text_at(from, "content");
    out.title = text_at(from, "title");
    out.description = text_at(from, "description");
    out.footer = text_at(from, "footer");
    out.colour = static_cast<std::uint32_t>(number_at(from, "colour"));
    for (const json::value& f : list_at(from, "fields")) {
        const bool narrow = at(f, "narrow").is_bool() && at(f, "narrow").get_bool();
        out.fields.push_back({text_at(f, "name"), text_at(f, "value"),
                              narrow ? text::field_width::narrow : text::field_width::full});
    }
    return out;
}

json::object json_of_prompt(const prompt& p) {
    json::array choices;
    for (const std::string& c : p.choices) {
        choices.emplace_back(c);
    }
    json::object out{{"kind", static_cast<int>(p.kind)}, {"step", p.step}, {"choices", choices}};
    if (!p.id.empty()) {
        out["id"] = p.id;
    }
    return out;
}

prompt prompt_of(const json::value& from) {
    prompt out;
    const std::int64_t kind = number_at(from, "kind");
    if (kind < 0 || kind > static_cast<int>(prompt_kind::accept)) {
        broken("an unknown kind of question");
    }
    out.kind = static_cast<prompt_kind>(kind);
    out.step = text_at(from, "step");
    if (from.as_object().if_contains("id") != nullptr) { // Older files have none.
        out.id = text_at(from, "id");
    }
    for (const json::value& c : list_at(from, "choices")) {
        if (!c.is_string()) {
            broken("a choice is no text");
        }
        out.choices.emplace_back(c.get_string());
    }
    return out;
}

} // namespace

json::value parse_json(std::string_view text) {
    boost::system::error_code problem;
    json::value out = json::parse(json::string_view(text.data(), text.size()), problem);
    if (problem) {
        broken(problem.message());
    }
    return out;
}

const json::value& at(const json::value& object, std::string_view name) {
    const json::value* found =
        object.is_object() ? object.get_object().if_contains(json::string_view(name.data(), name.size()))
                           : nullptr;
    if (found == nullptr) {
        broken(std::string(name) + " is missing");
    }
    return *found;
}

std::int64_t number_at(const json::value& object, std::string_view name) {
    const json::value& found = at(object, name);
    if (!found.is_int64() && !found.is_uint64()) {
        broken(std::string(name) + " is no number");
    }
    return found.is_int64() ? found.get_int64() : static_cast<std::int64_t>(found.get_uint64());
}

std::string text_at(const json::value& object, std::string_view name) {
    const json::value& found = at(object, name);
    if (!found.is_string()) {
        broken(std::string(name) + " is no text");
    }
    return std::string(found.get_string());
}

const json::array& list_at(const json::value& object, std::string_view name) {
    const json::value& found = at(object, name);
    if (!found.is_array()) {
        broken(std::string(name) + " is no list");
    }
    return found.get_array();
}

json::value json_of(const std::vector<role_id>& roles) {
    json::array out;
    for (const role_id role : roles) {
        out.emplace_back(role.value());
    }
    return out;
}

std::vector<role_id> roles_at(const json::value& object, std::string_view name) {
    std::vector<role_id> out;
    for (const json::value& role : list_at(object, name)) {
        if (!role.is_int64()) {
            broken("a role is no number");
        }
        out.emplace_back(role.get_int64());
    }
    return out;
}

json::object json_of(const engine::outgoing& what) {
    return {{"message", json_of_message(what.message)},
            {"question", json_of_prompt(what.question)},
            {"mention", what.mention.value()}};
}

engine::outgoing outgoing_of(const json::value& from) {
    return {message_of(at(from, "message")), prompt_of(at(from, "question")),
            id_at<member_id>(from, "mention")};
}

json::object json_of(const effect_outcome& outcome) {
    return {{"error", to_string(outcome.error)},
            {"detail", outcome.detail},
            {"ref", outcome.external_ref},
            {"retry_after_us", outcome.retry_after.count()}};
}

effect_outcome outcome_of(const json::value& from) {
    const auto error = parse_effect_error(text_at(from, "error"));
    if (!error) {
        broken("an unknown error");
    }
    return {*error, text_at(from, "detail"), text_at(from, "ref"),
            duration{number_at(from, "retry_after_us")}};
}

json::object json_of(const ledger_entry& e) {
    return {{"at_us", e.at.microseconds()},
            {"operation", to_string(e.operation)},
            {"guild", e.guild.value()},
            {"target", e.target},
            {"key", e.key},
            {"content", e.content},
            {"ref", e.external_ref},
            {"before", json_of(e.before)},
            {"after", json_of(e.after)},
            {"repeats", e.repeats},
            {"other_content", e.other_content}};
}

ledger_entry ledger_entry_of(const json::value& from) {
    const auto operation = parse_chat_operation(text_at(from, "operation"));
    if (!operation) {
        broken("an unknown operation");
    }
    ledger_entry out;
    out.at = instant{number_at(from, "at_us")};
    out.operation = *operation;
    out.guild = id_at<guild_id>(from, "guild");
    out.target = number_at(from, "target");
    out.key = text_at(from, "key");
    out.content = text_at(from, "content");
    out.external_ref = text_at(from, "ref");
    out.before = roles_at(from, "before");
    out.after = roles_at(from, "after");
    out.repeats = static_cast<int>(number_at(from, "repeats"));
    out.other_content = static_cast<int>(number_at(from, "other_content"));
    return out;
}

} // namespace patt::testing
