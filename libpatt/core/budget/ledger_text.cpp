#include "core/budget/ledger.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace patt::budget {

namespace {

// Whole numbers between blanks: version, now, generation, start tag, frozen (3); windows: their number, then
// span, number of slots, and each slot's distance from the one before with its three counts; claims: their
// number, then their seven fields.
constexpr std::int64_t version = 1;
constexpr std::int64_t most_of_anything = 100'000; ///< A broken text must not ask for all memory.

class numbers {
public:
    explicit numbers(std::string_view text) noexcept
        : at_(text.data())
        , end_(text.data() + text.size()) {}

    [[nodiscard]] std::int64_t next() noexcept {
        while (at_ != end_ && *at_ == ' ') {
            ++at_;
        }
        std::int64_t out = 0;
        const auto [rest, problem] = std::from_chars(at_, end_, out);
        good_ = good_ && problem == std::errc{};
        at_ = good_ ? rest : end_;
        return good_ ? out : 0;
    }
    [[nodiscard]] std::size_t count() noexcept {
        const std::int64_t n = next();
        good_ = good_ && n >= 0 && n <= most_of_anything;
        return good_ ? static_cast<std::size_t>(n) : 0;
    }
    [[nodiscard]] urgency cls() noexcept {
        const std::int64_t n = next();
        good_ = good_ && n >= 0 && n < static_cast<std::int64_t>(urgencies);
        return good_ ? static_cast<urgency>(n) : urgency::normal;
    }
    [[nodiscard]] bool good() const noexcept { return good_; }
    [[nodiscard]] bool whole() const noexcept { return good_ && at_ == end_; }

private:
    const char* at_;
    const char* end_;
    bool good_ = true;
};

void read_windows(numbers& in, ledger& out) {
    for (std::size_t left = in.count(); left > 0 && in.good(); --left) {
        window w{duration{in.next()}, {}};
        std::int64_t number = 0;
        for (std::size_t slots = in.count(); slots > 0 && in.good(); --slots) {
            number += in.next();
            slot s{number, {}};
            for (std::int64_t& used : s.used) {
                used = in.next();
            }
            w.slots.push_back(s);
        }
        out.windows.push_back(std::move(w));
    }
}

} // namespace

std::string to_text(const ledger& what) {
    std::string out =
        fmt::format("{} {} {} {}", version, what.now.microseconds(), what.generation, what.start_tag);
    auto to = std::back_inserter(out);
    for (const instant t : what.frozen_until) {
        fmt::format_to(to, " {}", t.microseconds());
    }
    fmt::format_to(to, " {}", what.windows.size());
    for (const window& w : what.windows) {
        fmt::format_to(to, " {} {}", w.span.count(), w.slots.size());
        std::int64_t before = 0;
        for (const slot& s : w.slots) {
            fmt::format_to(to, " {} {} {} {}", s.number - before, s.used[0], s.used[1], s.used[2]);
            before = s.number;
        }
    }
    fmt::format_to(to, " {}", what.claims.size());
    for (const claim& c : what.claims) {
        fmt::format_to(to, " {} {} {} {} {} {} {}", c.host, static_cast<int>(c.cls), c.guilds, c.wanted,
                       c.tag, c.since.microseconds(), c.until.microseconds());
    }
    return out;
}

std::optional<ledger> parse_ledger(std::string_view text) {
    numbers in(text);
    if (in.next() != version) {
        return std::nullopt;
    }
    ledger out;
    out.now = instant{in.next()};
    out.generation = in.next();
    out.start_tag = in.next();
    for (instant& t : out.frozen_until) {
        t = instant{in.next()};
    }
    read_windows(in, out);
    for (std::size_t left = in.count(); left > 0 && in.good(); --left) {
        claim c;
        c.host = in.next();
        c.cls = in.cls();
        c.guilds = in.next();
        c.wanted = in.next();
        c.tag = in.next();
        c.since = instant{in.next()};
        c.until = instant{in.next()};
        out.claims.push_back(c);
    }
    return in.whole() ? std::optional<ledger>(std::move(out)) : std::nullopt;
}

} // namespace patt::budget
