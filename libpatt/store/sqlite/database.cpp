#include "store/sqlite/connection.hpp"
#include "store/sqlite/open.hpp"

#include <patt/store/sqlite.hpp>

#include <fmt/format.h>

#include <string>
#include <utility>

namespace patt::store {
namespace {

class file_database final : public database {
public:
    explicit file_database(std::filesystem::path file)
        : file_(std::move(file)) {}
    [[nodiscard]] std::unique_ptr<connection> connect(open_options options) override {
        return std::make_unique<sqlite::sqlite_connection>(sqlite::open_file(file_, options), options);
    }

private:
    std::filesystem::path file_;
};

class memory_database final : public database {
public:
    explicit memory_database(std::string uri)
        : uri_(std::move(uri))
        , keeper_(sqlite::open_shared_memory(uri_, {})) {}
    [[nodiscard]] std::unique_ptr<connection> connect(open_options options) override {
        return std::make_unique<sqlite::sqlite_connection>(sqlite::open_shared_memory(uri_, options),
                                                           options);
    }

private:
    std::string uri_;
    sqlite::database_handle keeper_; ///< The last one to close takes the data with it, so one stays open.
};

} // namespace

std::shared_ptr<database> open_sqlite(const std::filesystem::path& file) {
    return std::make_shared<file_database>(file);
}

std::shared_ptr<database> open_memory(std::string_view name) {
    if (name.empty()) {
        throw sql_error(sql_errc::misuse, "sqlite: a database in memory needs a name");
    }
    std::string uri =
        "file:/"; // With the slash the name is shared between connections, without it is private.
    for (const char c : name) {
        uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
    return std::make_shared<memory_database>(uri + "?vfs=memdb");
}

} // namespace patt::store
