#include "store/postgres/connection.hpp"

#include <patt/store/postgres.hpp>

#include <memory>
#include <utility>

namespace patt::store {
namespace {

class postgres_database final : public database {
public:
    postgres_database(std::string_view conninfo, postgres_options options)
        : shared_(std::make_shared<postgres::shared_parts>(conninfo, std::move(options))) {}
    [[nodiscard]] std::unique_ptr<connection> connect(open_options options) override {
        return std::make_unique<postgres::pg_connection>(shared_, options);
    }

private:
    std::shared_ptr<postgres::shared_parts> shared_;
};

} // namespace

std::shared_ptr<database> open_postgres(std::string_view conninfo, postgres_options options) {
    return std::make_shared<postgres_database>(conninfo, std::move(options));
}

bool is_postgres_url(std::string_view text) noexcept {
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

} // namespace patt::store
