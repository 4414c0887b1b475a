/// @file
/// What the imports of tables have in common: a preview, and a reply of counts and names.
#pragma once

#include "../host.hpp"
#include "../output.hpp"

#include <fmt/core.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace patt::cli {

/// What would become of each line, without writing anything.
template <class Import>
void preview_table(host& h, const Import& what, form as) {
    constexpr bool of_members = requires(const typename Import::line& l) {
        l.member;
    };
    table t{{"character", "result"}, {}, "The table has no lines."};
    if constexpr (of_members) {
        t.columns = {"character", "member", "result"};
    }
    const auto fates = h.look().fates(h.guild(), what);
    std::map<std::string_view, int> counts;
    for (std::size_t i = 0; i < fates.size(); ++i) {
        const auto& line = what.lines[i];
        const std::string_view result = to_string(fates[i]);
        ++counts[result];
        t.rows.push_back({line.realm.empty() ? line.name : line.name + "-" + line.realm});
        if constexpr (of_members) {
            t.rows.back().emplace_back(line.member);
        }
        t.rows.back().emplace_back(std::string(result));
    }
    print(t, as);
    std::string in_all;
    for (const auto& [result, count] : counts) {
        in_all += fmt::format("{}{} {}", in_all.empty() ? "" : ", ", result, count);
    }
    tell(as, in_all);
    tell(as, "Nothing was written (--dry-run).");
}

/// Brings a table in, or shows what it would meet.
/// @param cause       For the log.
/// @param afterwards  What is said below the counts.
template <class Import>
exit_code import_table(host& h, const common_options& common, const Import& what, std::string_view cause,
                       std::string_view afterwards) {
    const form as = common.json ? form::json : form::text;
    const reply said = h.handle_or_refuse(what, std::string(cause));
    if (common.dry_run) {
        preview_table(h, what, as);
        return exit_code::done;
    }
    print(record_of(said), as);
    tell(as, std::string(afterwards));
    return exit_code::done;
}

} // namespace patt::cli
