/// @file
/// Jobs (long work in chunks) and sync runs (what an import found).
#pragma once

#include <patt/ids.hpp>
#include <patt/store/db.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

struct job_row {
    job_id id;
    std::string kind;
    std::string state; ///< `running`, `done`, `cancelled`, `failed`.
    std::int64_t done = 0;
    std::int64_t total = 0;
    sync_run_id run;
    std::string note;
    instant created_at;
    instant updated_at;
};
void put(connection& db, guild_id guild, const job_row& job);
[[nodiscard]] std::optional<job_row> find_job(connection& db, guild_id guild, job_id job);
/// The newest first.
[[nodiscard]] std::vector<job_row> recent_jobs(connection& db, guild_id guild, int most);
[[nodiscard]] bool has_running_job(connection& db, guild_id guild, std::string_view kind);
void put_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk, std::string_view body);
[[nodiscard]] std::optional<std::string> find_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk);
void drop_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk);
void drop_chunks(connection& db, guild_id guild, job_id job);

struct sync_run_row {
    sync_run_id id;
    std::string source;
    std::string cause;
    std::string status; ///< `running`, `success`, `partial`, `error`.
    std::int64_t found = 0;
    std::int64_t added = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t renamed = 0;
    std::int64_t returned = 0;
    std::int64_t removed = 0;
    std::string note;
    instant started_at;
    instant ended_at;
};
void put(connection& db, guild_id guild, const sync_run_row& run);
[[nodiscard]] std::optional<sync_run_row> find_sync_run(connection& db, guild_id guild, sync_run_id run);
/// The newest first.
[[nodiscard]] std::vector<sync_run_row> recent_sync_runs(connection& db, guild_id guild, int most);

} // namespace patt::store
