#include "simulation/trace.hpp"

#include <patt/simulation/simulation.hpp>

#include <fmt/core.h>

#include <utility>

namespace patt::simulation {

namespace {

constexpr std::array level_names = {std::pair{fault_level::none, std::string_view("none")},
                                    std::pair{fault_level::light, std::string_view("light")},
                                    std::pair{fault_level::heavy, std::string_view("heavy")}};

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (code < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string json_of(const report::tally& what) {
    std::string out = "{";
    for (const auto& [name, count] : what) {
        out += fmt::format("{}\n    {}: {}", out.size() > 1 ? "," : "", quoted(name), count);
    }
    return out + (what.empty() ? "}" : "\n  }");
}

std::string json_of(const std::optional<violation>& broken) {
    if (!broken) {
        return "[]";
    }
    std::string events;
    for (const std::string& line : broken->last_events) {
        events += fmt::format("{}\n        {}", events.empty() ? "" : ",", quoted(line));
    }
    return fmt::format("[\n    {{\n      \"day\": {},\n      \"invariant\": {},\n      \"what\": {},\n"
                       "      \"last_events\": [{}\n      ]\n    }}\n  ]",
                       broken->day, quoted(broken->invariant), quoted(broken->what), events);
}

std::string lines_of(std::string_view title, const report::tally& what) {
    std::string out = fmt::format("{}\n", title);
    for (const auto& [name, count] : what) {
        out += fmt::format("  {:>10}  {}\n", count, name);
    }
    return out;
}

} // namespace

std::string_view to_string(fault_level value) noexcept {
    for (const auto& [level, name] : level_names) {
        if (level == value) {
            return name;
        }
    }
    return "unknown";
}

std::optional<fault_level> parse_fault_level(std::string_view name) noexcept {
    for (const auto& [level, known] : level_names) {
        if (known == name) {
            return level;
        }
    }
    return std::nullopt;
}

std::string_view to_string(defect value) noexcept {
    constexpr std::array<std::string_view, all_defects.size() + 1> names = {"none",
                                                                            "outbox_row_lost",
                                                                            "timer_lost",
                                                                            "ledger_row_lost",
                                                                            "key_per_attempt",
                                                                            "effect_before_commit",
                                                                            "guild_swapped",
                                                                            "acknowledged_dropped",
                                                                            "claim_raised",
                                                                            "repeat_runs_again",
                                                                            "lane_ignored"};
    return names[static_cast<std::size_t>(value)];
}

const std::vector<std::string>& invariants() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> out;
        for (const std::string_view name :
             {promise::acknowledged, promise::outbox, promise::once, promise::order, promise::rolled_back,
              promise::trust, promise::isolation, promise::log, promise::due}) {
            out.emplace_back(name);
        }
        return out;
    }();
    return names;
}

const std::vector<std::string>& planned_happenings() {
    static const std::vector<std::string> names = {
        "accents left out",
        "answered the next day",
        "call ends the process after",
        "call ends the process before",
        "chat answer lost",
        "chat call fails",
        "chat outage",
        "claims an officer's character",
        "claims somebody else's character",
        "commit ends the process after",
        "commit ends the process before",
        "commit fails after",
        "commit fails before",
        "input repeated",
        "leaving missed",
        "maintenance",
        "not in the guild yet",
        "officer: dismiss",
        "officer: resolve",
        "officer: retry",
        "officer: start",
        "picked after a typo",
        "picked among several",
        "process ends",
        "promoted to officer",
        "recruited later",
        "rejoined",
        "roster empty",
        "roster halved",
        "roster truncated",
        "self-service after closed messages",
        "statement ends the process after",
        "statement ends the process before",
        "statement fails after",
        "statement fails before",
        "switch turned off",
        "typo in a name",
    };
    return names;
}

std::string to_json(const report& what) {
    return fmt::format(
        "{{\n  \"seed\": {},\n  \"days\": {},\n  \"members\": {},\n  \"fault_level\": {},\n"
        "  \"planted\": {},\n  \"counts\": {},\n  \"effects\": {},\n  \"faults\": {},\n"
        "  \"sometimes\": {},\n  \"invariants\": {},\n  \"violations\": {},\n  \"trace\": {}\n}}\n",
        what.asked.seed, what.asked.days, what.asked.members, quoted(to_string(what.asked.faults)),
        quoted(to_string(what.asked.planted)), json_of(what.counts), json_of(what.effects),
        json_of(what.faults), json_of(what.sometimes), json_of(what.checked), json_of(what.broken),
        quoted(what.trace));
}

std::string to_text(const report& what) {
    std::string out = fmt::format("seed {}, {} days, {} members, faults {}\n", what.asked.seed,
                                  what.asked.days, what.asked.members, to_string(what.asked.faults));
    out += lines_of("What happened", what.counts);
    out += lines_of("Effects that were seen", what.effects);
    out += lines_of("Faults", what.faults);
    out += lines_of("Checks of the invariants", what.checked);
    if (what.broken) {
        out += fmt::format("BROKEN: {} on day {} (seed {}): {}\nThe last events:\n", what.broken->invariant,
                           what.broken->day, what.asked.seed, what.broken->what);
        for (const std::string& line : what.broken->last_events) {
            out += "  " + line + "\n";
        }
    } else {
        out += "All invariants held.\n";
    }
    return out + fmt::format("Trace {}\n", what.trace);
}

} // namespace patt::simulation
