/// @file
/// The frame of the drivers' conformance suite: a fresh database for each test.
#pragma once

#include "conformance/error_of.hpp"

#include <patt/store/db.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace patt::store {

/// What a reader does while somebody else writes.
enum class isolation : std::uint8_t {
    snapshot, ///< It goes on seeing the state of its own beginning; nobody waits.
    waiting,  ///< One of the two waits, and gives up as `busy`.
};

/// One driver to be tested.
struct driver_case {
    std::string name;
    std::function<std::shared_ptr<database>()> make; ///< Makes a new, empty database.
    isolation readers = isolation::snapshot;
};

inline void PrintTo(const driver_case& shown, std::ostream* out) {
    *out << shown.name;
}

inline std::string case_name(const testing::TestParamInfo<driver_case>& info) {
    return info.param.name;
}

class StoreDriver : public testing::TestWithParam<driver_case> {
protected:
    void SetUp() override {
        database_ = GetParam().make();
        db_ = connect();
    }

    /// Waits for locks only shortly, so that tests that expect `busy` are fast.
    [[nodiscard]] std::unique_ptr<connection> connect() const {
        open_options options;
        options.busy_timeout = std::chrono::milliseconds{20};
        return database_->connect(options);
    }

    /// A table with one row of each kind of column. Made outside of a transaction, as `script` is one itself.
    void make_values_table() const {
        db_->script(
            "CREATE TABLE v (id BIGINT PRIMARY KEY NOT NULL, n BIGINT, d DOUBLE PRECISION, t TEXT, b " +
            std::string{db_->dialect().blob} + ");");
    }

    void make_numbers(int count) const {
        db_->script("CREATE TABLE numbers (id BIGINT PRIMARY KEY NOT NULL, n BIGINT NOT NULL);");
        for (std::int64_t i = 1; i <= count; ++i) {
            db_->run("INSERT INTO numbers (id, n) VALUES ($1, $2)", {i, i * 10});
        }
    }

    [[nodiscard]] static std::int64_t number(connection& from, std::string_view sql) {
        const cursor rows = from.query(sql);
        return rows->next() ? rows->i64(0) : -1;
    }

    std::shared_ptr<database> database_;
    std::unique_ptr<connection> db_;
};

} // namespace patt::store
