/// @file
/// Persons and members: a human, and an account in the chat server.
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace patt::identity {

/// A human, once.
struct person {
    person_id id;
    std::string display_name;
    instant created_at;
    instant updated_at;
    friend bool operator==(const person&, const person&) = default;
};

enum class presence : std::uint8_t { absent, present };
enum class account_kind : std::uint8_t { human, bot };

/// An account in the chat server, as last observed. Bots have no rows.
struct member {
    member_id id;
    person_id person; ///< None until linked.
    std::string username;
    std::string display_name;   ///< Nickname, else global name; never empty.
    std::vector<role_id> roles; ///< As last observed, ascending.
    presence here = presence::present;
    instant joined_at;
    instant left_at;
    instant first_seen;
    instant updated_at;
    friend bool operator==(const member&, const member&) = default;
};

} // namespace patt::identity
