// The files of the evaluation: tables in, JSON out.
#include <patt/identity/evaluation.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/name_parts.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace patt::identity {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    std::vector<std::string_view> out;
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        out.push_back(line);
    }
    return out;
}

std::vector<std::string_view> columns_of(std::string_view line) {
    std::vector<std::string_view> out;
    for (std::size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
        out.push_back(line.substr(0, tab));
        line.remove_prefix(tab + 1);
    }
    out.push_back(line);
    return out;
}

std::string quoted(std::string_view s) {
    std::string out = "\"";
    for (const char c : s) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string json_of(const std::vector<wrong_link>& wrong) {
    std::string out = "[";
    for (const wrong_link& w : wrong) {
        if (out.size() > 1)
            out += ',';
        out += fmt::format(R"({{"character":{},"linked_to":{},"truth":{},"p":{:.5f}}})", quoted(w.character),
                           quoted(w.linked_to), quoted(w.truth), w.probability);
    }
    return out + ']';
}

std::string json_of(const level_figures& l) {
    return fmt::format(
        R"({{"links":{},"right":{},"wrong":{},"precision":{:.5f},"wilson_lower":{:.5f},"wilson_upper":{:.5f}}})",
        l.links, l.right, l.links - l.right, l.precision(), l.wilson_lower(), l.wilson_upper());
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// Characters that name each other, directly or over others, are one person: the least index stands for it.
class person_finder {
public:
    explicit person_finder(std::size_t n)
        : parent_(n) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }
    std::size_t find(std::size_t x) {
        while (parent_[x] != x)
            x = parent_[x] = parent_[parent_[x]];
        return x;
    }
    void join(std::size_t a, std::size_t b) {
        a = find(a);
        b = find(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::size_t> parent_;
};

struct header {
    std::size_t character = SIZE_MAX;
    std::size_t note = SIZE_MAX;
    std::size_t officer_note = SIZE_MAX;
    std::size_t class_name = SIZE_MAX;
    std::size_t person = SIZE_MAX;
    std::size_t alts = SIZE_MAX;
    std::size_t columns = 0;
    std::vector<std::string> unknown;
};

header read_header(std::string_view line) {
    header h;
    const auto columns = columns_of(line);
    h.columns = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string name = text::folded_key(columns[i]);
        if (name == "character" || name == "name")
            h.character = i;
        else if (name == "note" || name == "guild_note" || name == "public_note")
            h.note = i;
        else if (name == "officer_note")
            h.officer_note = i;
        else if (name == "class")
            h.class_name = i;
        else if (name == "person" || name == "group" || name == "main" || name == "player" || name == "owner")
            h.person = i;
        else if (name == "alts")
            h.alts = i;
        else if (!columns[i].empty()) // Spreadsheets leave tabs at the end.
            h.unknown.emplace_back(columns[i]);
    }
    return h;
}

bool is_header_of_pairs(std::string_view first, std::string_view second) {
    const std::string name = text::folded_key(first);
    const std::string account = text::folded_key(second);
    return name == "game_name" || name == "character" || name == "character_name" ||
           (name == "name" && (account == "account" || account == "member"));
}

void join_by_alts(const std::vector<std::string>& alts, std::vector<labelled_character>& all) {
    std::map<std::string, std::size_t> by_name;
    const auto full = [](const labelled_character& c) {
        return text::exact_key(c.record.realm.empty() ? c.record.name : c.record.name + "-" + c.record.realm);
    };
    for (std::size_t i = 0; i < all.size(); ++i)
        by_name.emplace(full(all[i]), i);
    person_finder persons(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::string_view rest = alts[i];
        while (!rest.empty()) {
            const std::size_t comma = rest.find(',');
            std::string_view alt = rest.substr(0, comma);
            rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
            alt = alt.substr(0, alt.find('('));
            const auto it = by_name.find(text::exact_key(alt));
            if (it == by_name.end())
                continue;
            persons.join(i, it->second);
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        // Those without alts are persons of their own as far as the table says.
        all[i].person = full(all[persons.find(i)]);
    }
}

} // namespace

result<std::vector<labelled_pair>> parse_labelled_pairs(std::string_view tsv) {
    std::vector<labelled_pair> out;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(tsv)) {
        ++number;
        if (line.empty())
            continue;
        const auto columns = columns_of(line);
        if (columns.size() < 2 || columns[0].empty() || columns[1].empty()) {
            return error{
                errc::invalid_input,
                fmt::format("line {}: a name and an account, separated by a tab, are expected", number)};
        }
        if (number == 1 && is_header_of_pairs(columns[0], columns[1]))
            continue;
        out.push_back({std::string(columns[0]), std::string(columns[1])});
    }
    return out;
}

std::vector<std::string> parse_name_pool(std::string_view tsv) {
    std::vector<std::string> out;
    for (const std::string_view line : lines_of(tsv)) {
        const std::string_view name = columns_of(line).back();
        if (!name.empty() && name != "name")
            out.emplace_back(name);
    }
    return out;
}

labelled_columns labelled_columns_of(std::string_view tsv) {
    const auto lines = lines_of(tsv);
    header h = lines.empty() ? header{} : read_header(lines.front());
    return {h.note != SIZE_MAX, h.officer_note != SIZE_MAX, h.person != SIZE_MAX || h.alts != SIZE_MAX,
            std::move(h.unknown)};
}

result<std::vector<labelled_character>> parse_labelled_characters(std::string_view tsv) {
    const auto lines = lines_of(tsv);
    if (lines.empty())
        return error{errc::invalid_input, "the file is empty"};
    const header h = read_header(lines.front());
    if (h.character == SIZE_MAX)
        return error{errc::invalid_input, "line 1: there is no column `character`"};
    std::vector<labelled_character> out;
    std::vector<std::string> alts;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty())
            continue;
        const auto columns = columns_of(lines[i]);
        if (columns.size() > h.columns)
            return error{errc::invalid_input, fmt::format("line {}: too many columns", i + 1)};
        const auto at = [&columns](std::size_t c) {
            return c < columns.size() ? std::string(columns[c]) : std::string();
        };
        const std::string full = at(h.character);
        const text::character_name name = text::split_character_name(full);
        labelled_character c;
        c.record.id = character_id{static_cast<std::int64_t>(out.size()) + 1};
        c.record.name = std::string(name.name);
        c.record.realm = std::string(name.realm);
        c.record.guild_note = at(h.note);
        c.record.officer_note = at(h.officer_note);
        c.record.class_name = at(h.class_name);
        c.person = at(h.person);
        c.line = i + 1;
        alts.push_back(at(h.alts));
        out.push_back(std::move(c));
    }
    if (h.person == SIZE_MAX && h.alts != SIZE_MAX)
        join_by_alts(alts, out);
    return out;
}

std::string to_json(const evaluation_report& r) {
    std::string levels;
    for (const level_figures& l : r.levels) {
        if (!levels.empty())
            levels += ',';
        std::string figures = json_of(l);
        figures.pop_back();
        levels += fmt::format(R"("{}":{},"recall":{:.4f},"recall_derivable":{:.4f}}})", to_string(l.level),
                              figures, share(l.right, r.pairs), share(l.right_derivable, r.derivable));
    }
    return fmt::format(R"({{"pairs":{},"members":{},"derivable":{:.4f},"automatic":{},"recall":{:.4f},)"
                       R"("recall_derivable":{:.4f},"levels":{{{}}},)"
                       R"("derivable_first":{:.4f},"derivable_among_three":{:.4f},"queue_per_1000":{:.1f},)"
                       R"("calibration_error":{:.4f},"wrong_links":{}}})",
                       r.pairs, r.members, share(r.derivable, r.pairs), json_of(r.automatic), r.recall(),
                       share(r.linked_derivable, r.derivable), levels, share(r.first, r.derivable),
                       share(r.among_three, r.derivable), 1000.0 * share(r.queued, r.pairs),
                       r.calibration_error, json_of(r.wrong));
}

std::string to_json(const group_report& r) {
    return fmt::format(
        R"({{"characters":{},"alts":{},"alts_grouped":{:.4f},"alts_found":{:.4f},"pair_precision":{},)"
        R"("pair_recall":{:.4f},"pairs":{},"b_cubed_precision":{:.4f},"b_cubed_recall":{:.4f},)"
        R"("relation_notes":{},"relation_notes_linked":{},"wrong_pairs":{}}})",
        r.characters, r.alts, share(r.alts_grouped, r.alts), share(r.alts_found, r.alts),
        r.pairs == 0 ? "null" : fmt::format("{:.5f}", share(r.pairs_right, r.pairs)), // of none there is none
        share(r.pairs_right, r.pairs_true), r.pairs, r.b_cubed_precision, r.b_cubed_recall, r.traps,
        r.traps_linked, json_of(r.wrong));
}

} // namespace patt::identity
