#include "rehearsal.hpp"

#include "passing_connection.hpp"

#include <utility>

namespace patt::cli {

namespace {

class rehearsed_connection final : public passing_connection {
public:
    explicit rehearsed_connection(std::unique_ptr<store::connection> real)
        : passing_connection(std::move(real)) {}

    std::int64_t run(std::string_view sql, std::span<const store::value> parameters) override {
        if (inside_) {
            return real().run(sql, parameters);
        }
        begin(store::tx_mode::write); // Alone it would be a transaction of its own, and be kept.
        const std::int64_t written = real().run(sql, parameters);
        commit();
        return written;
    }
    void script(std::string_view) override { refuse(no_migrations); }
    void run_alone(const std::string&) override { refuse(no_migrations); }
    void begin(store::tx_mode mode) override {
        real().begin(mode);
        inside_ = true;
    }
    void commit() override {
        flush_or_roll_back();
        rollback();
    }
    void rollback() noexcept override {
        real().rollback();
        inside_ = false;
    }

private:
    static constexpr const char* no_migrations = "migrations cannot be rehearsed";

    bool inside_ = false;
};

class rehearsed_database final : public store::database {
public:
    explicit rehearsed_database(std::shared_ptr<store::database> real)
        : real_(std::move(real)) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        return std::make_unique<rehearsed_connection>(real_->connect(options));
    }

private:
    std::shared_ptr<store::database> real_;
};

} // namespace

std::shared_ptr<store::database> rehearsal_of(std::shared_ptr<store::database> real) {
    return std::make_shared<rehearsed_database>(std::move(real));
}

} // namespace patt::cli
