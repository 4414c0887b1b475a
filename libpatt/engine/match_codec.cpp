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
    json::object out;
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
    out.emplace("vetoes", texts_of(why.vetoes));
    out.emplace("would_change", texts_of(why.would_change));
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
