#include "keys.hpp"

#include <unistd.h>

#include <cerrno>

namespace patt::cli {

keys::keys() {
    if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before_) != 0) {
        return;
    }
    termios now = before_;
    // Ctrl-C is a key, too: as a signal it would end the program before the terminal is as it was.
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    changed_ = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}

keys::~keys() {
    if (changed_) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
}

std::optional<char> keys::next() {
    for (;;) {
        constexpr char ctrl_c = 3;
        constexpr char ctrl_d = 4;
        char key = 0;
        const ssize_t got = read(STDIN_FILENO, &key, 1);
        if (changed_ && got == 1 && (key == ctrl_c || key == ctrl_d)) {
            return std::nullopt;
        }
        if (got == 1 && key != '\n' && key != '\r') {
            return key;
        }
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return std::nullopt;
        }
    }
}

bool keys::somebody_there() {
    return isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
}

} // namespace patt::cli
