#include <patt/engine/metrics_text.hpp>

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace patt::engine {
namespace {

enum class place : std::uint8_t { help, label };

std::string escaped(std::string_view text, place where) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && where == place::label) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
    return out;
}

std::string number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    return fmt::format("{}", value);
}

double seconds(duration length) {
    return std::chrono::duration<double>(length).count();
}

metric one(metric_kind kind, std::string name, std::string help, double value) {
    return {std::move(name), std::move(help), kind, {{{}, value}}};
}

} // namespace

std::string metrics_text(std::span<const metric> metrics) {
    std::string out;
    for (const metric& m : metrics) {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", m.name, escaped(m.help, place::help), m.name,
                           m.kind == metric_kind::counter ? "counter" : "gauge");
        for (const sample& s : m.samples) {
            std::string labels;
            for (const auto& [name, value] : s.labels) {
                labels +=
                    fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", name, escaped(value, place::label));
            }
            out += m.name + (labels.empty() ? "" : "{" + labels + "}") + " " + number(s.value) + "\n";
        }
    }
    return out;
}

std::vector<metric> metrics_of(const engine_metrics& counted) {
    std::vector<metric> out;
    const auto add = [&](metric_kind kind, std::string_view name, std::string_view help, std::int64_t value) {
        out.push_back(one(kind, "patt_" + std::string(name), std::string(help), static_cast<double>(value)));
    };
    using enum metric_kind;
    add(counter, "inputs_total", "Inputs decided, timers and outcomes included.", counted.inputs);
    add(counter, "batches_total", "Transactions that carried inputs.", counted.batches);
    add(counter, "retries_total", "Transactions that were run again.", counted.retries);
    add(counter, "reconnects_total", "Connections opened in place of lost ones.", counted.reconnects);
    add(counter, "unknown_commits_total", "Commits whose answer was lost.", counted.unknown_commits);
    add(counter, "unknown_commits_given_up_total", "Lost commits that could not be looked up.",
        counted.unknown_given_up);
    add(counter, "news_failed_total", "Failures of what is told of new work.", counted.news_failed);
    add(counter, "effects_claimed_total", "Effects claimed.", counted.effects_claimed);
    add(counter, "effects_performed_total", "Effects tried through a port, or inside.",
        counted.effects_performed);
    add(counter, "effects_acked_total", "Outcomes of effects that counted.", counted.effects_acked);
    add(counter, "effects_stale_total", "Claims dropped because another host has them.",
        counted.effects_stale);
    add(counter, "outcomes_failed_total", "Outcomes that could not be decided; their effects failed.",
        counted.outcomes_failed);
    add(counter, "timers_fired_total", "Timers fired.", counted.timers_fired);
    add(counter, "timers_failed_total", "Timers that could not be decided and fire again.",
        counted.timers_failed);
    add(counter, "heartbeats_total", "Signs of life written to the database.", counted.heartbeats);
    add(counter, "leases_taken_total", "Partitions taken.", counted.leases_taken);
    add(counter, "takeovers_total", "Partitions taken from a host that let them run out.", counted.takeovers);
    add(counter, "leases_lost_total", "Partitions that another host took.", counted.leases_lost);
    add(gauge, "connections_most", "Connections that this host may open.", counted.connections_most);
    add(gauge, "connections_open", "Connections that the engine has.", counted.connections_open);
    add(gauge, "connections_waiting", "Threads that wait for a connection.", counted.connections_waiting);
    add(counter, "connections_refused_total", "Threads that waited for a connection in vain.",
        counted.connections_refused);
    add(gauge, "held_partitions", "Partitions that this host holds.", counted.held_partitions);
    add(gauge, "queued_effects", "Effects claimed and not performed yet.", counted.queued_effects);
    add(gauge, "unwritten_outcomes", "Effects performed whose outcome could not be written yet.",
        counted.unwritten_outcomes);
    add(gauge, "waiting_guilds", "Guilds with effects that were not looked at yet.", counted.waiting_guilds);
    out.push_back(one(gauge, "patt_oldest_waiting_seconds",
                      "How long the longest due effect seen has been waiting.",
                      seconds(counted.oldest_waiting)));
    return out;
}

std::vector<metric> metrics_of(const store::pool_state& readers) {
    const auto whole = [](std::size_t n) { return static_cast<double>(n); };
    using enum metric_kind;
    return {
        one(gauge, "patt_readers_most", "Connections that the queries may open.", whole(readers.most)),
        one(gauge, "patt_readers_open", "Connections that the queries have.", whole(readers.open)),
        one(gauge, "patt_readers_taken", "Of them: those in use.", whole(readers.taken)),
        one(gauge, "patt_readers_waiting", "Queries that wait for a connection.", whole(readers.waiting)),
        one(counter, "patt_readers_refused_total", "Queries that waited for a connection in vain.",
            whole(readers.refused)),
    };
}

} // namespace patt::engine
