// The end of a run: faults stop, everything comes to rest, and the sums are taken.

#include "simulation/life.hpp"

#include <patt/store/sqlite.hpp>

#include <fmt/core.h>

#include <atomic>
#include <string>
#include <utility>

namespace patt::simulation {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// Long enough for every retry and deadline: the longest wait between two attempts is a day.
constexpr duration until_quiet = hours(24 * 3);

} // namespace

void life::come_to_rest() {
    ending_ = true;
    queue_.clear();
    script_.next.reset();
    chat_.clear_faults();
    for (const newcomer& n : people_) {
        if (n.closed) {
            static_cast<void>(chat_.add_fault(testing::dm_closed(n.member)));
        }
    }
    note("faults stop");
    for (std::size_t g = 0; g < game_.guilds().size(); ++g) {
        set(g, "maintenance.enabled", "off");
        for (const char* which : {"sending.enabled", "sending.invite", "sending.onboarding",
                                  "sending.announcements", "sending.officers"}) {
            set(g, which, "on");
        }
        import_roster(g, roster_shape::whole);
    }
    go_on_until(clock_.now() + until_quiet);
    to_.check(promise::due, deliveries_.empty() && engine_ != nullptr,
              [] { return std::string("inputs are still waiting"); });
    watch_->sweep();
    watch_->at_rest(clock_.now());
    const auto db = checked_->connect();
    for (const newcomer& n : people_) {
        const guild_id guild = guild_of(n).id;
        const auto here = chat_.member(guild, n.member);
        const auto wrong = here ? trust_.at_rest(guild, n.member, here->roles) : std::optional<std::string>{};
        to_.check(promise::trust, !wrong, [&] { return *wrong; });
        store::cursor rows = db->query("SELECT present FROM member WHERE guild_id = $1 AND member_id = $2",
                                       {guild.value(), n.member.value()});
        const bool known = rows->next() && rows->i64(0) != 0;
        to_.check(promise::acknowledged, !n.told || known == n.present, [&] {
            return fmt::format("member {} of guild {} is {}, and PATT takes them for {}", n.member.value(),
                               guild.value(), n.present ? "there" : "gone", known ? "there" : "gone");
        });
    }
}

void life::sum_up() {
    report& out = to_.out;
    const auto db = checked_->connect();
    const auto number = [&](std::string_view sql) {
        store::cursor rows = db->query(sql);
        return rows->next() ? rows->i64(0) : 0;
    };
    out.counts["sessions"] = number("SELECT COUNT(*) FROM session");
    out.counts["provisioned"] = number("SELECT COUNT(*) FROM session WHERE outcome = 'provisioned'");
    out.counts["escalated"] = number("SELECT COUNT(*) FROM session WHERE escalated_at <> 0");
    out.counts["issues"] = number("SELECT COUNT(*) FROM issue");
    out.counts["log_entries"] = number("SELECT COUNT(*) FROM event");
    out.effects["issue_invite"] = number("SELECT COUNT(*) FROM ledger WHERE kind = 3 AND result = 'done'");
    out.effects["add_roster_entries"] =
        number("SELECT COUNT(*) FROM ledger WHERE kind = 4 AND result = 'done'");
    out.counts["commits"] = static_cast<std::int64_t>(script_.commits);
    out.counts["chat_calls"] = static_cast<std::int64_t>(chat_.calls());
    for (const auto& [what, count] : out.counts) {
        note(fmt::format("sum {} {}", what, count));
    }
    out.trace = to_.lines.hash();
    // No part of what happened: databases need a few more or fewer for the same.
    out.counts["statements"] = static_cast<std::int64_t>(script_.statements);
}

report run(const options& how) {
    static std::atomic<std::uint64_t> number{0}; // Only a name: two runs side by side are two databases.
    return run(how, store::open_memory("patt-simulation-" + std::to_string(++number)));
}

report run(const options& how, std::shared_ptr<store::database> database,
           std::shared_ptr<store::database> checked) {
    if (!checked) {
        checked = database;
    }
    return life(how, std::move(database), std::move(checked)).live();
}

} // namespace patt::simulation
