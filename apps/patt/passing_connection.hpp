/// @file
/// A connection in front of another one: passes everything on but what ends or begins a transaction.
#pragma once

#include <patt/store/db.hpp>

#include <memory>
#include <utility>

namespace patt::cli {

/// What `rehearsal` and `one_transaction` have in common: the statements are the real ones, and only when
/// they are kept is another matter.
class passing_connection : public store::connection {
public:
    [[nodiscard]] const store::dialect& dialect() const noexcept final { return real_->dialect(); }
    [[nodiscard]] store::cursor query(std::string_view sql, std::span<const store::value> parameters) final {
        return real_->query(sql, parameters);
    }
    [[nodiscard]] store::cursor ask(std::string_view sql, std::span<const store::value> parameters) final {
        return real_->ask(sql, parameters);
    }
    std::int64_t run(std::string_view sql, std::span<const store::value> parameters) override {
        return real_->run(sql, parameters);
    }
    void post(std::string_view sql, std::span<const store::value> parameters) final {
        real_->post(sql, parameters);
    }
    void flush() final { real_->flush(); }
    void enter_guild(guild_id guild) final { real_->enter_guild(guild); }
    void enter_queue() final { real_->enter_queue(); }
    [[nodiscard]] bool has_session() const noexcept final { return real_->has_session(); }
    void forget_statements() noexcept final { real_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept final { return real_->statements_run(); }

protected:
    explicit passing_connection(std::shared_ptr<store::connection> real)
        : real_(std::move(real)) {}
    [[nodiscard]] store::connection& real() noexcept { return *real_; }

    /// What was posted may still be refused, and a commit ends the transaction in any case.
    void flush_or_roll_back() {
        try {
            real_->flush();
        } catch (...) {
            rollback();
            throw;
        }
    }

    [[noreturn]] static void refuse(const char* why) { throw store::sql_error(store::sql_errc::misuse, why); }

private:
    std::shared_ptr<store::connection> real_;
};

} // namespace patt::cli
