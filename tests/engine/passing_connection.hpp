/// @file
/// A connection in front of another one: passes everything on. Tests derive from it what they do otherwise.
#pragma once

#include <patt/store/db.hpp>

#include <memory>
#include <utility>

namespace patt::engine_tests {

class passing_connection : public store::connection {
public:
    explicit passing_connection(std::unique_ptr<store::connection> real)
        : real_(std::move(real)) {}
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return real_->dialect(); }
    [[nodiscard]] store::cursor query(std::string_view sql, std::span<const store::value> p) override {
        return real_->query(sql, p);
    }
    std::int64_t run(std::string_view sql, std::span<const store::value> p) override {
        return real_->run(sql, p);
    }
    void post(std::string_view sql, std::span<const store::value> p) override { real_->post(sql, p); }
    void flush() override { real_->flush(); }
    void enter_guild(guild_id guild) override { real_->enter_guild(guild); }
    void enter_queue() override { real_->enter_queue(); }
    void script(std::string_view statements) override { real_->script(statements); }
    void begin(store::tx_mode mode) override { real_->begin(mode); }
    void commit() override { real_->commit(); }
    void rollback() noexcept override { real_->rollback(); }
    void forget_statements() noexcept override { real_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return real_->statements_run(); }

protected:
    [[nodiscard]] store::connection& real() noexcept { return *real_; }

private:
    std::unique_ptr<store::connection> real_;
};

} // namespace patt::engine_tests
