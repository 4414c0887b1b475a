// What officers decide about matches.

#include "engine/match_links.hpp"
#include "engine/matching.hpp"
#include "engine/refuse.hpp"
#include "engine/writer.hpp"
#include "store/character_repository.hpp"
#include "store/match_repository.hpp"
#include "store/person_repository.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace patt::engine {

namespace {

using identity::assurance;
using identity::ruling_kind;

void end_ruling(input_scope& in, identity::ruling r, std::string by, change_set& out) {
    r.state = identity::ruling_state::ended;
    r.ended_at = in.ctx.now;
    r.ended_by = std::move(by);
    out.rows.emplace_back(std::move(r));
}

/// The rulings that the new one takes the place of.
bool replaces(const identity::match_ruling& now, const identity::match_ruling& before) {
    const bool pair = (before.character == now.character && before.other == now.other) ||
                      (before.character == now.other && before.other == now.character);
    switch (now.kind) {
    case ruling_kind::accepted:
        return before.character == now.character &&
               (before.kind == ruling_kind::accepted || before.kind == ruling_kind::not_in_chat ||
                (before.kind == ruling_kind::rejected && before.member == now.member));
    case ruling_kind::rejected:
        return before.character == now.character && before.member == now.member;
    case ruling_kind::not_in_chat:
        return before.character == now.character &&
               (before.kind == ruling_kind::accepted || before.kind == ruling_kind::not_in_chat);
    case ruling_kind::merged:
    case ruling_kind::split:
        return pair && (before.kind == ruling_kind::merged || before.kind == ruling_kind::split);
    }
    return false;
}

/// How sure a tie between the two had been, if there was one.
void note_tie(const loaded_matcher& shown, identity::ruling& r) {
    const double tie = shown.matcher.tie(r.what.character, r.what.other);
    if (tie > 0.0) {
        r.about = identity::route::alt_of;
        r.expected_per_mille = static_cast<std::int32_t>(std::lround(tie * 1000.0));
    }
}

/// How the member had been proposed, if it was: what officers say of such proposals teaches what they are
/// worth.
void note_shown(const loaded_matcher& shown, identity::ruling& r) {
    if (r.what.kind == ruling_kind::merged || r.what.kind == ruling_kind::split) {
        note_tie(shown, r);
        return;
    }
    const bool of_member = r.what.kind == ruling_kind::accepted || r.what.kind == ruling_kind::rejected;
    const identity::match_decision before = shown.matcher.decision(r.what.character);
    if (!of_member || before.level == identity::confidence::confirmed) {
        return; // What was decided already is no proposal.
    }
    for (const identity::ranked_candidate& c : before.candidates) {
        if (c.member == r.what.member) {
            const bool by_itself = before.member == c.member && !before.via;
            const identity::match_decision pair =
                by_itself ? before : shown.matcher.explain(r.what.character, c.member).decision;
            r.about = pair.by;
            r.expected_per_mille = static_cast<std::int32_t>(std::lround(pair.probability * 1000.0));
        }
    }
}

/// Who teaches whom what: the texts become names of members in rows of the ruling that said so, gone with it.
class teacher {
public:
    /// @param shown  The guild's matcher; null: matching is off, and one is made if a note has to be read.
    teacher(load_context& from, input_scope& in, const loaded_matcher* shown, change_set& out)
        : from_(from)
        , in_(in)
        , shown_(shown)
        , out_(out) {}

    /// What the notes of a character call `owner` are its names.
    void learn(character_id from, member_id owner, identity::ruling_id by) {
        if (!store::note_of(from_.db, from_.guild, from)) {
            return;
        }
        const identity::match_ruling said =
            matcher().as_of_now({ruling_kind::accepted, from, owner, {}, identity::lasting_facts});
        for (const std::string& name : *said.taught) {
            out_.rows.emplace_back(identity::member_alias{owner, identity::alias_source::learned, name, by,
                                                          in_.ctx.now, identity::alias_state::known});
        }
    }

    void forget(identity::ruling_id by) {
        for (identity::member_alias a : store::aliases_learned_from(from_.db, from_.guild, by)) {
            a.state = identity::alias_state::forgotten;
            out_.rows.emplace_back(std::move(a));
        }
    }

    /// The member that an officer gave the character to; none if nobody did.
    [[nodiscard]] member_id owner_of(character_id who) {
        for (const identity::ruling& r : store::rulings_of(from_.db, from_.guild, who)) {
            if (r.what.kind == ruling_kind::accepted && r.what.character == who) {
                return r.what.member;
            }
        }
        return {};
    }

    /// The other characters that officers merged with it, and by which ruling.
    [[nodiscard]] std::vector<std::pair<character_id, identity::ruling_id>> merged_with(character_id who) {
        std::vector<std::pair<character_id, identity::ruling_id>> out;
        for (const identity::ruling& r : store::rulings_of(from_.db, from_.guild, who)) {
            if (r.what.kind == ruling_kind::merged) {
                out.emplace_back(r.what.character == who ? r.what.other : r.what.character, r.id);
            }
        }
        return out;
    }

private:
    [[nodiscard]] const identity::matcher& matcher() {
        if (shown_ == nullptr) {
            made_ = load_matcher(from_.db, from_.guild, setup_of(in_.settings));
            shown_ = &*made_;
        }
        return shown_->matcher;
    }

    load_context& from_;
    input_scope& in_;
    const loaded_matcher* shown_;
    change_set& out_;
    std::optional<loaded_matcher> made_;
};

/// The notes of an accepted character teach, and of those merged with it that are nobody's by themselves.
void learn(teacher& by, const identity::ruling& r) {
    if (r.what.kind == ruling_kind::accepted) {
        by.learn(r.what.character, r.what.member, r.id);
        for (const auto& [other, merge] : by.merged_with(r.what.character)) {
            if (!by.owner_of(other)) {
                by.learn(other, r.what.member, merge);
            }
        }
    } else if (r.what.kind == ruling_kind::merged) {
        const member_id one = by.owner_of(r.what.character);
        const member_id two = by.owner_of(r.what.other);
        if (one && !two) {
            by.learn(r.what.other, one, r.id);
        } else if (two && !one) {
            by.learn(r.what.character, two, r.id);
        }
    }
}

/// What a ruling taught goes with it; with an acceptance also what the merges of the character taught.
void forget_learned(teacher& by, const identity::ruling& r) {
    by.forget(r.id);
    if (r.what.kind == ruling_kind::accepted) {
        for (const auto& [other, merge] : by.merged_with(r.what.character)) {
            by.forget(merge);
        }
    }
}

/// Whether an officer's acceptance is all that gives the character to its owner, and is asked about again:
/// the name that it was said of has changed, and nothing else says the same.
bool is_asked_again(load_context& from, const loaded_matcher* shown, link_writer& links,
                    const identity::link& held, const std::vector<identity::ruling>& rulings) {
    const character_id who{held.target};
    if (shown == nullptr || held.source != officer_source ||
        shown->matcher.decision(who).why_not != identity::doubt::ruling_outdated) {
        return false;
    }
    // A merge or split may be what is asked about: then the acceptance stands.
    return std::any_of(rulings.begin(), rulings.end(), [&](const identity::ruling& r) {
        return r.what.kind == ruling_kind::accepted && r.what.character == who &&
               links.person_of(r.what.member) == held.person &&
               facts_now(from.db, from.guild, r.what) != r.what.facts;
    });
}

std::optional<change_set> unfit(load_context& from, const rule_match& what) {
    const auto missing = [](std::string_view which) {
        return refused(errc::not_found, fmt::format("there is no such {}", which), "match.not_found");
    };
    if (!store::find_character(from.db, from.guild, what.character)) {
        return missing("character");
    }
    const bool of_member = what.kind == ruling_kind::accepted || what.kind == ruling_kind::rejected;
    if (of_member && !store::find_member(from.db, from.guild, what.member)) {
        return missing("member");
    }
    const bool of_two = what.kind == ruling_kind::merged || what.kind == ruling_kind::split;
    if (of_two && (what.other == what.character || !store::find_character(from.db, from.guild, what.other))) {
        return missing("second character");
    }
    return std::nullopt;
}

} // namespace

change_set decide_rule(load_context& from, input_scope& in, const rule_match& what,
                       const loaded_matcher* shown) {
    if (auto no = unfit(from, what)) {
        return *no;
    }
    const identity::character who = *store::find_character(from.db, from.guild, what.character);
    auto held = store::active_link(from.db, from.guild, identity::link_kind::character, who.id.value());
    link_writer links(from, in);
    identity::ruling made;
    made.id = in.ctx.ids.next<identity::ruling_id>();
    made.what = {what.kind, what.character, what.member, what.other, 0};
    made.what.facts = facts_now(from.db, from.guild, made.what);
    made.actor = policy::to_string(in.actor);
    made.reason = in.ctx.reason;
    made.decided_at = in.ctx.now;
    if (shown != nullptr) {
        note_shown(*shown, made);
    }
    std::vector<identity::ruling> before = store::rulings_of(from.db, from.guild, what.character);
    teacher notes(from, in, shown, links.out());
    if (held && (what.kind == ruling_kind::rejected || what.kind == ruling_kind::not_in_chat)) {
        const auto member = store::find_member(from.db, from.guild, what.member);
        const bool against =
            what.kind == ruling_kind::not_in_chat || (member && member->person == held->person);
        // A proof stands, and what an officer said until it is asked about again: then this is the answer.
        if (against && held->level >= assurance::challenged &&
            !is_asked_again(from, shown, links, *held, before)) {
            return refused(
                errc::wrong_state,
                fmt::format("{} is {} as somebody's; take that ruling back or accept another owner", who.name,
                            to_string(held->level)),
                "match.proven");
        }
        if (against) {
            links.revoke(*held, who, "an officer said that it is not theirs");
        }
    }
    for (identity::ruling& r : before) {
        if (replaces(made.what, r.what)) {
            forget_learned(notes, r);
            end_ruling(in, std::move(r), made.actor, links.out());
        }
    }
    if (what.kind == ruling_kind::accepted) {
        links.give(who, what.member, assurance::confirmed, officer_source, "an officer confirmed it");
    }
    learn(notes, made);
    change_set out = std::move(links.out());
    out.reply.data = {{"ruling", std::to_string(made.id.value())}};
    out.reply.text = text_ref{"match.ruled", {}}.with("ruling", std::to_string(made.id.value()));
    out.log.push_back({"match.ruled",
                       fmt::format("character:{}", who.id.value()),
                       {{"ruling", std::to_string(made.id.value())},
                        {"kind", std::string(to_string(what.kind))},
                        {"member", std::to_string(what.member.value())},
                        {"other", std::to_string(what.other.value())},
                        {"reason", in.ctx.reason}}});
    out.rows.emplace_back(std::move(made));
    return out;
}

change_set decide_undo(load_context& from, input_scope& in, const undo_ruling& what) {
    const auto known = store::find_ruling(from.db, from.guild, what.ruling);
    if (!known || known->state == identity::ruling_state::ended) {
        return refused(known ? errc::wrong_state : errc::not_found,
                       known ? "that ruling has ended already" : "there is no such ruling",
                       "match.no_ruling");
    }
    link_writer links(from, in);
    const auto who = store::find_character(from.db, from.guild, known->what.character);
    if (known->what.kind == ruling_kind::accepted && who) {
        const auto held =
            store::active_link(from.db, from.guild, identity::link_kind::character, who->id.value());
        if (held && held->source == officer_source && held->person == links.person_of(known->what.member)) {
            links.revoke(*held, *who, "the officer's ruling was taken back");
        }
    }
    teacher notes(from, in, nullptr, links.out());
    forget_learned(notes, *known);
    end_ruling(in, *known, policy::to_string(in.actor), links.out());
    change_set out = std::move(links.out());
    out.reply.text = text_ref{"match.undone", {}};
    out.log.push_back({"match.undone",
                       fmt::format("character:{}", known->what.character.value()),
                       {{"ruling", std::to_string(known->id.value())}, {"reason", in.ctx.reason}}});
    return out;
}

} // namespace patt::engine
