#include "program.hpp"

#include "dotenv.hpp"

#include <patt/store/db.hpp>

#include <fmt/core.h>

#include <cstdio>
#include <exception>

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
        std::fflush(stdout);
        return static_cast<int>(code);
    } catch (const refusal& no) {
        return say(exit_code::refused, to_string(no.why().code), no.what());
    } catch (const usage_error& wrong) {
        return say(exit_code::usage, "usage", wrong.what());
    } catch (const store::sql_error& broken) {
        return say(exit_code::failed, fmt::format("database ({})", store::to_string(broken.code())),
                   broken.what());
    } catch (const std::exception& broken) {
        return say(exit_code::failed, "failed", broken.what());
    }
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
