// patt doctor: is everything all right?

#include "../host.hpp"
#include "../open_database.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"
#include "serve_status.hpp"

#include <patt/engine/health.hpp>
#include <patt/policy/setting_registry.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace patt::cli {

namespace {

using engine::finding;
using engine::grade;

finding check_file(store::connection& db) {
    std::string said;
    auto rows = db.query("PRAGMA integrity_check");
    while (rows->next()) {
        said += (said.empty() ? "" : "; ") + std::string(rows->text(0));
    }
    const bool good = said == "ok";
    return {"file", good ? grade::ok : grade::fail, good ? "whole" : said,
            good ? "" : "stop every host, copy the file away, and restore a backup"};
}

/// The last setting that a sentence names is the one that is missing.
std::string setting_in(std::string_view sentence) {
    std::string_view last;
    while (!sentence.empty()) {
        std::string_view word = sentence.substr(0, sentence.find(' '));
        sentence.remove_prefix(std::min(word.size() + 1, sentence.size()));
        word = word.substr(0, word.find_last_not_of(".,:;") + 1);
        last = policy::find_setting(word) != nullptr ? word : last;
    }
    return std::string(last.empty() ? "KEY" : last);
}

void check_guild(host& h, const engine::guild_info& guild, std::vector<finding>& out) {
    const instant now = h.clock().now();
    const auto timers = h.look().timers(guild.id);
    const auto overdue =
        std::count_if(timers.begin(), timers.end(), [&](const auto& t) { return t.due < now; });
    out.push_back(
        {guild.name + ": timers", overdue == 0 ? grade::ok : grade::warn,
         fmt::format("{} to come, {} overdue", timers.size() - static_cast<std::size_t>(overdue), overdue),
         overdue == 0 ? "" : "start a host: nobody turns the engine"});
    const store::outbox_counts c = h.look().outbox(guild.id);
    out.push_back({guild.name + ": effects", c.failed == 0 ? grade::ok : grade::warn,
                   fmt::format("{} failed, {} held by a switch, {} pending", c.failed, c.held, c.pending),
                   c.failed == 0 ? "" : "patt outbox and patt issues list say what failed and why"});
    const log::report log = h.look().verify_log(guild.id, std::nullopt);
    out.push_back(
        {guild.name + ": event log", log.first ? grade::fail : grade::ok,
         log.first ? log.first->sentence : fmt::format("{} entries, as they were written", log.rows),
         log.first ? "somebody changed the database by hand: compare with a backup" : ""});
    for (const std::string& sentence : policy::contradictions(h.look().settings(guild.id))) {
        out.push_back({guild.name + ": settings", grade::warn, sentence,
                       fmt::format("patt settings set {} VALUE puts it right", setting_in(sentence))});
    }
}

exit_code tell_findings(const std::vector<finding>& found, form as) {
    table t{{"what", "result", "found"}, {}, ""};
    if (as == form::json) {
        t.columns.emplace_back("next");
    }
    for (const finding& f : found) {
        t.rows.push_back({f.what, std::string(engine::to_string(f.how)), f.sentence});
        if (as == form::json) {
            t.rows.back().emplace_back(f.next);
        } else if (!f.next.empty()) {
            auto& said = std::get<std::string>(t.rows.back().back());
            said += (said.ends_with('.') ? " " : "; ") + f.next;
        }
    }
    print(t, as);
    const bool bad =
        std::any_of(found.begin(), found.end(), [](const finding& f) { return f.how == grade::fail; });
    return bad ? exit_code::failed : exit_code::done;
}

/// Behind a pooler that gives each transaction another session, nobody hears what others announce.
finding check_wake_ups() {
    const bool deaf = sends_unnamed() && wake_conninfo().empty();
    return {"wake-ups", deaf ? grade::warn : grade::ok,
            deaf ? "statements are sent as for PgBouncer, and wake-ups go the same way, where they are lost"
                 : "have a session of their own",
            deaf ? "name a direct way to the server in PATT_DB_WAKE, or effects wait for the next poll" : ""};
}

exit_code print_metrics(const common_options& common) {
    const auto db = open_existing(common)->connect();
    fmt::print("{}", engine::metrics_text(engine::metrics_of(look_at(*db))));
    return exit_code::done;
}

exit_code examine(const common_options& common) {
    const auto db = open_existing(common)->connect();
    const engine::health health = look_at(*db);
    std::vector<finding> found = engine::judge(health);
    found.push_back(health.server ? check_wake_ups() : check_file(*db));
    if (health.schema == health.schema_wanted) {
        host h(common);
        const guild_id only = common.guild.empty() ? guild_id{} : h.guild();
        for (const engine::guild_info& g : h.look().guilds()) {
            if (!only || g.id == only) {
                check_guild(h, g, found);
            }
        }
    }
    return tell_findings(found, common.json ? form::json : form::text);
}

} // namespace

void add_doctor(program& p) {
    CLI::App* app = subcommand(p.app, "doctor", "Is everything all right? Looks and changes nothing",
                               "patt doctor\n  patt doctor --listen 9187");
    auto metrics = std::make_shared<bool>(false);
    auto listen = std::make_shared<std::string>();
    CLI::Option* once = app->add_flag("--metrics", *metrics, "The same values as Prometheus reads them");
    app->add_option("--listen", *listen,
                    "Serve them at [ADDRESS:]PORT until interrupted: /metrics, /healthz, /readyz")
        ->excludes(once);
    app->callback([&p, metrics, listen] {
        p.chosen = [&p, metrics, listen] {
            return !listen->empty() ? serve_status(p.common, *listen)
                   : *metrics       ? print_metrics(p.common)
                                    : examine(p.common);
        };
    });
}

} // namespace patt::cli
