#include "crash/outcome.hpp"

#include "store/event_repository.hpp"
#include "store/guild_repository.hpp"

#include <patt/digest.hpp>
#include <patt/log/verifier.hpp>
#include <patt/testing/clock.hpp>
#include <patt/testing/fake_chat.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace patt::crash {
namespace {

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_code(char c) {
    return is_digit(c) || std::isupper(static_cast<unsigned char>(c)) != 0;
}

/// PATT's own ids have at least fifteen digits; an invite code is eight capitals and digits between
/// back-ticks.
std::string normal(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && is_digit(text[end])) {
            ++end;
        }
        if (end - i >= 15) {
            out += '#';
            i = end;
            continue;
        }
        if (text[i] == '`' && i + 9 < text.size() && text[i + 9] == '`' &&
            std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                        text.begin() + static_cast<std::ptrdiff_t>(i) + 9, is_code)) {
            out += "`CODE`";
            i += 10;
            continue;
        }
        out += text[i++];
    }
    return out;
}

/// The tables as lines, the same on both databases. Each query gives one text column. Times are left out:
/// they differ by the restarts.
constexpr std::array<std::string_view, 15> fact_queries{
    "SELECT 'guild ' || guild_id || ' ' || name || ' settings ' || settings_version FROM guild",
    "SELECT 'setting ' || guild_id || ' ' || setting_key || '=' || value FROM setting",
    "SELECT 'member ' || guild_id || ' ' || member_id || ' person ' || CASE WHEN person_id <> 0 THEN 1 ELSE "
    "0 END || ' present ' || "
    "present"
    " FROM member",
    "SELECT 'character ' || guild_id || ' ' || name || '-' || realm_slug || ' rank ' || rank_index || ' "
    "present ' ||"
    " present || ' person ' || CASE WHEN person_id <> 0 THEN 1 ELSE 0 END FROM game_character",
    "SELECT 'link ' || l.guild_id || ' ' || l.kind || ' ' || COALESCE(c.name, CAST(l.target AS TEXT)) || ' "
    "level ' ||"
    " l.level || ' ' || l.claim_role || ' active ' || l.active FROM link l LEFT JOIN game_character c"
    " ON l.kind = 'character' AND c.guild_id = l.guild_id AND c.character_id = l.target",
    "SELECT 'session ' || guild_id || ' ' || flow || ' ' || member_id || ' ' || state || ' ' || step || ' "
    "attempt ' ||"
    " attempt || ' asked ' || asked || ' nudged ' || CASE WHEN nudged_at <> 0 THEN 1 ELSE 0 END || ' "
    "escalated ' || CASE WHEN escalated_at <> 0 THEN 1 ELSE 0 END"
    " FROM session",
    "SELECT 'answer ' || a.guild_id || ' ' || s.member_id || ' ' || a.field || '=' || a.value FROM answer a"
    " JOIN session s ON s.guild_id = a.guild_id AND s.session_id = a.session_id",
    "SELECT 'grant ' || guild_id || ' ' || member_id || ' ' || role_id || ' ' || state || ' ' || reason FROM "
    "role_grant",
    "SELECT 'invite ' || i.guild_id || ' ' || COALESCE(s.member_id, 0) || ' used ' || CASE WHEN i.used_at <> "
    "0 THEN 1 ELSE 0 END || ' "
    "revoked ' ||"
    " CASE WHEN i.revoked_at <> 0 THEN 1 ELSE 0 END FROM invite i LEFT JOIN session s ON s.guild_id = "
    "i.guild_id AND s.session_id = "
    "i.session_id",
    "SELECT 'roster ' || guild_id || ' ' || name || ' ' || character_class || ' ' || chat_name FROM "
    "roster_entry",
    "SELECT 'issue ' || guild_id || ' ' || issue_type || ' ' || member_id || ' open ' || CASE WHEN "
    "resolved_at = 0 THEN 1 ELSE 0 END "
    "FROM issue",
    "SELECT 'timer ' || guild_id || ' ' || purpose FROM timer",
    "SELECT 'done ' || guild_id || ' ' || effect_key || ' ' || result FROM ledger",
    "SELECT 'input ' || guild_id || ' ' || input_key FROM inbox",
    "SELECT 'event ' || guild_id || ' ' || kind || ' ' || actor FROM event",
};

std::vector<std::string> lines_of(store::connection& db, std::string_view sql) {
    std::vector<std::string> out;
    store::cursor rows = db.query(sql);
    while (rows->next()) {
        out.push_back(normal(rows->text(0)));
    }
    return out;
}

void check_file(store::connection& db, outcome& out) {
    if (db.dialect().name != "sqlite") {
        return;
    }
    for (const std::string& line : lines_of(db, "PRAGMA integrity_check")) {
        if (line != "ok") {
            out.broken.push_back("integrity-check: " + line);
        }
    }
}

void check_logs(store::connection& db, outcome& out) {
    for (const store::guild_row& guild : store::all_guilds(db)) {
        log::verifier verifier(guild.id, guild.head);
        for (const log::row& row : store::events_from(db, guild.id, 1, 1'000'000)) {
            verifier.feed(row);
        }
        const log::report report = verifier.finish();
        if (report.first) {
            out.broken.push_back("log-verifies: " + report.first->sentence);
        } else if (report.end != guild.head) {
            out.broken.push_back("log-verifies: the guild's row has another head than the log");
        }
    }
}

void check_inputs(store::connection& db, const std::vector<step>& story, outcome& out) {
    for (const step& s : story) {
        if (s.input) {
            store::cursor rows = db.query("SELECT COUNT(*) FROM inbox WHERE input_key = $1", {s.input->key});
            rows->next();
            if (rows->i64(0) != 1) {
                out.broken.push_back("acknowledged-input: " + s.input->key + " is remembered " +
                                     std::to_string(rows->i64(0)) + " times");
            }
        }
    }
}

void check_rest(store::connection& db, instant now, outcome& out) {
    for (const std::string& line : lines_of(db, "SELECT effect_key || ' state ' || state || ' ' || last_error"
                                                " FROM outbox")) {
        out.broken.push_back("everything-due-happens: an effect is left: " + line);
    }
    store::cursor rows = db.query("SELECT purpose FROM timer WHERE due_at <= $1", {now.microseconds()});
    while (rows->next()) {
        out.broken.push_back("everything-due-happens: a timer is left: " + std::string(rows->text(0)));
    }
}

/// The database's ledger against the chat server's.
void check_ledgers(store::connection& db, const testing::fake_chat& chat, outcome& out) {
    std::map<std::pair<std::int64_t, std::string>, std::string> done;
    store::cursor rows =
        db.query("SELECT guild_id, effect_key, external_ref, kind FROM ledger WHERE result = 'done'");
    std::set<std::pair<std::int64_t, std::string>> messages;
    while (rows->next()) {
        const std::pair key(rows->i64(0), std::string(rows->text(1)));
        done[key] = std::string(rows->text(2));
        if (rows->i64(3) <= 1) {
            messages.insert(key);
        }
    }
    for (const testing::ledger_entry& e : chat.ledger()) {
        const std::pair key(e.guild.value(), e.key);
        const auto known = done.find(key);
        if (e.visible() && known == done.end()) {
            out.broken.push_back("no-rolled-back-effect: nobody knows of " + e.key);
        } else if (e.operation != testing::chat_operation::replace_roles && known != done.end() &&
                   known->second != e.external_ref) {
            out.broken.push_back("state-and-outbox: " + e.key + " has another number in the chat");
        }
        if (e.other_content > 0) {
            out.broken.push_back("effect-once: " + e.key + " came with another content");
        }
        messages.erase(key);
    }
    for (const auto& [guild, key] : messages) {
        out.broken.push_back("effect-once: nobody got " + key);
    }
    for (const testing::ledger_count& c : chat.counted_by_key()) {
        if (c.times > 1) {
            out.broken.push_back("effect-once: " + c.what + " " + std::to_string(c.times) + " times");
        }
    }
}

void read_chat(const testing::fake_chat& chat, outcome& out) {
    for (const testing::ledger_entry& e : chat.ledger()) {
        if (e.visible()) {
            const std::string lane = "guild " + std::to_string(e.guild.value()) + " " +
                                     std::string(testing::to_string(e.operation)) + " " +
                                     std::to_string(e.target);
            out.lanes[lane].push_back(normal(e.content));
        }
    }
    for (const guild_id guild : chat.guilds()) {
        for (const testing::chat_member& m : chat.members(guild)) {
            std::string line = "has " + std::to_string(guild.value()) + " " + std::to_string(m.id.value());
            for (const role_id role : m.roles) {
                line += " " + std::to_string(role.value());
            }
            out.facts.push_back(line);
        }
    }
}

/// Which invariant a fact belongs to, by the word it begins with.
std::string_view invariant_of(std::string_view fact) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> words{{
        {"has ", "trust-table"},
        {"grant ", "trust-table"},
        {"link ", "trust-table"},
        {"input ", "acknowledged-input"},
        {"timer ", "everything-due-happens"},
        {"done ", "effect-once"},
    }};
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&](const auto& w) { return fact.substr(0, w.first.size()) == w.first; });
    return found == words.end() ? "state-and-outbox" : found->second;
}

} // namespace

outcome read_outcome(store::database& database, std::string_view chat_world, const std::vector<step>& story) {
    outcome out;
    testing::manual_clock clock;
    testing::fake_chat chat(clock);
    chat.from_json(chat_world);
    const auto db = database.connect();
    check_file(*db, out);
    if (!out.broken.empty()) {
        return out; // Nothing else can be read from it.
    }
    check_logs(*db, out);
    check_inputs(*db, story, out);
    check_rest(*db, story.back().turn_to, out);
    check_ledgers(*db, chat, out);
    for (const std::string_view sql : fact_queries) {
        for (std::string& line : lines_of(*db, sql)) {
            out.facts.push_back(std::move(line));
        }
    }
    read_chat(chat, out);
    std::sort(out.facts.begin(), out.facts.end());
    return out;
}

std::string digest_of(const outcome& of) {
    std::string all;
    for (const std::string& fact : of.facts) {
        all += fact + "\n";
    }
    for (const auto& [lane, contents] : of.lanes) {
        all += lane + "\n";
        for (const std::string& content : contents) {
            all += "\t" + content + "\n";
        }
    }
    return to_hex(sha256(all)).substr(0, 16);
}

std::vector<std::string> compare(const outcome& sound, const outcome& run) {
    std::vector<std::string> out = run.broken;
    std::vector<std::string> missing;
    std::set_difference(sound.facts.begin(), sound.facts.end(), run.facts.begin(), run.facts.end(),
                        std::back_inserter(missing));
    for (const std::string& fact : missing) {
        out.push_back(std::string(invariant_of(fact)) + ": missing: " + fact);
    }
    std::vector<std::string> extra;
    std::set_difference(run.facts.begin(), run.facts.end(), sound.facts.begin(), sound.facts.end(),
                        std::back_inserter(extra));
    for (const std::string& fact : extra) {
        out.push_back(std::string(invariant_of(fact)) + ": too much: " + fact);
    }
    if (sound.lanes != run.lanes) {
        for (const auto& [lane, contents] : sound.lanes) {
            const auto found = run.lanes.find(lane);
            const std::vector<std::string> got =
                found == run.lanes.end() ? std::vector<std::string>{} : found->second;
            const auto [wanted, seen] =
                std::mismatch(contents.begin(), contents.end(), got.begin(), got.end());
            if (wanted != contents.end() || seen != got.end()) {
                out.push_back("order-per-target: " + lane + " at " +
                              std::to_string(wanted - contents.begin() + 1) + ": expected " +
                              (wanted == contents.end() ? "nothing" : *wanted) + ", got " +
                              (seen == got.end() ? "nothing" : *seen));
            }
        }
        for (const auto& [lane, contents] : run.lanes) {
            if (sound.lanes.count(lane) == 0) {
                out.push_back("effect-once: nobody should see " + lane + ": " + contents.front());
            }
        }
    }
    return out;
}

} // namespace patt::crash
