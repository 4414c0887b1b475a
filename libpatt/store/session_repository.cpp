#include "store/session_repository.hpp"

#include "store/binding.hpp"
#include "store/several_rows.hpp"

#include <array>
#include <string>

namespace patt::store {

namespace {

constexpr std::string_view columns =
    "session_id, flow, flow_version, member_id, person_id, state, step, surface, attempt, asked,"
    " verification_attempts, created_at, updated_at, dm_sent_at, asked_at, dialogue_done_at, nudged_at, "
    "deadline_at,"
    " escalated_at, last_verification_at, verified_at, completed_at, outcome";

onboarding::session read_session(const cursor& rows) {
    reader r(rows);
    onboarding::session s;
    s.id = r.id<session_id>();
    s.flow = r.text();
    s.flow_version = r.integer();
    s.subject = r.id<member_id>();
    s.person = r.id<person_id>();
    s.state = onboarding::parse_session_state(r.view()).value_or(onboarding::session_state::cancelled);
    s.step = r.text();
    s.surface = r.enumerator<onboarding::surface>();
    s.attempt = r.integer();
    s.asked = r.integer();
    s.verification_attempts = r.integer();
    s.created_at = r.time();
    s.updated_at = r.time();
    s.dm_sent_at = r.time();
    s.asked_at = r.time();
    s.dialogue_done_at = r.time();
    s.nudged_at = r.time();
    s.deadline_at = r.time();
    s.escalated_at = r.time();
    s.last_verification_at = r.time();
    s.verified_at = r.time();
    s.completed_at = r.time();
    s.outcome = r.text();
    return s;
}

std::optional<onboarding::session> first(const cursor& rows) {
    if (!rows->next()) {
        return std::nullopt;
    }
    return read_session(rows);
}

constexpr std::array<std::string_view, 4> statuses{"asked", "done", "declined", "skipped"};

std::string_view name_of(onboarding::step_status status) {
    return statuses[static_cast<std::size_t>(status)];
}

onboarding::step_status status_of(std::string_view name) {
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        if (statuses[i] == name) {
            return static_cast<onboarding::step_status>(i);
        }
    }
    return onboarding::step_status::asked;
}

} // namespace

void put(connection& db, guild_id guild, const onboarding::session& s) {
    db.post("INSERT INTO session (guild_id, session_id, flow, flow_version, member_id, person_id, state, "
            "is_open, step,"
            " surface, attempt, asked, verification_attempts, created_at, updated_at, dm_sent_at, asked_at,"
            " dialogue_done_at, nudged_at, deadline_at, escalated_at, last_verification_at, verified_at, "
            "completed_at,"
            " outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
            "$18, $19,"
            " $20, $21, $22, $23, $24, $25)"
            " ON CONFLICT (guild_id, session_id) DO UPDATE SET person_id = excluded.person_id, state = "
            "excluded.state,"
            " is_open = excluded.is_open, step = excluded.step, surface = excluded.surface, asked = "
            "excluded.asked,"
            " verification_attempts = excluded.verification_attempts, updated_at = excluded.updated_at,"
            " dm_sent_at = excluded.dm_sent_at, asked_at = excluded.asked_at,"
            " dialogue_done_at = excluded.dialogue_done_at, nudged_at = excluded.nudged_at,"
            " deadline_at = excluded.deadline_at, escalated_at = excluded.escalated_at,"
            " last_verification_at = excluded.last_verification_at, verified_at = excluded.verified_at,"
            " completed_at = excluded.completed_at, outcome = excluded.outcome",
            {param(guild),
             param(s.id),
             param(s.flow),
             param(s.flow_version),
             param(s.subject),
             param(s.person),
             param(onboarding::to_string(s.state)),
             param(onboarding::is_open(s.state)),
             param(s.step),
             param(s.surface),
             param(s.attempt),
             param(s.asked),
             param(s.verification_attempts),
             param(s.created_at),
             param(s.updated_at),
             param(s.dm_sent_at),
             param(s.asked_at),
             param(s.dialogue_done_at),
             param(s.nudged_at),
             param(s.deadline_at),
             param(s.escalated_at),
             param(s.last_verification_at),
             param(s.verified_at),
             param(s.completed_at),
             param(s.outcome)});
}

void put_answers(connection& db, guild_id guild, std::span<const onboarding::answer* const> answers) {
    static const several_rows sql("INSERT INTO answer (guild_id, session_id, field, value, given_at) VALUES ",
                                  5,
                                  " ON CONFLICT (guild_id, session_id, field) DO UPDATE SET"
                                  " value = excluded.value, given_at = excluded.given_at");
    const auto same = [](const onboarding::answer& a, const onboarding::answer& b) {
        return a.field == b.field && a.session == b.session;
    };
    sql.run(db, last_of_each(answers, same), [guild](std::vector<value>& to, const onboarding::answer& a) {
        to.insert(to.end(),
                  {param(guild), param(a.session), param(a.field), param(a.value), param(a.given_at)});
    });
}

void put_steps(connection& db, guild_id guild, std::span<const onboarding::step_state* const> steps) {
    static const several_rows sql(
        "INSERT INTO session_step (guild_id, session_id, step, status, asked_at, done_at) VALUES ", 6,
        " ON CONFLICT (guild_id, session_id, step) DO UPDATE SET"
        " status = excluded.status, asked_at = excluded.asked_at, done_at = excluded.done_at");
    const auto same = [](const onboarding::step_state& a, const onboarding::step_state& b) {
        return a.step == b.step && a.session == b.session;
    };
    sql.run(db, last_of_each(steps, same), [guild](std::vector<value>& to, const onboarding::step_state& s) {
        to.insert(to.end(), {param(guild), param(s.session), param(s.step), param(name_of(s.status)),
                             param(s.asked_at), param(s.done_at)});
    });
}

void put(connection& db, guild_id guild, const onboarding::acceptance& a) {
    db.post("INSERT INTO acceptance (guild_id, member_id, document, version, decided_at, decision)"
            " VALUES ($1, $2, $3, $4, $5, $6)"
            " ON CONFLICT (guild_id, member_id, document, version, decided_at) DO UPDATE SET decision = "
            "excluded.decision",
            {param(guild), param(a.member), param(a.document), param(a.version), param(a.at),
             param(name_of(a.decision))});
}

void forget_answers(connection& db, guild_id guild, session_id session,
                    const std::vector<std::string>& fields) {
    if (fields.empty()) {
        db.post("DELETE FROM answer WHERE guild_id = $1 AND session_id = $2", {param(guild), param(session)});
    }
    static const several_rows sql("DELETE FROM answer WHERE guild_id = $1 AND session_id = $2 AND field IN (",
                                  1, ")", 2);
    std::vector<const std::string*> names;
    for (const std::string& field : fields) {
        names.push_back(&field);
    }
    sql.run(db, names, [](std::vector<value>& to, const std::string& field) { to.push_back(param(field)); },
            {param(guild), param(session)});
}

asked<std::optional<onboarding::session>> ask_session(connection& db, guild_id guild, session_id session) {
    static const std::string sql =
        "SELECT " + std::string(columns) + " FROM session WHERE guild_id = $1 AND session_id = $2";
    return {db.ask(sql, {param(guild), param(session)}), first};
}

std::optional<onboarding::session> find_session(connection& db, guild_id guild, session_id session) {
    return ask_session(db, guild, session).get();
}

asked<std::optional<onboarding::session>> ask_current_session(connection& db, guild_id guild,
                                                              member_id member) {
    static const std::string sql =
        "SELECT " + std::string(columns) +
        " FROM session WHERE guild_id = $1 AND member_id = $2"
        " ORDER BY is_open DESC, CASE WHEN is_open = 1 THEN surface ELSE 0 END DESC,"
        " CASE WHEN surface = 2 THEN 0 ELSE 1 END DESC, session_id DESC LIMIT 1";
    return {db.ask(sql, {param(guild), param(member)}), first};
}

std::optional<onboarding::session> current_session(connection& db, guild_id guild, member_id member) {
    return ask_current_session(db, guild, member).get();
}

std::vector<onboarding::session> open_sessions(connection& db, guild_id guild) {
    static const std::string sql = "SELECT " + std::string(columns) +
                                   " FROM session WHERE guild_id = $1 AND is_open = 1 ORDER BY session_id";
    std::vector<onboarding::session> out;
    cursor rows = db.query(sql, {param(guild)});
    while (rows->next()) {
        out.push_back(read_session(rows));
    }
    return out;
}

namespace {

std::vector<onboarding::answer> read_answers(const cursor& rows, session_id session) {
    std::vector<onboarding::answer> out;
    while (rows->next()) {
        reader r(rows);
        onboarding::answer a;
        a.session = session;
        a.field = r.text();
        a.value = r.text();
        a.given_at = r.time();
        out.push_back(std::move(a));
    }
    return out;
}

std::vector<onboarding::step_state> read_steps(const cursor& rows, session_id session) {
    std::vector<onboarding::step_state> out;
    while (rows->next()) {
        reader r(rows);
        onboarding::step_state s;
        s.session = session;
        s.step = r.text();
        s.status = status_of(r.view());
        s.asked_at = r.time();
        s.done_at = r.time();
        out.push_back(std::move(s));
    }
    return out;
}

std::vector<onboarding::acceptance> read_acceptances(const cursor& rows, member_id member) {
    std::vector<onboarding::acceptance> out;
    while (rows->next()) {
        reader r(rows);
        onboarding::acceptance a;
        a.member = member;
        a.document = r.text();
        a.version = r.integer();
        a.at = r.time();
        a.decision = status_of(r.view());
        out.push_back(std::move(a));
    }
    return out;
}

} // namespace

asked<std::vector<onboarding::answer>> ask_answers_of(connection& db, guild_id guild, session_id session) {
    return {db.ask("SELECT field, value, given_at FROM answer WHERE guild_id = $1 AND session_id = $2"
                   " ORDER BY field",
                   {param(guild), param(session)}),
            [session](const cursor& rows) { return read_answers(rows, session); }};
}

asked<std::vector<onboarding::step_state>> ask_steps_of(connection& db, guild_id guild, session_id session) {
    return {db.ask("SELECT step, status, asked_at, done_at FROM session_step"
                   " WHERE guild_id = $1 AND session_id = $2 ORDER BY step",
                   {param(guild), param(session)}),
            [session](const cursor& rows) { return read_steps(rows, session); }};
}

asked<std::vector<onboarding::acceptance>> ask_acceptances_of(connection& db, guild_id guild,
                                                              member_id member) {
    return {db.ask("SELECT document, version, decided_at, decision FROM acceptance"
                   " WHERE guild_id = $1 AND member_id = $2 ORDER BY document, version, decided_at",
                   {param(guild), param(member)}),
            [member](const cursor& rows) { return read_acceptances(rows, member); }};
}

std::vector<onboarding::answer> answers_of(connection& db, guild_id guild, session_id session) {
    return ask_answers_of(db, guild, session).get();
}

std::vector<onboarding::step_state> steps_of(connection& db, guild_id guild, session_id session) {
    return ask_steps_of(db, guild, session).get();
}

std::vector<onboarding::acceptance> acceptances_of(connection& db, guild_id guild, member_id member) {
    return ask_acceptances_of(db, guild, member).get();
}

} // namespace patt::store
