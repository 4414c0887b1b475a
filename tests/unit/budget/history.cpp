#include "unit/budget/history.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace patt::budget_tests {

namespace {

using budget::hand;
using budget::ledger;
using budget::urgency;

constexpr instant first{1'767'636'000'000'000};

struct host {
    std::int64_t id = 0;
    std::vector<hand> hands;
    duration offset{};
    std::int64_t parts_per_million = 0;
    struct pending {
        std::size_t cls;
        budget::request what;
        duration asked; ///< Local.
        duration decided_at;
        duration received_at;
        std::optional<budget::grant> answer;
    };
    std::optional<pending> under_way;
    [[nodiscard]] duration local(duration real) const {
        return offset + real + real * parts_per_million / 1'000'000;
    }
};

class player {
public:
    player(const history_options& how, std::uint64_t seed)
        : how_(how)
        , dice_(seed) {
        for (int i = 0; i < how.hosts; ++i) {
            hosts_.push_back(new_host());
        }
    }

    history run() {
        for (now_ = duration{0}; now_ < how_.length; now_ += duration{1 + below(4000)}) {
            if (how_.clock_steps && below(4000) == 0) {
                set_back_ += duration{below(1'500'000)};
            }
            host& h = hosts_[static_cast<std::size_t>(below(how_.hosts))];
            if (how_.kills && below(500) == 0) {
                h = new_host();
            }
            step(h);
        }
        return std::move(out_);
    }

private:
    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(dice_() % static_cast<std::uint64_t>(n));
    }

    host new_host() {
        host out;
        out.id = ++last_id_;
        for (std::size_t c = 0; c < budget::urgencies; ++c) {
            out.hands.emplace_back(static_cast<urgency>(c), budget::hand_options{100ms, 1 + below(12)});
        }
        out.offset = duration{below(1'000'000'000)};
        out.parts_per_million = how_.uneven_clocks ? below(1001) - 500 : 0;
        return out;
    }

    instant database_now() { return first + now_ - set_back_; }

    void step(host& h) {
        if (h.under_way) {
            go_on(h);
            return;
        }
        const auto cls = static_cast<std::size_t>(below(budget::urgencies));
        hand& own = h.hands[cls];
        const guild_id guild{h.id * 100 + below(how_.guilds_each)};
        const std::int64_t wanted = 1 + below(3);
        const budget::taken got = own.ask(guild, wanted, h.local(now_));
        if (got.tokens > 0) {
            use(h, own, static_cast<urgency>(cls), guild, got);
        } else if (own.may_request(h.local(now_))) {
            const duration slow = how_.slow_database && below(10) == 0 ? 150ms : 4ms;
            host::pending p{cls, own.make_request(h.id, h.local(now_)), h.local(now_), {}, {}, std::nullopt};
            p.decided_at = now_ + duration{below(slow.count())};
            p.received_at = p.decided_at + duration{below(slow.count())};
            h.under_way = std::move(p);
        }
    }

    void go_on(host& h) {
        host::pending& p = *h.under_way;
        if (!p.answer && now_ >= p.decided_at) {
            budget::decided done = how_.decide(std::move(ledger_), how_.limits, p.what, database_now());
            ledger_ = std::move(done.after);
            p.answer = done.what;
            p.received_at = std::max(p.received_at, now_);
        }
        if (p.answer && now_ >= p.received_at) {
            h.hands[p.cls].receive(*p.answer, p.asked, h.local(now_));
            h.under_way.reset();
        }
    }

    void use(const host& h, hand& own, urgency cls, guild_id guild, const budget::taken& got) {
        const std::int64_t used = below(4) == 0 ? below(got.tokens + 1) : got.tokens;
        const duration life = got.use_before - h.local(now_); // in local time: a little off, as on real hosts
        for (std::int64_t i = 0; i < used; ++i) {
            call c;
            const duration wait =
                below(3) == 0 ? duration{below(std::max<std::int64_t>(1, life.count()))} : 0us;
            c.begun = now_ + wait * 1'000'000 / (1'000'000 + h.parts_per_million);
            c.arrived = c.begun + duration{below(std::max<std::int64_t>(1, how_.limits.transit.count()))};
            c.cls = cls;
            c.guild = guild;
            c.host = h.id;
            out_.calls.push_back(c);
        }
        own.put_back(got, got.tokens - used);
    }

    const history_options& how_;
    std::mt19937_64 dice_;
    std::vector<host> hosts_;
    ledger ledger_;
    duration now_{};
    duration set_back_{};
    std::int64_t last_id_ = 0;
    history out_;
};

struct bound {
    duration span;
    std::int64_t most;
    std::array<bool, budget::urgencies> counts;
    std::string name;
};

std::vector<bound> bounds_of(const budget::api_limits& limits) {
    std::vector<bound> out;
    for (const budget::limit& l : limits.all) {
        out.push_back({l.span, l.tokens, {true, true, true}, "all"});
        out.push_back({l.span, l.tokens - l.reserve, {false, true, true}, "not urgent"});
    }
    for (const budget::class_limit& l : limits.of_class) {
        bound b{l.span, l.tokens, {}, std::string(to_string(l.cls))};
        b.counts[static_cast<std::size_t>(l.cls)] = true;
        out.push_back(b);
    }
    return out;
}

std::optional<std::string> broken(const std::vector<duration>& times, const bound& by, const char* what) {
    std::vector<duration> sorted = times;
    std::sort(sorted.begin(), sorted.end());
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, by.most));
    for (std::size_t i = 0; i + most < sorted.size(); ++i) {
        if (sorted[i + most] - sorted[i] < by.span) {
            std::ostringstream text;
            text << most + 1 << " calls (" << by.name << ") " << what << " within "
                 << (sorted[i + most] - sorted[i]).count() << " us from " << sorted[i].count()
                 << " on, at most " << most << " may within " << by.span.count() << " us";
            return text.str();
        }
    }
    return std::nullopt;
}

} // namespace

history play(const history_options& how, std::uint64_t seed) {
    return player(how, seed).run();
}

budget::api_limits some_limits(std::mt19937_64& dice) {
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(dice() % n); };
    budget::api_limits out;
    const std::int64_t tokens = 1 + below(20);
    out.all.push_back(
        {duration{300'000 + below(1'000'000)}, tokens, below(static_cast<std::uint64_t>(tokens))});
    if (below(2) == 0) {
        out.all.push_back({duration{2'000'000 + below(3'000'000)}, tokens + below(40), 0});
    }
    if (below(2) == 0) {
        out.of_class.push_back({urgency::bulk, out.all[0].span, 1 + below(10)});
    }
    if (below(3) == 0) {
        out.of_class.push_back({urgency::normal, duration{700'000}, 1 + below(10)});
    }
    out.transit = duration{below(2) == 0 ? 0 : below(80'000)};
    return out;
}

std::optional<std::string> broken_limit(const std::vector<call>& calls, const budget::api_limits& limits) {
    for (const bound& b : bounds_of(limits)) {
        std::vector<duration> begun;
        std::vector<duration> arrived;
        for (const call& c : calls) {
            if (b.counts[static_cast<std::size_t>(c.cls)]) {
                begun.push_back(c.begun);
                arrived.push_back(c.arrived);
            }
        }
        for (const auto& found : {broken(begun, b, "begin"), broken(arrived, b, "arrive")}) {
            if (found) {
                return found;
            }
        }
    }
    return std::nullopt;
}

} // namespace patt::budget_tests
