// A host: engine and runner on a shared database, the chat in another process. Takes inputs as lines at a
// socket.
//
//   hosts_host DATABASE CHAT_SOCKET SOCKET
//
// DATABASE is sqlite:FILE or postgresql://... It prints `ready`, and runs until its standard input ends. Each
// line that comes in is an input (request.hpp); the answer is `accepted`, `refused WHY` or `failed WHY`,
// after the commit. What goes wrong meanwhile is told in SOCKET.log. The environment's PATT_PLANT names a
// planted fault.

#include "crash/line_socket.hpp"
#include "crash/remote_chat.hpp"
#include "hosts/guilds.hpp"
#include "hosts/planted.hpp"
#include "hosts/request.hpp"

#include <patt/engine/engine.hpp>
#include <patt/engine/runner.hpp>
#include <patt/engine/system.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace patt;
using namespace std::chrono_literals;

std::string answer(engine::engine& engine, const std::string& line) {
    try {
        const reply got = engine.handle(hosts::to_input(hosts::from_line(line)));
        if (got.verdict == verdict::accepted) {
            return "accepted";
        }
        return "refused " + (got.why ? std::string(to_string(got.why->code)) + " " + got.why->detail : "");
    } catch (const std::exception& e) {
        std::string why = e.what();
        for (char& c : why) {
            c = c == '\n' ? ' ' : c;
        }
        return "failed " + why;
    }
}

/// Callers come and go; each has a thread, and all end with the process.
void serve(engine::engine& engine, const crash::descriptor& listening) {
    for (;;) {
        crash::descriptor taken = crash::accept_from(listening);
        if (!taken) {
            return;
        }
        std::thread([&engine, caller = crash::line_socket(std::move(taken))]() mutable {
            while (const auto line = caller.receive_line()) {
                const std::string said = answer(engine, *line);
                if (!caller.send_line(said)) {
                    return;
                }
            }
        }).detach();
    }
}

int run(char** arguments) {
    // Nobody reads the pipe once the host is ready: a full one would stop it.
    if (std::freopen((std::string(arguments[3]) + ".log").c_str(), "a", stderr) == nullptr) {
        return 1;
    }
    std::setvbuf(stderr, nullptr, _IONBF, 0); // A killed host has told everything.
    const hosts::plant planted = hosts::plant_of_environment();
    const auto database = hosts::planted_database(hosts::open_database(arguments[1]), planted);
    hosts::remote_chats chats(arguments[2], planted);
    engine::system_entropy entropy;
    const auto clock = hosts::host_clock();
    engine::engine engine(database, {chats, *clock, entropy}, hosts::host_options());
    chats.called_by(hosts::boot_id_of(engine));
    engine::runner_options how = hosts::host_runner();
    how.on_failure = [](const std::string& why) { std::fprintf(stderr, "turn: %s\n", why.c_str()); };
    engine::runner runner(engine, *clock, how);
    const crash::descriptor listening = crash::listen_at(arguments[3]);
    std::printf("ready %lld\n", static_cast<long long>(hosts::boot_id_of(engine)));
    std::fflush(stdout);
    std::thread([&] { serve(engine, listening); }).detach();
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
    std::_Exit(0); // Callers' threads hold references: end at once, as a killed one would.
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: hosts_host DATABASE CHAT_SOCKET SOCKET\n", stderr);
        return 2;
    }
    try {
        return run(arguments);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "hosts_host: %s\n", e.what());
        return 1;
    }
}
