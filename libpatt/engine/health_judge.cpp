// What is to be thought of a database's health: limits and sentences, no SQL.
#include <patt/engine/health.hpp>
#include <patt/engine/hosts.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace patt::engine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr duration skew_warns = seconds(1);
constexpr duration skew_fails = seconds(30);
constexpr duration work_waits = minutes(2);
constexpr duration work_stands = minutes(15);
constexpr duration transaction_long = minutes(10);
constexpr std::int64_t xmin_old = 10'000'000;
constexpr std::int64_t others_need = 3; ///< Connections beside the hosts': doctor, migrations, a person.

double in_seconds(duration d) {
    return std::chrono::duration<double>(d).count();
}

std::string words(duration d) {
    const double s = in_seconds(d);
    return s < 120    ? fmt::format("{:.1f} s", s)
           : s < 7200 ? fmt::format("{:.0f} min", s / 60)
                      : fmt::format("{:.0f} h", s / 3600);
}

class findings {
public:
    /// Good unless `warn` or `fail` is true.
    void add(std::string what, std::string sentence, grade how, std::string next) {
        out_.push_back({std::move(what), how, std::move(sentence), how == grade::ok ? "" : std::move(next)});
    }
    std::vector<finding> take() { return std::move(out_); }

private:
    std::vector<finding> out_;
};

grade worse(bool warn, bool fail) {
    return fail ? grade::fail : warn ? grade::warn : grade::ok;
}

bool has_time_outs(const server_health& s) {
    return s.lock_timeout != "0" && s.idle_in_transaction_timeout != "0";
}

void judge_connections(const server_health& s, findings& out) {
    const std::int64_t free = s.max_connections - s.reserved_connections - s.connections;
    out.add("connections",
            fmt::format("{} of {} are used", s.connections, s.max_connections - s.reserved_connections),
            worse(free * 5 < s.max_connections, free < 3),
            "raise max_connections, give hosts fewer connections, or put PgBouncer in front");
    out.add("time-outs",
            fmt::format("lock_timeout is {}, idle_in_transaction_session_timeout is {}", s.lock_timeout,
                        s.idle_in_transaction_timeout),
            worse(!has_time_outs(s), false),
            "leave them to PATT, which sets both on each of its connections; behind PgBouncer set them for "
            "the role");
}

void judge_replication(const server_health& s, findings& out) {
    const bool wanted = !s.synchronous_names.empty();
    out.add("standby",
            s.in_recovery ? std::string("this server is a standby")
                          : fmt::format("{} streaming, {} synchronous{}", s.standbys, s.synchronous,
                                        wanted ? "" : " (none is asked for)"),
            worse(false, s.in_recovery || (wanted && s.synchronous == 0)),
            s.in_recovery ? "connect to the primary; PATT decides nothing on a standby"
                          : "commits wait for a standby that is not there: start it, or take it out of "
                            "synchronous_standby_names");
    out.add("replication slots", fmt::format("{} unused", s.idle_slots), worse(s.idle_slots > 0, false),
            "an unused slot keeps the server's log on the disk until it is full: start its reader, or drop "
            "it with "
            "pg_drop_replication_slot");
}

void judge_server(const server_health& s, findings& out) {
    out.add("server", fmt::format("PostgreSQL {}.{}", s.version / 10000, s.version % 10000),
            worse(s.version < 150000, s.version < 140000),
            "use PostgreSQL 15 or newer; 14 is the oldest that works");
    const duration skew{std::abs(s.clock_skew.count())};
    out.add("clocks",
            fmt::format("this machine is {} {} the server", words(skew),
                        s.clock_skew.count() < 0 ? "behind" : "ahead of"),
            worse(skew > skew_warns, skew > skew_fails),
            "run a time service (chrony, systemd-timesyncd) on both machines");
    judge_connections(s, out);
    judge_replication(s, out);
    out.add("old snapshots",
            fmt::format("the oldest holds {} transactions, the longest transaction runs for {}",
                        s.oldest_xmin_age, words(s.oldest_transaction)),
            worse(s.oldest_transaction > transaction_long || s.oldest_xmin_age > xmin_old, false),
            "dead rows cannot be cleared while it lives: find it in pg_stat_activity (backend_xmin, "
            "xact_start) or "
            "pg_replication_slots, and end it");
    out.add("row-level security",
            !s.walled ? "not set up: one role does everything"
                      : fmt::format("{} tables are not covered", s.unwalled_tables),
            worse(!s.walled, s.walled && s.unwalled_tables > 0),
            s.walled ? "run patt migrate as the owner of the tables"
                     : "patt migrate --print-roles shows how");
}

/// Of all hosts that are alive.
struct pools {
    store::host_connections sum;
    std::int64_t to_pooler = 0; ///< Of what they may open; the rest takes room in the server.
    std::int64_t hosts = 0;
    std::int64_t silent_about_it = 0; ///< Of them: of a version that does not say.
};

pools pools_of(const health& h) {
    pools out;
    for (const host_health& x : h.hosts) {
        if (x.silent <= host_silent) {
            ++out.hosts;
            out.silent_about_it += x.connections.most == 0 ? 1 : 0;
            out.sum.most += x.connections.most;
            const way leads_to = x.connections.leads_to == way::untold ? h.leads_to : x.connections.leads_to;
            out.to_pooler += leads_to == way::pooler ? x.connections.most - x.connections.direct : 0;
            out.sum.open += x.connections.open;
            out.sum.waiting += x.connections.waiting;
        }
    }
    return out;
}

/// Whether all that hosts may open fits into the server, and not only what they have open now. What they open
/// to a PgBouncer does not count: how much of the server that may take, its own settings say.
void judge_pools(const health& h, const server_health& s, findings& out) {
    const pools all = pools_of(h);
    const std::int64_t room = s.max_connections - s.reserved_connections;
    const std::int64_t direct = all.sum.most - all.to_pooler;
    const std::int64_t wanted = direct + others_need;
    std::string where = fmt::format("the server has room for {}", room);
    if (all.to_pooler > 0 && direct == 0) {
        where = "to the PgBouncer: its max_client_conn must be larger";
    } else if (all.to_pooler > 0) {
        where =
            fmt::format("{} of them to the PgBouncer: its max_client_conn must be larger; for the rest {}",
                        all.to_pooler, where);
    }
    out.add("pools",
            fmt::format("hosts may open {} connections, {}; open: {}, threads waiting for one: {}{}",
                        all.sum.most, where, all.sum.open, all.sum.waiting,
                        all.silent_about_it == 0 ? ""
                                                 : fmt::format("; {} of {} hosts do not say theirs",
                                                               all.silent_about_it, all.hosts)),
            worse(wanted > room, false),
            fmt::format("set the server's max_connections to {} or more", wanted + s.reserved_connections));
}

/// The version of this library's hosts that are alive, each once.
std::set<std::string> versions_of(const health& h) {
    std::set<std::string> out;
    for (const host_health& x : h.hosts) {
        if (x.silent <= host_silent) {
            out.insert(x.version.empty() ? "an older version" : x.version);
        }
    }
    return out;
}

void judge_hosts(const health& h, findings& out) {
    const std::set<std::string> versions = versions_of(h);
    out.add("versions",
            versions.empty() ? std::string("no host is alive")
                             : fmt::format("hosts run {}", fmt::join(versions, " and ")),
            worse(versions.size() > 1, false),
            "fine while an upgrade is under way; then start the older ones anew with the newer program");
    const auto silent = std::count_if(h.hosts.begin(), h.hosts.end(),
                                      [](const host_health& x) { return x.silent > host_silent; });
    const auto alive = static_cast<std::int64_t>(h.hosts.size()) - silent;
    out.add("hosts", fmt::format("{} alive, {} silent", alive, silent), worse(silent > 0, false),
            "a silent host's work is taken over by the others; start it again, or leave it: its row goes by "
            "itself");
    out.add(
        "leases", fmt::format("{} held, {} run out and not taken over", h.leases, h.leases_run_out),
        worse(h.leases_run_out > 0 && alive == 0, h.leases_run_out > 0 && alive > 0),
        "hosts that are alive should have taken them within seconds: look at their logs and at the clocks");
}

void judge_work(const health& h, findings& out) {
    out.add(
        "effects",
        fmt::format("{} due, the longest waits for {}; {} failed", h.effects_due, words(h.oldest_due_effect),
                    h.effects_failed),
        worse(h.oldest_due_effect > work_waits || h.effects_failed > 0, h.oldest_due_effect > work_stands),
        h.oldest_due_effect > work_waits ? "start a host that performs effects, or another one"
                                         : "patt outbox and patt issues list show what failed and why");
    out.add("timers", fmt::format("{} due, the longest for {}", h.timers_due, words(h.oldest_due_timer)),
            worse(h.oldest_due_timer > work_waits, h.oldest_due_timer > work_stands),
            "start a host: nobody turns the engine");
}

} // namespace

std::string_view to_string(grade g) noexcept {
    return g == grade::ok ? "ok" : g == grade::warn ? "warn" : "fail";
}

std::vector<finding> judge(const health& h) {
    findings out;
    out.add("schema", fmt::format("version {} of {}", h.schema, h.schema_wanted),
            worse(false, h.schema != h.schema_wanted),
            h.schema < h.schema_wanted ? "run patt migrate" : "use a newer version of PATT");
    if (h.server) {
        judge_server(*h.server, out);
        std::string most;
        bool much = false;
        for (const bloat& b : h.bloats) {
            much = much || (b.dead > 50'000 && b.dead > b.live);
            most += fmt::format("{}{}: {} dead beside {} live", most.empty() ? "" : "; ", b.table, b.dead,
                                b.live);
        }
        out.add("dead rows", most.empty() ? "few everywhere" : most, worse(much, false),
                "look at old snapshots above first, then at autovacuum (pg_stat_user_tables says when it "
                "came last)");
    }
    if (h.schema == h.schema_wanted) {
        if (h.server) {
            judge_pools(h, *h.server, out);
        }
        judge_hosts(h, out);
        judge_work(h, out);
    }
    return out.take();
}

std::vector<metric> metrics_of(const health& h) {
    std::vector<metric> out;
    const auto add = [&out](std::string name, std::string help, double value) {
        out.push_back({"patt_" + std::move(name), std::move(help), metric_kind::gauge, {{{}, value}}});
    };
    const auto whole = [](std::int64_t n) { return static_cast<double>(n); };
    const std::int64_t alive = std::count_if(h.hosts.begin(), h.hosts.end(),
                                             [](const host_health& x) { return x.silent <= host_silent; });
    add("schema_version", "The number of the newest migration.", whole(h.schema));
    add("schema_version_wanted", "The number this program needs.", whole(h.schema_wanted));
    add("hosts_alive", "Hosts with a recent sign of life.", whole(alive));
    add("hosts_silent", "Hosts without one.", whole(static_cast<std::int64_t>(h.hosts.size()) - alive));
    add("host_versions", "How many versions the hosts that are alive run.",
        static_cast<double>(versions_of(h).size()));
    const pools all = pools_of(h);
    const store::host_connections& pool = all.sum;
    add("hosts_connections_most", "Connections that the hosts that are alive may open.", whole(pool.most));
    add("hosts_connections_most_pooled", "Of them: those to a PgBouncer.", whole(all.to_pooler));
    add("hosts_connections_open", "Of them: those that they have.", whole(pool.open));
    add("hosts_connections_waiting", "Threads of these hosts that wait for one.", whole(pool.waiting));
    add("leases_held", "Leases that are held.", whole(h.leases));
    add("leases_run_out", "Leases that ran out and were not taken over.", whole(h.leases_run_out));
    add("effects_due", "Effects that are due.", whole(h.effects_due));
    add("effects_failed", "Effects that failed for good.", whole(h.effects_failed));
    add("effects_oldest_due_seconds", "How long the longest unclaimed due effect waits.",
        in_seconds(h.oldest_due_effect));
    add("timers_due", "Timers that are due.", whole(h.timers_due));
    add("timers_oldest_due_seconds", "How long the longest due timer waits.", in_seconds(h.oldest_due_timer));
    if (h.server) {
        const server_health& s = *h.server;
        add("database_clock_skew_seconds", "How far this machine is ahead of the server.",
            in_seconds(s.clock_skew));
        add("database_version", "The server's version: 150018 is 15.18.", whole(s.version));
        add("database_time_outs_set", "Whether the server limits waits for locks and idle transactions.",
            has_time_outs(s) ? 1 : 0);
        add("database_connections", "Connections of everybody.", whole(s.connections));
        add("database_max_connections", "The server's limit.", whole(s.max_connections));
        add("database_reserved_connections", "Of the limit: places that PATT cannot take.",
            whole(s.reserved_connections));
        add("database_in_recovery", "Whether the server is a standby.", s.in_recovery ? 1 : 0);
        add("database_standbys", "Standbys that stream.", whole(s.standbys));
        add("database_standbys_synchronous", "Standbys that commits wait for.", whole(s.synchronous));
        add("database_standbys_wanted", "Whether commits are to wait for a standby.",
            s.synchronous_names.empty() ? 0 : 1);
        add("database_idle_slots", "Replication slots without a reader.", whole(s.idle_slots));
        add("database_oldest_xmin_age", "Transactions since the oldest snapshot.", whole(s.oldest_xmin_age));
        add("database_oldest_transaction_seconds", "The age of the longest transaction.",
            in_seconds(s.oldest_transaction));
        add("database_walled", "Whether row-level security is set up.", s.walled ? 1 : 0);
        add("database_unwalled_tables", "Tables that row-level security does not cover.",
            whole(s.unwalled_tables));
        metric dead{
            "patt_database_dead_rows", "Dead rows that are not cleared away.", metric_kind::gauge, {}};
        metric live{
            "patt_database_live_rows", "Rows of the tables that have dead ones.", metric_kind::gauge, {}};
        for (const bloat& b : h.bloats) {
            dead.samples.push_back({{{"table", b.table}}, whole(b.dead)});
            live.samples.push_back({{{"table", b.table}}, whole(b.live)});
        }
        out.push_back(std::move(dead));
        out.push_back(std::move(live));
    }
    return out;
}

} // namespace patt::engine
