// patt chat: play members and officers in the terminal.

#include "../chat/terminal.hpp"
#include "../host.hpp"
#include "../instance_key.hpp"
#include "../open_database.hpp"
#include "../time_text.hpp"
#include "commands.hpp"

#include <patt/testing/clock.hpp>

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

namespace patt::cli {

namespace {

struct chat_options {
    std::string at = "2026-01-05T20:00:00Z";
    std::uint64_t seed = 0;
};

constexpr std::string_view greeting =
    "This is a chat server of your own. Let somebody in and answer as they would:\n"
    "\n"
    "    /join bob\n"
    "    yes\n"
    "    Kestrelby\n"
    "    yes\n"
    "    none\n"
    "\n"
    "/clock +25h lets time pass, /sessions and /issues show what officers see, /help lists everything, /quit "
    "leaves.\n";

/// Reads lines until the end of the input or /quit. What is piped in is shown, so that a transcript reads
/// well.
void converse(chat::terminal& terminal, chat::screen& out, const std::function<void()>& after_line,
              bool interactive) {
    std::string line;
    for (;;) {
        if (interactive) {
            const std::string who = terminal.speaker();
            std::cout << (who.empty() ? "patt" : who) << "> " << std::flush;
        }
        if (!std::getline(std::cin, line)) {
            return;
        }
        if (!interactive) {
            out.echo(chat::trimmed(line).empty() || chat::trimmed(line).starts_with('#') ? "" : "> ", line);
        }
        const chat::flow_of_lines next = terminal.take(line);
        after_line();
        out.flush();
        if (next == chat::flow_of_lines::quit) {
            return;
        }
    }
}

exit_code chat_with(const common_options& common, const chat_options& how) {
    if (common.dry_run || common.json) {
        throw usage_error(
            "patt chat is played and keeps what happens; without --dry-run and --json. To try "
            "something out, play in a copy: patt backup copy.db, patt chat --db sqlite:copy.db");
    }
    const std::filesystem::path file = files_of(common.db);
    host h(common);
    const guild_id guild = h.guild();
    const bool interactive = ::isatty(STDIN_FILENO) == 1;
    const bool coloured = ::isatty(STDOUT_FILENO) == 1;

    engine::system_clock real;
    engine::system_entropy entropy;
    testing::seeded_entropy repeatable(how.seed);
    chat::world world(interactive ? real.now() : value_or_refuse(parse_instant(how.at)));
    const instant begin = world.clock.now();
    const std::filesystem::path world_file = beside(file, ".chat.json");
    world.load(world_file);
    world.clock.set(std::max(world.clock.now(), begin)); // time never goes back, whatever --at says
    if (interactive) {
        world.clock.go_with(real);
    }
    if (world.chat.roles(guild).empty()) {
        world.furnish(guild);
    }
    chat::screen out(std::cout, coloured ? chat::colours::on : chat::colours::off);
    chat::terminal terminal({[&] { return open_existing(common); },
                             how.seed == 0 ? static_cast<engine::entropy&>(entropy) : repeatable,
                             instance_key(file, entropy), guild, world, out});
    if (interactive) {
        std::cout << greeting;
        if (!h.look().settings(guild).sending.enabled) {
            std::cout << "\nNothing is sent yet in this guild; switch it on with: /set sending.enabled on\n";
        }
    }
    converse(
        terminal, out, [&] { world.save(world_file); }, interactive);
    world.save(world_file);
    return exit_code::done;
}

} // namespace

void add_chat(program& p) {
    auto how = std::make_shared<chat_options>();
    CLI::App* chat =
        subcommand(p.app, "chat", "Play members and officers in the terminal, or pipe a story in",
                   "patt chat\n  printf 'join bob\\nyes\\nKestrelby\\nyes\\nnone\\n' | patt chat");
    chat->add_option("--at", how->at, "Where the clock of a piped story begins")->capture_default_str();
    chat->add_option("--seed", how->seed,
                     "Makes ids and codes of a story repeatable; for new databases only");
    chat->callback([&p, how] { p.chosen = [&p, how] { return chat_with(p.common, *how); }; });
}

} // namespace patt::cli
