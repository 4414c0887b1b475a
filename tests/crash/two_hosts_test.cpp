// Two hosts on one database: inputs of one guild run one after the other, whoever carries them.

#include "conformance/temporary_directory.hpp"
#include "crash/planted.hpp"
#include "store/event_repository.hpp"
#include "store/guild_repository.hpp"

#include <patt/engine/engine.hpp>
#include <patt/log/verifier.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/testing/fake_chat.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace patt::crash {
namespace {

constexpr guild_id guild{1};
constexpr int inputs_each = 40;

/// Hands in settings; a host's failures are told, not thrown.
void carry(engine::engine& host, int number, std::vector<std::string>& failures) {
    for (int i = 0; i < inputs_each; ++i) {
        engine::input in;
        in.guild = guild;
        in.from.kind = policy::actor_kind::local_operator;
        in.key = "host-" + std::to_string(number) + "-" + std::to_string(i);
        in.command = engine::change_setting{"guild.raid_schedule", in.key};
        try {
            const reply answer = host.handle(in);
            if (answer.verdict != verdict::accepted) {
                failures.push_back("refused");
            }
        } catch (const std::exception& e) {
            failures.emplace_back(e.what());
        }
    }
}

/// What went wrong when two hosts worked at once on a file; empty when nothing did.
std::vector<std::string> work_at_once(plant planted) {
    const store::temporary_directory folder;
    const auto sound = store::open_sqlite(folder.path() / "guild.db");
    testing::manual_clock clock;
    testing::fake_chat chat(clock);
    if (!store::migrate(*sound->connect(), store::built_in_migrations(), clock.now())) {
        return {"the database could not be migrated"};
    }
    testing::seeded_entropy chance_a(1);
    testing::seeded_entropy chance_b(2);
    engine::options how;
    how.instance_key = "the instance key of two hosts";
    const auto database = planted_database(sound, planted);
    engine::engine a(database, {chat, clock, chance_a}, how);
    engine::engine b(database, {chat, clock, chance_b}, how);
    engine::input made;
    made.guild = guild;
    made.from.kind = policy::actor_kind::local_operator;
    made.command = engine::create_guild{"Two Hosts", member_id{900}};
    static_cast<void>(a.handle(made));

    std::vector<std::string> failures_a;
    std::vector<std::string> failures_b;
    std::thread other([&] { carry(b, 2, failures_b); });
    carry(a, 1, failures_a);
    other.join();
    std::vector<std::string> out = failures_a;
    out.insert(out.end(), failures_b.begin(), failures_b.end());

    const auto db = sound->connect();
    const auto row = store::find_guild(*db, guild);
    log::verifier verifier(guild, row->head);
    for (const log::row& entry : store::events_from(*db, guild, 1, 1'000'000)) {
        verifier.feed(entry);
    }
    const log::report report = verifier.finish();
    if (report.first) {
        out.push_back(report.first->sentence);
    }
    if (report.rows != 1 + 2 * inputs_each) {
        out.push_back("the log has " + std::to_string(report.rows) + " rows");
    }
    return out;
}

TEST(TwoHosts, CarryInputsOfOneGuildOneAfterTheOther) {
    const auto wrong = work_at_once(plant::none);
    EXPECT_TRUE(wrong.empty()) << wrong.size() << ", first: " << wrong.front();
}

TEST(TwoHosts, WithoutTheGuildLockAreNoticed) {
    const auto wrong = work_at_once(plant::no_guild_lock);
    ASSERT_FALSE(wrong.empty()) << "the guild lock was left out and nobody noticed";
    std::cout << "planted no_guild_lock: " << wrong.size() << " failures, first: " << wrong.front() << '\n';
}

} // namespace
} // namespace patt::crash
