/// @file
/// The members of a chat server as one source listed them, and what it says about its own completeness.
///
/// Judged by `assess` (roster_verdict.hpp) like a roster: an outage is never a departure.
#pragma once

#include <patt/identity/person.hpp>
#include <patt/identity/roster.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patt::identity {

/// One account. An empty text means "not set".
struct listed_member {
    member_id id;
    std::string username;
    std::string global_name;
    std::string nickname;
    std::vector<role_id> roles; ///< Ascending.
    account_kind kind = account_kind::human;
    instant joined_at;

    friend bool operator==(const listed_member&, const listed_member&) = default;
};

/// What is shown of a member: the nickname, else the global name, else the user name.
[[nodiscard]] const std::string& shown_name(const listed_member& who) noexcept;

/// Whom a list is meant to have.
enum class member_coverage : std::uint8_t {
    everybody, ///< Who is missing has left, if the list is believed.
    some,      ///< A part: nobody is missing.
};

struct member_snapshot {
    std::vector<listed_member> members;
    std::vector<rejected_member> rejected; ///< The first hundred; `rejected_count` counts all.
    std::size_t rejected_count = 0;
    std::optional<std::size_t> announced; ///< How many the source says there are, if it says so.
    roster_delivery delivery = roster_delivery::whole;
    member_coverage covers = member_coverage::everybody;
    std::string source; ///< For people.
};

/// The members by id, each once (the first one stays), without bots.
struct prepared_members {
    std::vector<listed_member> members;
    std::size_t repeated = 0;
    std::size_t bots = 0;
};
[[nodiscard]] prepared_members prepare_members(const member_snapshot& snapshot);

} // namespace patt::identity
