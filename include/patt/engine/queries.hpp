/// @file
/// Reading: what hosts and officers look at. Never decides anything; each call sees one moment.
#pragma once

#include <patt/engine/match_commands.hpp>
#include <patt/identity/character.hpp>
#include <patt/identity/chat_role.hpp>
#include <patt/identity/link.hpp>
#include <patt/identity/match_plan.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/identity/person.hpp>
#include <patt/identity/review.hpp>
#include <patt/ids.hpp>
#include <patt/integrity/issue.hpp>
#include <patt/log/entry.hpp>
#include <patt/log/verifier.hpp>
#include <patt/onboarding/session.hpp>
#include <patt/policy/settings.hpp>
#include <patt/provisioning/grant.hpp>
#include <patt/store/db.hpp>
#include <patt/store/pool.hpp>
#include <patt/store/rows.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patt::engine {

/// A guild as hosts list it.
struct guild_info {
    guild_id id;
    std::string name;
    member_id owner;
    log::head head;
};

/// A session with what was answered.
struct session_info {
    onboarding::session session;
    std::vector<onboarding::answer> answers;
    std::vector<onboarding::step_state> steps;
    std::optional<identity::member> member;
};

/// A person with all that belongs to them.
struct person_info {
    identity::person person;
    std::vector<identity::member> members;
    std::vector<identity::character> characters;
    std::vector<identity::link> links;
    std::vector<provisioning::grant> grants;
};

/// What matching would do with one character.
struct planned_match {
    identity::character character;
    identity::match_decision decided;
    std::string member_name; ///< Of the best candidate.
    identity::match_act act = identity::match_act::none;
    std::string why;      ///< Why it would stand in the queue; empty: it would not.
    std::string evidence; ///< What a new link would rest on.
};

/// One who may own a character that waits.
struct item_candidate {
    member_id member;
    std::string name; ///< As it was shown when the item was written.
    double probability = 0.0;
};
/// The candidates of an item, the best first.
[[nodiscard]] std::vector<item_candidate> candidates_of(const identity::review_item& item);

/// Why an item waits, as it was when it was written: of a contradiction both sides.
[[nodiscard]] std::vector<identity::match_explanation> explanations_of(const identity::review_item& item);

/// An explanation as a JSON object: member, probability, items with channel, values and bits, vetoes, and
/// what would change the answer.
[[nodiscard]] std::string to_json(const identity::match_explanation& why);

/// A timer that is still to come.
struct timer_info {
    std::int64_t owner = 0;
    std::string purpose;
    instant due;
};

/// Connections of its own for reading. The database outlives it.
/// @par Threads  Any; more of them at once than there are connections wait for each other.
/// @par Errors  `store::sql_error`, `busy` when no connection came free in time.
class queries {
public:
    /// With one connection: for programs that ask one thing at a time.
    explicit queries(store::database& database);
    /// With so many as the pool is allowed: for hosts that answer several people at once.
    queries(store::database& database, store::pool_options how);
    ~queries();
    queries(const queries&) = delete;
    queries& operator=(const queries&) = delete;

    /// What the pool does now, for `metrics_of`.
    [[nodiscard]] store::pool_state connections() const;
    [[nodiscard]] std::vector<guild_info> guilds();
    /// The settings as they are stored; those not listed have their defaults.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> changed_settings(guild_id guild);
    [[nodiscard]] policy::guild_settings settings(guild_id guild);

    [[nodiscard]] std::vector<identity::member> members(guild_id guild); ///< Present ones.
    [[nodiscard]] std::optional<identity::member> member(guild_id guild, member_id member);
    [[nodiscard]] std::vector<identity::character> characters(guild_id guild); ///< Present ones.
    [[nodiscard]] std::optional<person_info> person(guild_id guild, person_id person);

    [[nodiscard]] std::vector<session_info> open_sessions(guild_id guild); ///< The oldest first.
    /// The member's open session, else the latest.
    [[nodiscard]] std::optional<session_info> session_of(guild_id guild, member_id member);
    [[nodiscard]] std::vector<integrity::issue> open_issues(guild_id guild);
    [[nodiscard]] std::vector<provisioning::roster_entry> roster_entries(guild_id guild);

    /// The queue: characters and members that belong to nobody, and contradictions; those first whose
    /// answer is worth most, see `identity::most_useful_first`.
    [[nodiscard]] std::vector<identity::review_item> review_items(guild_id guild);
    /// What officers decided, ended ones too; the newest first.
    [[nodiscard]] std::vector<identity::ruling> rulings(guild_id guild, int most);
    [[nodiscard]] std::optional<identity::character> character(guild_id guild, character_id who);
    /// The link above `suggested` that gives a character to a person.
    [[nodiscard]] std::optional<identity::link> owner_link(guild_id guild, character_id who);
    /// What importing this list of roles would change.
    [[nodiscard]] std::vector<identity::role_change> role_changes(guild_id guild,
                                                                  const identity::role_snapshot& list);
    /// What each line would come to if the table were imported now.
    [[nodiscard]] std::vector<note_fate> fates(guild_id guild, const import_notes& table);
    [[nodiscard]] std::vector<link_fate> fates(guild_id guild, const import_links& table);
    /// Matches the whole guild and writes nothing. Every present character, by id.
    [[nodiscard]] std::vector<planned_match> match_plan(guild_id guild);
    /// Why the matcher thinks what it does of a character, or of a character and a member.
    [[nodiscard]] identity::match_explanation explain_match(guild_id guild, character_id who,
                                                            member_id owner = {});

    [[nodiscard]] store::outbox_counts outbox(guild_id guild);
    [[nodiscard]] std::vector<store::ledger_row> ledger(guild_id guild);
    [[nodiscard]] std::vector<timer_info> timers(guild_id guild); ///< The next first.
    [[nodiscard]] std::vector<store::job_row> jobs(guild_id guild, int most);
    [[nodiscard]] std::optional<store::job_row> job(guild_id guild, job_id job);
    [[nodiscard]] std::vector<store::sync_run_row> sync_runs(guild_id guild, int most);
    [[nodiscard]] std::optional<store::sync_run_row> sync_run(guild_id guild, sync_run_id run);

    [[nodiscard]] std::optional<log::head> log_head(guild_id guild);
    /// Calls `see` for each row of the log from `first` on, once, until it returns false. The log is read
    /// piece by piece, each as it is at its moment; what was written meanwhile is seen, too. While `see` runs
    /// no connection is in use.
    void each_event(guild_id guild, std::int64_t first, const std::function<bool(const log::row&)>& see);
    /// The last rows of the log, at most so many, in their order.
    [[nodiscard]] std::vector<log::row> last_events(guild_id guild, std::size_t most);
    /// Walks the whole chain, piece by piece. @param kept  A head exported earlier: shows a cut tail; without
    /// it the stored head is used.
    [[nodiscard]] log::report verify_log(guild_id guild, std::optional<log::head> kept);

private:
    std::unique_ptr<store::pool> readers_;
};

} // namespace patt::engine
