// patt timers: what is to be decided, and when.

#include "../host.hpp"
#include "../output.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

namespace patt::cli {

void add_timers(program& p) {
    CLI::App* app = subcommand(p.app, "timers", "What is to be decided, and when", "patt timers");
    app->callback([&p] {
        p.chosen = [&p] {
            host h(p.common);
            table t{{"due", "purpose", "owner", "state"}, {}, "No timers."};
            const instant now = h.clock().now();
            for (const engine::timer_info& timer : h.look().timers(h.guild())) {
                t.rows.push_back({to_text(timer.due), timer.purpose, std::to_string(timer.owner),
                                  timer.due <= now ? "due" : "to come"});
            }
            print(t, p.common.json ? form::json : form::text);
            return exit_code::done;
        };
    });
}

} // namespace patt::cli
