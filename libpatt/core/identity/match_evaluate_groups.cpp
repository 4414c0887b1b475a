#include <patt/identity/evaluation.hpp>
#include <patt/identity/note.hpp>
#include <patt/text/name_keys.hpp>

#include <algorithm>
#include <map>

namespace patt::identity {

namespace {

using index_list = std::vector<std::size_t>;

std::map<std::string, index_list> by_person(const std::vector<labelled_character>& all) {
    std::map<std::string, index_list> out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].person.empty())
            out[all[i].person].push_back(i);
    }
    return out;
}

void count_pairs(const std::vector<labelled_character>& all, const std::vector<match_decision>& decided,
                 group_report& report) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = i + 1; j < all.size(); ++j) {
            if (all[i].person.empty() || all[j].person.empty())
                continue;
            const bool same = all[i].person == all[j].person;
            report.pairs_true += same ? 1U : 0U;
            if (decided[i].group != decided[j].group)
                continue;
            ++report.pairs;
            report.pairs_right += same ? 1U : 0U;
            if (!same)
                report.wrong.push_back({all[i].record.name, all[j].record.name, all[i].person, 0.0});
        }
    }
}

// B-cubed: for every character, how much of its group is its person and how much of its person is its group.
void count_b_cubed(const std::vector<labelled_character>& all, const std::vector<match_decision>& decided,
                   group_report& report) {
    std::size_t known = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].person.empty())
            continue;
        ++known;
        double both = 0;
        double group = 0;
        double person = 0;
        for (std::size_t j = 0; j < all.size(); ++j) {
            if (all[j].person.empty())
                continue;
            const bool grouped = decided[i].group == decided[j].group;
            const bool same = all[i].person == all[j].person;
            both += grouped && same ? 1 : 0;
            group += grouped ? 1 : 0;
            person += same ? 1 : 0;
        }
        report.b_cubed_precision += both / group;
        report.b_cubed_recall += both / person;
    }
    if (known == 0)
        return;
    report.b_cubed_precision /= static_cast<double>(known);
    report.b_cubed_recall /= static_cast<double>(known);
}

void count_traps(const std::vector<labelled_character>& all, const std::vector<match_decision>& decided,
                 group_report& report) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const std::string* note : {&all[i].record.guild_note, &all[i].record.officer_note}) {
            for (const note_pointer& p : parse_note(*note).pointers) {
                if (p.kind != pointer_kind::relation)
                    continue;
                ++report.traps;
                for (std::size_t j = 0; j < all.size(); ++j) {
                    if (j == i || decided[i].group != decided[j].group)
                        continue;
                    const std::string key = text::keys_of(all[j].record.name).bare;
                    report.traps_linked += key == p.key || key == p.singular ? 1U : 0U;
                }
            }
        }
    }
}

} // namespace

group_report evaluate_groups(const std::vector<labelled_character>& all, const matcher_settings& settings) {
    group_report report;
    matcher m(settings);
    for (const labelled_character& c : all)
        m.put(c.record);
    m.settle();
    std::vector<match_decision> decided;
    for (const labelled_character& c : all)
        decided.push_back(m.decision(c.record.id));

    std::map<character_id, std::string> persons;
    for (const labelled_character& c : all)
        persons[c.record.id] = c.person;
    report.characters = all.size();
    for (const auto& [person, list] : by_person(all)) {
        if (list.size() < 2)
            continue;
        for (const std::size_t i : list) {
            ++report.alts;
            const bool grouped = std::any_of(list.begin(), list.end(), [&](std::size_t j) {
                return j != i && decided[j].group == decided[i].group;
            });
            const character_id hint =
                grouped ? character_id{} : m.explain(all[i].record.id).decision.alt_suggestion;
            const bool hinted = hint && persons[hint] == person;
            report.alts_grouped += grouped ? 1U : 0U;
            report.alts_found += grouped || hinted ? 1U : 0U;
        }
    }
    count_pairs(all, decided, report);
    count_b_cubed(all, decided, report);
    count_traps(all, decided, report);
    return report;
}

} // namespace patt::identity
