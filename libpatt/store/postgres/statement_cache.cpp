#include "store/postgres/statement_cache.hpp"

#include "store/postgres/errors.hpp"

#include <algorithm>
#include <iterator>

namespace patt::store::postgres {
namespace {

statement_ref understand(std::string_view sql) {
    const auto refuse = [&](std::string_view why) { throw own_error(sql_errc::misuse, why, sql); };
    if (sql.find('\0') != std::string_view::npos) {
        refuse("a NUL in the text");
    }
    if (is_blank(sql)) {
        refuse("the text has no statement");
    }
    std::string_view rest = sql;
    static_cast<void>(cut_statement(rest));
    if (!is_blank(rest)) {
        refuse("more than one statement in one text");
    }
    auto made = std::make_shared<statement>();
    made->sql = sql;
    made->kind = kind_by_words(sql);
    if (made->kind == statement_kind::transaction) {
        refuse("transactions are begun and ended by begin(), commit(), rollback()");
    }
    const text_parameters found = parameters_in(sql);
    if (!found.problem.empty()) {
        refuse(found.problem);
    }
    made->parameters = found.count;
    made->types.assign(found.count, 0);
    return made;
}

} // namespace

statement_cache::statement_cache(std::size_t limit)
    : limit_(std::max<std::size_t>(limit, 1)) {}

const statement_ref& statement_cache::find(std::string_view sql) {
    const auto found = by_text_.find(sql);
    if (found != by_text_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return entries_.front();
    }
    entries_.push_front(understand(sql));
    by_text_.emplace(entries_.front()->sql, entries_.begin());
    if (entries_.size() > limit_) {
        drop(std::prev(entries_.end()));
    }
    return entries_.front();
}

void statement_cache::drop(entries::iterator which) {
    statement& gone = **which;
    if (!gone.name.empty()) {
        abandoned_.push_back(std::move(gone.name));
        gone.name.clear();
    }
    gone.cached = false;
    by_text_.erase(gone.sql);
    entries_.erase(which);
}

void statement_cache::clear() noexcept {
    while (!entries_.empty()) {
        drop(entries_.begin());
    }
}

void statement_cache::forget_names() noexcept {
    for (const statement_ref& each : entries_) {
        each->name.clear();
    }
    abandoned_.clear();
}

} // namespace patt::store::postgres
