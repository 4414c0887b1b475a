// Reads and checks a flow document. A flow that passes here can be walked without surprises: every target
// exists, every step is reachable, and no loop runs without waiting for somebody.

#include <patt/onboarding/flow.hpp>

#include <boost/json.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace patt::onboarding {

namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, step_kind>, 8> kinds{{
    {"ask", step_kind::ask},
    {"say", step_kind::say},
    {"agreement", step_kind::agreement},
    {"review", step_kind::review},
    {"task", step_kind::task},
    {"verify", step_kind::verify},
    {"provision", step_kind::provision},
    {"end", step_kind::end},
}};
constexpr std::array<std::pair<std::string_view, prompt_kind>, 5> prompts{{
    {"confirm", prompt_kind::confirm},
    {"choice", prompt_kind::choice},
    {"text", prompt_kind::text},
    {"form", prompt_kind::form},
    {"accept", prompt_kind::accept},
}};
constexpr std::array<std::pair<std::string_view, follow_up>, 3> follow_ups{{
    {"none", follow_up::none},
    {"nudge", follow_up::nudge},
    {"check_in", follow_up::check_in},
}};
constexpr std::array<std::pair<std::string_view, flow_order>, 2> orders{{
    {"ordered", flow_order::ordered},
    {"tasks", flow_order::tasks},
}};

/// Carries the first thing that is wrong out of the nested reading; caught in this file.
struct flow_problem {
    std::string what;
};

template <class Table>
auto named(const Table& table, std::string_view name, std::string_view where) {
    for (const auto& [key, value] : table) {
        if (key == name) {
            return value;
        }
    }
    std::string allowed;
    for (const auto& entry : table) {
        allowed += (allowed.empty() ? "" : ", ") + std::string(entry.first);
    }
    throw flow_problem{fmt::format("{}: \"{}\" is not known; use one of {}", where, name, allowed)};
}

std::string text_of(const json::value& value, std::string_view where) {
    if (!value.is_string()) {
        throw flow_problem{fmt::format("{} must be a text", where)};
    }
    return std::string(value.get_string());
}

int number_of(const json::value& value, std::string_view where) {
    if (!value.is_int64() || value.get_int64() < 1 || value.get_int64() > 1'000'000) {
        throw flow_problem{fmt::format("{} must be a whole number from 1 to 1000000", where)};
    }
    return static_cast<int>(value.get_int64());
}

std::vector<std::string> texts_of(const json::value& value, std::string_view where) {
    if (!value.is_array()) {
        throw flow_problem{fmt::format("{} must be a list of texts", where)};
    }
    std::vector<std::string> out;
    for (const json::value& item : value.get_array()) {
        out.push_back(text_of(item, where));
    }
    return out;
}

branch read_branch(const json::value& value, std::string_view where) {
    if (!value.is_object()) {
        throw flow_problem{fmt::format("{}.branches must be a list of objects", where)};
    }
    branch out;
    for (const auto& member : value.get_object()) {
        const std::string_view name = member.key();
        const std::string place = fmt::format("{}.branches.{}", where, name);
        if (name == "field") {
            out.field = text_of(member.value(), place);
        } else if (name == "is") {
            out.is = text_of(member.value(), place);
        } else if (name == "go") {
            out.go = text_of(member.value(), place);
        } else {
            throw flow_problem{place + " is not known; a branch has field, is and go"};
        }
    }
    if (out.field.empty() || out.go.empty()) {
        throw flow_problem{fmt::format("{}.branches: a branch needs field, is and go", where)};
    }
    return out;
}

void read_text_member(step& s, std::string_view name, const json::value& value, const std::string& place) {
    const std::array<std::pair<std::string_view, std::string step::*>, 11> texts{{
        {"key", &step::key},
        {"text", &step::text},
        {"parser", &step::parser},
        {"field", &step::field},
        {"choices_from", &step::choices_from},
        {"unclear", &step::unclear},
        {"unclear_text", &step::unclear_text},
        {"pass_on", &step::pass_on},
        {"next", &step::next},
        {"document", &step::document},
        {"role", &step::role},
    }};
    for (const auto& [key, target] : texts) {
        if (key == name) {
            s.*target = text_of(value, place);
            return;
        }
    }
    if (name == "predicate") {
        s.predicate = text_of(value, place);
        return;
    }
    throw flow_problem{place + " is not known"};
}

step read_step(const json::value& value, std::size_t index) {
    std::string where = fmt::format("steps[{}]", index);
    if (!value.is_object()) {
        throw flow_problem{where + " must be an object"};
    }
    step s;
    bool kind_given = false;
    bool prompt_given = false;
    for (const auto& member : value.get_object()) {
        const std::string_view name = member.key();
        const std::string place = fmt::format("{}.{}", where, name);
        if (name == "kind") {
            s.kind = named(kinds, text_of(member.value(), place), place);
            kind_given = true;
        } else if (name == "prompt") {
            s.prompt = named(prompts, text_of(member.value(), place), place);
            prompt_given = true;
        } else if (name == "follow_up") {
            s.follow_up = named(follow_ups, text_of(member.value(), place), place);
        } else if (name == "choices") {
            s.choices = texts_of(member.value(), place);
        } else if (name == "fields") {
            s.fields = texts_of(member.value(), place);
        } else if (name == "version") {
            s.document_version = number_of(member.value(), place);
        } else if (name == "branches") {
            if (!member.value().is_array()) {
                throw flow_problem{place + " must be a list"};
            }
            for (const json::value& item : member.value().get_array()) {
                s.branches.push_back(read_branch(item, where));
            }
        } else {
            read_text_member(s, name, member.value(), place);
        }
    }
    if (s.key.empty() || !kind_given) {
        throw flow_problem{where + " needs a key and a kind"};
    }
    if (s.kind == step_kind::agreement && !prompt_given) {
        s.prompt = prompt_kind::accept;
    }
    return s;
}

bool waits(const step& s) {
    return s.kind == step_kind::ask || s.kind == step_kind::agreement || s.kind == step_kind::review ||
           s.kind == step_kind::end || s.kind == step_kind::task;
}

/// Values that decisions write themselves: an answer under such a name would speak with PATT's voice.
constexpr std::array<std::string_view, 6> own_fields{"claim",   "confirmed",   "invite",
                                                     "retries", "resolved_by", "role.because"};

void check_field(std::string_view field, const std::string& where) {
    if (field.empty()) {
        throw flow_problem{where + ": a question needs a field for its answer"};
    }
    if (std::find(own_fields.begin(), own_fields.end(), field) != own_fields.end()) {
        throw flow_problem{
            fmt::format("{}: the field \"{}\" is written by PATT; take another name", where, field)};
    }
}

void check_question(const flow& f, const step& s, const std::string& where) {
    const std::vector<std::string_view> known = parser_names();
    if (std::find(known.begin(), known.end(), s.parser) == known.end()) {
        throw flow_problem{fmt::format("{}: the parser \"{}\" is not known", where, s.parser)};
    }
    if (s.parser == "form") {
        if (s.fields.empty()) {
            throw flow_problem{where + ": a form needs its fields"};
        }
        for (const std::string& field : s.fields) {
            check_field(field, where);
        }
    } else {
        check_field(s.field, where);
    }
    if ((s.parser == "choice" && s.choices.empty()) ||
        (s.parser == "offered_character" && s.choices_from.empty())) {
        throw flow_problem{where + ": there is nothing to choose from; give choices or choices_from"};
    }
    if (s.pass_on.empty()) {
        return;
    }
    const step* next = f.find(s.pass_on);
    if (next == nullptr) {
        throw flow_problem{fmt::format("{} goes to \"{}\", which does not exist", where, s.pass_on)};
    }
    // One that passes on itself could pass the same answer round for ever.
    if (next->kind != step_kind::ask || !next->pass_on.empty()) {
        throw flow_problem{where + ": pass_on names a question that passes nothing on itself"};
    }
}

void check_step(const flow& f, const step& s) {
    const std::string where = "step \"" + s.key + "\"";
    const auto target = [&](const std::string& go) {
        if (f.find(go) == nullptr) {
            throw flow_problem{fmt::format("{} goes to \"{}\", which does not exist", where, go)};
        }
    };
    for (const branch& b : s.branches) {
        target(b.go);
    }
    const bool goes_on = s.kind != step_kind::end && s.kind != step_kind::task;
    if (goes_on || !s.next.empty()) {
        target(s.next);
    }
    if (s.kind == step_kind::ask) {
        check_question(f, s, where);
    }
    if (s.kind == step_kind::agreement && !s.field.empty()) {
        check_field(s.field, where);
    }
    if (s.kind == step_kind::review && !s.field.empty()) {
        check_field(s.field, where);
    }
    if (!s.unclear.empty() && s.unclear != "yes" && s.unclear != "no" && s.unclear != "again") {
        throw flow_problem{where + ": unclear is yes, no or again"};
    }
    if (s.kind == step_kind::agreement && s.document.empty()) {
        throw flow_problem{where + ": an agreement names its document"};
    }
    if ((s.kind == step_kind::ask || s.kind == step_kind::say || s.kind == step_kind::agreement) &&
        s.text.empty()) {
        throw flow_problem{where + " needs a text"};
    }
}

std::vector<std::string> targets(const step& s) {
    std::vector<std::string> out;
    for (const branch& b : s.branches) {
        out.push_back(b.go);
    }
    if (!s.next.empty()) {
        out.push_back(s.next);
    }
    return out;
}

void check_reachable(const flow& f) {
    std::set<std::string> seen;
    std::vector<std::string> open{f.start};
    while (!open.empty()) {
        const std::string key = open.back();
        open.pop_back();
        if (seen.insert(key).second) {
            for (const std::string& next : targets(*f.find(key))) {
                open.push_back(next);
            }
        }
    }
    for (const step& s : f.steps) {
        if (!seen.contains(s.key)) {
            throw flow_problem{fmt::format("step \"{}\" cannot be reached", s.key)};
        }
    }
}

/// How many steps follow each other at most from here until somebody is waited for.
///
/// A loop in which nobody is waited for would turn for ever, whether it runs through `next` or through
/// branches.
std::size_t hops_from(const flow& f, const step& at, std::map<std::string, std::size_t>& known,
                      std::set<std::string>& under_way) {
    if (waits(at)) {
        return 1;
    }
    if (const auto done = known.find(at.key); done != known.end()) {
        return done->second;
    }
    if (!under_way.insert(at.key).second) {
        throw flow_problem{fmt::format("step \"{}\" begins a loop without a question", at.key)};
    }
    std::size_t longest = 0;
    for (const std::string& next : targets(at)) {
        longest = std::max(longest, hops_from(f, *f.find(next), known, under_way));
    }
    under_way.erase(at.key);
    known.emplace(at.key, longest + 1);
    return longest + 1;
}

void check_comes_to_rest(const flow& f) {
    std::map<std::string, std::size_t> known;
    std::set<std::string> under_way;
    for (const step& first : f.steps) {
        if (hops_from(f, first, known, under_way) > flow_limits::hops) {
            throw flow_problem{fmt::format("step \"{}\": more than {} steps follow without a question",
                                           first.key, flow_limits::hops)};
        }
    }
}

void check(const flow& f) {
    if (f.key.empty() || f.steps.empty()) {
        throw flow_problem{"a flow needs a name (flow) and steps"};
    }
    if (f.steps.size() > flow_limits::steps) {
        throw flow_problem{fmt::format("a flow has at most {} steps", flow_limits::steps)};
    }
    std::set<std::string> keys;
    for (const step& s : f.steps) {
        if (!keys.insert(s.key).second) {
            throw flow_problem{fmt::format("step \"{}\" is there twice", s.key)};
        }
    }
    for (const step& s : f.steps) {
        check_step(f, s);
        if (f.order == flow_order::tasks && s.kind != step_kind::task) {
            throw flow_problem{fmt::format("step \"{}\": a flow of tasks has tasks only", s.key)};
        }
        if (f.order == flow_order::ordered && s.kind == step_kind::task) {
            throw flow_problem{fmt::format("step \"{}\": tasks belong into a flow with order tasks", s.key)};
        }
    }
    if (f.order == flow_order::ordered) {
        if (f.find(f.start) == nullptr) {
            throw flow_problem{fmt::format("start: the step \"{}\" does not exist", f.start)};
        }
        check_reachable(f);
        check_comes_to_rest(f);
    }
}

flow read_flow(const json::value& document) {
    if (!document.is_object()) {
        throw flow_problem{"a flow is a JSON object"};
    }
    flow f;
    for (const auto& member : document.get_object()) {
        const std::string_view name = member.key();
        const std::string place(name);
        if (name == "flow") {
            f.key = text_of(member.value(), place);
        } else if (name == "version") {
            f.version = number_of(member.value(), place);
        } else if (name == "order") {
            f.order = named(orders, text_of(member.value(), place), place);
        } else if (name == "start") {
            f.start = text_of(member.value(), place);
        } else if (name == "steps") {
            if (!member.value().is_array()) {
                throw flow_problem{"steps must be a list"};
            }
            for (const json::value& item : member.value().get_array()) {
                f.steps.push_back(read_step(item, f.steps.size()));
            }
        } else {
            throw flow_problem{place + " is not known; a flow has flow, version, order, start and steps"};
        }
    }
    check(f);
    return f;
}

} // namespace

result<flow> parse_flow(std::string_view text) {
    boost::system::error_code ec;
    json::parse_options options;
    options.max_depth = 16;
    const json::value document = json::parse(json::string_view(text.data(), text.size()), ec, {}, options);
    if (ec) {
        return error{errc::invalid_input, "flow: not JSON: " + ec.message()};
    }
    try {
        return read_flow(document);
    } catch (const flow_problem& problem) {
        return error{errc::invalid_input, "flow: " + problem.what};
    }
}

} // namespace patt::onboarding
