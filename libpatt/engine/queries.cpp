#include "engine/read_guild.hpp"
#include "store/character_repository.hpp"
#include "store/event_repository.hpp"
#include "store/guild_repository.hpp"
#include "store/issue_repository.hpp"
#include "store/job_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/person_repository.hpp"
#include "store/provisioning_repository.hpp"
#include "store/session_repository.hpp"
#include "store/timer_repository.hpp"

#include <patt/engine/queries.hpp>
#include <patt/policy/setting_registry.hpp>

namespace patt::engine {

namespace {

constexpr std::size_t events_a_piece = 1'000;

session_info with_answers(store::connection& db, guild_id guild, onboarding::session session) {
    session_info out;
    out.answers = store::answers_of(db, guild, session.id);
    out.steps = store::steps_of(db, guild, session.id);
    out.member = store::find_member(db, guild, session.subject);
    out.session = std::move(session);
    return out;
}

store::pool_options one_connection() {
    store::pool_options out;
    out.most = 1;
    return out;
}

/// Somebody else owns it, and outlives the queries.
std::shared_ptr<store::database> borrowed(store::database& database) {
    return {std::shared_ptr<store::database>{}, &database};
}

} // namespace

queries::queries(store::database& database)
    : queries(database, one_connection()) {}

queries::queries(store::database& database, store::pool_options how)
    : readers_(std::make_unique<store::pool>(borrowed(database), how)) {}

queries::~queries() = default;

store::pool_state queries::connections() const {
    return readers_->state();
}

std::vector<guild_info> queries::guilds() {
    std::vector<guild_info> out;
    const store::pooled db = readers_->take();
    const std::vector<store::guild_row> rows = store::in_tx(*db, store::tx_mode::read, [&] {
        db->enter_queue();
        return store::all_guilds(*db);
    });
    for (const store::guild_row& g : rows) {
        out.push_back({g.id, g.name, g.owner, g.head});
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> queries::changed_settings(guild_id guild) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::load_settings(db, guild); });
}

policy::guild_settings queries::settings(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) {
        return policy::load_settings(store::load_settings(db, guild)).settings;
    });
}

std::vector<identity::member> queries::members(guild_id guild) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::present_members(db, guild); });
}

std::optional<identity::member> queries::member(guild_id guild, member_id member) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::find_member(db, guild, member); });
}

std::vector<identity::character> queries::characters(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) -> std::vector<identity::character> {
        std::vector<identity::character> out;
        store::each_present_character(db, guild, [&](const identity::character& c) { out.push_back(c); });
        return out;
    });
}

std::optional<person_info> queries::person(guild_id guild, person_id person) {
    return read_guild(*readers_, guild, [&](store::connection& db) -> std::optional<person_info> {
        auto found = store::find_person(db, guild, person);
        if (!found) {
            return std::nullopt;
        }
        person_info out;
        out.person = std::move(*found);
        out.members = store::members_of(db, guild, person);
        out.characters = store::characters_of(db, guild, person);
        out.links = store::links_of(db, guild, person);
        for (const identity::member& m : out.members) {
            for (provisioning::grant& g : store::grants_of(db, guild, m.id)) {
                out.grants.push_back(std::move(g));
            }
        }
        return out;
    });
}

std::vector<session_info> queries::open_sessions(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) -> std::vector<session_info> {
        std::vector<session_info> out;
        for (onboarding::session& s : store::open_sessions(db, guild)) {
            out.push_back(with_answers(db, guild, std::move(s)));
        }
        return out;
    });
}

std::optional<session_info> queries::session_of(guild_id guild, member_id member) {
    return read_guild(*readers_, guild, [&](store::connection& db) -> std::optional<session_info> {
        auto session = store::current_session(db, guild, member);
        if (!session) {
            return std::nullopt;
        }
        return with_answers(db, guild, std::move(*session));
    });
}

std::vector<integrity::issue> queries::open_issues(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) { return store::open_issues(db, guild); });
}

std::vector<provisioning::roster_entry> queries::roster_entries(guild_id guild) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::roster_entries(db, guild); });
}

store::outbox_counts queries::outbox(guild_id guild) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::count_outbox(db, guild); });
}

std::vector<store::ledger_row> queries::ledger(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) { return store::ledger_of(db, guild); });
}

std::vector<timer_info> queries::timers(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) -> std::vector<timer_info> {
        std::vector<timer_info> out;
        for (const store::timer_row& t : store::timers_of(db, guild)) {
            out.push_back({t.owner, std::string(to_string(t.purpose)), t.due});
        }
        return out;
    });
}

std::vector<store::job_row> queries::jobs(guild_id guild, int most) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::recent_jobs(db, guild, most); });
}

std::optional<store::job_row> queries::job(guild_id guild, job_id job) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::find_job(db, guild, job); });
}

std::vector<store::sync_run_row> queries::sync_runs(guild_id guild, int most) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::recent_sync_runs(db, guild, most); });
}

std::optional<store::sync_run_row> queries::sync_run(guild_id guild, sync_run_id run) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::find_sync_run(db, guild, run); });
}

std::optional<log::head> queries::log_head(guild_id guild) {
    return read_guild(*readers_, guild, [&](store::connection& db) -> std::optional<log::head> {
        const auto row = store::find_guild(db, guild);
        return row ? std::optional<log::head>(row->head) : std::nullopt;
    });
}

void queries::each_event(guild_id guild, std::int64_t first,
                         const std::function<bool(const log::row&)>& see) {
    // A long log would take longer than a statement may, and all of it would be kept on this side. Shown
    // outside of the transaction, as that may run again.
    for (bool more = true; more;) {
        const std::vector<log::row> piece = read_guild(*readers_, guild, [&](store::connection& db) {
            return store::events_from(db, guild, first, events_a_piece);
        });
        for (const log::row& row : piece) {
            if (!see(row)) {
                return;
            }
            first = row.seq + 1;
        }
        more = piece.size() == events_a_piece;
    }
}

std::vector<log::row> queries::last_events(guild_id guild, std::size_t most) {
    return read_guild(*readers_, guild,
                      [&](store::connection& db) { return store::last_events(db, guild, most); });
}

log::report queries::verify_log(guild_id guild, std::optional<log::head> kept) {
    if (!kept) {
        kept = log_head(guild);
    }
    log::verifier walk(guild, kept);
    each_event(guild, 0, [&](const log::row& row) {
        walk.feed(row);
        return true;
    });
    return walk.finish();
}

} // namespace patt::engine
