/// @file
/// Single keys from whoever sits at the terminal; characters of a pipe or a file otherwise.
#pragma once

#include <termios.h>

#include <optional>

namespace patt::cli {

/// On a terminal, keys come at once and are not shown; the terminal is as before at the end.
class keys {
public:
    keys();
    keys(const keys&) = delete;
    keys& operator=(const keys&) = delete;
    ~keys();

    /// The next key; none at the end of the input, which Ctrl-C and Ctrl-D on a terminal are. Line ends are
    /// no keys.
    [[nodiscard]] std::optional<char> next();

    /// Whether somebody sits in front of it: standard input and output are a terminal.
    [[nodiscard]] static bool somebody_there();

private:
    bool changed_ = false;
    termios before_{};
};

} // namespace patt::cli
