/// @file
/// Keeps links and the queue in step with what the matcher says, in the input that changed something.
#pragma once

#include "engine/loader.hpp"
#include "engine/match_load.hpp"

#include <patt/engine/match_commands.hpp>

#include <set>

namespace patt::engine {

struct input_scope;

/// Whom a change set touches, as far as matching cares.
struct touched {
    std::set<character_id> characters;
    std::set<member_id> members;
    std::set<person_id> persons; ///< Whose links or accounts changed.
    bool rulings = false;        ///< What rulings teach may have changed.
    bool role_names = false;     ///< What roles are called may have changed: their members are touched.
    enum class extent : unsigned char { some, everybody } how_many = extent::some;

    [[nodiscard]] bool empty() const noexcept {
        return how_many == extent::some && characters.empty() && members.empty() && persons.empty() &&
               !role_names;
    }
};
[[nodiscard]] touched touched_by(const change_set& changes, const policy::guild_settings& settings);

/// After the change set was written: brings the matcher in line and returns what follows for links and the
/// queue of characters. Adds to `what` the members whose place in the queue may have changed.
[[nodiscard]] change_set follow_characters(load_context& from, input_scope& in, loaded_matcher& matched,
                                           touched& what);
/// After that was written too: the queue of members.
[[nodiscard]] change_set follow_members(load_context& from, input_scope& in, const loaded_matcher& matched,
                                        const touched& what);

// The commands. Permission is looked up by the caller.
/// @param shown  What was known before the ruling; null where matching is off.
[[nodiscard]] change_set decide_rule(load_context& from, input_scope& in, const rule_match& what,
                                     const loaded_matcher* shown);
[[nodiscard]] change_set decide_undo(load_context& from, input_scope& in, const undo_ruling& what);
[[nodiscard]] change_set decide_roles(load_context& from, input_scope& in, const import_roles& what);
[[nodiscard]] change_set decide_notes(load_context& from, input_scope& in, const import_notes& what);
[[nodiscard]] change_set decide_links(load_context& from, input_scope& in, const import_links& what);

} // namespace patt::engine
