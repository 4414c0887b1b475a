/// @file
/// What is due, as a task of a writer.
#pragma once

#include "engine/writer.hpp"

#include <utility>
#include <variant>

namespace patt::engine {

template <class What>
[[nodiscard]] task make_task(guild_id guild, What what) {
    task t;
    t.guild = guild;
    t.what = std::move(what);
    t.if_locked = when_locked::comes_back; // One locked guild holds up nothing else that is due.
    return t;
}

[[nodiscard]] inline bool is_timer(const task& t) {
    return std::holds_alternative<timer_fired>(t.what);
}

} // namespace patt::engine
