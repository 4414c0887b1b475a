// Plays stories and compares their whole trace: play_scenario [--rewrite|--postgres] STORY...
//
// A story is a transcript of `patt chat`: comments (#), lines that were typed (behind `> `), and what the
// terminal printed. With --rewrite the trace is written anew; read the difference before committing it.

#include "chat/new_guild.hpp"
#include "chat/terminal.hpp"
#include "postgres/installation.hpp"
#include "postgres/product_database.hpp"

#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/testing/clock.hpp>

#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace patt;
namespace chat = patt::cli::chat;

/// 2026-01-05 20:00 UTC, a Monday evening.
constexpr instant evening{1'767'643'200'000'000};

enum class kind : std::uint8_t { sqlite, postgres };

std::shared_ptr<store::database> fresh_database(kind of, const std::string& name) {
    return of == kind::sqlite
               ? store::open_memory(name)
               : postgres::in_virtual_time(postgres::open_walled(postgres::migrated_database()));
}

/// A fresh guild with everything switched on, its owner Odile, and nobody else.
struct stage {
    std::shared_ptr<store::database> database;
    testing::seeded_entropy entropy{1};
    chat::world world{evening};
    guild_id guild;

    explicit stage(std::shared_ptr<store::database> where)
        : database(std::move(where)) {
        const auto db = database->connect();
        if (!store::migrate(*db, store::built_in_migrations(), evening)) {
            throw failure("the database cannot be made");
        }
        engine::options options;
        options.instance_key = key;
        engine::engine engine(database, {world.chat, world.clock, entropy}, options);
        chat::new_guild what;
        what.name = "Lantern Watch";
        what.owner = "odile";
        what.realm = "Ember Vale";
        what.sending = chat::sending::on;
        what.settings = {{"guild.website_url", "https://lantern-watch.example"},
                         {"guild.signup_url", "https://lantern-watch.example/join"}};
        const auto made = chat::make_guild(engine, world, what);
        if (!made) {
            throw failure("the guild cannot be made: " + made.err().detail);
        }
        guild = *made;
    }

    static constexpr const char* key = "a key for stories alone";
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        out.push_back(line);
    }
    return out;
}

/// The story with the trace that it has now. Old output is left out, comments and empty lines before a typed
/// line stay.
std::string play(const std::string& story, std::shared_ptr<store::database> where) {
    stage s(std::move(where));
    std::ostringstream trace;
    chat::screen out(trace, chat::colours::off);
    chat::terminal terminal({[&] { return s.database; }, s.entropy, stage::key, s.guild, s.world, out});
    bool commented = true; // the last thing written was no output
    for (const std::string& line : lines_of(story)) {
        if (line.starts_with("# ") || line == "#") {
            trace << (commented ? "" : "\n") << line << '\n';
            commented = true;
        } else if (line.starts_with("> ")) {
            trace << line << '\n';
            terminal.take(std::string_view(line).substr(2));
            commented = false;
        }
    }
    return trace.str();
}

std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw failure("cannot read " + file);
    }
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Says where the first difference is; nothing when there is none.
std::optional<std::string> difference(const std::string& expected, const std::string& found) {
    const std::vector<std::string> a = lines_of(expected);
    const std::vector<std::string> b = lines_of(found);
    for (std::size_t i = 0; i < a.size() || i < b.size(); ++i) {
        const std::string want = i < a.size() ? a[i] : "(the end)";
        const std::string have = i < b.size() ? b[i] : "(the end)";
        if (want != have || (i < a.size()) != (i < b.size())) {
            return fmt::format("line {}:\n  expected: {}\n  found:    {}", i + 1, want, have);
        }
    }
    return std::nullopt;
}

/// A right story is found right; one wrong word, one missing line and one line too many are found wrong.
int self_test() {
    const std::string right = play("# A story.\n> /join bob\n> bob: yes\n", store::open_memory("self"));
    std::string word = right;
    word.replace(word.find("main character"), 4, "best");
    const std::string cut = right.substr(0, right.rfind("> "));
    const bool good = !difference(right, play(right, store::open_memory("again"))) &&
                      difference(word, right) && difference(cut, right) && difference(right + "x\n", right);
    fmt::print("{}\n", good ? "self-test passed" : "self-test FAILED");
    return good ? 0 : 1;
}

/// What ctest is told to take for it.
constexpr int skipped = 77;

} // namespace

int main(int argc, char** argv) {
    bool rewrite = false;
    kind on = kind::sqlite;
    int failed = 0;
    for (int i = 1; i < argc; ++i) {
        const std::string file = argv[i];
        if (file == "--self-test") {
            return self_test();
        }
        if (file == "--rewrite") {
            rewrite = true;
            continue;
        }
        if (file == "--postgres") {
            const std::string why = postgres::why_missing();
            if (!why.empty()) {
                fmt::print("skipped: {}\n", why);
                return postgres::is_ci() ? 1 : skipped;
            }
            on = kind::postgres;
            continue;
        }
        const std::string story = read(file);
        const std::string found = play(story, fresh_database(on, file));
        if (rewrite) {
            std::ofstream(file, std::ios::binary | std::ios::trunc) << found;
        } else if (const auto what = difference(story, found)) {
            fmt::print("{}: {}\n", file, *what);
            fmt::print("---- the whole trace:\n{}", found);
            ++failed;
        }
        fmt::print("played {}\n", file);
        std::fflush(stdout); // So that one that never ends can be told from the others.
    }
    return failed == 0 ? 0 : 1;
}
