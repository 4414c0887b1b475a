// What the roles of the chat server are called, from a list.

#include "engine/matching.hpp"
#include "engine/refuse.hpp"
#include "engine/some_names.hpp"
#include "engine/writer.hpp"
#include "store/role_repository.hpp"

#include <set>

namespace patt::engine {

change_set decide_roles(load_context& from, input_scope& in, const import_roles& what) {
    if (!what.snapshot) {
        return refuse_no_snapshot();
    }
    const identity::role_snapshot list = identity::usable_roles(*what.snapshot);
    if (list.roles.empty()) {
        return refused(errc::incomplete, "the list has no role", "match.no_roles");
    }
    const std::vector<identity::chat_role> known = store::chat_roles(from.db, from.guild);
    change_set out;
    some_names fresh;
    some_names renamed;
    some_names gone;
    for (const identity::role_change& c : identity::changes_by(list, known)) {
        identity::chat_role row{c.id, c.now, in.ctx.now, identity::role_state::known};
        if (c.now.empty()) {
            row.state = identity::role_state::gone;
            gone.add(c.before);
        } else if (c.before.empty()) {
            fresh.add(c.now);
        } else {
            renamed.add(c.before + " -> " + c.now);
        }
        out.rows.emplace_back(std::move(row));
    }
    std::set<role_id> found;
    for (const identity::listed_role& r : list.roles) {
        found.insert(r.id);
    }
    const bool whole = list.covers == identity::role_coverage::everything;
    const auto unchanged = static_cast<std::int64_t>(found.size()) - fresh.count() - renamed.count();
    out.reply.data = {{"found", std::to_string(found.size())},      {"new", std::to_string(fresh.count())},
                      {"renamed", std::to_string(renamed.count())}, {"unchanged", std::to_string(unchanged)},
                      {"gone", std::to_string(gone.count())},       {"complete", whole ? "yes" : "no"}};
    out.log.push_back({"roles.imported", "guild", out.reply.data});
    out.log.back().fields.emplace_back("source", list.source);
    out.reply.data.emplace_back("new_names", fresh.names());
    out.reply.data.emplace_back("renamed_names", renamed.names());
    out.reply.data.emplace_back("gone_names", gone.names());
    return out;
}

} // namespace patt::engine
