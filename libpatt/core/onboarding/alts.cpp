#include "core/onboarding/alts.hpp"

#include <patt/onboarding/answers.hpp>

#include <algorithm>

namespace patt::onboarding {

namespace {

std::string joined(const std::vector<std::string>& lines, std::string_view by) {
    std::string out;
    for (const std::string& line : lines) {
        out += (out.empty() ? std::string_view{} : by);
        out += line;
    }
    return out;
}

std::string_view name_of(std::string_view query) {
    return query.substr(0, query.find('-'));
}

/// Whether everything that the list is about is at hand; asks for all that is not, so that one round is
/// enough.
bool has_lookups(const draft& d, const std::vector<std::string>& queries, need& missing) {
    for (const std::string& query : queries) {
        if (d.facts().find_lookup(query) == nullptr) {
            missing.characters.push_back(query);
        }
    }
    return missing.characters.empty();
}

struct alt_list {
    std::vector<std::string> queries;
    std::vector<std::string> todo;
};

void keep(draft& d, const std::string& field, const alt_list& alts) {
    d.remember(field + ".queries", joined(alts.queries, "\n"));
    d.remember(field + ".todo", joined(alts.todo, "\n"));
}

/// The characters that may be meant by a name that does not fit exactly one; none when there is nothing to
/// ask.
std::vector<identity::character> choices_for(const draft& d, const lookup& found, std::string_view& open) {
    const std::string_view main = d.recall("main.character");
    std::vector<identity::character> out;
    const auto add = [&](const identity::character& c) {
        if (std::to_string(c.id.value()) != main) {
            out.push_back(c);
        }
    };
    const auto hits = characters_of(narrowed(found, name_of(found.query)));
    std::for_each(hits.begin(), hits.end(), add);
    open = out.size() > 1 ? "several" : "none";
    if (found.hits.empty()) {
        std::for_each(found.nearest.begin(), found.nearest.end(), add);
        open = out.empty() ? "none" : "near";
    }
    return open == "none" ? std::vector<identity::character>{} : out;
}

/// Goes to the first name that needs a question; the flow's branches look at `.open`.
void prepare_question(draft& d, const std::string& field, alt_list& alts) {
    std::string_view open = "none";
    while (!alts.todo.empty()) {
        const std::string& query = alts.todo.front();
        const auto offered = choices_for(d, *d.facts().find_lookup(query), open);
        if (!offered.empty()) {
            d.remember(field + ".asked", name_of(query));
            offer(d, field + ".offered", offered);
            break;
        }
        alts.todo.erase(alts.todo.begin());
    }
    d.remember(field + ".open", alts.todo.empty() ? "none" : open);
    keep(d, field, alts);
}

} // namespace

parse_outcome parse_alts(draft& d, const step& which, std::string_view text, need& missing) {
    std::vector<std::string> shown;
    alt_list alts;
    if (!is_none(text)) {
        for (const character_answer& typed : parse_character_list(text)) {
            shown.push_back(typed.name);
            alts.queries.push_back(query_of(typed));
        }
    }
    if (!has_lookups(d, alts.queries, missing)) {
        return {parse_status::missing, {}};
    }
    alts.todo = alts.queries;
    d.remember(which.field, joined(shown, ", "));
    d.remember(which.field + ".given", "yes");
    prepare_question(d, which.field, alts);
    return {};
}

parse_outcome parse_offered_alt(draft& d, const step& which, std::string_view text, need& missing) {
    alt_list alts{lines_of(d.recall(which.field + ".queries")), lines_of(d.recall(which.field + ".todo"))};
    if (alts.todo.empty()) {
        return {};
    }
    std::string meant = alts.todo.front();
    const std::vector<offered_line> offered = offered_lines(d.recall(which.choices_from));
    std::vector<std::string> labels;
    for (const offered_line& line : offered) {
        labels.push_back(line.label);
    }
    bool ask_again = false;
    if (const auto picked = parse_choice(text, labels)) {
        meant = offered[*picked].query;
    } else if (!is_none(text)) {
        const auto typed = parse_character(text);
        if (!typed) {
            return {parse_status::again, d.text("answer.character")};
        }
        meant = query_of(*typed);
        ask_again = true;
    }
    std::replace(alts.queries.begin(), alts.queries.end(), alts.todo.front(), meant);
    if (ask_again) {
        alts.todo.front() = meant;
    } else {
        alts.todo.erase(alts.todo.begin());
    }
    if (!has_lookups(d, alts.queries, missing)) {
        return {parse_status::missing, {}};
    }
    std::vector<std::string> shown;
    for (const std::string& query : alts.queries) {
        shown.emplace_back(name_of(query));
    }
    d.remember(which.field, joined(shown, ", "));
    prepare_question(d, which.field, alts);
    return {};
}

const candidate* alt_meant(const lookup& found, character_id main) {
    std::vector<const candidate*> hits = narrowed(found, name_of(found.query));
    std::erase_if(hits, [main](const candidate* c) { return c->character.id == main; });
    return hits.size() == 1 ? hits.front() : nullptr;
}

} // namespace patt::onboarding
