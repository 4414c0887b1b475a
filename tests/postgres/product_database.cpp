#include "postgres/product_database.hpp"

#include "postgres/session.hpp"
#include "postgres/shared_server.hpp"
#include "postgres/walls.hpp"

#include <stdexcept>
#include <utility>

namespace patt::postgres {
namespace {

class other_clock_connection final : public store::connection {
public:
    other_clock_connection(std::unique_ptr<store::connection> real, std::string_view clock)
        : real_(std::move(real))
        , dialect_(real_->dialect()) {
        dialect_.clock = clock;
    }
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return dialect_; }
    [[nodiscard]] store::cursor query(std::string_view sql,
                                      std::span<const store::value> parameters) override {
        return real_->query(sql, parameters);
    }
    std::int64_t run(std::string_view sql, std::span<const store::value> parameters) override {
        return real_->run(sql, parameters);
    }
    void post(std::string_view sql, std::span<const store::value> parameters) override {
        real_->post(sql, parameters);
    }
    void flush() override { real_->flush(); }
    void enter_guild(guild_id guild) override { real_->enter_guild(guild); }
    void enter_queue() override { real_->enter_queue(); }
    void script(std::string_view statements) override { real_->script(statements); }
    void begin(store::tx_mode mode) override { real_->begin(mode); }
    void commit() override { real_->commit(); }
    void rollback() noexcept override { real_->rollback(); }
    void forget_statements() noexcept override { real_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return real_->statements_run(); }

private:
    std::unique_ptr<store::connection> real_;
    store::dialect dialect_;
};

class other_clock_database final : public store::database {
public:
    other_clock_database(std::shared_ptr<store::database> real, std::string_view clock)
        : real_(std::move(real))
        , clock_(clock) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        return std::make_unique<other_clock_connection>(real_->connect(options), clock_);
    }

private:
    std::shared_ptr<store::database> real_;
    std::string_view clock_;
};

std::string make_template() {
    std::string where = fresh_database();
    raise_walls(where);
    return where;
}

} // namespace

std::string migrated_database() {
    static const std::string made = make_template(); // Nobody may be connected to it while it is copied.
    std::string where = fresh_database(made.substr(made.rfind('/') + 1));
    make_roles(where); // Where they find the tables is a setting of the database, which is not copied.
    return where;
}

std::shared_ptr<store::database> seen_whole(store::database& walled) {
    const auto db = walled.connect();
    const store::cursor name = db->query("SELECT CAST(current_database() AS TEXT)");
    if (!name->next()) {
        throw std::runtime_error("the database does not say its name");
    }
    return store::open_postgres(conninfo(std::string(name->text(0))));
}

void drop_database(const std::string& where) {
    const std::string name = where.substr(where.rfind('/') + 1);
    session(where.substr(0, where.rfind('/')) + "/postgres").run("DROP DATABASE " + name + " WITH (FORCE)");
}

std::shared_ptr<store::database> in_virtual_time(std::shared_ptr<store::database> real) {
    return with_clock(std::move(real), {});
}

std::shared_ptr<store::database> with_clock(std::shared_ptr<store::database> real, std::string_view query) {
    return std::make_shared<other_clock_database>(std::move(real), query);
}

} // namespace patt::postgres
