#include "store/match_repository.hpp"

#include "store/binding.hpp"
#include "store/several_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

namespace patt::store {

namespace {

using identity::link_kind;

constexpr std::string_view ruling_columns =
    "ruling_id, kind, character_id, member_id, other_id, facts, active, actor, reason, decided_at, ended_at,"
    " ended_by, about, expected";

constexpr std::array kinds = {identity::ruling_kind::accepted, identity::ruling_kind::rejected,
                              identity::ruling_kind::not_in_chat, identity::ruling_kind::merged,
                              identity::ruling_kind::split};

identity::ruling_kind parse_kind(std::string_view name) {
    for (const identity::ruling_kind k : kinds) {
        if (identity::to_string(k) == name) {
            return k;
        }
    }
    throw failure("a ruling is of an unknown kind: " + std::string(name));
}

identity::route parse_route(std::string_view name) {
    using identity::route;
    for (int i = 0; i <= static_cast<int>(route::manual); ++i) {
        if (identity::to_string(static_cast<route>(i)) == name) {
            return static_cast<route>(i);
        }
    }
    return route::none; // One of a newer version of the program teaches nothing here.
}

std::string_view name_of(identity::route by) {
    return by == identity::route::none ? std::string_view{} : identity::to_string(by);
}

std::string_view name_of(link_kind kind) {
    return kind == link_kind::member ? "member" : "character";
}

std::string_view name_of(identity::alias_source source) {
    return source == identity::alias_source::learned ? "learned" : "global_name";
}

identity::character_note read_note(const cursor& rows) {
    reader r(rows);
    identity::character_note n;
    n.character = r.id<character_id>();
    n.guild_note = r.text();
    n.officer_note = r.text();
    n.alt_group = r.text();
    n.updated_at = r.time();
    return n;
}

identity::member_alias read_alias(const cursor& rows) {
    reader r(rows);
    identity::member_alias a;
    a.member = r.id<member_id>();
    a.source = r.view() == "learned" ? identity::alias_source::learned : identity::alias_source::global_name;
    a.alias = r.text();
    a.ruling = r.id<identity::ruling_id>();
    a.since = r.time();
    return a;
}

identity::former_name read_former(const cursor& rows) {
    reader r(rows);
    identity::former_name n;
    n.character = r.id<character_id>();
    n.name = r.text();
    n.realm_slug = r.text();
    n.recorded_at = r.time();
    return n;
}

identity::ruling read_ruling(const cursor& rows) {
    reader r(rows);
    identity::ruling x;
    x.id = r.id<identity::ruling_id>();
    x.what.kind = parse_kind(r.view());
    x.what.character = r.id<character_id>();
    x.what.member = r.id<member_id>();
    x.what.other = r.id<character_id>();
    x.what.facts = static_cast<std::uint64_t>(r.number());
    x.state = r.flag() ? identity::ruling_state::active : identity::ruling_state::ended;
    x.actor = r.text();
    x.reason = r.text();
    x.decided_at = r.time();
    x.ended_at = r.time();
    x.ended_by = r.text();
    x.about = parse_route(r.view());
    x.expected_per_mille = static_cast<std::int32_t>(r.number());
    return x;
}

std::vector<identity::ruling> read_rulings(cursor rows) {
    std::vector<identity::ruling> out;
    while (rows->next()) {
        out.push_back(read_ruling(rows));
    }
    return out;
}

constexpr std::string_view item_columns =
    "item_id, subject_kind, subject, is_open, why, advice, member_id, other_id, probability, level, route,"
    " candidates, evidence, created_at, updated_at, closed_at";

identity::review_item read_item(const cursor& rows) {
    reader r(rows);
    identity::review_item i;
    i.id = r.id<identity::review_id>();
    i.subject_kind = r.view() == "member" ? link_kind::member : link_kind::character;
    i.subject = r.number();
    i.state = r.flag() ? identity::review_state::open : identity::review_state::closed;
    i.why = r.text();
    i.advice = r.text();
    i.member = r.id<member_id>();
    i.other = r.id<character_id>();
    constexpr int probability_column = 8;
    i.probability = rows->f64(probability_column);
    reader rest(rows, probability_column + 1);
    i.level = rest.text();
    i.route = rest.text();
    i.candidates = rest.text();
    i.evidence = rest.text();
    i.created_at = rest.time();
    i.updated_at = rest.time();
    i.closed_at = rest.time();
    return i;
}

} // namespace

void put(connection& db, guild_id guild, const identity::character_note& n) {
    db.run(
        "INSERT INTO character_note (guild_id, character_id, guild_note, officer_note, alt_group, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guild_id, character_id) DO UPDATE SET"
        " guild_note = excluded.guild_note, officer_note = excluded.officer_note,"
        " alt_group = excluded.alt_group, updated_at = excluded.updated_at",
        {param(guild), param(n.character), param(n.guild_note), param(n.officer_note), param(n.alt_group),
         param(n.updated_at)});
}

void put(connection& db, guild_id guild, const identity::member_alias& a) {
    if (a.state == identity::alias_state::forgotten) {
        db.run(
            "DELETE FROM member_alias WHERE guild_id = $1 AND member_id = $2 AND source = $3 AND alias = $4"
            " AND ruling_id = $5",
            {param(guild), param(a.member), param(name_of(a.source)), param(a.alias), param(a.ruling)});
        return;
    }
    db.run("INSERT INTO member_alias (guild_id, member_id, source, alias, ruling_id, since)"
           " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guild_id, member_id, source, alias, ruling_id) DO "
           "NOTHING",
           {param(guild), param(a.member), param(name_of(a.source)), param(a.alias), param(a.ruling),
            param(a.since)});
}

void put(connection& db, guild_id guild, const identity::ruling& r) {
    db.run("INSERT INTO match_ruling (guild_id, ruling_id, kind, character_id, member_id, other_id, facts, "
           "active,"
           " actor, reason, decided_at, ended_at, ended_by, about, expected)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
           " ON CONFLICT (guild_id, ruling_id) DO UPDATE SET active = excluded.active,"
           " ended_at = excluded.ended_at, ended_by = excluded.ended_by",
           {param(guild), param(r.id), param(identity::to_string(r.what.kind)), param(r.what.character),
            param(r.what.member), param(r.what.other), static_cast<std::int64_t>(r.what.facts),
            param(r.state == identity::ruling_state::active), param(r.actor), param(r.reason),
            param(r.decided_at), param(r.ended_at), param(r.ended_by), param(name_of(r.about)),
            param(r.expected_per_mille)});
}

void put_items(connection& db, guild_id guild, std::span<const identity::review_item* const> items) {
    static const several_rows sql(
        "INSERT INTO match_item (guild_id, item_id, subject_kind, subject, is_open, why, advice, member_id,"
        " other_id, probability, level, route, candidates, evidence, created_at, updated_at, closed_at)"
        " VALUES ",
        17,
        " ON CONFLICT (guild_id, item_id) DO UPDATE SET is_open = excluded.is_open, why = excluded.why,"
        " advice = excluded.advice, member_id = excluded.member_id, other_id = excluded.other_id,"
        " probability = excluded.probability, level = excluded.level, route = excluded.route,"
        " candidates = excluded.candidates, evidence = excluded.evidence,"
        " updated_at = excluded.updated_at, closed_at = excluded.closed_at");
    std::map<identity::review_id, const identity::review_item*>
        last; // One statement may not write a row twice.
    for (const identity::review_item* i : items) {
        last[i->id] = i;
    }
    std::vector<const identity::review_item*> rows;
    for (const auto& [id, item] : last) {
        rows.push_back(item);
    }
    sql.run(db, rows, [guild](std::vector<value>& to, const identity::review_item& i) {
        to.insert(to.end(), {param(guild), param(i.id), param(name_of(i.subject_kind)), i.subject,
                             param(i.state == identity::review_state::open), param(i.why), param(i.advice),
                             param(i.member), param(i.other), i.probability, param(i.level), param(i.route),
                             param(i.candidates), param(i.evidence), param(i.created_at), param(i.updated_at),
                             param(i.closed_at)});
    });
}

std::optional<identity::character_note> note_of(connection& db, guild_id guild, character_id who) {
    cursor rows = db.query("SELECT character_id, guild_note, officer_note, alt_group, updated_at"
                           " FROM character_note WHERE guild_id = $1 AND character_id = $2",
                           {param(guild), param(who)});
    return rows->next() ? std::optional(read_note(rows)) : std::nullopt;
}

void each_note(connection& db, guild_id guild,
               const std::function<void(const identity::character_note&)>& see) {
    cursor rows = db.query("SELECT character_id, guild_note, officer_note, alt_group, updated_at"
                           " FROM character_note WHERE guild_id = $1",
                           {param(guild)});
    while (rows->next()) {
        see(read_note(rows));
    }
}

std::vector<identity::member_alias> aliases_of(connection& db, guild_id guild, member_id who) {
    return aliases_of(db, guild, std::span(&who, 1));
}

std::vector<identity::member_alias> aliases_of(connection& db, guild_id guild,
                                               std::span<const member_id> who) {
    static const in_list sql("SELECT member_id, source, alias, ruling_id, since FROM member_alias"
                             " WHERE guild_id = $1 AND member_id",
                             " ORDER BY source, alias, ruling_id");
    return sql.find(db, guild, who, read_alias);
}

std::vector<identity::member_alias> aliases_learned_from(connection& db, guild_id guild,
                                                         identity::ruling_id ruling) {
    cursor rows = db.query("SELECT member_id, source, alias, ruling_id, since FROM member_alias"
                           " WHERE guild_id = $1 AND ruling_id = $2 AND source = 'learned'"
                           " ORDER BY member_id, alias",
                           {param(guild), param(ruling)});
    std::vector<identity::member_alias> out;
    while (rows->next()) {
        out.push_back(read_alias(rows));
    }
    return out;
}

void each_alias(connection& db, guild_id guild,
                const std::function<void(const identity::member_alias&)>& see) {
    cursor rows = db.query("SELECT member_id, source, alias, ruling_id, since FROM member_alias"
                           " WHERE guild_id = $1 ORDER BY member_id, source, alias, ruling_id",
                           {param(guild)});
    while (rows->next()) {
        see(read_alias(rows));
    }
}

std::vector<identity::character_note> notes_of(connection& db, guild_id guild,
                                               std::span<const character_id> who) {
    static const in_list sql("SELECT character_id, guild_note, officer_note, alt_group, updated_at"
                             " FROM character_note WHERE guild_id = $1 AND character_id",
                             "");
    return sql.find(db, guild, who, read_note);
}

std::vector<identity::former_name> former_names_of(connection& db, guild_id guild,
                                                   std::span<const character_id> who) {
    static const in_list sql("SELECT character_id, name, realm_slug, recorded_at FROM character_name"
                             " WHERE guild_id = $1 AND character_id",
                             " ORDER BY recorded_at");
    return sql.find(db, guild, who, read_former);
}

std::vector<identity::ruling> rulings_of(connection& db, guild_id guild, std::span<const character_id> who) {
    static const std::string from = "SELECT " + std::string(ruling_columns) +
                                    " FROM match_ruling WHERE guild_id = $1 AND active = 1 AND ";
    static const in_list one(from + "character_id", "");
    static const in_list other(from + "other_id <> 0 AND other_id", "");
    std::map<identity::ruling_id, identity::ruling> out; // The oldest first, each once.
    for (const in_list* side : {&one, &other}) {
        for (identity::ruling& r : side->find(db, guild, who, read_ruling)) {
            out.insert_or_assign(r.id, std::move(r));
        }
    }
    std::vector<identity::ruling> all;
    for (auto& [id, r] : out) {
        all.push_back(std::move(r));
    }
    return all;
}

void each_former_name(connection& db, guild_id guild,
                      const std::function<void(const identity::former_name&)>& see) {
    cursor rows = db.query("SELECT character_id, name, realm_slug, recorded_at FROM character_name"
                           " WHERE guild_id = $1 ORDER BY character_id, recorded_at",
                           {param(guild)});
    while (rows->next()) {
        see(read_former(rows));
    }
}

std::vector<identity::ruling> rulings_of(connection& db, guild_id guild, character_id who) {
    static const std::string sql = "SELECT " + std::string(ruling_columns) +
                                   " FROM match_ruling WHERE guild_id = $1 AND active = 1"
                                   " AND (character_id = $2 OR (other_id = $2 AND other_id <> 0))"
                                   " ORDER BY ruling_id";
    return read_rulings(db.query(sql, {param(guild), param(who)}));
}

std::vector<identity::ruling> rulings_about(connection& db, guild_id guild, member_id who) {
    static const std::string sql = "SELECT " + std::string(ruling_columns) +
                                   " FROM match_ruling WHERE guild_id = $1 AND active = 1 AND member_id = $2"
                                   " AND member_id <> 0 ORDER BY ruling_id";
    return read_rulings(db.query(sql, {param(guild), param(who)}));
}

std::vector<identity::ruling> active_rulings(connection& db, guild_id guild) {
    static const std::string sql = "SELECT " + std::string(ruling_columns) +
                                   " FROM match_ruling WHERE guild_id = $1 AND active = 1 ORDER BY ruling_id";
    return read_rulings(db.query(sql, {param(guild)}));
}

std::vector<identity::route_experience> experience_of(connection& db, guild_id guild) {
    cursor rows = db.query("SELECT about, kind, COUNT(*), SUM(expected) FROM match_ruling WHERE guild_id = $1"
                           " AND about <> '' AND ended_by IN ('', 'facts') GROUP BY about, kind",
                           {param(guild)});
    std::map<identity::route, identity::route_experience> out;
    while (rows->next()) {
        reader r(rows);
        const identity::route by = parse_route(r.view());
        const identity::ruling_kind kind = parse_kind(r.view());
        identity::route_experience& e = out[by];
        e.by = by;
        const bool agreed = kind == identity::ruling_kind::accepted || kind == identity::ruling_kind::merged;
        (agreed ? e.accepted : e.rejected) += static_cast<int>(r.number());
        e.expected_per_mille += r.number();
    }
    out.erase(identity::route::none);
    std::vector<identity::route_experience> all;
    for (const auto& [by, e] : out) {
        all.push_back(e);
    }
    return all;
}

std::vector<identity::ruling> recent_rulings(connection& db, guild_id guild, int most) {
    static const std::string sql = "SELECT " + std::string(ruling_columns) +
                                   " FROM match_ruling WHERE guild_id = $1 ORDER BY ruling_id DESC LIMIT $2";
    return read_rulings(db.query(sql, {param(guild), param(most)}));
}

std::optional<identity::ruling> find_ruling(connection& db, guild_id guild, identity::ruling_id which) {
    static const std::string sql =
        "SELECT " + std::string(ruling_columns) + " FROM match_ruling WHERE guild_id = $1 AND ruling_id = $2";
    std::vector<identity::ruling> found = read_rulings(db.query(sql, {param(guild), param(which)}));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

namespace {

in_list open_items_about(std::string_view kind) {
    return {"SELECT " + std::string(item_columns) +
                " FROM match_item WHERE guild_id = $1 AND subject_kind = '" + std::string(kind) +
                "' AND is_open = 1 AND subject",
            ""};
}

} // namespace

std::vector<identity::review_item> open_items_of(connection& db, guild_id guild,
                                                 std::span<const character_id> who) {
    static const in_list sql = open_items_about("character");
    return sql.find(db, guild, who, read_item);
}

std::vector<identity::review_item> open_items_of(connection& db, guild_id guild,
                                                 std::span<const member_id> who) {
    static const in_list sql = open_items_about("member");
    return sql.find(db, guild, who, read_item);
}

std::vector<identity::review_item> open_items(connection& db, guild_id guild) {
    static const std::string sql = "SELECT " + std::string(item_columns) +
                                   " FROM match_item WHERE guild_id = $1 AND is_open = 1 ORDER BY item_id";
    std::vector<identity::review_item> out;
    cursor rows = db.query(sql, {param(guild)});
    while (rows->next()) {
        out.push_back(read_item(rows));
    }
    return out;
}

namespace {

/// The id behind the colon of a log entry's subject, such as `member:17`. 0: there is none.
std::int64_t id_in(std::string_view subject) noexcept {
    const std::string_view digits = subject.substr(std::min(subject.find(':'), subject.size() - 1) + 1);
    std::int64_t id = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    return problem == std::errc{} && end == digits.data() + digits.size() ? id : 0;
}

/// Whose rows an entry of the log tells of.
enum class tells_of : std::uint8_t { everybody, member, person, role_names };

/// Every kind of entry under which a row is written that the matcher knows (`collect` in `matching.cpp` of
/// the engine). What is missing here, hosts that did not write it themselves do not see.
constexpr std::array<std::pair<std::string_view, tells_of>, 20> kinds_that_matter{{
    {"roster.merged", tells_of::everybody},      {"roster.finished", tells_of::everybody},
    {"character.departed", tells_of::everybody}, {"member.joined", tells_of::member},
    {"member.returned", tells_of::member},       {"member.left", tells_of::member},
    {"member.changed", tells_of::member},        {"roles.set", tells_of::member},
    {"members.merged", tells_of::everybody},     {"members.finished", tells_of::everybody},
    {"notes.imported", tells_of::everybody},     {"roles.imported", tells_of::role_names},
    {"link.created", tells_of::person},          {"link.suggested", tells_of::person},
    {"link.changed", tells_of::person},          {"link.revoked", tells_of::person},
    {"match.ruled", tells_of::everybody},        {"match.undone", tells_of::everybody},
    {"match.ruling_ended", tells_of::everybody}, {"setting.changed", tells_of::everybody},
}};

std::string list_of_kinds() {
    std::string out;
    for (const auto& [kind, tells] : kinds_that_matter) {
        out += (out.empty() ? "'" : ", '") + std::string(kind) + "'";
    }
    return out;
}

void add(match_changes& to, std::string_view kind, std::string_view subject) {
    const auto* const known = std::find_if(kinds_that_matter.begin(), kinds_that_matter.end(),
                                           [&](const auto& k) { return k.first == kind; });
    const tells_of whom = known == kinds_that_matter.end() ? tells_of::everybody : known->second;
    const std::int64_t id = subject.empty() ? 0 : id_in(subject);
    if (whom == tells_of::member && id != 0 && subject.starts_with("member:")) {
        to.members.push_back(member_id{id});
    } else if (whom == tells_of::person && id != 0 && subject.starts_with("person:")) {
        to.persons.push_back(person_id{id});
    } else if (whom == tells_of::role_names) {
        to.role_names = true;
    } else {
        to.how_much = match_changes::extent::everything;
    }
}

} // namespace

match_changes match_changes_since(connection& db, guild_id guild, std::int64_t seq, int most) {
    static const std::string sql =
        "SELECT DISTINCT kind, subject FROM event WHERE guild_id = $1 AND seq > $2 AND kind IN (" +
        list_of_kinds() + ") LIMIT $3";
    cursor rows = db.query(sql, {param(guild), param(seq), param(most + 1)});
    match_changes out;
    int count = 0;
    while (rows->next()) {
        out.how_much = std::max(out.how_much, match_changes::extent::some);
        add(out, rows->text(0), rows->text(1));
        if (++count > most) {
            out.how_much = match_changes::extent::everything;
        }
    }
    return out;
}

} // namespace patt::store
