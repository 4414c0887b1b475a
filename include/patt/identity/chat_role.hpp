/// @file
/// What the roles of a chat server are called: as one source lists them, as a row, and what a list changes.
///
/// Members carry roles by id. Only the names say something of their owner, such as a class (`reads_role`).
#pragma once

#include <patt/ids.hpp>
#include <patt/time.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace patt::identity {

enum class role_state : std::uint8_t { known, gone };

/// One role. The text is never empty.
struct chat_role {
    role_id id;
    std::string name;
    instant updated_at;
    role_state state = role_state::known; ///< `gone` deletes the row.
    friend bool operator==(const chat_role&, const chat_role&) = default;
};

/// Which roles a list is meant to have.
enum class role_coverage : std::uint8_t {
    everything, ///< Which are missing were deleted.
    some,       ///< A part: none is missing.
};

struct listed_role {
    role_id id;
    std::string name;
    friend bool operator==(const listed_role&, const listed_role&) = default;
};

struct role_snapshot {
    std::vector<listed_role> roles; ///< Of those with one id the first counts.
    role_coverage covers = role_coverage::some;
    std::string source; ///< For people.
};

/// The list with whole UTF-8, without what has no id or no name.
[[nodiscard]] role_snapshot usable_roles(role_snapshot list);

/// What becomes of one role.
struct role_change {
    role_id id;
    std::string before; ///< Empty: it is new.
    std::string now;    ///< Empty: it is gone.
    friend bool operator==(const role_change&, const role_change&) = default;
};

/// What the list changes of what is known, by id; roles that keep their names are left out. An empty list
/// changes nothing: every server has a role, so an outage is no departure.
/// @param list  As `usable_roles` leaves it.
[[nodiscard]] std::vector<role_change> changes_by(const role_snapshot& list,
                                                  std::span<const chat_role> known);

} // namespace patt::identity
