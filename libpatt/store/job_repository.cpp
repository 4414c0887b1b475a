#include "store/job_repository.hpp"

#include "store/binding.hpp"

namespace patt::store {

namespace {

constexpr std::string_view job_columns =
    "job_id, kind, state, done, total, sync_run_id, note, created_at, updated_at";
constexpr std::string_view run_columns =
    "sync_run_id, source, cause, status, found, added, updated, unchanged, renamed,"
    " returned, removed, note, started_at, ended_at";

job_row read_job(const cursor& rows) {
    reader r(rows);
    job_row j;
    j.id = r.id<job_id>();
    j.kind = r.text();
    j.state = r.text();
    j.done = r.number();
    j.total = r.number();
    j.run = r.id<sync_run_id>();
    j.note = r.text();
    j.created_at = r.time();
    j.updated_at = r.time();
    return j;
}

sync_run_row read_run(const cursor& rows) {
    reader r(rows);
    sync_run_row s;
    s.id = r.id<sync_run_id>();
    s.source = r.text();
    s.cause = r.text();
    s.status = r.text();
    s.found = r.number();
    s.added = r.number();
    s.updated = r.number();
    s.unchanged = r.number();
    s.renamed = r.number();
    s.returned = r.number();
    s.removed = r.number();
    s.note = r.text();
    s.started_at = r.time();
    s.ended_at = r.time();
    return s;
}

} // namespace

void put(connection& db, guild_id guild, const job_row& j) {
    db.post("INSERT INTO job (guild_id, job_id, kind, state, done, total, sync_run_id, note, created_at, "
            "updated_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            " ON CONFLICT (guild_id, job_id) DO UPDATE SET state = excluded.state, done = excluded.done,"
            " total = excluded.total, note = excluded.note, updated_at = excluded.updated_at",
            {param(guild), param(j.id), param(j.kind), param(j.state), param(j.done), param(j.total),
             param(j.run), param(j.note), param(j.created_at), param(j.updated_at)});
}

std::optional<job_row> find_job(connection& db, guild_id guild, job_id job) {
    static const std::string sql =
        "SELECT " + std::string(job_columns) + " FROM job WHERE guild_id = $1 AND job_id = $2";
    cursor rows = db.query(sql, {param(guild), param(job)});
    if (!rows->next()) {
        return std::nullopt;
    }
    return read_job(rows);
}

std::vector<job_row> recent_jobs(connection& db, guild_id guild, int most) {
    static const std::string sql =
        "SELECT " + std::string(job_columns) + " FROM job WHERE guild_id = $1 ORDER BY job_id DESC LIMIT $2";
    std::vector<job_row> out;
    cursor rows = db.query(sql, {param(guild), param(most)});
    while (rows->next()) {
        out.push_back(read_job(rows));
    }
    return out;
}

bool has_older_running_job(connection& db, guild_id guild, std::string_view kind, job_id than) {
    cursor rows =
        db.query("SELECT 1 FROM job WHERE guild_id = $1 AND kind = $2 AND job_id < $3 AND state = 'running'"
                 " LIMIT 1",
                 {param(guild), param(kind), param(than)});
    return rows->next();
}

void put_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk, std::string_view body) {
    db.post("INSERT INTO job_chunk (guild_id, job_id, chunk, body) VALUES ($1, $2, $3, $4)",
            {param(guild), param(job), param(chunk), param(body)});
}

std::optional<std::string> find_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk) {
    cursor rows = db.query("SELECT body FROM job_chunk WHERE guild_id = $1 AND job_id = $2 AND chunk = $3",
                           {param(guild), param(job), param(chunk)});
    if (!rows->next()) {
        return std::nullopt;
    }
    return std::string(rows->text(0));
}

std::vector<std::string> chunks_of(connection& db, guild_id guild, job_id job) {
    std::vector<std::string> out;
    cursor rows = db.query("SELECT body FROM job_chunk WHERE guild_id = $1 AND job_id = $2 ORDER BY chunk",
                           {param(guild), param(job)});
    while (rows->next()) {
        out.emplace_back(rows->text(0));
    }
    return out;
}

void replace_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk, std::string_view body) {
    db.run("UPDATE job_chunk SET body = $4 WHERE guild_id = $1 AND job_id = $2 AND chunk = $3",
           {param(guild), param(job), param(chunk), param(body)});
}

void drop_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk) {
    db.post("DELETE FROM job_chunk WHERE guild_id = $1 AND job_id = $2 AND chunk = $3",
            {param(guild), param(job), param(chunk)});
}

void drop_chunks(connection& db, guild_id guild, job_id job) {
    db.post("DELETE FROM job_chunk WHERE guild_id = $1 AND job_id = $2", {param(guild), param(job)});
}

void put(connection& db, guild_id guild, const sync_run_row& s) {
    db.post(
        "INSERT INTO sync_run (guild_id, sync_run_id, source, cause, status, found, added, updated, "
        "unchanged,"
        " renamed, returned, removed, note, started_at, ended_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        " ON CONFLICT (guild_id, sync_run_id) DO UPDATE SET status = excluded.status, found = excluded.found,"
        " added = excluded.added, updated = excluded.updated, unchanged = excluded.unchanged,"
        " renamed = excluded.renamed, returned = excluded.returned, removed = excluded.removed,"
        " note = excluded.note, ended_at = excluded.ended_at",
        {param(guild), param(s.id), param(s.source), param(s.cause), param(s.status), param(s.found),
         param(s.added), param(s.updated), param(s.unchanged), param(s.renamed), param(s.returned),
         param(s.removed), param(s.note), param(s.started_at), param(s.ended_at)});
}

std::optional<sync_run_row> find_sync_run(connection& db, guild_id guild, sync_run_id run) {
    static const std::string sql =
        "SELECT " + std::string(run_columns) + " FROM sync_run WHERE guild_id = $1 AND sync_run_id = $2";
    cursor rows = db.query(sql, {param(guild), param(run)});
    if (!rows->next()) {
        return std::nullopt;
    }
    return read_run(rows);
}

std::vector<sync_run_row> recent_sync_runs(connection& db, guild_id guild, int most) {
    static const std::string sql = "SELECT " + std::string(run_columns) +
                                   " FROM sync_run WHERE guild_id = $1 ORDER BY sync_run_id DESC LIMIT $2";
    std::vector<sync_run_row> out;
    cursor rows = db.query(sql, {param(guild), param(most)});
    while (rows->next()) {
        out.push_back(read_run(rows));
    }
    return out;
}

} // namespace patt::store
