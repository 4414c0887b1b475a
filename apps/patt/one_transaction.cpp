#include "one_transaction.hpp"

#include "passing_connection.hpp"

#include <utility>

namespace patt::cli {

namespace {

/// What begins and ends here is a part of the transaction that is open.
class part final : public passing_connection {
public:
    part(std::shared_ptr<store::connection> real, std::shared_ptr<bool> failed)
        : passing_connection(std::move(real))
        , failed_(std::move(failed)) {}

    void script(std::string_view) override { refuse("a schema is not changed in a part of a transaction"); }
    void run_alone(const std::string&) override { refuse("nothing runs alone in a transaction"); }
    void begin(store::tx_mode) override {
        if (*failed_) {
            refuse("a part of it failed, so nothing of it is kept");
        }
        inside_ = true;
    }
    void commit() override {
        flush_or_roll_back();
        inside_ = false;
    }
    void rollback() noexcept override {
        if (std::exchange(inside_, false)) {
            *failed_ = true;
            real().rollback();
        }
    }

private:
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
