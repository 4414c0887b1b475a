// What an input means for matching: its own commands, and what follows from any other.

#include "engine/matching.hpp"
#include "engine/members_import.hpp"
#include "engine/refuse.hpp"
#include "engine/writer.hpp"

#include <patt/policy/setting_registry.hpp>

#include <functional>

namespace patt::engine {

/// Writes what was decided, and in the same input what follows for matching.
void writer::write_matched(load_context& from, input_scope& in, const change_set& changes,
                           const std::function<void(const change_set&)>& write) {
    if (!in.settings.matching.enabled) {
        matching_.forget(from.guild);
        write(changes);
        return;
    }
    touched what = touched_by(changes, in.settings);
    const match_setup setup = setup_of(in.settings);
    if (what.empty()) {
        const bool fits = matching_.kept(from.db, from.guild, from.head, setup) != nullptr;
        write(changes);
        if (fits) {
            matching_.stamp(from.guild, in.guild.head);
        }
        return;
    }
    if (what.how_many == touched::extent::everybody) {
        // The settings or somebody's doubts: from the rows, as they are after this input.
        write(changes);
        matching_.forget(from.guild);
        const policy::guild_settings now =
            policy::load_settings(store::load_settings(from.db, from.guild)).settings;
        if (now.matching.enabled) {
            const auto fresh = matching_.warm(from.db, from.guild, in.guild.head, setup_of(now));
            write(follow_characters(from, in, *fresh, what));
            write(follow_members(from, in, *fresh, what));
            matching_.stamp(from.guild, in.guild.head);
        }
        return;
    }
    const auto warm = matching_.warm(from.db, from.guild, from.head, setup);
    write(changes);
    write(follow_characters(from, in, *warm, what));
    write(follow_members(from, in, *warm, what));
    matching_.stamp(from.guild, in.guild.head);
}

/// The commands of matching; none for others.
std::optional<change_set> writer::decide_matching(load_context& from, input_scope& in, const command& what) {
    const auto allowed = [&](policy::action action, auto decide) {
        auto no = forbidden(in, action);
        return no ? std::move(no) : std::optional<change_set>(decide());
    };
    if (std::holds_alternative<run_matching>(what)) {
        return allowed(policy::action::run_sync, [&] {
            change_set out;
            out.operations.emplace_back(match_everybody{});
            out.log.push_back({"match.run", "guild", {{"reason", in.ctx.reason}}});
            return out;
        });
    }
    if (const auto* c = std::get_if<rule_match>(&what)) {
        return allowed(policy::action::change_link, [&] {
            std::shared_ptr<loaded_matcher> shown;
            if (in.settings.matching.enabled) {
                shown = matching_.warm(from.db, from.guild, from.head, setup_of(in.settings));
            }
            return decide_rule(from, in, *c, shown.get());
        });
    }
    if (const auto* c = std::get_if<undo_ruling>(&what)) {
        return allowed(policy::action::change_link, [&] { return decide_undo(from, in, *c); });
    }
    if (const auto* c = std::get_if<import_notes>(&what)) {
        return allowed(policy::action::hand_in_data, [&] { return decide_notes(from, in, *c); });
    }
    if (const auto* c = std::get_if<import_links>(&what)) {
        return allowed(policy::action::change_link, [&] { return decide_links(from, in, *c); });
    }
    if (const auto* c = std::get_if<import_members>(&what)) {
        return allowed(policy::action::run_sync, [&] { return decide_members(from, in, *c); });
    }
    if (const auto* c = std::get_if<import_roles>(&what)) {
        return allowed(policy::action::run_sync, [&] { return decide_roles(from, in, *c); });
    }
    return std::nullopt;
}

} // namespace patt::engine
