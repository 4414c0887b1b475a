#include "core/budget/decide.hpp"
#include "core/budget/hand.hpp"
#include "store/budget_repository.hpp"

#include <patt/engine/budget.hpp>
#include <patt/store/in_tx.hpp>

#include <algorithm>
#include <mutex>
#include <random>
#include <utility>

namespace patt::engine {

namespace {

using patt::budget::hand;
using patt::budget::ledger;
using patt::budget::urgency;
using steady = std::chrono::steady_clock;

constexpr int requests_for_one_call = 3; ///< A bundle may hold fewer than a call asks for, or go to others.

duration ticks(steady::time_point t) {
    return std::chrono::duration_cast<duration>(t.time_since_epoch());
}

steady::time_point point(duration t) {
    return steady::time_point{std::chrono::duration_cast<steady::duration>(t)};
}

std::int64_t random_id() {
    std::random_device source;
    const std::uint64_t bits = (std::uint64_t{source()} << 32U) | source();
    return static_cast<std::int64_t>(bits >> 1U) | 1;
}

/// One API as this host sees it.
struct api {
    std::string name;
    patt::budget::api_limits limits;
    std::vector<hand> hands; ///< By class.

    hand& of(urgency cls) { return hands.at(static_cast<std::size_t>(cls)); }
};

} // namespace

class budget::impl {
public:
    impl(std::shared_ptr<store::database> database, clock& time, budget_options how)
        : database_(std::move(database))
        , time_(time)
        , host_(how.host != 0 ? how.host : random_id())
        , monotonic_(how.monotonic ? std::move(how.monotonic) : [] { return steady::now(); }) {
        for (auto& [name, limits] : how.apis) {
            api made{name, std::move(limits), {}};
            for (std::size_t c = 0; c < patt::budget::urgencies; ++c) {
                made.hands.emplace_back(static_cast<urgency>(c),
                                        patt::budget::hand_options{how.in_hand, how.most_in_hand});
            }
            apis_.push_back(std::move(made));
        }
    }

    allowance take(std::string_view name, urgency cls, guild_id guild, std::int64_t tokens) {
        const std::lock_guard lock(mutex_);
        api& of = find(name);
        hand& own = of.of(cls);
        const std::int64_t wanted = std::max<std::int64_t>(1, tokens);
        patt::budget::taken got = own.ask(guild, wanted, now());
        for (int i = 0; i < requests_for_one_call && got.tokens == 0 && own.may_request(now()); ++i) {
            request(of, own);
            got = own.ask(guild, wanted, now());
        }
        allowance out;
        out.tokens = got.tokens;
        out.use_before = point(got.use_before);
        out.again = point(std::max(now(), own.closed_until()));
        out.api = of.name;
        out.cls = cls;
        out.generation = got.generation;
        out.used_until = got.used_until;
        return out;
    }

    void give_back(const allowance& what, std::int64_t tokens) {
        const std::lock_guard lock(mutex_);
        find(what.api).of(what.cls).put_back(
            {what.tokens, ticks(what.use_before), what.generation, what.used_until}, tokens);
    }

    void stop_waiting(std::string_view name, urgency cls, guild_id guild) {
        const std::lock_guard lock(mutex_);
        find(name).of(cls).leave(guild);
    }

    void freeze(std::string_view name, std::optional<urgency> cls, duration length) {
        const std::lock_guard lock(mutex_);
        api& of = find(name);
        for (std::size_t c = 0; c < patt::budget::urgencies;
             ++c) { // first: it holds even if the database is gone
            if (!cls || static_cast<std::size_t>(*cls) == c) {
                of.hands[c].close(now() + length);
            }
        }
        change(of, [&](ledger before, instant at) {
            return patt::budget::freeze(std::move(before), of.limits, cls, length, at);
        });
    }

    void settle() {
        const std::lock_guard lock(mutex_);
        for (api& of : apis_) {
            std::vector<patt::budget::returned> back;
            for (hand& own : of.hands) {
                const auto more = own.give_up();
                back.insert(back.end(), more.begin(), more.end());
            }
            if (!back.empty()) {
                change(of, [&](ledger before, instant at) {
                    patt::budget::advance(before, of.limits, at);
                    return patt::budget::take_back(std::move(before), back);
                });
            }
        }
    }

private:
    duration now() const { return ticks(monotonic_()); }

    api& find(std::string_view name) {
        const auto found =
            std::find_if(apis_.begin(), apis_.end(), [&](const api& a) { return a.name == name; });
        if (found == apis_.end()) {
            throw failure("No limits are known for the API '" + std::string(name) +
                          "'. Name them in budget_options.");
        }
        return *found;
    }

    void request(api& of, hand& own) {
        const duration asked = now();
        const patt::budget::request what = own.make_request(host_, asked);
        patt::budget::grant granted;
        change(of, [&](ledger before, instant at) {
            patt::budget::decided done = patt::budget::decide(std::move(before), of.limits, what, at);
            granted = done.what;
            return std::move(done.after);
        });
        own.receive(granted, asked, now());
    }

    /// Locks the row, lets the ledger be changed and keeps it.
    template <class Change>
    void change(const api& of, Change how) {
        if (!db_) {
            db_ = database_->connect();
        }
        try {
            store::in_tx(*db_, store::tx_mode::write, [&] {
                const std::string text = store::lock_budget(*db_, of.name);
                const instant at = database_time(); // after the lock: the times of decisions ascend
                std::optional<ledger> before = text.empty() ? ledger{} : patt::budget::parse_ledger(text);
                if (!before) {
                    throw failure("The budget of '" + of.name + "' was written by another version of PATT.");
                }
                store::save_budget(*db_, of.name, patt::budget::to_text(how(std::move(*before), at)), at);
            });
        } catch (const store::sql_error& problem) {
            if (problem.code() == store::sql_errc::lost || problem.code() == store::sql_errc::unknown) {
                db_.reset(); // an unknown commit granted nothing here: what it took runs out by itself
            }
            throw;
        }
    }

    instant database_time() {
        const std::string_view sql = db_->dialect().clock;
        if (sql.empty()) {
            return time_.now();
        }
        const store::cursor rows = db_->query(sql);
        return rows->next() ? instant{rows->i64(0)} : time_.now();
    }

    std::mutex mutex_;
    std::shared_ptr<store::database> database_;
    clock& time_;
    std::int64_t host_;
    std::function<steady::time_point()> monotonic_;
    std::vector<api> apis_;
    std::unique_ptr<store::connection> db_;
};

budget::budget(std::shared_ptr<store::database> database, clock& time, budget_options how)
    : impl_(std::make_unique<impl>(std::move(database), time, std::move(how))) {}
budget::~budget() = default;

allowance budget::take(std::string_view api, urgency cls, guild_id guild, std::int64_t tokens) {
    return impl_->take(api, cls, guild, tokens);
}

void budget::give_back(const allowance& what, std::int64_t tokens) {
    impl_->give_back(what, tokens);
}

void budget::stop_waiting(std::string_view api, urgency cls, guild_id guild) {
    impl_->stop_waiting(api, cls, guild);
}

void budget::freeze(std::string_view api, std::optional<urgency> cls, duration retry_after) {
    impl_->freeze(api, cls, retry_after);
}

void budget::settle() {
    impl_->settle();
}

} // namespace patt::engine
