// patt explain character, link: what the matcher thinks, with the bits that add up.

#include "../host.hpp"
#include "../output.hpp"
#include "../select.hpp"
#include "commands.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace patt::cli {

namespace {

struct typed_pair {
    std::string character;
    std::string member;
};

/// Who has the character, as a sentence.
std::string owner_of(host& h, const identity::character& who) {
    const auto held = h.look().owner_link(h.guild(), who.id);
    if (!held) {
        return "nobody";
    }
    const auto person = h.look().person(h.guild(), held->person);
    return fmt::format("{}, {} by {} ({})", person ? person->person.display_name : id_text(held->person),
                       identity::to_string(held->level), held->actor, held->evidence);
}

std::optional<identity::review_item> waiting_for(host& h, const identity::character& who) {
    for (identity::review_item& i : h.look().review_items(h.guild())) {
        if (i.subject_kind == identity::link_kind::character && i.subject == who.id.value()) {
            return std::move(i);
        }
    }
    return std::nullopt;
}

/// Whom an officer may choose, and of a contradiction the other side: the one is what is explained anyway.
void tell_what_waits(const identity::review_item& item, const identity::naming& names) {
    fmt::print("It waits for an officer: {} (patt review)\n", item.why);
    for (const engine::item_candidate& c : engine::candidates_of(item)) {
        fmt::print("  perhaps {} ({:.1f} %)\n", c.name, c.probability * 100);
    }
    if (item.other) {
        fmt::print("  other character: {}\n", names.character(item.other));
    }
    const std::vector<identity::match_explanation> sides = engine::explanations_of(item);
    for (std::size_t i = 1; i < sides.size(); ++i) {
        fmt::print("{}", identity::to_text(sides[i], names));
    }
}

exit_code explain(const common_options& common, const typed_pair& typed) {
    host h(common);
    const identity::character who = value_or_refuse(select_character(h.look(), h.guild(), typed.character));
    const member_id member = typed.member.empty() ? member_id{} : h.member(typed.member);
    const std::string owner = owner_of(h, who);
    const std::optional<identity::review_item> waits = waiting_for(h, who);
    const identity::match_explanation why = h.look().explain_match(h.guild(), who.id, member);
    if (common.json) {
        print(record{{"character", who.name},
                     {"realm", who.realm_slug},
                     {"owner", owner},
                     {"waits", waits ? waits->why : std::string()},
                     {"candidates", raw_json{waits ? waits->candidates : "[]"}},
                     {"evidence", raw_json{waits ? waits->evidence : "[]"}},
                     {"explanation", raw_json{engine::to_json(why)}}},
              form::json);
        return exit_code::done;
    }
    fmt::print("{}-{} belongs to: {}\n", who.name, who.realm_slug, owner);
    if (waits) {
        tell_what_waits(*waits, h.names());
    }
    fmt::print("{}\n", identity::to_text(why, h.names()));
    return exit_code::done;
}

} // namespace

void add_explain_match(CLI::App& app, program& p) {
    auto one = std::make_shared<typed_pair>();
    CLI::App* character =
        subcommand(app, "character", "Who has a character, and what the matcher thinks of it",
                   "patt explain character Kestrelby-ember-vale");
    character->add_option("CHARACTER", one->character, "Name or Name-realm")->required();
    character->callback([&p, one] { p.chosen = [&p, one] { return explain(p.common, *one); }; });
    auto two = std::make_shared<typed_pair>();
    CLI::App* link = subcommand(app, "link", "What speaks for and against a character being a member's",
                                "patt explain link Kestrelby bob");
    link->add_option("CHARACTER", two->character, "Name or Name-realm")->required();
    link->add_option("MEMBER", two->member, "Name or id")->required();
    link->callback([&p, two] { p.chosen = [&p, two] { return explain(p.common, *two); }; });
}

} // namespace patt::cli
