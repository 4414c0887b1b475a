// The conformance suite on SQLite: a file in WAL mode, and the shared memory database.
#include "conformance/driver_suite.hpp"
#include "conformance/temporary_directory.hpp"

#include <patt/store/sqlite.hpp>

#include <gtest/gtest.h>

#include <atomic>

namespace patt::store {
namespace {

/// A database in a directory of its own, which goes with it.
class temporary_database final : public database {
public:
    [[nodiscard]] std::unique_ptr<connection> connect(open_options options) override {
        return inner_->connect(options);
    }

private:
    temporary_directory directory_;
    std::shared_ptr<database> inner_ = open_sqlite(directory_.path() / "patt.db");
};

std::shared_ptr<database> fresh_memory() {
    static std::atomic<int> count{0};
    return open_memory("conformance " + std::to_string(++count));
}

INSTANTIATE_TEST_SUITE_P(SqliteFile, StoreDriver,
                         testing::Values(driver_case{"File",
                                                     [] { return std::make_shared<temporary_database>(); },
                                                     isolation::snapshot}),
                         case_name);
INSTANTIATE_TEST_SUITE_P(SqliteMemory, StoreDriver,
                         testing::Values(driver_case{"Memory", fresh_memory, isolation::waiting}), case_name);

} // namespace
} // namespace patt::store
