#include "rehearsal.hpp"

#include <utility>

namespace patt::cli {

namespace {

using store::cursor;
using store::value;

class rehearsed_connection final : public store::connection {
public:
    explicit rehearsed_connection(std::unique_ptr<store::connection> real)
        : real_(std::move(real)) {}

    [[nodiscard]] const store::dialect& dialect() const noexcept override { return real_->dialect(); }
    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override {
        return real_->query(sql, parameters);
    }
    [[nodiscard]] cursor ask(std::string_view sql, std::span<const value> parameters) override {
        return real_->ask(sql, parameters);
    }
    std::int64_t run(std::string_view sql, std::span<const value> parameters) override {
        if (inside_) {
            return real_->run(sql, parameters);
        }
        begin(store::tx_mode::write); // Alone it would be a transaction of its own, and be kept.
        const std::int64_t written = real_->run(sql, parameters);
        commit();
        return written;
    }
    void post(std::string_view sql, std::span<const value> parameters) override {
        real_->post(sql, parameters);
    }
    void flush() override { real_->flush(); }
    void enter_guild(guild_id guild) override { real_->enter_guild(guild); }
    void enter_queue() override { real_->enter_queue(); }
    [[nodiscard]] bool has_session() const noexcept override { return real_->has_session(); }
    void script(std::string_view) override { refuse(); }
    void run_alone(const std::string&) override { refuse(); }
    void begin(store::tx_mode mode) override {
        real_->begin(mode);
        inside_ = true;
    }
    void commit() override {
        try {
            real_->flush(); // What was posted may still be refused.
        } catch (...) {
            rollback(); // A commit ends the transaction in any case.
            throw;
        }
        rollback();
    }
    void rollback() noexcept override {
        real_->rollback();
        inside_ = false;
    }
    void forget_statements() noexcept override { real_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return real_->statements_run(); }

private:
    [[noreturn]] static void refuse() {
        throw store::sql_error(store::sql_errc::misuse, "migrations cannot be rehearsed");
    }

    std::unique_ptr<store::connection> real_;
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
