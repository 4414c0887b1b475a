// What any bytes must hold as a name, a note and a file of the evaluation. Shared by the fuzzer and a unit
// test.
#pragma once

#include <patt/identity/evaluation.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/identity/note.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/name_keys.hpp>
#include <patt/text/name_parts.hpp>
#include <patt/text/realm.hpp>
#include <patt/text/utf8.hpp>

#include <cmath>
#include <string>
#include <string_view>

namespace patt::fuzz {

/// Empty if all is right, else what is wrong.
inline std::string check_name(std::string_view s) {
    const text::name_keys k = text::keys_of(s);
    for (const std::string* key : {&k.exact, &k.folded, &k.bare, &k.look, &k.sound, &k.leet, &k.core}) {
        if (!text::is_utf8(*key))
            return "a key is no UTF-8";
    }
    if (k.exact != text::exact_key(s) || k.folded != text::folded_key(s))
        return "the keys disagree";
    if (text::exact_key(k.exact) != k.exact)
        return "an exact key changes when it is made again";
    if (text::folded_key(k.folded) != k.folded)
        return "a folded key changes when it is made again";
    if (text::is_utf8(s) != text::checked_utf8(s, text::on_broken::refuse).has_value())
        return "utf8 disagrees";
    if (!text::is_utf8(text::repair_utf8(s)))
        return "a repaired text is no UTF-8";
    for (const text::name_part& p : text::parse_name(s)) {
        if (p.text.empty() || p.text.data() < s.data() ||
            p.text.data() + p.text.size() > s.data() + s.size()) {
            return "a part is not of the name";
        }
    }
    if (text::realm_slug(text::realm_slug(s)) != text::realm_slug(s))
        return "a slug changes when it is made again";
    return {};
}

/// As `check_name`, for a note.
inline std::string check_note(std::string_view s) {
    const identity::note_facts facts = identity::parse_note(s);
    if (facts.pointers.size() > 300)
        return "more names than words";
    for (const identity::note_pointer& p : facts.pointers) {
        if (p.key.size() < 2 || p.text.empty() || !text::is_utf8(p.key))
            return "a pointer without a name";
    }
    return {};
}

inline std::vector<identity::labelled_character> some_characters(std::string_view s) {
    auto read = identity::parse_labelled_characters(s);
    return read && read->size() < 40 ? std::move(*read) : std::vector<identity::labelled_character>{};
}

/// As `check_name`, for the two kinds of files, and a little guild made of the same bytes.
inline std::string check_file(std::string_view s) {
    if (s.size() > 4096)
        return {};
    const auto pairs = identity::parse_labelled_pairs(s);
    if (pairs && pairs->size() < 40) {
        const identity::evaluation_report r =
            identity::evaluate_pairs(*pairs, {"Stranger", "shodoom"}, {10, 1, {}, some_characters(s)});
        if (r.pairs != pairs->size() || r.automatic.right > r.automatic.links)
            return "the figures do not add up";
        if (!text::is_utf8(s) || identity::to_json(r).empty())
            return {};
    }
    const auto characters = identity::parse_labelled_characters(s);
    if (!characters || characters->size() > 40)
        return {};
    identity::matcher m;
    for (const auto& c : *characters) {
        m.put(c.record);
        identity::match_member member;
        member.id = member_id{c.record.id.value()};
        member.username = c.record.guild_note;
        member.nickname = c.record.name;
        m.put(std::move(member));
    }
    m.settle();
    for (const identity::match_decision& d : m.decisions()) {
        if (!(d.probability >= 0.0 && d.probability <= 1.0))
            return "no probability";
        if (d.what == identity::advice::link && !d.member)
            return "a link to nobody";
        if (identity::to_text(m.explain(d.character)).empty())
            return "no explanation";
    }
    return {};
}

} // namespace patt::fuzz
