#include "engine/match_codec.hpp"

#include <patt/result.hpp>

#include <boost/json.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace patt::engine {

namespace {

namespace json = boost::json;
using identity::channel;

double in_millionths(double p) {
    constexpr double parts = 1'000'000.0;
    return std::round(p * parts) / parts;
}

json::array texts_of(const std::vector<std::string>& list) {
    json::array out;
    for (const std::string& s : list) {
        out.emplace_back(s);
    }
    return out;
}

json::object object_of(const identity::match_explanation& why) {
    json::array items;
    for (const identity::evidence_item& i : why.items) {
        json::object item;
        item["channel"] = std::string(to_string(i.from));
        item["agreement"] = std::string(to_string(i.how));
        item["left"] = i.left;
        item["right"] = i.right;
        item["bits"] = static_cast<double>(i.weight) / identity::one_bit;
        item["frequency"] = i.frequency;
        items.emplace_back(std::move(item));
    }
    json::array conflicts;
    for (const identity::conflicting_owner& c : why.conflicts) {
        json::object other;
        other["character"] = std::to_string(c.character.value());
        other["member"] = std::to_string(c.member.value());
        conflicts.emplace_back(std::move(other));
    }
    json::object out;
    out["character"] = std::to_string(why.decision.character.value());
    out["advice"] = std::string(to_string(why.decision.what));
    out["member"] = std::to_string(why.decision.member.value());
    // Null where nothing agrees: then nothing was computed.
    out["probability"] = why.decision.member && why.items.empty()
                             ? json::value(nullptr)
                             : json::value(in_millionths(why.decision.probability));
    out["level"] = std::string(to_string(why.decision.level));
    out["route"] = std::string(to_string(why.decision.by));
    out["doubt"] = std::string(to_string(why.decision.why_not));
    out["runner_up"] = std::to_string(why.runner_up.value());
    out["margin_bits"] = static_cast<double>(why.margin) / identity::one_bit;
    out.emplace("items", std::move(items));
    out.emplace("conflicts", std::move(conflicts));
    out.emplace("vetoes", texts_of(why.vetoes));
    out.emplace("would_change", texts_of(why.would_change));
    return out;
}

std::string text_in(const json::object& o, std::string_view key) {
    const json::value* const v = o.if_contains(key);
    return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

double number_in(const json::object& o, std::string_view key) {
    const json::value* const v = o.if_contains(key);
    return v != nullptr && v->is_number() ? v->to_number<double>() : 0.0;
}

template <class Id>
Id id_in(const json::object& o, std::string_view key) {
    const std::string text = text_in(o, key);
    return text.empty() ? Id{} : Id{std::stoll(text)};
}

std::vector<std::string> texts_in(const json::object& o, std::string_view key) {
    std::vector<std::string> out;
    for (const json::value& v : o.at(key).as_array()) {
        out.emplace_back(v.as_string());
    }
    return out;
}

/// The enumerator with this name; the first one if there is none, as of another version of the program.
template <class Enum>
Enum named_in(const json::object& o, std::string_view key, Enum last) {
    const std::string text = text_in(o, key);
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (to_string(static_cast<Enum>(i)) == text) {
            return static_cast<Enum>(i);
        }
    }
    return Enum{};
}

identity::evidence_item item_in(const json::object& o) {
    identity::evidence_item out;
    out.from = named_in(o, "channel", channel::ruling);
    out.how = named_in(o, "agreement", identity::agreement::look);
    out.left = text_in(o, "left");
    out.right = text_in(o, "right");
    out.weight = static_cast<identity::bits>(std::lround(number_in(o, "bits") * identity::one_bit));
    out.frequency = static_cast<std::uint32_t>(number_in(o, "frequency"));
    return out;
}

identity::match_explanation explanation_in(const json::object& o, character_id subject) {
    identity::match_explanation out;
    identity::match_decision& d = out.decision;
    d.character = id_in<character_id>(o, "character");
    d.character = d.character ? d.character : subject;
    d.what = named_in(o, "advice", identity::advice::nothing);
    d.member = id_in<member_id>(o, "member");
    d.probability = number_in(o, "probability");
    d.level = named_in(o, "level", identity::confidence::confirmed);
    d.by = named_in(o, "route", identity::route::manual);
    d.why_not = named_in(o, "doubt", identity::doubt::not_in_chat);
    out.runner_up = id_in<member_id>(o, "runner_up");
    out.margin = static_cast<identity::bits>(std::lround(number_in(o, "margin_bits") * identity::one_bit));
    for (const json::value& v : o.at("items").as_array()) {
        out.items.push_back(item_in(v.as_object()));
    }
    if (const json::value* const conflicts = o.if_contains("conflicts")) {
        for (const json::value& v : conflicts->as_array()) {
            const json::object& c = v.as_object();
            out.conflicts.push_back({id_in<character_id>(c, "character"), id_in<member_id>(c, "member")});
        }
    }
    out.vetoes = texts_in(o, "vetoes");
    out.would_change = texts_in(o, "would_change");
    return out;
}

/// What is no evidence but the frame around it.
bool is_frame(channel c) {
    return c == channel::prior || c == channel::competition || c == channel::rivalry ||
           c == channel::calibration;
}

} // namespace

std::string encode_candidates(std::span<const item_candidate> candidates) {
    json::array out;
    for (const item_candidate& c : candidates) {
        json::object one;
        one["member"] = std::to_string(c.member.value());
        one["name"] = c.name;
        one["probability"] = in_millionths(c.probability);
        out.emplace_back(std::move(one));
    }
    return json::serialize(out);
}

std::vector<item_candidate> candidates_of(const identity::review_item& item) {
    std::vector<item_candidate> out;
    if (item.candidates.empty()) {
        return out;
    }
    try {
        const json::value all = json::parse(item.candidates);
        for (const json::value& v : all.as_array()) {
            const json::object& o = v.as_object();
            out.push_back({member_id{std::stoll(std::string(o.at("member").as_string()))},
                           std::string(o.at("name").as_string()), o.at("probability").to_number<double>()});
        }
    } catch (const std::exception& broken) {
        throw failure(fmt::format("the candidates of a review item cannot be read: {}", broken.what()));
    }
    return out;
}

std::string encode_explanations(std::span<const identity::match_explanation> whys) {
    json::array out;
    for (const identity::match_explanation& w : whys) {
        out.push_back(object_of(w));
    }
    return json::serialize(out);
}

std::vector<identity::match_explanation> explanations_of(const identity::review_item& item) {
    std::vector<identity::match_explanation> out;
    if (item.evidence.empty()) {
        return out;
    }
    const bool of_character = item.subject_kind == identity::link_kind::character;
    const character_id subject = of_character ? character_id{item.subject} : character_id{};
    try {
        const json::value all = json::parse(item.evidence);
        for (const json::value& v : all.as_array()) {
            out.push_back(explanation_in(v.as_object(), subject));
        }
    } catch (const std::exception& broken) {
        throw failure(fmt::format("the evidence of a review item cannot be read: {}", broken.what()));
    }
    return out;
}

std::string to_json(const identity::match_explanation& why) {
    return json::serialize(object_of(why));
}

std::string evidence_line(const identity::match_explanation& why) {
    const identity::evidence_item* best = nullptr;
    for (const identity::evidence_item& i : why.items) {
        if (!is_frame(i.from) && (best == nullptr || i.weight > best->weight)) {
            best = &i;
        }
    }
    constexpr double percent = 100.0;
    std::string out(to_string(why.decision.by));
    if (best != nullptr) {
        out += fmt::format(": {} \"{}\" {} \"{}\"", to_string(best->from), best->left, to_string(best->how),
                           best->right);
    }
    return out + fmt::format(", {:.1f} %", std::floor(why.decision.probability * percent * 10.0) / 10.0);
}

} // namespace patt::engine
