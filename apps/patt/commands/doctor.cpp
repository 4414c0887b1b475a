// patt doctor: is everything all right?

#include "../host.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <patt/policy/setting_registry.hpp>
#include <patt/store/migrations.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace patt::cli {

namespace {

/// One question and its answer.
struct finding {
    std::string what;
    std::string answer;
    bool good = true;
};

finding check_schema(store::connection& db) {
    const store::migration_state s = store::migration_status(db, store::built_in_migrations());
    return {"schema", fmt::format("version {}", s.applied.empty() ? 0 : s.applied.back().number),
            !s.problem && s.pending.empty()};
}

finding check_file(store::connection& db) {
    std::string said;
    auto rows = db.query("PRAGMA integrity_check");
    while (rows->next()) {
        said += (said.empty() ? "" : "; ") + std::string(rows->text(0));
    }
    return {"file", said, said == "ok"};
}

void check_guild(host& h, const engine::guild_info& guild, std::vector<finding>& out) {
    const instant now = h.clock().now();
    const auto timers = h.look().timers(guild.id);
    const auto overdue =
        std::count_if(timers.begin(), timers.end(), [&](const auto& t) { return t.due < now; });
    out.push_back({guild.name + ": timers",
                   fmt::format("{} to come, {} overdue (nobody turns the engine)",
                               timers.size() - static_cast<std::size_t>(overdue), overdue),
                   overdue == 0});
    const store::outbox_counts c = h.look().outbox(guild.id);
    out.push_back({guild.name + ": effects",
                   fmt::format("{} failed, {} held by a switch, {} pending", c.failed, c.held, c.pending),
                   c.failed == 0});
    const log::report log = h.look().verify_log(guild.id, std::nullopt);
    out.push_back(
        {guild.name + ": event log",
         log.first ? log.first->sentence : fmt::format("{} entries, as they were written", log.rows),
         !log.first});
    for (const std::string& sentence : policy::contradictions(h.look().settings(guild.id))) {
        out.push_back({guild.name + ": settings", sentence, false});
    }
}

exit_code examine(const common_options& common) {
    host h(common);
    std::vector<finding> found;
    const auto db = h.database().connect();
    found.push_back(check_schema(*db));
    found.push_back(check_file(*db));
    for (const engine::guild_info& g : h.look().guilds()) {
        check_guild(h, g, found);
    }
    table t{{"what", "result", "found"}, {}, ""};
    for (const finding& f : found) {
        t.rows.push_back({f.what, f.good ? "good" : "look", f.answer});
    }
    print(t, common.json ? form::json : form::text);
    const bool good = std::all_of(found.begin(), found.end(), [](const finding& f) { return f.good; });
    return good ? exit_code::done : exit_code::failed;
}

} // namespace

void add_doctor(program& p) {
    CLI::App* app =
        subcommand(p.app, "doctor", "Is everything all right? Looks and changes nothing", "patt doctor");
    app->callback([&p] { p.chosen = [&p] { return examine(p.common); }; });
}

} // namespace patt::cli
