/// @file
/// What a decision about a session is given: plain values, read by a loader or made by a test.
#pragma once

#include <patt/decision/effect.hpp>
#include <patt/identity/character.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/person.hpp>
#include <patt/integrity/issue.hpp>
#include <patt/onboarding/flow.hpp>
#include <patt/onboarding/session.hpp>
#include <patt/provisioning/grant.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::onboarding {

/// A character that a typed name may mean, and who has it.
struct candidate {
    identity::character character;
    std::optional<identity::link> link; ///< Its active link above `suggested`.
    member_id owner_member;             ///< A present member of the linked person; none when nobody is there.
};

/// What the roster says to a typed name.
struct lookup {
    std::string query;           ///< As in `need::characters`.
    std::vector<candidate> hits; ///< Present characters whose folded name (and realm) fit; by realm.
    std::vector<identity::character> nearest; ///< When there is no hit: up to three, the nearest first.
};

/// A character of a person with the link that says so.
struct owned_character {
    identity::character character;
    identity::link link;
};

/// A person with all that belongs to them.
struct person_facts {
    identity::person person;
    std::vector<owned_character> characters;
    std::vector<identity::member> members;
    std::vector<provisioning::grant> grants;      ///< Of these members.
    std::vector<identity::link> suggestions = {}; ///< Links of level `suggested`; they give nothing.
};

/// Everything about one member's session. The references of a rehearsal are the officer's own.
struct session_facts {
    std::optional<identity::member> member;
    std::optional<onboarding::session> session; ///< The open one, else the last one.
    const onboarding::flow* flow = nullptr;     ///< Of the session, else the guild's entry flow.
    const onboarding::flow* entry = nullptr;    ///< With which a new session begins; none: `flow`.
    std::vector<answer> answers;
    std::vector<step_state> steps;
    std::vector<open_effect> effects;           ///< Of the session, not done yet.
    std::vector<integrity::issue> issues;       ///< Open ones about the member or session.
    std::vector<acceptance> acceptances;        ///< Of the member.
    std::optional<provisioning::invite> invite; ///< The live one of the session.
    std::vector<person_facts> persons;          ///< The member's own first when there is one, then as needed.
    std::vector<lookup> lookups;                ///< As needed.

    [[nodiscard]] const lookup* find_lookup(std::string_view query) const noexcept;
    [[nodiscard]] const person_facts* find_person(person_id person) const noexcept;
    [[nodiscard]] std::string_view recall(std::string_view field) const noexcept;
};

} // namespace patt::onboarding
