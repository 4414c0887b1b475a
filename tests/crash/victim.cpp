// The process that is killed: the engine on a real SQLite file or a server, with the chat in another process.
//
//   crash_victim FOLDER SOCKET STORY FROM BOOT
//
// FOLDER has guild.db and the clock. STORY is `whole` or `short`. It begins at step FROM, prints `ack N` when
// the N-th step is done (an input: when `handle` has returned), and `done` at the end. BOOT counts the
// starts. The environment's PATT_PLANT names a planted fault, PATT_CRASH_SERVER a PostgreSQL database in
// place of the file.

#include "crash/mapped_clock.hpp"
#include "crash/planted.hpp"
#include "crash/remote_chat.hpp"
#include "crash/story.hpp"
#include "postgres/product_database.hpp"

#include <patt/engine/engine.hpp>
#include <patt/result.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/testing/clock.hpp>
#include <patt/testing/world.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>

namespace {

using namespace patt;
using namespace std::chrono_literals;

std::string from_environment(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? std::string{} : text;
}

void acknowledge(std::size_t step) {
    std::printf("ack %zu\n", step);
    std::fflush(stdout);
}

/// As a host's loops do it: what the database refused now is tried again.
engine::run_report settle(engine::engine& engine) {
    constexpr int tries = 5;
    for (int left = tries;; --left) {
        try {
            return testing::settle(engine);
        } catch (const store::sql_error& e) {
            if (left == 0 || !(e.retryable() || e.code() == store::sql_errc::unknown)) {
                throw;
            }
        }
    }
}

/// As the role of hosts, behind row-level security. Patient: what is measured is what is kept, not how soon,
/// and the machine may be busy.
std::shared_ptr<store::database> open_server(const std::string& where) {
    store::postgres_options how;
    how.host_timeout = 10s;
    how.connect_patience = 60s;
    how.deadline = 60s;
    how.statement_timeout = 60s;
    how.idle_transaction_timeout = 60s;
    return postgres::in_virtual_time(postgres::open_walled(where, how));
}

void turn_to(engine::engine& engine, crash::mapped_clock& clock, instant to) {
    for (;;) {
        const engine::run_report report = settle(engine);
        const instant now = clock.now();
        if (now >= to) {
            return;
        }
        clock.set(!report.next_due || report.next_due >= to ? to : std::max(report.next_due, now + 1s));
    }
}

void play(engine::engine& engine, crash::mapped_clock& clock, const std::vector<crash::step>& story,
          std::size_t from, crash::plant planted) {
    settle(engine); // What the process before this one left.
    for (std::size_t i = from; i < story.size(); ++i) {
        const crash::step& step = story[i];
        if (step.input) {
            if (planted == crash::plant::ack_before) {
                acknowledge(i);
            }
            static_cast<void>(engine.handle(*step.input));
            acknowledge(i);
            settle(engine);
        } else {
            turn_to(engine, clock, step.turn_to);
            acknowledge(i);
        }
    }
}

int run(char** arguments) {
    const std::filesystem::path folder = arguments[1];
    const std::string which = arguments[3];
    const auto from = static_cast<std::size_t>(std::stoul(arguments[4]));
    const std::uint64_t boot = std::stoull(arguments[5]);
    const crash::plant planted = crash::plant_of(from_environment("PATT_PLANT"));
    crash::mapped_clock clock(folder / "clock", testing::first_moment);
    if (boot > 0) {
        clock.set(clock.now() + 1s); // Nobody starts again in no time.
    }
    const std::string server = from_environment("PATT_CRASH_SERVER");
    const auto sound = server.empty() ? store::open_sqlite(folder / "guild.db") : open_server(server);
    const auto database = crash::planted_database(sound, planted);
    const auto migrated = store::migrate(*database->connect(), store::built_in_migrations(), clock.now());
    if (!migrated) {
        throw failure("cannot migrate: " + migrated.err().detail);
    }
    crash::remote_chat remote(arguments[2]);
    const auto chat = crash::planted_chat(remote, planted, boot + 77);
    testing::seeded_entropy entropy(boot + 1);
    engine::options how;
    how.instance_key = "the instance key of the sweep";
    engine::engine engine(database, {*chat, clock, entropy}, how);
    play(engine, clock, which == "short" ? crash::short_story() : crash::story(), from, planted);
    std::puts("done");
    std::fflush(stdout);
    return 0;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 6) {
        std::fputs("usage: crash_victim FOLDER SOCKET STORY FROM BOOT\n", stderr);
        return 2;
    }
    try {
        return run(arguments);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "crash_victim: %s\n", e.what());
        return 1;
    }
}
