// A fake chat in a process of its own, so that the death of the victim leaves it as it is.
//
//   crash_chat_server SOCKET      serves until its standard input ends

#include "crash/line_socket.hpp"
#include "crash/remote_chat.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <map>
#include <vector>

namespace {

using namespace patt;

/// Answers what one caller sent. @return false when they are gone.
bool serve(crash::line_socket& caller, testing::fake_chat& chat) {
    const auto line = caller.receive_line();
    return line && caller.send_line(crash::answer(chat, *line));
}

void run(const char* path) {
    testing::manual_clock clock;
    testing::fake_chat chat(clock);
    const crash::descriptor listening = crash::listen_at(path);
    std::puts("ready");
    std::fflush(stdout);
    std::map<int, crash::line_socket> callers;
    for (;;) {
        std::vector<pollfd> waiting{{STDIN_FILENO, POLLIN, 0}, {listening.get(), POLLIN, 0}};
        for (const auto& [fd, caller] : callers) {
            waiting.push_back({fd, POLLIN, 0});
        }
        if (::poll(waiting.data(), waiting.size(), -1) < 0) {
            continue;
        }
        if (waiting[0].revents != 0) {
            return;
        }
        for (std::size_t i = 2; i < waiting.size(); ++i) {
            if (waiting[i].revents != 0 && !serve(callers.at(waiting[i].fd), chat)) {
                callers.erase(waiting[i].fd);
            }
        }
        if (waiting[1].revents != 0) {
            if (crash::descriptor caller = crash::accept_from(listening)) {
                const int fd = caller.get();
                callers.insert_or_assign(fd, crash::line_socket(std::move(caller)));
            }
        }
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: crash_chat_server SOCKET\n", stderr);
        return 2;
    }
    try {
        run(arguments[1]);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "crash_chat_server: %s\n", e.what());
        return 1;
    }
}
