/// @file
/// What the imports of tables have in common: a preview, and a reply of counts and names.
#pragma once

#include "../host.hpp"
#include "../output.hpp"

#include <patt/text/name_key.hpp>
#include <patt/text/realm.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace patt::cli {

/// How many lines name a character of the roster, without writing anything.
template <class Import>
void preview_table(host& h, const Import& what, form as) {
    std::unordered_multimap<std::string, std::string> realms;
    for (const identity::character& c : h.look().characters(h.guild())) {
        realms.emplace(text::folded_key(c.name), c.realm_slug);
    }
    const auto known = std::count_if(what.lines.begin(), what.lines.end(), [&](const auto& line) {
        const auto [first, last] = realms.equal_range(text::folded_key(line.name));
        return std::any_of(first, last, [&](const auto& at) {
            return line.realm.empty() || text::same_realm(at.second, line.realm);
        });
    });
    const auto found = static_cast<std::int64_t>(what.lines.size());
    print(record{{"found", found},
                 {"known", static_cast<std::int64_t>(known)},
                 {"unknown", found - static_cast<std::int64_t>(known)}},
          as);
    tell(as, "Nothing was written (--dry-run).");
}

/// Brings a table in, or shows what it would meet.
/// @param cause       For the log.
/// @param afterwards  What is said below the counts.
template <class Import>
exit_code import_table(host& h, const common_options& common, const Import& what, std::string_view cause,
                       std::string_view afterwards) {
    const form as = common.json ? form::json : form::text;
    if (common.dry_run) {
        preview_table(h, what, as);
        return exit_code::done;
    }
    const reply said = h.handle_or_refuse(what, std::string(cause));
    record shown;
    for (const auto& [key, value] : said.data) {
        shown.emplace_back(key, value);
    }
    print(shown, as);
    tell(as, std::string(afterwards));
    return exit_code::done;
}

} // namespace patt::cli
