/// @file
/// A fresh database on the tests' own server for each test. As the superuser: migrations are the owner's
/// work, and a server without PATT's roles may be. With its walls: `walls_test.cpp`.
#pragma once

#include "postgres/needs_postgres.hpp"
#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"

#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/postgres.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

namespace patt::administration_tests {

constexpr instant some_time{1'780'000'000'000'000};

class OnServer : public ::testing::Test {
protected:
    void SetUp() override {
        PATT_NEEDS_POSTGRES();
        where_ = postgres::fresh_database();
        database_ = store::open_postgres(where_);
    }

    [[nodiscard]] std::unique_ptr<store::connection> connect() const { return database_->connect(); }
    void migrate() const { ASSERT_TRUE(store::migrate(*connect(), store::built_in_migrations(), some_time)); }
    [[nodiscard]] static std::int64_t number(store::connection& db, std::string_view sql) {
        const store::cursor rows = db.query(sql);
        return rows->next() ? rows->i64(0) : -1;
    }

    std::string where_;
    std::shared_ptr<store::database> database_;
};

} // namespace patt::administration_tests
