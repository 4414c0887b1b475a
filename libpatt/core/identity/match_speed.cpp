// The speed protocol: made-up guilds of real names, best of several rounds, brute force in the same run.
#include <patt/identity/match_speed.hpp>
#include <patt/identity/matcher.hpp>
#include <patt/identity/similarity_join.hpp>
#include <patt/text/name_keys.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace patt::identity {

namespace {

class dice {
public:
    explicit dice(std::uint64_t seed)
        : state_(seed) {}
    std::size_t below(std::size_t n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state_ >> 33U) % n);
    }

private:
    std::uint64_t state_;
};

match_member member_of(const std::vector<std::string>& names, std::size_t i, std::size_t offset, dice& d) {
    match_member m;
    m.id = member_id{static_cast<std::int64_t>(i) + 1};
    const std::string& own = names[(i + offset) % names.size()];
    m.username = text::keys_of(own).bare + (d.below(3) == 0 ? std::to_string(d.below(100)) : "");
    m.global_name = d.below(3) == 0 ? names[d.below(names.size())] : own;
    m.nickname = own + (d.below(4) == 0 ? " / " + names[d.below(names.size())] : "");
    return m;
}

// Five characters a person: a main and four alts, half of whom have a note that names the main.
match_character character_of(const std::vector<std::string>& names, std::size_t i, dice& d) {
    match_character c;
    c.id = character_id{static_cast<std::int64_t>(i) + 1};
    c.name = names[i % names.size()];
    c.realm = "Area 52";
    const std::string& main = names[(i - i % 5) % names.size()];
    if (i % 5 == 0)
        return c;
    switch (d.below(6)) {
    case 0:
        c.guild_note = "alt of " + main;
        break;
    case 1:
        c.guild_note = main;
        break;
    case 2:
        c.guild_note = main + "'s alt";
        break;
    case 3:
        c.guild_note = "herb / mining";
        break;
    default:
        break;
    }
    return c;
}

double percentile(std::vector<double>& v, double p) {
    std::sort(v.begin(), v.end());
    return v[static_cast<std::size_t>(p * static_cast<double>(v.size() - 1))];
}

class protocol {
public:
    protocol(std::vector<std::string> names, const speed_options& how, const speed_meters& meters)
        : names_(std::move(names))
        , rounds_(std::max(how.rounds, 1))
        , meters_(meters) {}

    [[nodiscard]] key_speed keys() const {
        begin("keys");
        std::vector<std::string> ascii;
        std::vector<std::string> other;
        for (const std::string& n : names_) {
            const bool plain =
                std::all_of(n.begin(), n.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
            (plain ? ascii : other).push_back(n);
        }
        return {per_key(ascii), per_key(other)};
    }

    [[nodiscard]] join_speed join(std::size_t n) const {
        begin(fmt::format("join {} x {}", n, n));
        const auto left = bare_keys(names_, 0, n);
        const auto right = bare_keys(names_, names_.size() / 2, n);
        const std::vector<std::string_view> l(left.begin(), left.end());
        const std::vector<std::string_view> r(right.begin(), right.end());
        join_speed out{n, 0, 0.0, 0.0, 0.0};
        out.index_ms =
            best_of(rounds_of(n), [&] { out.hits = similarity_join(l, r, join_method::index).size(); }) * 1e3;
        out.look_up_us = look_up(l, r, out.hits) * 1e6 / static_cast<double>(n);
        if (n > 10'000)
            return out;
        std::size_t hits = 0;
        out.brute_force_ms = best_of(n <= 1000 ? rounds_ : 2,
                                     [&] { hits = similarity_join(l, r, join_method::brute_force).size(); }) *
                             1e3;
        if (hits != out.hits)
            throw std::logic_error("the index and brute force found different pairs");
        return out;
    }

    [[nodiscard]] match_speed match(std::size_t characters, std::size_t members) const {
        begin(fmt::format("match {} x {}", characters, members));
        match_speed out;
        out.characters = characters;
        out.members = members;
        const std::size_t before = meters_.bytes_in_use();
        out.whole_ms = whole(out) * 1e3;
        matcher kept;
        dice d(5);
        for (std::size_t i = 0; i < members; ++i)
            kept.put(member_of(names_, i, 0, d));
        for (std::size_t i = 0; i < characters; ++i)
            kept.put(character_of(names_, i, d));
        kept.settle();
        out.memory_mb =
            (static_cast<double>(meters_.bytes_in_use()) - static_cast<double>(before)) / 1048576.0;
        changes(kept, out);
        return out;
    }

private:
    void begin(std::string_view part) const {
        if (meters_.begins)
            meters_.begins(part);
    }

    template <class Run>
    [[nodiscard]] double best_of(int rounds, Run run) const {
        double best = 1e9;
        for (int i = 0; i < rounds; ++i) {
            const double start = meters_.cpu_seconds();
            run();
            best = std::min(best, meters_.cpu_seconds() - start);
        }
        return best;
    }

    [[nodiscard]] int rounds_of(std::size_t n) const {
        return n <= 1000 ? rounds_ : n <= 10'000 ? std::clamp(rounds_, 2, 3) : 2;
    }

    [[nodiscard]] double per_key(const std::vector<std::string>& list) const {
        if (list.empty())
            return 0.0;
        text::name_keys keys;
        const double t = best_of(rounds_, [&] {
            for (const std::string& n : list)
                text::make_keys(n, keys);
        });
        return t * 1e9 / static_cast<double>(list.size());
    }

    [[nodiscard]] double look_up(const std::vector<std::string_view>& all,
                                 const std::vector<std::string_view>& in, std::size_t expected) const {
        const similarity_index index(in);
        std::vector<join_hit> hits;
        std::size_t found = 0;
        const double t = best_of(rounds_of(all.size()), [&] {
            found = 0;
            for (const std::string_view name : all) {
                index.find(name, hits);
                found += hits.size();
            }
        });
        if (found != expected)
            throw std::logic_error("one look-up after the other found other pairs than the join");
        return t;
    }

    // Making up the records is not the matcher's work.
    [[nodiscard]] double whole(match_speed& out) const {
        std::vector<match_member> left;
        std::vector<match_character> right;
        dice d(5);
        for (std::size_t i = 0; i < out.members; ++i)
            left.push_back(member_of(names_, i, 0, d));
        for (std::size_t i = 0; i < out.characters; ++i)
            right.push_back(character_of(names_, i, d));
        return best_of(rounds_of(std::max(out.members, out.characters)), [&] {
            matcher m;
            for (const match_member& x : left)
                m.put(x);
            for (const match_character& x : right)
                m.put(x);
            out.links = 0;
            for (const match_decision& x : m.settle()) {
                if (x.what == advice::link)
                    ++out.links;
                if (x.member && m.explain(x.character).items.empty())
                    throw std::logic_error("a decision without an explanation");
            }
        });
    }

    void changes(matcher& kept, match_speed& out) const {
        dice d(9);
        std::vector<double> one;
        for (int i = 0; i < 2000; ++i) {
            const match_member m = member_of(names_, d.below(out.members), d.below(names_.size()), d);
            match_character c = character_of(names_, d.below(out.characters), d);
            if (i % 4 == 1)
                c.name = names_[d.below(names_.size())]; // a rename; otherwise its note changes
            const double start = meters_.cpu_seconds();
            if (i % 2 == 0) {
                kept.put(m);
            } else {
                kept.put(c);
            }
            kept.settle();
            one.push_back(meters_.cpu_seconds() - start);
        }
        out.one_change_p50_us = percentile(one, 0.5) * 1e6;
        out.one_change_p99_us = percentile(one, 0.99) * 1e6;
        out.tenth_renamed_ms =
            best_of(3,
                    [&] {
                        for (std::size_t i = 0; i < out.members / 10; ++i)
                            kept.put(member_of(names_, d.below(out.members), d.below(names_.size()), d));
                        kept.settle();
                    }) *
            1e3;
    }

    std::vector<std::string> names_;
    int rounds_;
    const speed_meters& meters_;
};

} // namespace

std::vector<std::string> made_up_names(std::size_t count) {
    static constexpr std::string_view parts[] = {"ka",  "ro",  "mi",  "zul", "than", "dor", "vex", "lia",
                                                 "gor", "en",  "sha", "bel", "tri",  "ox",  "nym", "ar",
                                                 "ith", "qua", "fen", "wy",  "du",   "mor", "eth", "is"};
    dice d(7);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) {
        std::string s;
        for (std::size_t n = 2 + d.below(3); n > 0; --n)
            s += parts[d.below(std::size(parts))];
        s = s.substr(0, 12);
        s[0] = static_cast<char>(s[0] - 'a' + 'A');
        out.push_back(std::move(s));
    }
    return out;
}

std::vector<std::string> bare_keys(const std::vector<std::string>& names, std::size_t from,
                                   std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(text::keys_of(names[(from + i) % names.size()]).bare);
    return out;
}

std::vector<std::string> mixed(std::vector<std::string> names) {
    dice d(3);
    for (std::size_t i = names.size(); i > 1; --i)
        std::swap(names[i - 1], names[d.below(i)]);
    return names;
}

speed_report measure_speed(std::vector<std::string> names, const speed_options& how,
                           const speed_meters& meters) {
    speed_report out;
    out.made_up = names.empty();
    if (out.made_up)
        names = mixed(made_up_names(220'000));
    const protocol p(std::move(names), how, meters);
    const bool large = how.sizes == speed_sizes::large;
    if (how.parts == speed_parts::all) {
        out.keys = p.keys();
        out.joins = {p.join(1000), p.join(10'000)};
        if (large)
            out.joins.push_back(p.join(100'000));
    }
    out.matches = {p.match(1000, 1000), p.match(10'000, 10'000)};
    if (large) {
        out.matches.push_back(p.match(10'000, 100'000));
        out.matches.push_back(p.match(100'000, 100'000));
    }
    return out;
}

std::string to_json(const speed_report& r) {
    std::string out = fmt::format(R"({{"names":"{}")", r.made_up ? "made up" : "from a file");
    if (r.keys) {
        out += fmt::format(",\n\"keys\":{{\"ascii_ns\":{:.1f}", r.keys->ascii_ns);
        if (r.keys->other_ns > 0) // made-up names are ASCII alone
            out += fmt::format(",\"other_ns\":{:.1f}", r.keys->other_ns);
        out += '}';
    }
    for (const join_speed& j : r.joins) {
        out += fmt::format(",\n\"join_{}\":{{\"hits\":{},\"index_ms\":{:.3f},\"look_up_us\":{:.3f}", j.names,
                           j.hits, j.index_ms, j.look_up_us);
        if (j.brute_force_ms > 0)
            out += fmt::format(",\"brute_force_ms\":{:.3f},\"ratio\":{:.1f}", j.brute_force_ms,
                               j.brute_force_ms / j.index_ms);
        out += '}';
    }
    for (const match_speed& m : r.matches) {
        out +=
            fmt::format(",\n\"match_{}_x_{}\":{{\"links\":{},\"full_ms\":{:.2f},\"one_change_p50_us\":{:.1f},"
                        "\"one_change_p99_us\":{:.1f},\"tenth_renamed_ms\":{:.2f},\"memory_mb\":{:.1f}}}",
                        m.characters, m.members, m.links, m.whole_ms, m.one_change_p50_us,
                        m.one_change_p99_us, m.tenth_renamed_ms, m.memory_mb);
    }
    return out + ",\n\"threads\":1}";
}

} // namespace patt::identity
