#include "store/sqlite/statement_cache.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace patt::store::sqlite {
namespace {

std::size_t place_of(const char* address, std::size_t places) noexcept {
    const auto number = reinterpret_cast<std::uintptr_t>(address);
    return static_cast<std::size_t>((number ^ (number >> 6U)) % places);
}

} // namespace

bool statement_cache::entry::in_use() const noexcept {
    return std::any_of(copies.begin(), copies.end(), [](const auto& copy) { return copy->in_use(); });
}

statement_cache::statement_cache(session& shared, std::size_t limit)
    : session_(shared)
    , limit_(std::max<std::size_t>(limit, 1)) {}

sqlite_statement& statement_cache::find(std::string_view sql) {
    const entries::iterator found = look_up(sql);
    if (found != entries_.begin()) {
        entries_.splice(entries_.begin(), entries_, found);
    }
    return free_copy(*found);
}

statement_cache::entries::iterator statement_cache::look_up(std::string_view sql) {
    recent& guess = recent_[place_of(sql.data(), recent_count)];
    // A buffer that is used again has the same address and another text: the text decides.
    if (guess.address != nullptr && guess.address == sql.data() && guess.where->sql == sql) {
        return guess.where;
    }
    auto found = by_text_.find(sql);
    if (found == by_text_.end()) {
        add(sql);
        found = by_text_.find(sql);
    }
    guess = {sql.data(), found->second};
    return found->second;
}

sqlite_statement& statement_cache::free_copy(entry& found) {
    for (const auto& copy : found.copies) {
        if (!copy->in_use()) {
            return *copy;
        }
    }
    found.copies.push_back(std::make_unique<sqlite_statement>(session_, found.sql));
    return *found.copies.back();
}

void statement_cache::add(std::string_view sql) {
    retired_.remove_if([](const entry& old) { return !old.in_use(); });
    entries made;
    made.push_back({std::string{sql}, {}});
    entry& fresh = made.front();
    fresh.copies.push_back(std::make_unique<sqlite_statement>(session_, fresh.sql));
    by_text_.emplace(fresh.sql, made.begin());
    entries_.splice(entries_.begin(), made);
    while (entries_.size() > limit_) {
        const std::size_t before = entries_.size();
        drop_oldest();
        if (entries_.size() == before) {
            break;
        }
    }
}

void statement_cache::drop_oldest() {
    for (auto last = std::prev(entries_.end()); last != entries_.begin(); --last) {
        if (last->in_use()) {
            continue;
        }
        for (recent& guess : recent_) {
            if (guess.address != nullptr && guess.where == last) {
                guess = {};
            }
        }
        by_text_.erase(last->sql);
        entries_.erase(last);
        return;
    }
}

void statement_cache::clear() noexcept {
    recent_.fill({});
    by_text_.clear();
    retired_.splice(retired_.end(), entries_);
    retired_.remove_if([](const entry& old) { return !old.in_use(); });
}

void statement_cache::end_open_cursors() noexcept {
    for (entries* list : {&entries_, &retired_}) {
        for (const entry& each : *list) {
            for (const auto& copy : each.copies) {
                if (copy->in_use()) {
                    copy->end_with_transaction();
                }
            }
        }
    }
}

} // namespace patt::store::sqlite
