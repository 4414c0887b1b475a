#include "program.hpp"

#include "dotenv.hpp"

#include <patt/store/db.hpp>
#include <patt/text/utf8.hpp>

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <optional>
#include <span>
#include <system_error>

namespace patt::cli {

namespace {

int say(exit_code code, std::string_view kind, std::string_view what) {
    fmt::print(stderr, "patt: {}: {}\n", kind, what);
    return static_cast<int>(code);
}

/// Runs the chosen command; the one place where exceptions become exit codes.
int run_chosen(const program& p) {
    try {
        const exit_code code = p.chosen();
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            return say(
                exit_code::failed, "failed",
                fmt::format("standard output cannot be written: {}", std::generic_category().message(errno)));
        }
        return static_cast<int>(code);
    } catch (const refusal& no) {
        return say(exit_code::refused, to_string(no.why().code), no.what());
    } catch (const usage_error& wrong) {
        return say(exit_code::usage, "usage", wrong.what());
    } catch (const store::sql_error& broken) {
        const std::string_view next =
            broken.code() == store::sql_errc::lost ||
                    std::string_view(broken.what()).find("the server refuses") != std::string_view::npos
                ? ". Does the server run, and does --db or DATABASE_URL name it and a database that is there?"
                : "";
        return say(exit_code::failed, fmt::format("database ({})", store::to_string(broken.code())),
                   std::string(broken.what()).append(next));
    } catch (const std::exception& broken) {
        return say(exit_code::failed, "failed", broken.what());
    }
}

/// What is typed may come to be stored and shown, so that it has to be text.
/// @return  The option whose value is no UTF-8, or the argument's place; none when all are.
std::optional<std::string> broken_argument(std::span<char* const> typed) {
    for (std::size_t i = 1; i < typed.size(); ++i) {
        const std::string_view argument = typed[i];
        if (text::is_utf8(argument)) {
            continue;
        }
        const std::string_view option = argument.starts_with("--") ? argument.substr(0, argument.find('='))
                                        : i > 1                    ? std::string_view(typed[i - 1])
                                                                   : std::string_view();
        const bool named = option.starts_with("--") && text::is_utf8(option);
        return named ? std::string(option) : fmt::format("argument {}", i);
    }
    return std::nullopt;
}

} // namespace

CLI::App* subcommand(CLI::App& parent, const char* name, const char* what, const char* example) {
    CLI::App* sub = parent.add_subcommand(name, what);
    sub->footer(std::string("Example:\n  ") + example);
    return sub;
}

int run(int argc, char** argv, std::initializer_list<add_command> commands) {
    program p;
    p.app.name("patt");
    p.app.description("PATT knows who everybody in a guild is.");
    p.app.footer("patt COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused.\n"
                 "Example:\n  patt init --sample --owner halvard && patt chat");
    p.app.set_version_flag("--version", "patt " PATT_VERSION);
    p.app.require_subcommand(1);
    p.app.fallthrough();
    load_dotenv(".env");
    for (const add_command add : commands) {
        add(p);
    }
    add_common_options(p.app, p.common);
    if (const auto broken = broken_argument({argv, static_cast<std::size_t>(argc)})) {
        return say(exit_code::usage, "usage", *broken + ": not UTF-8");
    }
    try {
        p.app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        return p.app.exit(help);
    } catch (const CLI::ParseError& wrong) {
        fmt::print(stderr, "patt: usage: {}\nRun patt --help, or patt COMMAND --help.\n", wrong.what());
        return static_cast<int>(exit_code::usage);
    }
    return run_chosen(p);
}

} // namespace patt::cli
