/// @file
/// Jobs (long work in chunks) and sync runs (what an import found).
#pragma once

#include <patt/ids.hpp>
#include <patt/store/db.hpp>
#include <patt/store/rows.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patt::store {

void put(connection& db, guild_id guild, const job_row& job);
[[nodiscard]] std::optional<job_row> find_job(connection& db, guild_id guild, job_id job);
/// The newest first.
[[nodiscard]] std::vector<job_row> recent_jobs(connection& db, guild_id guild, int most);
/// Whether a job of that kind which began earlier is still running: they run one after the other.
[[nodiscard]] bool has_older_running_job(connection& db, guild_id guild, std::string_view kind, job_id than);
void put_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk, std::string_view body);
[[nodiscard]] std::optional<std::string> find_chunk(connection& db, guild_id guild, job_id job,
                                                    std::int64_t chunk);
/// The bodies that are there, in the order of the chunks.
[[nodiscard]] std::vector<std::string> chunks_of(connection& db, guild_id guild, job_id job);
void replace_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk, std::string_view body);
void drop_chunk(connection& db, guild_id guild, job_id job, std::int64_t chunk);
void drop_chunks(connection& db, guild_id guild, job_id job);

void put(connection& db, guild_id guild, const sync_run_row& run);
[[nodiscard]] std::optional<sync_run_row> find_sync_run(connection& db, guild_id guild, sync_run_id run);
/// The newest first.
[[nodiscard]] std::vector<sync_run_row> recent_sync_runs(connection& db, guild_id guild, int most);

} // namespace patt::store
