#include "unit/identity/reference/made_up.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace patt::identity::reference {

namespace {

const std::vector<std::string> known{"Trogmoon",
                                     "Shodoom",
                                     "Zatanna",
                                     "Rocket",
                                     "Mito",
                                     "Elmatador",
                                     "Bajdoffa",
                                     "Khazgrim",
                                     "Kelthas",
                                     "Velmerich",
                                     "Moonbear",
                                     "Moonbeam",
                                     "Bo",
                                     "Ivo",
                                     "Zev",
                                     "Shadow",
                                     "Mike",
                                     "Kestrelby",
                                     "Ottmar",
                                     "Lorenzo",
                                     "Bloodfang",
                                     "Bloodfury",
                                     "Bloodmoon",
                                     "Stormrage",
                                     "Stormraven",
                                     "Pip",
                                     "Quibblefizz",
                                     "Thundertusk",
                                     "Yaromira",
                                     "Anlotharr",
                                     "\u0417\u0435\u0432\u0441",
                                     "\u0411\u043E\u0440\u0438\u0441",
                                     "\u0422\u0435\u043D\u044C",
                                     "\uAE40\uCCA0\uC218",
                                     "\uAE40\uCCA0\uC2DD",
                                     "\u03A3\u03C9\u03BA\u03C1\u03AC\u03C4\u03B7\u03C2",
                                     "Sargeras",
                                     "Tichondriel",
                                     "Xylo",
                                     "Xylophon"};

const std::vector<std::string> realms{"Sen'jin", "Sargeras", "Area 52", ""};
const std::vector<std::string> classes{"Priest", "Mage", "Death Knight", ""};

// A whole character, so that nothing is cut in two.
std::string without_one(dice& d, const std::string& name) {
    std::vector<std::string> all = characters_of(name);
    if (all.size() > 2)
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(d.below(all.size())));
    std::string out;
    for (const std::string& c : all)
        out += c;
    return out;
}

std::string with_swapped(dice& d, const std::string& name) {
    std::vector<std::string> all = characters_of(name);
    if (all.size() > 2)
        std::swap(all[0], all[1 + d.below(all.size() - 1)]);
    std::string out;
    for (const std::string& c : all)
        out += c;
    return out;
}

std::string with_changed(dice& d, const std::string& name) {
    const std::vector<std::string> letters{"x", "y", "oo", "\u00E9", "1", "e"};
    std::vector<std::string> all = characters_of(name);
    all[d.below(all.size())] = d.pick(letters);
    std::string out;
    for (const std::string& c : all)
        out += c;
    return out;
}

// Every "o" from another script, every "e" a digit, or all in another case.
std::string disguised(dice& d, const std::string& name) {
    std::string out;
    const std::size_t how = d.below(3);
    for (const char c : name) {
        const bool small = c >= 'a' && c <= 'z';
        if (how == 0 && c == 'o') {
            out += "\u043E";
        } else if (how == 1 && c == 'e') {
            out += '3';
        } else {
            out += how == 2 && small ? static_cast<char>(c - 32) : c;
        }
    }
    return out;
}

std::string beginning_of(dice& d, const std::string& name) {
    const std::vector<std::string> all = characters_of(name);
    std::string out;
    for (std::size_t i = 0; i < std::min(all.size(), 3 + d.below(3)); ++i)
        out += all[i];
    return out;
}

std::string noted(dice& d, const stems& from) {
    const std::vector<std::string> forms{
        "alt of %",  "%'s alt",      "%",         "%",          "%",         "Discord: %",   "dc %",
        "@%",        "%#1234",       "main: %",   "%'s friend", "wife of %", "managed by %", "% alt",
        "%s shammy", "%-mental 702", "%, healer", "bt: %",      "GM / %",    "hit % pls"};
    const std::vector<std::string> unspecific{"alch", "main",     "alt", "unknown main",
                                              "sho",  "sho's dk", "sho"};
    if (d.once_in(8))
        return d.pick(unspecific);
    const std::string form = d.pick(forms);
    const std::string name = d.once_in(5) ? beginning_of(d, d.pick(from)) : spelt(d, from);
    const std::size_t at = form.find('%');
    return form.substr(0, at) + name + form.substr(at + 1);
}

// Unknown, or one of some days in a row: some lie within two days of each other.
instant some_day(dice& d) {
    constexpr std::int64_t day_us = 24LL * 3600 * 1'000'000;
    return d.once_in(3) ? instant{}
                        : instant{1'780'000'000'000'000 + static_cast<std::int64_t>(d.below(6)) * day_us};
}

} // namespace

stems some_stems(dice& d, std::size_t count) {
    stems out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(d.pick(known));
    return out;
}

std::string spelt(dice& d, const stems& from) {
    const std::string& name = d.pick(from);
    switch (d.below(16)) {
    case 0:
        return without_one(d, name);
    case 1:
        return with_swapped(d, name);
    case 2:
        return with_changed(d, name);
    case 3:
        return disguised(d, name);
    case 4:
        return name + std::to_string(d.below(3) * 33);
    case 5:
        return beginning_of(d, name);
    case 6:
        return name + " " + d.pick(from);
    case 7:
        return "[PATT] " + name + " (" + d.pick(from) + ")";
    case 8:
        return d.once_in(2) ? "Mr_" + name : name + "alt";
    case 9:
        return name + d.pick(from);
    default:
        return name;
    }
}

match_character some_character(dice& d, character_id id, const stems& from) {
    match_character c;
    c.id = id;
    c.name = d.once_in(60) ? "\u2605\u2605" : spelt(d, from);
    c.realm = d.pick(realms);
    if (!d.once_in(3))
        c.guild_note = noted(d, from);
    if (d.once_in(4))
        c.officer_note = noted(d, from);
    if (d.once_in(8))
        c.alt_group = d.once_in(2) ? "group one" : "group two";
    while (d.once_in(8))
        c.former_names.push_back(spelt(d, from));
    c.class_name = d.pick(classes);
    c.joined_at = some_day(d);
    if (d.once_in(12))
        c.state = attendance::gone;
    return c;
}

match_member some_member(dice& d, member_id id, const stems& from) {
    match_member m;
    m.id = id;
    m.username = d.once_in(60) ? "\u2605\u2605" : spelt(d, from);
    if (d.once_in(2))
        m.nickname = spelt(d, from) + (d.once_in(6) ? " - Sargeras" : "");
    if (d.once_in(3))
        m.global_name = spelt(d, from);
    while (d.once_in(8))
        m.aliases.push_back(spelt(d, from));
    while (d.once_in(6))
        m.claims.push_back(spelt(d, from) + (d.once_in(2) ? "-Sargeras" : ""));
    if (d.once_in(60))
        m.claims.emplace_back("!!");
    if (d.once_in(4))
        m.role_names = {d.pick(classes), "Raider"};
    m.joined_at = some_day(d);
    if (d.once_in(12))
        m.state = attendance::gone;
    if (d.once_in(12))
        m.counts = candidacy::bystander;
    return m;
}

matcher_settings some_settings(dice& d) {
    matcher_settings out;
    if (d.once_in(2))
        return out;
    constexpr std::array levels{confidence::low, confidence::medium, confidence::high, confidence::certain};
    out.link_from = levels[d.below(levels.size())];
    out.prior_present = 0.3 + 0.1 * static_cast<double>(d.below(7));
    out.least_margin = static_cast<bits>(d.below(9)) * one_bit;
    out.suggest_from = 0.02 * static_cast<double>(d.below(20));
    return out;
}

route_experience some_experience(dice& d) {
    constexpr std::array routes{route::exact_name,   route::fuzzy_name,   route::guild_note,
                                route::officer_note, route::alias,        route::alt_of,
                                route::similar_name, route::self_reported};
    const int accepted = static_cast<int>(d.below(30));
    const int rejected = static_cast<int>(d.below(30));
    return {routes[d.below(routes.size())], accepted, rejected,
            static_cast<std::int64_t>(d.below(1000)) * (accepted + rejected)};
}

match_ruling some_ruling(dice& d, std::size_t characters, std::size_t members) {
    match_ruling r;
    r.kind = static_cast<ruling_kind>(d.below(5));
    r.character = character_id{static_cast<std::int64_t>(1 + d.below(characters))};
    r.member = member_id{static_cast<std::int64_t>(1001 + d.below(members))};
    r.other = character_id{static_cast<std::int64_t>(1 + d.below(characters))};
    if (d.once_in(6))
        r.facts = lasting_facts; // a proof
    return r;
}

} // namespace patt::identity::reference
