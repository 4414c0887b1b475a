#include <patt/engine/game_source.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace patt::engine {

namespace {

/// Longer than fetching takes. One that lasts longer still counts, unless another host has begun meanwhile.
constexpr duration sync_takes = std::chrono::minutes(5);

/// Until the end of the scope: no other host syncs this guild.
class sync_turn {
public:
    sync_turn(engine& of, guild_id guild)
        : of_(of)
        , held_(of.take_lease(std::string(sync_lease), guild.value(), sync_takes)) {}
    sync_turn(const sync_turn&) = delete;
    sync_turn& operator=(const sync_turn&) = delete;
    ~sync_turn() {
        if (!held_) {
            return;
        }
        try {
            of_.release_lease(*held_);
        } catch (const failure&) {
            // The database went away. The lease runs out by itself.
        }
    }
    [[nodiscard]] const std::optional<lease>& held() const noexcept { return held_; }

private:
    engine& of_;
    std::optional<lease> held_;
};

reply already_going_on() {
    reply said;
    said.verdict = verdict::refused;
    said.why = {errc::conflict, "another host is syncing this guild's roster now"};
    said.text = {"officer.denied", {}};
    return said;
}

} // namespace

reply sync_roster(engine& to, game_source& from, guild_id guild, const origin& by, const std::string& cause) {
    const sync_turn turn(to, guild);
    if (!turn.held()) {
        return already_going_on();
    }
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
    return to.handle({guild, by, {}, {}, std::move(what), turn.held()});
}

} // namespace patt::engine
