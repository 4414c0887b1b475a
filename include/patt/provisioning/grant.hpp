/// @file
/// What a person is entitled to and what PATT gave: role grants, invites, roster entries.
#pragma once

#include <patt/digest.hpp>
#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <string>

namespace patt::provisioning {

enum class grant_state : std::uint8_t {
    wanted,  ///< The entitlement holds; the role is being given.
    given,   ///< PATT gave the role.
    found,   ///< The member had it already: PATT did not give it, so PATT never takes it.
    revoked, ///< The entitlement ended, and PATT's role is not there.
    ending,  ///< The entitlement ended; the role is there, or may be, until its removal is known.
};

/// A role that a member is entitled to, and from which source. Desired roles are the union of these.
struct grant {
    member_id member;
    role_id role;
    std::string source; ///< For example `rank`.
    person_id person;
    grant_state state = grant_state::wanted;
    std::string reason; ///< The facts it rests on, for people: `rank 2 by Aralith-senjin (claimed)`.
    instant since;      ///< None: given up with its session, so that nobody is followed because of it.
    instant updated_at;
    friend bool operator==(const grant&, const grant&) = default;
};

/// An invite to the website. The code itself is never stored: it is derived from the id.
struct invite {
    invite_id id;
    digest code_hash{}; ///< See `invite_code_hash`.
    session_id session; ///< None for invites made by officers.
    person_id person;
    std::string generated_by; ///< `auto_onboarding` or `manual` (S0 "Database Schema Additions").
    std::string made_by;      ///< The actor.
    instant created_at;
    instant expires_at;
    instant used_at;
    std::string used_by;
    instant revoked_at;
    friend bool operator==(const invite&, const invite&) = default;
};

enum class choice : std::uint8_t { off, on };

/// A character as the guild's roster page lists it. Made with everything switched off (S0 Task 2).
struct roster_entry {
    character_id character;
    person_id person;
    std::string name;
    std::string realm_slug;
    std::string realm_name;
    std::string character_class;
    std::string spec;
    std::string role_category;
    int level = 0;
    std::string chat_name;
    choice is_main = choice::off;
    choice auto_signup = choice::off;
    choice reminders = choice::off;
    std::string availability; ///< Empty: none selected.
    std::string created_by;
    instant created_at;
    friend bool operator==(const roster_entry&, const roster_entry&) = default;
};

} // namespace patt::provisioning
