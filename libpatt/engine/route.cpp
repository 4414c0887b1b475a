// Which guild an input is for: a direct message names none.

#include "engine/refuse.hpp"
#include "engine/writer.hpp"
#include "store/inbox_repository.hpp"

#include <fmt/core.h>

namespace patt::engine {

reply writer::refuse_unknown_guild(const task& t) const {
    if (t.guild) {
        return refused(errc::not_found, fmt::format("there is no guild {}", t.guild.value()), "dm.no_guild")
            .reply;
    }
    return refused(errc::ambiguous, "this message belongs to no guild that asked something", "dm.which_guild")
        .reply;
}

guild_id writer::route(const task& t) {
    if (t.guild) {
        return t.guild;
    }
    if (const auto known = routed_.find(t.from.member); known != routed_.end()) {
        return known->second;
    }
    connection_->enter_queue(); // Whose message it is stands in a table of all guilds.
    entered_ = {};
    const store::dm_routes routes = store::routes_of(*connection_, t.from.member);
    return seen_before(t, routes).value_or(routes.now);
}

/// A message that comes a second time belongs where it was answered the first time, whoever asks by now.
std::optional<guild_id> writer::seen_before(const task& t, const store::dm_routes& routes) {
    if (t.key.empty()) {
        return std::nullopt;
    }
    for (const guild_id guild : routes.all) {
        if (guild != routes.now) { // That one is asked in any case.
            enter(guild);
            if (store::known_input(*connection_, guild, t.key)) {
                return guild;
            }
        }
    }
    return std::nullopt;
}

} // namespace patt::engine
