#include "simulation/checks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace patt::simulation {

namespace {

using testing::chat_operation;

std::string_view lane_of(chat_operation what) {
    return what == chat_operation::send ? "dm:" : what == chat_operation::post ? "channel:" : "roles:";
}

} // namespace

checks::checks(store::database& database, const std::vector<game_guild>& guilds,
               const testing::fake_chat& chat, journal& to)
    : db_(database.connect())
    , look_(database)
    , guilds_(guilds)
    , chat_(chat)
    , to_(to) {}

void checks::outside_transactions(std::string_view key) {
    to_.check(promise::rolled_back, key.empty(),
              [&] { return fmt::format("{} is performed inside a transaction", key); });
}

void checks::at_call(guild_id guild, chat_operation what, std::int64_t target, std::string_view key) {
    const std::string shown = fmt::format("{} to {} in guild {} under key {}", testing::to_string(what),
                                          target, guild.value(), key);
    std::int64_t effect = 0;
    std::string lane;
    {
        store::cursor rows = db_->query(
            "SELECT o.effect_id, o.order_key, o.session_id, CASE WHEN o.state = 2 AND o.claimed_at <> 0"
            " THEN 1 ELSE 0 END, s.session_id, s.member_id"
            " FROM outbox o LEFT JOIN session s ON s.guild_id = o.guild_id AND s.session_id = "
            "o.session_id WHERE o.guild_id = $1 AND o.effect_key = $2",
            {guild.value(), key});
        const bool there = rows->next();
        to_.check(promise::rolled_back, there && rows->i64(3) == 1, [&] {
            return there ? shown + " is performed, but nobody claimed it"
                         : shown + " is performed, but no committed row asks for it";
        });
        effect = rows->i64(0);
        lane = std::string(rows->text(1));
        const bool own = rows->i64(2) == 0 || !rows->is_null(4);
        const bool theirs = what == chat_operation::post || rows->i64(2) == 0 || rows->i64(5) == target;
        to_.check(promise::isolation, own && theirs,
                  [&] { return shown + " belongs to a session of another guild or member"; });
    }
    to_.check(promise::isolation, lane == fmt::format("{}{}", lane_of(what), target),
              [&] { return shown + " is in the lane " + lane; });
    store::cursor earlier = db_->query("SELECT effect_key FROM outbox WHERE guild_id = $1 AND order_key = $2"
                                       " AND effect_id < $3 AND state = 2 LIMIT 1",
                                       {guild.value(), std::string_view(lane), effect});
    const bool overtakes = earlier->next();
    to_.check(promise::order, !overtakes,
              [&] { return shown + " overtakes " + std::string(earlier->text(0)); });
}

void checks::after_call(const testing::ledger_entry& done) {
    shown_.emplace(done.guild, done.key);
    to_.check(promise::once,
              !done.visible() || visible_.emplace(done.guild, done.operation, done.target, done.key).second,
              [&] {
                  return fmt::format("{} under key {} is visible twice", testing::to_string(done.operation),
                                     done.key);
              });
    if (!done.key.starts_with("ask:")) {
        return;
    }
    const std::size_t colon = done.key.rfind(':');
    int number = 0;
    std::from_chars(done.key.data() + colon + 1, done.key.data() + done.key.size(), number);
    int& last = questions_[fmt::format("{}:{}", done.guild.value(), done.key.substr(0, colon))];
    to_.check(promise::order, number > last,
              [&] { return fmt::format("question {} is shown after question {}", done.key, last); });
    last = number;
}

void checks::expect_none(std::string_view invariant, std::string_view sql, std::string_view meaning,
                         std::initializer_list<store::value> parameters) {
    store::cursor rows = db_->query(sql, parameters);
    const bool found = rows->next();
    to_.check(invariant, !found,
              [&] { return fmt::format("{}: guild {}, {}", meaning, rows->i64(0), rows->text(1)); });
}

bool checks::known_effect(guild_id guild, std::string_view key) {
    store::cursor rows = db_->query("SELECT 1 FROM outbox WHERE guild_id = $1 AND effect_key = $2 UNION ALL"
                                    " SELECT 1 FROM ledger WHERE guild_id = $1 AND effect_key = $2",
                                    {guild.value(), key});
    return rows->next();
}

void checks::sweep_inputs() {
    for (; inputs_seen_ < acknowledged_.size(); ++inputs_seen_) {
        const acknowledged_input& a = acknowledged_[inputs_seen_];
        const bool kept = std::any_of(guilds_.begin(), guilds_.end(), [&](const game_guild& g) {
            store::cursor rows = db_->query("SELECT 1 FROM inbox WHERE guild_id = $1 AND input_key = $2",
                                            {g.id.value(), std::string_view(a.key)});
            return (!a.guild || a.guild == g.id) && rows->next();
        });
        to_.check(promise::acknowledged, kept,
                  [&] { return "input " + a.key + " was answered, and is not in the database"; });
    }
}

void checks::sweep_log() {
    for (const game_guild& g : guilds_) {
        const auto kept = heads_.find(g.id);
        const log::report seen =
            look_.verify_log(g.id, kept == heads_.end() ? std::nullopt : std::optional(kept->second));
        to_.check(promise::log, !seen.first,
                  [&] { return fmt::format("the log of guild {} does not verify", g.id.value()); });
        const auto head = look_.log_head(g.id);
        const log::report whole = look_.verify_log(g.id, std::nullopt);
        to_.check(promise::log, !whole.first && head.has_value(),
                  [&] { return fmt::format("the log of guild {} does not end at its head", g.id.value()); });
        heads_[g.id] = *head;
    }
}

/// The chat's ledger is the truth about what was done; PATT's rows must know all of it.
void checks::sweep_ledgers() {
    const auto& entries = chat_.ledger();
    for (; entries_seen_ < entries.size(); ++entries_seen_) {
        const testing::ledger_entry& e = entries[entries_seen_];
        to_.check(promise::outbox, known_effect(e.guild, e.key), [&] {
            return fmt::format("effect {} was done in guild {}, and neither outbox nor ledger knows it",
                               e.key, e.guild.value());
        });
        for (const game_guild& g : guilds_) {
            to_.check(
                promise::isolation, g.id == e.guild || e.content.find(g.name) == std::string::npos, [&] {
                    return fmt::format("a message of guild {} names guild {}", e.guild.value(), g.id.value());
                });
        }
    }
    for (const testing::ledger_entry& e : entries) {
        to_.check(promise::once, e.other_content == 0,
                  [&] { return fmt::format("key {} was used for two contents", e.key); });
    }
}

void checks::sweep() {
    sweep_inputs();
    sweep_log();
    sweep_ledgers();
    // Sessions are open (is_open = 1) on surface 0, direct messages, 1, a panel, or 2, a rehearsal.
    expect_none(
        promise::outbox,
        "SELECT s.guild_id, CAST(s.session_id AS TEXT) FROM session s WHERE s.is_open = 1 AND s.surface = 0"
        " AND s.asked > 0 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.guild_id = s.guild_id AND"
        " o.effect_key = 'ask:' || s.session_id || ':' || s.asked)"
        " AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.guild_id = s.guild_id AND"
        " l.effect_key = 'ask:' || s.session_id || ':' || s.asked)",
        "a session's question is nowhere");
    expect_none(promise::outbox,
                "SELECT s.guild_id, CAST(s.session_id AS TEXT) FROM session s WHERE s.escalated_at <> 0 AND "
                "NOT EXISTS"
                " (SELECT 1 FROM outbox o WHERE o.guild_id = s.guild_id AND"
                " o.effect_key = 'escalate:' || s.session_id) AND NOT EXISTS (SELECT 1 FROM ledger l WHERE"
                " l.guild_id = s.guild_id AND l.effect_key = 'escalate:' || s.session_id)",
                "an escalation's message is nowhere");
    expect_none(promise::outbox,
                "SELECT s.guild_id, CAST(s.session_id AS TEXT) FROM session s WHERE s.outcome = "
                "'provisioned' AND NOT EXISTS"
                " (SELECT 1 FROM ledger l WHERE l.guild_id = s.guild_id AND l.result = 'done' AND"
                " l.effect_key = 'roster:' || s.session_id)",
                "a provisioned session without its roster entries");
    expect_none(promise::outbox,
                "SELECT g.guild_id, CAST(g.member_id AS TEXT) FROM role_grant g WHERE g.state = 'wanted' AND "
                "NOT EXISTS"
                " (SELECT 1 FROM outbox o WHERE o.guild_id = g.guild_id AND"
                " o.order_key = 'roles:' || g.member_id)",
                "a role is wanted and no effect gives it");
    expect_none(promise::outbox,
                "SELECT g.guild_id, CAST(g.member_id AS TEXT) FROM role_grant g JOIN member m ON"
                " m.guild_id = g.guild_id AND m.member_id = g.member_id WHERE g.state = 'ending' AND"
                " m.person_id <> 0 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.guild_id = g.guild_id AND"
                " o.order_key = 'roles:' || g.member_id) AND NOT EXISTS (SELECT 1 FROM timer t WHERE"
                " t.guild_id = g.guild_id AND t.owner_id = m.person_id AND t.purpose = 'roles')",
                "a role is to be taken away and nothing does it");
    expect_none(promise::outbox,
                "SELECT o.guild_id, o.effect_key FROM outbox o JOIN ledger l ON l.guild_id = o.guild_id AND"
                " l.effect_key = o.effect_key",
                "an effect is in the outbox and in the ledger");
    expect_none(promise::isolation,
                "SELECT o.guild_id, o.effect_key FROM outbox o WHERE o.session_id <> 0 AND NOT EXISTS"
                " (SELECT 1 FROM session s WHERE s.guild_id = o.guild_id AND s.session_id = o.session_id)",
                "an effect of a session that this guild does not have");
    expect_none(promise::isolation,
                "SELECT l.guild_id, l.effect_key FROM ledger l WHERE l.session_id <> 0 AND NOT EXISTS"
                " (SELECT 1 FROM session s WHERE s.guild_id = l.guild_id AND s.session_id = l.session_id)",
                "a done effect of a session that this guild does not have");
    expect_none(
        promise::isolation,
        "SELECT g.guild_id, CAST(g.role_id AS TEXT) FROM role_grant g WHERE g.role_id / 100 <> g.guild_id",
        "a grant of another guild's role");
    expect_none(promise::isolation,
                "SELECT l.guild_id, CAST(l.link_id AS TEXT) FROM link l WHERE NOT EXISTS (SELECT 1 FROM "
                "person p WHERE"
                " p.guild_id = l.guild_id AND p.person_id = l.person_id)",
                "a link to a person that this guild does not have");
}

void checks::at_rest(instant now) {
    const std::string_view due = promise::due;
    expect_none(due, "SELECT guild_id, effect_key FROM outbox WHERE state IN (1, 2)",
                "an effect is still to be done");
    expect_none(due,
                "SELECT o.guild_id, o.effect_key FROM outbox o WHERE o.state = 0 AND NOT EXISTS"
                " (SELECT 1 FROM outbox b WHERE b.guild_id = o.guild_id AND b.effect_key = o.after_key)",
                "an effect waits for one that will never be done");
    expect_none(due, "SELECT guild_id, owner_id || ' ' || purpose FROM timer WHERE due_at <= $1",
                "a timer is overdue", {now.microseconds()});
    expect_none(due, "SELECT guild_id, CAST(job_id AS TEXT) FROM job WHERE state = 'running'",
                "a job does not end");
    const auto without = [&](std::string_view states, std::string_view purpose, std::string_view more) {
        expect_none(
            due,
            fmt::format(
                "SELECT s.guild_id, CAST(s.session_id AS TEXT) FROM session s WHERE s.state IN ({}) AND"
                " s.surface <> 2 {} AND NOT EXISTS (SELECT 1 FROM timer t WHERE"
                " t.guild_id = s.guild_id AND t.owner_id = s.session_id AND t.purpose = '{}')",
                states, more, purpose),
            fmt::format("an open session without its timer {}", purpose));
    };
    without("'verifying'", "verify", "");
    without("'active', 'verifying', 'blocked'", "expire", "AND s.deadline_at <> 0");
    without("'active', 'verifying', 'blocked'", "deadline", "AND s.deadline_at <> 0 AND s.escalated_at = 0");
    without("'provisioning'", "retry", "");
    expect_none(due, "SELECT guild_id, CAST(session_id AS TEXT) FROM session WHERE state = 'created'",
                "a session whose first question was never delivered");
    // What was given up is not forgotten: its issue waits for an officer.
    expect_none(
        due,
        "SELECT o.guild_id, o.effect_key FROM outbox o WHERE o.state = 4 AND NOT EXISTS (SELECT 1 FROM"
        " issue i WHERE i.guild_id = o.guild_id AND i.issue_type = 'effect_failed' AND"
        " i.detail = o.effect_key AND i.resolved_at = 0)",
        "an effect was given up, and no open issue says so");
    for (const game_guild& g : guilds_) {
        for (const store::ledger_row& l : look_.ledger(g.id)) {
            const bool message = l.kind <= 1 && l.result == "done"; // A direct message or a post.
            to_.check(promise::once, !message || shown_.count({g.id, l.key}) != 0,
                      [&] { return "effect " + l.key + " is done, and nobody ever saw it"; });
        }
    }
}

} // namespace patt::simulation
