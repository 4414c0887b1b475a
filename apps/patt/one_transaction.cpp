#include "one_transaction.hpp"

#include <utility>

namespace patt::cli {

namespace {

using store::cursor;
using store::value;

/// What begins and ends here is a part of the transaction that is open.
class part final : public store::connection {
public:
    part(std::shared_ptr<store::connection> real, std::shared_ptr<bool> failed)
        : real_(std::move(real))
        , failed_(std::move(failed)) {}

    [[nodiscard]] const store::dialect& dialect() const noexcept override { return real_->dialect(); }
    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override {
        return real_->query(sql, parameters);
    }
    [[nodiscard]] cursor ask(std::string_view sql, std::span<const value> parameters) override {
        return real_->ask(sql, parameters);
    }
    std::int64_t run(std::string_view sql, std::span<const value> parameters) override {
        return real_->run(sql, parameters);
    }
    void post(std::string_view sql, std::span<const value> parameters) override {
        real_->post(sql, parameters);
    }
    void flush() override { real_->flush(); }
    void enter_guild(guild_id guild) override { real_->enter_guild(guild); }
    void enter_queue() override { real_->enter_queue(); }
    [[nodiscard]] bool has_session() const noexcept override { return real_->has_session(); }
    void script(std::string_view) override { refuse("a schema is not changed in a part of a transaction"); }
    void run_alone(const std::string&) override { refuse("nothing runs alone in a transaction"); }
    void begin(store::tx_mode) override {
        if (*failed_) {
            refuse("a part of it failed, so nothing of it is kept");
        }
        inside_ = true;
    }
    void commit() override {
        try {
            real_->flush(); // What was posted may still be refused.
        } catch (...) {
            rollback(); // A commit ends the transaction in any case.
            throw;
        }
        inside_ = false;
    }
    void rollback() noexcept override {
        if (std::exchange(inside_, false)) {
            *failed_ = true;
            real_->rollback();
        }
    }
    void forget_statements() noexcept override { real_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return real_->statements_run(); }

private:
    [[noreturn]] static void refuse(const char* why) { throw store::sql_error(store::sql_errc::misuse, why); }

    std::shared_ptr<store::connection> real_;
    std::shared_ptr<bool> failed_; ///< Of all parts.
    bool inside_ = false;
};

class parts final : public store::database {
public:
    explicit parts(std::shared_ptr<store::connection> real)
        : real_(std::move(real)) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options) override {
        return std::make_unique<part>(real_, failed_);
    }

private:
    std::shared_ptr<store::connection> real_;
    std::shared_ptr<bool> failed_ = std::make_shared<bool>(false);
};

} // namespace

one_transaction::one_transaction(store::database& real)
    : real_(real.connect())
    , database_(std::make_shared<parts>(real_)) {
    real_->begin(store::tx_mode::write);
}

one_transaction::~one_transaction() {
    real_->rollback();
}

std::shared_ptr<store::database> one_transaction::database() {
    return database_;
}

void one_transaction::keep() {
    real_->commit();
}

} // namespace patt::cli
