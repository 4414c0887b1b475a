#include "hosts/checks.hpp"

#include "hosts/planted.hpp"
#include "store/event_repository.hpp"
#include "store/guild_repository.hpp"

#include <patt/log/verifier.hpp>
#include <patt/testing/clock.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <tuple>
#include <utility>

namespace patt::hosts {
namespace {

using namespace std::chrono_literals;
using broken_list = std::vector<std::string>;
using effect_name = std::pair<std::int64_t, std::string>; ///< Guild and key.

struct done_effect {
    std::int64_t id = 0;
    std::string reference;
    bool message = false;
};

std::map<effect_name, done_effect> read_ledger(store::connection& db) {
    std::map<effect_name, done_effect> out;
    store::cursor rows = db.query("SELECT guild_id, effect_key, effect_id, external_ref, kind FROM ledger"
                                  " WHERE result = 'done'");
    while (rows->next()) {
        out[{rows->i64(0), std::string(rows->text(1))}] = {rows->i64(2), std::string(rows->text(3)),
                                                           rows->i64(4) <= 1};
    }
    return out;
}

/// No input that was acknowledged is lost, and none counted twice.
void check_inputs(store::connection& db, const crowd_report& crowd, broken_list& broken) {
    std::map<std::string, int> remembered;
    store::cursor rows = db.query("SELECT input_key FROM inbox");
    while (rows->next()) {
        ++remembered[std::string(rows->text(0))];
    }
    for (const auto& [key, host, at] : crowd.acknowledged) {
        const auto found = remembered.find(key);
        if (found == remembered.end() || found->second != 1) {
            broken.push_back("acknowledged-input: " + key + " is remembered " +
                             std::to_string(found == remembered.end() ? 0 : found->second) + " times");
        }
    }
}

/// Nothing is seen twice, by the idempotency key and by what it says.
void check_once(const testing::fake_chat& chat, findings& out) {
    for (const testing::ledger_count& c : chat.counted_by_key()) {
        if (c.times > 1) {
            out.broken.push_back("effect-once: key " + c.what + " " + std::to_string(c.times) + " times");
        }
    }
    for (const testing::ledger_count& c : chat.counted_by_content()) {
        if (c.times > 1) {
            out.broken.push_back("effect-once: in guild " + std::to_string(c.guild.value()) + " to " +
                                 std::to_string(c.target) + " " + std::to_string(c.times) +
                                 " times: " + c.what);
        }
    }
    for (const testing::ledger_entry& e : chat.ledger()) {
        out.effects += e.visible() ? 1U : 0U;
        out.repeats += static_cast<std::size_t>(e.repeats);
        if (e.other_content > 0) {
            out.broken.push_back("effect-once: " + e.key + " came with another content");
        }
    }
}

/// The chat's ledger and the database's tell the same story, each target's in order.
void check_ledgers(store::connection& db, const testing::fake_chat& chat, broken_list& broken) {
    const auto done = read_ledger(db);
    std::set<effect_name> unseen;
    for (const auto& [name, effect] : done) {
        if (effect.message) {
            unseen.insert(name);
        }
    }
    std::map<std::tuple<guild_id, testing::chat_operation, std::int64_t>, std::int64_t> last;
    for (const testing::ledger_entry& e : chat.ledger()) {
        const auto known = done.find({e.guild.value(), e.key});
        if (known == done.end()) {
            if (e.visible()) {
                broken.push_back("no-rolled-back-effect: nobody knows of " + e.key);
            }
            continue;
        }
        if (known->second.message && known->second.reference != e.external_ref) {
            broken.push_back("state-and-outbox: " + e.key + " has another number in the chat");
        }
        unseen.erase(known->first);
        std::int64_t& before = last[{e.guild, e.operation, e.target}];
        if (e.visible() && known->second.id < before) {
            broken.push_back("order-per-key: " + e.key + " came after a later one");
        }
        before = std::max(before, known->second.id);
    }
    for (const effect_name& name : unseen) {
        broken.push_back("effect-lost: nobody got " + name.second);
    }
}

void check_logs(store::connection& db, broken_list& broken) {
    for (const store::guild_row& guild : store::all_guilds(db)) {
        log::verifier verifier(guild.id, guild.head);
        for (const log::row& row : store::events_from(db, guild.id, 1, 1'000'000)) {
            verifier.feed(row);
        }
        const log::report report = verifier.finish();
        if (report.first) {
            broken.push_back("log-verifies: " + report.first->sentence);
        } else if (report.end != guild.head) {
            broken.push_back("log-verifies: the guild's row has another head than the log");
        }
    }
}

/// Who went their way to its end has what they came for, and nobody else has anything.
void check_roles(const testing::fake_chat& chat, const std::vector<way>& ways, broken_list& broken) {
    for (const way& w : ways) {
        if (w.newcomer < 0) {
            continue;
        }
        const auto member = chat.member(w.guild, newcomer_of(w.guild, w.newcomer));
        std::vector<role_id> wanted;
        if (w.how == way::end::provisioned || w.how == way::end::resolved) {
            wanted.push_back(role_of(w.guild, w.newcomer, 0));
        }
        if (!member || member->roles != wanted) {
            broken.push_back("trust-table: newcomer " + std::to_string(w.newcomer) + " of guild " +
                             std::to_string(w.guild.value()) + " has " +
                             std::to_string(member ? member->roles.size() : 0) + " roles");
        }
    }
}

} // namespace

std::string wait_for_rest(store::connection& db, std::chrono::seconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    for (;;) {
        std::string left;
        {
            store::cursor effects = db.query("SELECT COUNT(*) FROM outbox");
            effects->next();
            const std::int64_t waiting = effects->i64(0);
            store::cursor jobs =
                db.query("SELECT COUNT(*) FROM job WHERE state NOT IN ('done', 'cancelled', 'failed')");
            jobs->next();
            if (waiting + jobs->i64(0) == 0) {
                return {};
            }
            left =
                std::to_string(waiting) + " effects and " + std::to_string(jobs->i64(0)) + " jobs are left";
        }
        if (std::chrono::steady_clock::now() > end) {
            return left;
        }
        std::this_thread::sleep_for(50ms);
    }
}

findings check(store::connection& db, std::string_view chat_world, const evidence& what) {
    findings out;
    testing::manual_clock clock;
    testing::fake_chat chat(clock);
    chat.from_json(chat_world);
    out.broken = what.crowd.wrong;
    check_inputs(db, what.crowd, out.broken);
    check_once(chat, out);
    check_ledgers(db, chat, out.broken);
    check_logs(db, out.broken);
    check_roles(chat, what.ways, out.broken);
    const repeated_calls repeats = judge_repeats(what.calls, what.disturbances, host_runner().workers);
    out.broken.insert(out.broken.end(), repeats.without.begin(), repeats.without.end());
    out.late_calls = repeats.late;
    return out;
}

} // namespace patt::hosts
