#include "core/onboarding/parsers.hpp"

#include "core/onboarding/alts.hpp"

#include <patt/identity/class_table.hpp>
#include <patt/onboarding/answers.hpp>
#include <patt/text/name_key.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace patt::onboarding {

namespace {

std::string offered_line_of(const identity::character& who, const policy::guild_settings& settings) {
    return fmt::format("{}|{}-{}|{}", who.id.value(), who.name, who.realm_slug, label_of(who, settings));
}

using parser = parse_outcome (*)(draft& d, const step& which, std::string_view text, need& missing);

std::string realm_shown(const identity::character& who) {
    return who.realm_name.empty() ? who.realm_slug : who.realm_name;
}

void remember_character(draft& d, const identity::character& who) {
    d.remember("main", who.name);
    d.remember("main.query", who.name + "-" + who.realm_slug);
    d.remember("main.character", std::to_string(who.id.value()));
    d.remember("main.realm", who.realm_slug);
    d.remember("main.realm_name", realm_shown(who));
    d.remember("main.class", identity::class_name(who.class_id));
    d.remember("main.rank", policy::rank_name(d.ctx().settings, who.rank));
}

void remember_typed(draft& d, const character_answer& typed) {
    // The verdict on another character says nothing about this one.
    d.forget({"main.character", "main.realm", "main.realm_name", "main.class", "main.rank", "main.offered",
              "claim"});
    d.remember("main", typed.name);
    d.remember("main.query", query_of(typed));
}

parse_outcome use_character(draft& d, const character_answer& typed, need& missing) {
    const std::string query = query_of(typed);
    const lookup* found = d.facts().find_lookup(query);
    if (found == nullptr) {
        missing.characters.push_back(query);
        return {parse_status::missing, {}};
    }
    remember_typed(d, typed);
    const std::vector<const candidate*> hits = narrowed(*found, typed.name);
    if (hits.size() == 1) {
        remember_character(d, hits.front()->character);
        d.remember("main.matches", "one");
    } else if (!hits.empty()) {
        offer(d, "main.offered", characters_of(hits));
        d.remember("main.matches", "several");
    } else if (!found->nearest.empty()) {
        offer(d, "main.offered", found->nearest);
        d.remember("main.matches", "near");
    } else {
        d.remember("main.matches", "none");
    }
    return {};
}

parse_outcome unreadable(draft& d, std::string_view key) {
    return {parse_status::again, d.text(key)};
}

parse_outcome parse_yes_no_step(draft& d, const step& which, std::string_view text, need& /*missing*/) {
    switch (parse_yes_no(text)) {
    case yes_no::yes:
        d.remember(which.field, "yes");
        return {};
    case yes_no::no:
        d.remember(which.field, "no");
        return {};
    case yes_no::unclear:
        break;
    }
    if (which.unclear.empty() || which.unclear == "again") {
        return unreadable(d, "answer.yes_or_no");
    }
    if (d.is_still_to_be_asked()) { // What nobody has seen nobody answers by the way.
        return unreadable(d, "answer.not_asked_yet");
    }
    d.remember(which.field, which.unclear);
    return {parse_status::unclear, {}};
}

parse_outcome parse_character_step(draft& d, const step& /*which*/, std::string_view text, need& missing) {
    const auto typed = parse_character(text);
    return typed ? use_character(d, *typed, missing) : unreadable(d, "answer.character");
}

/// After "not yet": a plain yes means that they have joined now; a no changes nothing; anything else is a
/// name.
parse_outcome parse_when_ready(draft& d, const step& which, std::string_view text, need& missing) {
    switch (parse_yes_no(text)) {
    case yes_no::yes:
        d.remember("in_guild", "yes");
        d.remember("main.matches", "ready");
        return {};
    case yes_no::no:
        return unreadable(d, "newcomer.still_not_in_guild");
    case yes_no::unclear:
        break;
    }
    const parse_outcome read = parse_character_step(d, which, text, missing);
    if (read.status == parse_status::taken) {
        d.remember("in_guild", "yes");
    }
    return read;
}

/// A number or a label of the offered list; `none` keeps what was typed; anything else is a new name.
parse_outcome parse_offered(draft& d, const step& which, std::string_view text, need& missing) {
    const std::vector<offered_line> offered = offered_lines(d.recall(which.choices_from));
    std::vector<std::string> labels;
    for (const offered_line& line : offered) {
        labels.push_back(line.label);
    }
    if (const auto picked = parse_choice(text, labels)) {
        const offered_line& line = offered[*picked];
        const lookup* found = d.facts().find_lookup(line.query);
        if (found == nullptr) {
            missing.characters.push_back(line.query);
            return {parse_status::missing, {}};
        }
        for (const candidate& c : found->hits) {
            if (std::to_string(c.character.id.value()) == line.id) {
                remember_character(d, c.character);
                d.remember("main.matches", "chosen");
                return {};
            }
        }
        return unreadable(d, "answer.choice_gone");
    }
    if (is_none(text)) {
        d.remember("main.matches", "none");
        return {};
    }
    return parse_character_step(d, which, text, missing);
}

parse_outcome parse_choice_step(draft& d, const step& which, std::string_view text, need& /*missing*/) {
    if (const auto picked = parse_choice(text, which.choices)) {
        d.remember(which.field, which.choices[*picked]);
        return {};
    }
    return unreadable(d, "answer.choice");
}

parse_outcome parse_text_step(draft& d, const step& which, std::string_view text, need& /*missing*/) {
    const std::string clean = parse_free_text(text);
    if (clean.empty()) {
        return unreadable(d, "answer.empty");
    }
    d.remember(which.field, clean);
    return {};
}

/// One line a field: `name: value`, or the values in the order of the fields.
parse_outcome parse_form(draft& d, const step& which, std::string_view text, need& /*missing*/) {
    const std::vector<std::string> lines = lines_of(text);
    if (lines.size() != which.fields.size()) {
        return unreadable(d, "answer.form");
    }
    std::vector<std::string> values;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string value = lines[i];
        if (value.starts_with(which.fields[i] + ":")) {
            value.erase(0, which.fields[i].size() + 1);
        }
        value = parse_free_text(value);
        if (value.empty()) {
            return unreadable(d, "answer.form");
        }
        values.push_back(std::move(value));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        d.remember(which.fields[i], values[i]);
    }
    return {};
}

struct named_parser {
    std::string_view name;
    parser read;
};

constexpr std::array<named_parser, 9> parsers{{
    {"yes_no", parse_yes_no_step},
    {"character", parse_character_step},
    {"character_when_ready", parse_when_ready},
    {"offered_character", parse_offered},
    {"character_list", parse_alts},
    {"offered_alt", parse_offered_alt},
    {"choice", parse_choice_step},
    {"text", parse_text_step},
    {"form", parse_form},
}};

} // namespace

std::vector<std::string_view> parser_names() {
    std::vector<std::string_view> names;
    for (const named_parser& p : parsers) {
        names.push_back(p.name);
    }
    return names;
}

parse_outcome parse_answer(draft& d, const step& which, std::string_view text, need& missing) {
    for (const named_parser& p : parsers) {
        if (p.name == which.parser) {
            return p.read(d, which, text, missing);
        }
    }
    throw failure(fmt::format("step {} names the unknown parser {}", which.key, which.parser));
}

std::string query_of(const character_answer& typed) {
    return typed.realm.empty() ? typed.name : typed.name + "-" + typed.realm;
}

std::vector<const candidate*> narrowed(const lookup& found, std::string_view name) {
    const std::string exact = text::exact_key(name);
    std::vector<const candidate*> all;
    std::vector<const candidate*> same;
    for (const candidate& c : found.hits) {
        all.push_back(&c);
        if (text::exact_key(c.character.name) == exact) {
            same.push_back(&c);
        }
    }
    return same.empty() ? all : same;
}

std::vector<identity::character> characters_of(std::span<const candidate* const> hits) {
    std::vector<identity::character> out;
    for (const candidate* c : hits) {
        out.push_back(c->character);
    }
    return out;
}

void offer(draft& d, std::string_view field, std::span<const identity::character> choices) {
    std::string lines;
    for (const identity::character& who : choices) {
        lines += (lines.empty() ? "" : "\n") + offered_line_of(who, d.ctx().settings);
    }
    d.remember(field, lines);
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) {
            out.emplace_back(text.substr(at, end - at));
        }
        at = end + 1;
    }
    return out;
}

std::vector<offered_line> offered_lines(std::string_view remembered) {
    std::vector<offered_line> out;
    for (const std::string& line : lines_of(remembered)) {
        const std::size_t first = line.find('|');
        const std::size_t second = line.find('|', first + 1);
        if (second != std::string::npos) {
            out.push_back(
                {line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)});
        }
    }
    return out;
}

std::string label_of(const identity::character& who, const policy::guild_settings& settings) {
    return fmt::format("{} — {}, {}, {}", who.name, realm_shown(who), identity::class_name(who.class_id),
                       policy::rank_name(settings, who.rank));
}

} // namespace patt::onboarding
