/// @file
/// The program as a list of commands. A command is a function that adds itself to the program.
#pragma once

#include "exit_code.hpp"
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <initializer_list>

namespace patt::cli {

struct program {
    CLI::App app;
    common_options common;
    std::function<exit_code()> chosen; ///< Set when the command line names a command.
};

using add_command = void (*)(program&);

/// Reads the command line, runs the command that it names and tells what went wrong, if anything.
/// @return  The process's exit code, see `exit_code`.
[[nodiscard]] int run(int argc, char** argv, std::initializer_list<add_command> commands);

/// A subcommand with its help text and an example, which is printed below the options.
CLI::App* subcommand(CLI::App& parent, const char* name, const char* what, const char* example);

} // namespace patt::cli
