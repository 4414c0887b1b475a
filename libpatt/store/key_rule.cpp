#include "store/key_rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace patt::store {
namespace {

constexpr std::array<instance_table, 6> all{{
    {"schema_migration", with_guild::stays, "what was done to the schema itself"},
    {"host", with_guild::stays, "a host serves many guilds"},
    {"lease", with_guild::stays, "who holds what, across guilds"},
    {"instance", with_guild::stays, "what all hosts must agree on"},
    {"api_budget", with_guild::stays, "what may be asked of an outside service, by all guilds together"},
    {"dm_route", with_guild::moves, "a direct message names no guild"},
}};

} // namespace

std::span<const instance_table> instance_tables() noexcept {
    return all;
}

const instance_table* find_instance_table(std::string_view table) noexcept {
    const auto* at =
        std::find_if(all.begin(), all.end(), [table](const instance_table& t) { return t.name == table; });
    return at == all.end() ? nullptr : at;
}

bool part_of_guild(const table_shape& table) noexcept {
    const instance_table* wide = find_instance_table(table.name);
    return table.find("guild_id") != nullptr && (wide == nullptr || wide->rows == with_guild::moves);
}

std::vector<std::string> key_offences(const std::vector<table_shape>& tables) {
    std::vector<std::string> out;
    for (const table_shape& t : tables) {
        if (find_instance_table(t.name) != nullptr) {
            continue;
        }
        if (t.primary_key.empty()) {
            out.push_back(fmt::format(
                "the table {} has no primary key; give it one that starts with guild_id", t.name));
        } else if (t.primary_key.front() != "guild_id") {
            out.push_back(fmt::format("the primary key of {} is ({}); it has to start with guild_id, or the "
                                      "table belongs on the instance-wide list",
                                      t.name, fmt::join(t.primary_key, ", ")));
        }
        for (const unique_key& k : t.unique_keys) {
            if (k.columns.front() != "guild_id" && k.columns != t.primary_key) {
                out.push_back(
                    fmt::format("the unique index {} of {} is on ({}); it has to start with guild_id", k.name,
                                t.name, fmt::join(k.columns, ", ")));
            }
        }
    }
    return out;
}

} // namespace patt::store
