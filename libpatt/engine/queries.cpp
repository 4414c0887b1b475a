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
#include <patt/store/in_tx.hpp>

namespace patt::engine {

namespace {

session_info with_answers(store::connection& db, guild_id guild, onboarding::session session) {
    session_info out;
    out.answers = store::answers_of(db, guild, session.id);
    out.steps = store::steps_of(db, guild, session.id);
    out.member = store::find_member(db, guild, session.subject);
    out.session = std::move(session);
    return out;
}

} // namespace

queries::queries(store::database& database)
    : db_(database.connect()) {}

queries::~queries() = default;

std::vector<guild_info> queries::guilds() {
    std::vector<guild_info> out;
    const std::vector<store::guild_row> rows = store::in_tx(*db_, store::tx_mode::read, [&] {
        db_->enter_queue();
        return store::all_guilds(*db_);
    });
    for (const store::guild_row& g : rows) {
        out.push_back({g.id, g.name, g.owner, g.head});
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> queries::changed_settings(guild_id guild) {
    return read_guild(*db_, guild, [&] { return store::load_settings(*db_, guild); });
}

policy::guild_settings queries::settings(guild_id guild) {
    return read_guild(*db_, guild,
                      [&] { return policy::load_settings(store::load_settings(*db_, guild)).settings; });
}

std::vector<identity::member> queries::members(guild_id guild) {
    return read_guild(*db_, guild, [&] { return store::present_members(*db_, guild); });
}

std::optional<identity::member> queries::member(guild_id guild, member_id member) {
    return read_guild(*db_, guild, [&] { return store::find_member(*db_, guild, member); });
}

std::vector<identity::character> queries::characters(guild_id guild) {
    return read_guild(*db_, guild, [&]() -> std::vector<identity::character> {
        std::vector<identity::character> out;
        store::each_present_character(*db_, guild, [&](const identity::character& c) { out.push_back(c); });
        return out;
    });
}

std::optional<person_info> queries::person(guild_id guild, person_id person) {
    return read_guild(*db_, guild, [&]() -> std::optional<person_info> {
        auto found = store::find_person(*db_, guild, person);
        if (!found) {
            return std::nullopt;
        }
        person_info out;
        out.person = std::move(*found);
        out.members = store::members_of(*db_, guild, person);
        out.characters = store::characters_of(*db_, guild, person);
        out.links = store::links_of(*db_, guild, person);
        for (const identity::member& m : out.members) {
            for (provisioning::grant& g : store::grants_of(*db_, guild, m.id)) {
                out.grants.push_back(std::move(g));
            }
        }
        return out;
    });
}

std::vector<session_info> queries::open_sessions(guild_id guild) {
    return read_guild(*db_, guild, [&]() -> std::vector<session_info> {
        std::vector<session_info> out;
        for (onboarding::session& s : store::open_sessions(*db_, guild)) {
            out.push_back(with_answers(*db_, guild, std::move(s)));
        }
        return out;
    });
}

std::optional<session_info> queries::session_of(guild_id guild, member_id member) {
    return read_guild(*db_, guild, [&]() -> std::optional<session_info> {
        auto session = store::current_session(*db_, guild, member);
        if (!session) {
            return std::nullopt;
        }
        return with_answers(*db_, guild, std::move(*session));
    });
}

std::vector<integrity::issue> queries::open_issues(guild_id guild) {
    return read_guild(*db_, guild, [&] { return store::open_issues(*db_, guild); });
}

std::vector<provisioning::roster_entry> queries::roster_entries(guild_id guild) {
    return read_guild(*db_, guild, [&] { return store::roster_entries(*db_, guild); });
}

store::outbox_counts queries::outbox(guild_id guild) {
    return read_guild(*db_, guild, [&] { return store::count_outbox(*db_, guild); });
}

std::vector<store::ledger_row> queries::ledger(guild_id guild) {
    return read_guild(*db_, guild, [&] { return store::ledger_of(*db_, guild); });
}

std::vector<timer_info> queries::timers(guild_id guild) {
    return read_guild(*db_, guild, [&]() -> std::vector<timer_info> {
        std::vector<timer_info> out;
        for (const store::timer_row& t : store::timers_of(*db_, guild)) {
            out.push_back({t.owner, std::string(to_string(t.purpose)), t.due});
        }
        return out;
    });
}

std::vector<store::job_row> queries::jobs(guild_id guild, int most) {
    return read_guild(*db_, guild, [&] { return store::recent_jobs(*db_, guild, most); });
}

std::optional<store::job_row> queries::job(guild_id guild, job_id job) {
    return read_guild(*db_, guild, [&] { return store::find_job(*db_, guild, job); });
}

std::vector<store::sync_run_row> queries::sync_runs(guild_id guild, int most) {
    return read_guild(*db_, guild, [&] { return store::recent_sync_runs(*db_, guild, most); });
}

std::optional<store::sync_run_row> queries::sync_run(guild_id guild, sync_run_id run) {
    return read_guild(*db_, guild, [&] { return store::find_sync_run(*db_, guild, run); });
}

std::optional<log::head> queries::log_head(guild_id guild) {
    return read_guild(*db_, guild, [&]() -> std::optional<log::head> {
        const auto row = store::find_guild(*db_, guild);
        return row ? std::optional<log::head>(row->head) : std::nullopt;
    });
}

void queries::each_event(guild_id guild, std::int64_t first,
                         const std::function<bool(const log::row&)>& see) {
    read_guild(*db_, guild, [&] { store::each_event(*db_, guild, first, see); });
}

log::report queries::verify_log(guild_id guild, std::optional<log::head> kept) {
    return read_guild(*db_, guild, [&] {
        if (!kept) {
            const auto row = store::find_guild(*db_, guild);
            kept = row ? std::optional<log::head>(row->head) : std::nullopt;
        }
        log::verifier walk(guild, kept);
        store::each_event(*db_, guild, 0, [&](const log::row& row) {
            walk.feed(row);
            return true;
        });
        return walk.finish();
    });
}

} // namespace patt::engine
