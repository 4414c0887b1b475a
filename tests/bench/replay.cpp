#include "bench/replay.hpp"

#include <patt/result.hpp>

#include <fmt/core.h>
#include <sqlite3.h>

namespace patt::bench {
namespace {

struct bind_value {
    sqlite3_stmt* statement;
    int slot;
    void operator()(std::monostate) const { sqlite3_bind_null(statement, slot); }
    void operator()(std::int64_t v) const { sqlite3_bind_int64(statement, slot, v); }
    void operator()(double v) const { sqlite3_bind_double(statement, slot, v); }
    void operator()(const std::string& v) const {
        sqlite3_bind_text64(statement, slot, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    void operator()(const blob& v) const {
        sqlite3_bind_blob64(statement, slot, v.bytes.data(), v.bytes.size(), SQLITE_STATIC);
    }
};

} // namespace

replay::replay(const recording& what, const std::filesystem::path& file)
    : what_(what) {
    if (sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
        SQLITE_OK) {
        throw failure("the floor cannot open its file");
    }
    for (const char* pragma : {"PRAGMA foreign_keys=ON", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                               "PRAGMA journal_size_limit=67108864"}) {
        sqlite3_exec(database_, pragma, nullptr, nullptr, nullptr);
    }
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    for (const std::string& sql : what_.statements) {
        prepared p{prepare(sql.c_str()), {}};
        for (int n = 1; n <= sqlite3_bind_parameter_count(p.statement); ++n) {
            p.slots.push_back(sqlite3_bind_parameter_index(p.statement, fmt::format("${}", n).c_str()));
        }
        statements_.push_back(std::move(p));
    }
}

replay::~replay() {
    sqlite3_finalize(begin_);
    sqlite3_finalize(commit_);
    for (const prepared& p : statements_) {
        sqlite3_finalize(p.statement);
    }
    sqlite3_close(database_);
}

sqlite3_stmt* replay::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
        throw failure(fmt::format("the floor cannot prepare {}: {}", sql, sqlite3_errmsg(database_)));
    }
    return statement;
}

void replay::step(sqlite3_stmt* statement) {
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) {
        code = sqlite3_step(statement);
    }
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) {
        throw failure(fmt::format("the floor failed: {}", sqlite3_errmsg(database_)));
    }
}

void replay::write(const recorded_write& w) {
    const prepared& p = statements_[w.statement];
    for (std::size_t i = 0; i < w.values.size(); ++i) {
        std::visit(bind_value{p.statement, p.slots[i]}, w.values[i]);
    }
    step(p.statement);
    if (sqlite3_changes64(database_) != w.rows) {
        throw failure("the floor did not write the recorded rows with " + what_.statements[w.statement]);
    }
}

void replay::run(std::size_t first, std::size_t last) {
    for (std::size_t t = first; t < last; ++t) {
        step(begin_);
        for (const recorded_write& w : what_.transactions[t]) {
            write(w);
        }
        step(commit_);
    }
}

} // namespace patt::bench
