#include <patt/engine/game_source.hpp>

#include <memory>
#include <utility>

namespace patt::engine {

reply sync_roster(engine& to, game_source& from, guild_id guild, const origin& by, const std::string& cause) {
    result<fetched_roster> got = from.fetch_roster(guild);
    import_roster what;
    what.cause = cause;
    if (got) {
        what.snapshot = std::make_shared<const identity::roster_snapshot>(std::move(got->snapshot));
        what.profiles = std::move(got->profiles);
    } else {
        auto none = std::make_shared<identity::roster_snapshot>();
        none->source = "unavailable";
        what.snapshot = std::move(none);
        what.unavailable = got.err().detail;
    }
    return to.handle({guild, by, {}, {}, std::move(what)});
}

} // namespace patt::engine
