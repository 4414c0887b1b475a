/// @file
/// Sessions with their answers, steps and acceptances.
#pragma once

#include "store/asked.hpp"

#include <patt/onboarding/session.hpp>
#include <patt/store/db.hpp>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace patt::store {

void put(connection& db, guild_id guild, const onboarding::session& session);
/// In one statement; of two for the same field the last one counts.
void put_answers(connection& db, guild_id guild, std::span<const onboarding::answer* const> answers);
/// In one statement; of two for the same step the last one counts.
void put_steps(connection& db, guild_id guild, std::span<const onboarding::step_state* const> steps);
void put(connection& db, guild_id guild, const onboarding::acceptance& acceptance);
/// All answers of the session when `fields` is empty.
void forget_answers(connection& db, guild_id guild, session_id session,
                    const std::vector<std::string>& fields);

[[nodiscard]] asked<std::optional<onboarding::session>> ask_session(connection& db, guild_id guild,
                                                                    session_id session);
[[nodiscard]] asked<std::optional<onboarding::session>> ask_current_session(connection& db, guild_id guild,
                                                                            member_id member);
[[nodiscard]] asked<std::vector<onboarding::answer>> ask_answers_of(connection& db, guild_id guild,
                                                                    session_id session);
[[nodiscard]] asked<std::vector<onboarding::step_state>> ask_steps_of(connection& db, guild_id guild,
                                                                      session_id session);
[[nodiscard]] asked<std::vector<onboarding::acceptance>> ask_acceptances_of(connection& db, guild_id guild,
                                                                            member_id member);
[[nodiscard]] std::optional<onboarding::session> find_session(connection& db, guild_id guild,
                                                              session_id session);
/// The member's open session (a rehearsal before a real one), else the latest one.
[[nodiscard]] std::optional<onboarding::session> current_session(connection& db, guild_id guild,
                                                                 member_id member);
[[nodiscard]] std::vector<onboarding::session> open_sessions(connection& db, guild_id guild);
[[nodiscard]] std::vector<onboarding::answer> answers_of(connection& db, guild_id guild, session_id session);
[[nodiscard]] std::vector<onboarding::step_state> steps_of(connection& db, guild_id guild,
                                                           session_id session);
[[nodiscard]] std::vector<onboarding::acceptance> acceptances_of(connection& db, guild_id guild,
                                                                 member_id member);

} // namespace patt::store
