/// @file
/// Two servers: a standby that streams from a primary, its promotion, and the old primary's return.
#pragma once

#include "postgres/server.hpp"

#include <memory>
#include <string>

namespace patt::postgres {

/// What a primary needs to have a standby and to come back as one: give it to `server_options::settings`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> replication_settings();

/// Copies the primary (`pg_basebackup`, with a physical slot of that name), starts the copy, and waits until
/// it streams. It is asynchronous until `make_synchronous`: set before the copy, a later primary would
/// inherit it and every commit there would hang.
[[nodiscard]] std::unique_ptr<server> make_standby(server& primary, const std::string& name,
                                                   server_options how = {});

/// Commits wait for that standby from now on. Returns when it is so.
void make_synchronous(server& primary, const std::string& standby);
/// Commits wait for no standby from now on.
void make_asynchronous(server& primary);

/// Makes a standby the primary, and waits for it. A synchronous standby that it inherited is forgotten.
void promote(server& standby);

/// Makes an old primary (stopped or killed) a standby of the new one: `pg_rewind`, a slot of that name, and
/// start.
void rewind(server& old, const server& primary, const std::string& name);

/// The timeline that a server writes or replays.
[[nodiscard]] int timeline_of(const server& which);

} // namespace patt::postgres
