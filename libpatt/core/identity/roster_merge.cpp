#include <patt/identity/roster_merge.hpp>
#include <patt/text/name_key.hpp>

#include <utility>

namespace patt::identity {
namespace {

profile_use judge(const character_profile& profile, const roster_entry& entry, const character& known) {
    const bool same = profile.game && entry.game
                          ? profile.game == entry.game
                          : text::exact_key(profile.name) == text::exact_key(entry.name) &&
                                profile.realm_slug == entry.realm_slug;
    if (!same) {
        return profile_use::foreign;
    }
    // Battle.net may answer from an old copy: what is newer stays.
    if (profile.last_login && *profile.last_login < known.last_login) {
        return profile_use::stale;
    }
    return profile_use::used;
}

/// Sets one fact when it is known and differs, and notes that it changed.
template <class T>
void set(T& fact, const T& value, character_field field, character_fields& changed) {
    if (value != T{} && fact != value) {
        fact = value;
        changed.add(field);
    }
}

template <class T>
void set(T& fact, const std::optional<T>& value, character_field field, character_fields& changed) {
    if (value) {
        set(fact, *value, field, changed);
    }
}

void take_entry(character_change& change, const roster_entry& entry) {
    auto& row = change.row;
    auto& changed = change.fields;
    set(row.game, entry.game, character_field::game, changed);
    set(row.name, entry.name, character_field::name, changed);
    set(row.realm_slug, entry.realm_slug, character_field::realm_slug, changed);
    if (changed.has(character_field::realm_slug) && row.realm_name != entry.realm_name) {
        // The old realm's name must not stay with the new realm, so here even an empty one is taken.
        row.realm_name = entry.realm_name;
        changed.add(character_field::realm_name);
    }
    set(row.realm_name, entry.realm_name, character_field::realm_name, changed);
    set(row.class_id, entry.class_id, character_field::class_id, changed);
    set(row.level, entry.level, character_field::level, changed);
    if (row.rank != entry.rank) { // 0 is the guild leader here, not "unknown".
        row.rank = entry.rank;
        changed.add(character_field::rank);
    }
}

void take_profile(character_change& change, const roster_entry& entry, const character_profile& profile) {
    auto& row = change.row;
    auto& changed = change.fields;
    set(row.spec, profile.active_spec, character_field::spec, changed);
    set(row.item_level, profile.item_level, character_field::item_level, changed);
    set(row.last_login, profile.last_login, character_field::last_login, changed);
    if (entry.realm_name.empty() && profile.realm_slug == row.realm_slug) {
        set(row.realm_name, profile.realm_name, character_field::realm_name, changed);
    }
    if (entry.class_id == 0) {
        set(row.class_id, profile.class_id, character_field::class_id, changed);
    }
    if (entry.level == 0) {
        set(row.level, profile.level, character_field::level, changed);
    }
}

} // namespace

character_change merge_character(const std::optional<character>& known, const roster_entry& entry,
                                 const std::optional<character_profile>& profile, const merge_context& ctx) {
    character_change change;
    const character before = known.value_or(character{});
    change.row = before;
    take_entry(change, entry);
    if (profile) {
        change.profile = judge(*profile, entry, before);
        if (change.profile == profile_use::used) {
            take_profile(change, entry, *profile);
        }
    }
    change.row.seen_run = ctx.run;
    if (!known) {
        change.kind = merge_kind::insert;
        change.fields.add(character_field::rank);
        change.fields.add(character_field::present);
        change.row.present = true;
        change.row.first_seen = ctx.now;
        return change;
    }
    if (!before.present) {
        change.returned = true;
        change.row.present = true;
        change.row.removed_at = instant{};
        change.fields.add(character_field::present);
    }
    change.renamed = change.fields.has(character_field::name);
    change.moved = change.fields.has(character_field::realm_slug);
    if (change.renamed || change.moved) {
        change.history = former_name{before.id, before.name, before.realm_slug, ctx.now};
    }
    change.kind = change.fields.empty() ? merge_kind::unchanged : merge_kind::update;
    return change;
}

std::vector<character_change> plan_departures(const roster_verdict& verdict,
                                              std::span<const character> unseen, const merge_context& ctx) {
    std::vector<character_change> out;
    if (verdict.use != roster_use::everything || !verdict.complete()) {
        return out;
    }
    for (const auto& row : unseen) {
        if (!row.present || row.seen_run == ctx.run) {
            continue;
        }
        character_change change;
        change.kind = merge_kind::update;
        change.row = row;
        change.row.present = false;
        change.row.removed_at = ctx.now;
        change.fields.add(character_field::present);
        change.basis = row.game ? match_basis::game_id : match_basis::name;
        out.push_back(std::move(change));
    }
    return out;
}

void add_to(merge_totals& totals, std::span<const character_change> changes) {
    for (const auto& change : changes) {
        if (!change.row.present) {
            ++totals.removed;
            continue;
        }
        totals.inserted += change.kind == merge_kind::insert ? 1U : 0U;
        totals.updated += change.kind == merge_kind::update ? 1U : 0U;
        totals.unchanged += change.kind == merge_kind::unchanged ? 1U : 0U;
        totals.renamed += change.renamed ? 1U : 0U;
        totals.moved += change.moved ? 1U : 0U;
        totals.returned += change.returned ? 1U : 0U;
    }
}

} // namespace patt::identity
