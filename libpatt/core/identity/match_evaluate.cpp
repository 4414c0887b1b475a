#include <patt/identity/evaluation.hpp>
#include <patt/text/distance.hpp>
#include <patt/text/name_key.hpp>
#include <patt/text/name_keys.hpp>
#include <patt/text/name_parts.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace patt::identity {

namespace {

// A small generator of its own, so that a seed means the same with every library.
class shuffler {
public:
    explicit shuffler(std::uint64_t seed)
        : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}

    std::uint64_t below(std::uint64_t bound) noexcept {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return (state_ >> 33U) % bound;
    }

private:
    std::uint64_t state_;
};

bool contains_either_way(std::string_view a, std::string_view b) {
    return std::min(a.size(), b.size()) >= 3 &&
           (a.find(b) != std::string_view::npos || b.find(a) != std::string_view::npos);
}

// Whether two names have anything to do with each other: equal after folding, a common word or core of three
// letters, one in the other, or four fifths alike. Written apart from the matcher's own comparison.
bool is_derivable(const labelled_pair& p) {
    const text::name_keys a = text::keys_of(p.character);
    const text::name_keys b = text::keys_of(p.account);
    if (a.exact == b.exact || (a.bare == b.bare && !a.bare.empty()))
        return true;
    if (a.bare.empty() || b.bare.empty())
        return false;
    for (const std::string* x : {&a.bare, &a.core, &a.look, &a.sound, &a.leet}) {
        for (const std::string* y : {&b.bare, &b.core, &b.look, &b.sound, &b.leet}) {
            if (!x->empty() && !y->empty() && contains_either_way(*x, *y))
                return true;
        }
    }
    const auto words = [](std::string_view name) {
        std::vector<std::string> out;
        for (const text::name_part& part : text::parse_name(name)) {
            if (part.kind == text::part_kind::code || part.kind == text::part_kind::discriminator)
                continue;
            out.push_back(text::keys_of(part.text).bare);
        }
        return out;
    };
    const std::vector<std::string> left = words(p.character);
    const std::vector<std::string> right = words(p.account);
    for (const std::string& x : left) {
        if (contains_either_way(x, b.bare))
            return true;
        for (const std::string& y : right) {
            if (contains_either_way(x, y) || contains_either_way(a.bare, y))
                return true;
        }
    }
    return text::osa_similarity(a.bare, b.bare) >= 0.8;
}

struct prediction {
    double probability = 0.0;
    bool right = false;
};

// The mean distance between stated and actual share of right answers, in ten bins, weighted by their size.
double calibration_error(const std::vector<prediction>& all) {
    std::array<double, 10> stated{};
    std::array<double, 10> right{};
    std::array<double, 10> count{};
    for (const prediction& p : all) {
        const auto bin = std::min<std::size_t>(9, static_cast<std::size_t>(p.probability * 10.0));
        stated[bin] += p.probability;
        right[bin] += p.right ? 1.0 : 0.0;
        count[bin] += 1.0;
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < count.size(); ++i)
        sum += std::abs(stated[i] - right[i]);
    return all.empty() ? 0.0 : sum / static_cast<double>(all.size());
}

class pair_run {
public:
    pair_run(const std::vector<labelled_pair>& pairs, evaluation_report& report,
             std::vector<prediction>& predictions)
        : pairs_(pairs)
        , report_(report)
        , predictions_(predictions) {}

    void run(const std::vector<std::string>& pool, const evaluation_options& options, std::uint32_t seed,
             const std::vector<bool>& derivable) {
        matcher m(options.settings);
        fill_members(m, pool, options.pad_to, seed);
        put_characters(m, options.evidence);
        m.settle();
        report_.members = m.member_count();
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            judge(m.decision(character_id{static_cast<std::int64_t>(i) + 1}), pairs_[i], derivable[i]);
        }
    }

private:
    // The labelled ones with what else is known of them, then the rest of the guild.
    void put_characters(matcher& m, const std::vector<labelled_character>& evidence) const {
        std::multimap<std::string, const labelled_character*> known;
        for (const labelled_character& e : evidence) {
            known.emplace(text::exact_key(e.record.name), &e);
            if (!e.record.realm.empty())
                known.emplace(text::exact_key(e.record.name + "-" + e.record.realm), &e);
        }
        std::set<const labelled_character*> put;
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            match_character c;
            c.name = pairs_[i].character;
            const std::string key = text::exact_key(c.name);
            if (known.count(key) == 1) { // of homonyms it is not clear who is meant
                const labelled_character* const e = known.find(key)->second;
                c = e->record;
                c.alt_group = e->person;
                put.insert(e);
            }
            c.id = character_id{static_cast<std::int64_t>(i) + 1};
            m.put(c);
        }
        auto next = static_cast<std::int64_t>(pairs_.size());
        for (const labelled_character& e : evidence) {
            match_character c = e.record;
            c.id = character_id{++next};
            c.alt_group = e.person;
            if (!put.contains(&e))
                m.put(c);
        }
    }

    void fill_members(matcher& m, const std::vector<std::string>& pool, std::size_t pad_to,
                      std::uint32_t seed) {
        const auto add = [&](const std::string& name) {
            const auto id = member_id{static_cast<std::int64_t>(names_.size()) + 1};
            match_member r;
            r.id = id;
            r.global_name = name;
            m.put(r);
            names_.push_back(name);
            return id;
        };
        names_.clear();
        for (const labelled_pair& p : pairs_)
            owners_.try_emplace(p.account);
        for (auto& [account, id] : owners_)
            id = add(account);
        shuffler dice(seed);
        std::vector<std::size_t> order(pool.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        for (std::size_t i = 0; i < order.size() && names_.size() < pad_to; ++i) {
            std::swap(order[i], order[i + dice.below(order.size() - i)]);
            add(pool[order[i]]);
        }
    }

    void judge(const match_decision& d, const labelled_pair& p, bool derivable) {
        const member_id owner = owners_.at(p.account);
        ++report_.pairs;
        report_.derivable += derivable ? 1U : 0U;
        const bool right = d.member == owner;
        const bool linked = d.what == advice::link;
        report_.linked_derivable += linked && right && derivable ? 1U : 0U;
        if (linked) {
            ++report_.automatic.links;
            report_.automatic.right += right ? 1U : 0U;
            if (!right)
                report_.wrong.push_back({p.character, name_of(d.member), p.account, d.probability});
        }
        if (d.what == advice::suggest)
            ++report_.queued;
        if (d.member)
            predictions_.push_back({d.probability, right});
        for (level_figures& l : report_.levels) {
            // What the matcher doubts has a probability, but is nobody's link at that level.
            if (!linked && l.level >= confidence::high)
                continue;
            if (!d.member || d.level < l.level)
                continue;
            ++l.links;
            l.right += right ? 1U : 0U;
            l.right_derivable += right && derivable ? 1U : 0U;
        }
        const bool shown = d.what != advice::nothing;
        if (!derivable || !shown)
            return;
        report_.first += right ? 1U : 0U;
        const bool among = std::any_of(d.candidates.begin(), d.candidates.end(),
                                       [owner](const ranked_candidate& c) { return c.member == owner; });
        report_.among_three += right || (among && !linked) ? 1U : 0U;
    }

    [[nodiscard]] std::string name_of(member_id id) const {
        return names_[static_cast<std::size_t>(id.value() - 1)];
    }

    const std::vector<labelled_pair>& pairs_;
    evaluation_report& report_;
    std::vector<prediction>& predictions_;
    std::map<std::string, member_id> owners_;
    std::vector<std::string> names_;
};

} // namespace

double level_figures::precision() const noexcept {
    return links == 0 ? 1.0 : static_cast<double>(right) / static_cast<double>(links);
}

namespace {

// One end of Wilson's interval.
double wilson(const level_figures& l, double z) noexcept {
    const auto n = static_cast<double>(l.links);
    const double p = l.precision();
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (p + z * z / (2 * n) + half) / (1 + z * z / n);
}

constexpr double at_95_percent = 1.959964;

} // namespace

double level_figures::wilson_lower() const noexcept {
    return links == 0 ? 0.0 : wilson(*this, -at_95_percent);
}

double level_figures::wilson_upper() const noexcept {
    return links == 0 ? 1.0 : wilson(*this, at_95_percent);
}

double evaluation_report::recall() const noexcept {
    return pairs == 0 ? 0.0 : static_cast<double>(automatic.right) / static_cast<double>(pairs);
}

evaluation_report evaluate_pairs(const std::vector<labelled_pair>& pairs,
                                 const std::vector<std::string>& pool, const evaluation_options& options) {
    evaluation_report report;
    for (const confidence c : {confidence::certain, confidence::high, confidence::medium, confidence::low}) {
        report.levels.push_back({c, 0, 0, 0});
    }
    std::vector<bool> derivable;
    for (const labelled_pair& p : pairs)
        derivable.push_back(is_derivable(p));
    std::vector<prediction> predictions;
    const std::uint32_t seeds = options.pad_to == 0 ? 1 : std::max(1U, options.seeds);
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        pair_run(pairs, report, predictions).run(pool, options, seed, derivable);
    }
    report.calibration_error = calibration_error(predictions);
    return report;
}

} // namespace patt::identity
