#include <patt/log/verifier.hpp>

#include <fmt/format.h>

namespace patt::log {
namespace {

/// How many rows may be missing before a renumbered row is called edited instead: bounds the search.
constexpr std::int64_t renumbering_reach = 1024;

bool payload_matches(const row& r) {
    if (!r.payload && !r.salt) {
        return true; // erased
    }
    return r.payload && r.salt && r.salt->size() == salt_bytes && commit(*r.salt, *r.payload) == r.commitment;
}

/// The number under which the row's hash fits its fields, the nearest first; 0 when none is near.
std::int64_t number_when_written(row r) {
    const std::int64_t stored = r.seq;
    for (std::int64_t distance = 0; distance <= renumbering_reach; ++distance) {
        for (const std::int64_t sign : {1, -1}) {
            if (__builtin_add_overflow(stored, sign * distance, &r.seq)) {
                continue;
            }
            if (chain_hash(r) == r.hash) {
                return r.seq;
            }
        }
    }
    return 0;
}

finding found(std::int64_t seq, tampering what, std::string_view how) {
    return {seq, what, fmt::format("Row {} was {}: {}.", seq, to_string(what), how)};
}

} // namespace

std::string_view to_string(tampering what) noexcept {
    switch (what) {
    case tampering::edited:
        return "edited";
    case tampering::removed:
        return "removed";
    case tampering::swapped:
        return "swapped";
    case tampering::inserted:
        return "inserted";
    case tampering::cut:
        return "cut";
    case tampering::rewritten:
        return "rewritten";
    }
    return "edited";
}

verifier::verifier(guild_id guild, std::optional<head> exported)
    : exported_(exported) {
    seen_.end = genesis(guild);
    before_end_ = seen_.end.hash;
    if (exported_ && exported_->seq == 0) {
        at_exported_ = seen_.end.hash;
    }
}

void verifier::feed(const row& next) {
    ++seen_.rows;
    seen_.erased += !next.payload && !next.salt ? 1 : 0;
    if (suspect_) {
        add_evidence(next);
        return;
    }
    const bool payload_fits = payload_matches(next);
    const bool intact = payload_fits && chain_hash(next) == next.hash;
    if (intact && next.seq == seen_.end.seq + 1 && next.prev == seen_.end.hash) {
        before_end_ = seen_.end.hash;
        seen_.end = head_of(next);
        if (exported_ && exported_->seq == next.seq) {
            at_exported_ = next.hash;
        }
        return;
    }
    suspect s;
    s.seq = next.seq;
    s.prev = next.prev;
    s.hash = next.hash;
    s.payload_fits = payload_fits;
    s.intact = intact;
    s.written_as = number_when_written(next);
    suspect_ = s;
}

void verifier::add_evidence(const row& next) {
    suspect& s = *suspect_;
    if (!s.has_next) {
        s.has_next = true;
        s.next_follows = next.prev == s.hash;
        s.next_continues = next.prev == seen_.end.hash;
    }
    s.successor_later = s.successor_later || next.prev == seen_.end.hash;
    s.predecessor_later = s.predecessor_later || next.hash == s.prev;
}

finding verifier::judge(const suspect& s) const {
    const std::int64_t expected = seen_.end.seq + 1;
    if (s.prev == seen_.end.hash) {
        if (s.next_continues && !s.next_follows) {
            return found(expected, tampering::inserted, "the row behind it continues the one before it");
        }
        if (!s.payload_fits) {
            return found(expected, tampering::edited, "its payload does not fit its commitment");
        }
        if (!s.intact) {
            return found(expected, tampering::edited,
                         s.written_as == expected ? "its number does not fit its hash"
                                                  : "its fields do not fit its hash");
        }
        return s.seq > expected
                   ? found(expected, tampering::removed, fmt::format("the next one is row {}", s.seq))
                   : found(s.seq, tampering::inserted, "its number was taken already");
    }
    if (seen_.end.seq > 0 && s.prev == before_end_) {
        // Two rows continue the same one. The one that the rest of the log goes on from is the true one.
        if (s.next_continues) {
            return found(s.seq, tampering::inserted, "the row behind it does not continue it");
        }
        return found(seen_.end.seq, tampering::inserted, "the rows behind it continue the one before it");
    }
    return judge_stranger(s);
}

/// The suspect follows a row that is neither the last good one nor the one before that.
finding verifier::judge_stranger(const suspect& s) const {
    const std::int64_t expected = seen_.end.seq + 1;
    if (s.predecessor_later) {
        return found(expected, tampering::swapped,
                     s.written_as > 0 ? fmt::format("here stands what was written as row {}", s.written_as)
                                      : "here stands a row that belongs further behind");
    }
    if (s.successor_later || s.seq < expected) {
        return found(s.successor_later ? expected : s.seq, tampering::inserted,
                     "it does not continue the row before it, and another row does");
    }
    if (s.seq > expected) {
        return found(expected, tampering::removed, fmt::format("the next one is row {}", s.seq));
    }
    if (s.written_as > expected) {
        return found(expected, tampering::removed,
                     fmt::format("here stands what was written as row {}", s.written_as));
    }
    if (s.intact && seen_.end.seq > 0 && (s.next_follows || !s.has_next)) {
        return found(seen_.end.seq, tampering::edited,
                     "its hash is not the one that the row behind it continues");
    }
    return found(expected, tampering::edited,
                 s.payload_fits ? "it does not continue the row before it"
                                : "its payload does not fit its commitment");
}

std::optional<finding> verifier::compare_with_exported() const {
    if (!exported_) {
        return std::nullopt;
    }
    if (at_exported_) {
        if (*at_exported_ == exported_->hash) {
            return std::nullopt;
        }
        return finding{exported_->seq, tampering::rewritten,
                       fmt::format("The log up to row {} was rewritten: its hash is not the exported one.",
                                   exported_->seq)};
    }
    return finding{seen_.end.seq + 1, tampering::cut,
                   fmt::format("The log was cut: row {} is missing, and the exported head is of row {}.",
                               seen_.end.seq + 1, exported_->seq)};
}

report verifier::finish() const {
    report out = seen_;
    const std::optional<finding> compared = compare_with_exported();
    if (!suspect_) {
        out.first = compared;
        return out;
    }
    out.first = judge(*suspect_);
    if (compared && compared->what == tampering::rewritten && compared->seq < out.first->seq) {
        out.first = compared;
    }
    if (out.first->seq == out.end.seq && out.end.seq > 0) {
        out.end = {out.end.seq - 1, before_end_}; // The last row that seemed right was the wrong one.
    }
    return out;
}

} // namespace patt::log
