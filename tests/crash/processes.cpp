#include "crash/processes.hpp"

#include "crash/story.hpp"

#include <patt/result.hpp>

#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <optional>

namespace patt::crash {

chat_process::chat_process(const std::filesystem::path& folder)
    : socket_((folder / "chat").string())
    , server_({PATT_CRASH_CHAT_SERVER, socket_}, {})
    , control_(socket_) {
    if (server_.line() != "ready") {
        throw failure("the chat server does not start");
    }
    reset();
}

void chat_process::reset() {
    control_.load(chat_world());
}

std::string chat_process::world() {
    return control_.dump();
}

life run_victim(const std::filesystem::path& folder, const std::string& socket, const std::string& server,
                const std::string& story, std::size_t from, int boot, const death& end,
                const std::string& plant) {
    const std::string count_file = (folder / "calls").string();
    process victim(
        {PATT_CRASH_VICTIM, folder.string(), socket, story, std::to_string(from), std::to_string(boot)},
        {{"LD_PRELOAD", PATT_CRASH_SHIM},
         {"PATT_CRASH_DB", (folder / "guild.db").string()},
         {"PATT_CRASH_SERVER", server},
         {"PATT_CRASH_AT", std::to_string(end.at)},
         {"PATT_CRASH_MODE", end.mode},
         {"PATT_CRASH_COUNT", count_file},
         {"PATT_PLANT", plant}});
    life out;
    out.acknowledged = from;
    bool done = false;
    while (const auto line = victim.line()) {
        if (line->rfind("ack ", 0) == 0) {
            out.acknowledged = std::stoul(line->substr(4)) + 1;
        } else if (*line == "done") {
            done = true;
        } else {
            out.why += *line + "; ";
        }
    }
    const int status = victim.wait();
    if (done && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        out.how = life::ending::done;
        std::ifstream(count_file) >> out.calls;
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && end.at > 0) {
        out.how = life::ending::killed;
    } else {
        out.why += "it ended with status " + std::to_string(status);
    }
    return out;
}

} // namespace patt::crash
