// What one decision costs, and what loading its facts costs, in guilds of 60, 1,000 and 100,000 characters.

#include "bench/guild.hpp"
#include "bench/measure.hpp"
#include "engine/loader.hpp"
#include "engine/match_index.hpp"
#include "store/guild_repository.hpp"

#include <patt/policy/setting_registry.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/sqlite.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>

namespace patt::bench {
namespace {

const guild_id guild{1};

/// A guild in memory with newcomers who stand at each question.
class stage {
public:
    explicit stage(std::int64_t characters)
        : at_(prepared(characters))
        , db_(at_.database->connect())
        , settings_(at_.engine.settings(guild))
        , flows_({}) {
        for (int asked = 0; asked <= answers; ++asked) {
            (void)at_.engine.handle(join(guild, asked));
            at_.settle();
            for (int which = 0; which < asked; ++which) {
                (void)at_.engine.handle(answer(guild, asked, which));
                at_.settle();
            }
        }
    }

    /// Loads until the decision misses nothing, as the engine does.
    template <class Command>
    [[nodiscard]] onboarding::session_facts load(const Command& what) {
        const log::head head = store::find_guild(*db_, guild)->head;
        engine::load_context from{*db_, guild, settings_, flows_, matching_, head};
        onboarding::session_facts facts = engine::load_member(from, what.member);
        for (int round = 0; round < 4; ++round) {
            const decision decided = decide_once(facts, what);
            const auto* missing = std::get_if<need>(&decided);
            if (missing == nullptr) {
                return facts;
            }
            engine::load_more(from, facts, *missing);
        }
        throw failure("the decision is never satisfied");
    }

    template <class Command>
    [[nodiscard]] decision decide_once(const onboarding::session_facts& facts, const Command& what) {
        id_sequence ids(1LL << 60);
        random_stream random(1);
        context ctx{guild, testing::first_moment, ids, random, settings_, actor_, ""};
        return onboarding::decide(facts, what, ctx);
    }

    [[nodiscard]] store::connection& db() { return *db_; }

private:
    [[nodiscard]] static std::shared_ptr<store::database> prepared(std::int64_t characters) {
        auto database = store::open_memory(fmt::format("patt-bench-decide-{}", characters));
        migrate(*database);
        host at(database);
        make_guild(at, guild, characters);
        return database;
    }

    host at_;
    std::unique_ptr<store::connection> db_;
    policy::guild_settings settings_;
    engine::flow_book flows_;
    engine::match_index matching_;
    policy::actor actor_ = policy::system_actor();
};

/// The CPU time of one run, by as many as fill about a tenth of a second; the median of the rounds.
template <class Work>
double each_us(int rounds, Work work) {
    const stopwatch first;
    work();
    const double guess = std::max(first.elapsed().cpu_us, 0.1);
    const auto times = static_cast<int>(std::clamp(1e5 / guess, 1.0, 1e5));
    std::vector<double> values;
    for (int round = 0; round < rounds; ++round) {
        const stopwatch watch;
        for (int i = 0; i < times; ++i) {
            work();
        }
        values.push_back(watch.elapsed().cpu_us / times);
    }
    return median(std::move(values));
}

template <class Command>
void measure(report& to, stage& on, const std::string& name, const Command& what, int rounds) {
    const onboarding::session_facts facts = on.load(what);
    std::size_t rows = 0;
    to.add(name + ": decision",
           each_us(rounds,
                   [&] {
                       const decision decided = on.decide_once(facts, what);
                       rows += std::get<change_set>(decided).rows.size();
                   }),
           "us", "20 us");
    if (rows == 0) {
        throw failure("the decision about " + name +
                      " changes nothing: the benchmark measures the wrong thing");
    }
    store::in_tx(on.db(), store::tx_mode::read, [&] {
        to.add(name + ": load", each_us(rounds, [&] { rows += on.load(what).answers.size(); }), "us");
    });
}

void measure_size(report& to, std::int64_t characters, int rounds) {
    stage on(characters);
    const std::string size = fmt::format("{} characters, ", characters);
    onboarding::member_joined joined;
    joined.member = newcomer(guild, 50);
    joined.username = joined.display_name = name_of(50);
    joined.joined_at = testing::first_moment;
    measure(to, on, size + "join", joined, rounds);
    const auto says = [](std::int64_t n, std::string text) {
        return onboarding::message_received{newcomer(guild, n), std::move(text)};
    };
    measure(to, on, size + "first answer", says(0, "yes"), rounds);
    measure(to, on, size + "main's name", says(1, name_of(1)), rounds);
    std::string typo = name_of(1);
    std::swap(typo[4], typo[5]);
    measure(to, on, size + "main's name with a typo", says(1, typo), rounds);
    measure(to, on, size + "that is you", says(2, "yes"), rounds);
    measure(to, on, size + "no alts: verified, provisioned", says(3, "none"), rounds);
}

} // namespace
} // namespace patt::bench

int main(int argc, char** argv) {
    using namespace patt::bench;
    CLI::App app("The CPU time of decisions and of loading their facts, by the size of the guild");
    bool json = false;
    int rounds = 5;
    std::vector<std::int64_t> sizes{60, 1'000, 100'000};
    app.add_flag("--json", json, "Machine-readable output");
    app.add_option("--rounds", rounds, "Rounds; medians are printed")->check(CLI::Range(1, 100));
    app.add_option("--sizes", sizes, "Characters in the guild")->check(CLI::Range(60, 1'000'000));
    app.allow_extras();
    CLI11_PARSE(app, argc, argv);
    try {
        report to("decide", json ? output::json : output::text);
        for (const std::int64_t size : sizes) {
            measure_size(to, size, rounds);
        }
        to.print();
    } catch (const std::exception& e) {
        fmt::print(stderr, "bench_decide: {}\n", e.what());
        return 1;
    }
    return 0;
}
