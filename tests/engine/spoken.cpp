#include "engine/spoken.hpp"

#include "engine/engine_fixture.hpp"
#include "engine/passing_connection.hpp"

#include <fmt/core.h>

#include <type_traits>
#include <utility>

namespace patt::engine_tests {
namespace {

class listening_connection final : public passing_connection {
public:
    listening_connection(std::unique_ptr<store::connection> real, spoken& into)
        : passing_connection(std::move(real))
        , into_(into)
        , dialect_(passing_connection::dialect()) {
        dialect_.clock = {}; // The test turns the clock.
    }
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return dialect_; }
    [[nodiscard]] store::cursor query(std::string_view sql,
                                      std::span<const store::value> parameters) override {
        into_.hear(sql, parameters, entered_, guild_);
        return real().query(sql, parameters);
    }
    std::int64_t run(std::string_view sql, std::span<const store::value> parameters) override {
        into_.hear(sql, parameters, entered_, guild_);
        return real().run(sql, parameters);
    }
    void post(std::string_view sql, std::span<const store::value> parameters) override {
        into_.hear(sql, parameters, entered_, guild_);
        real().post(sql, parameters);
    }
    void enter_guild(guild_id guild) override {
        entered_ = spoken::scope::guild;
        guild_ = guild;
        real().enter_guild(guild);
    }
    void enter_queue() override {
        entered_ = spoken::scope::queue;
        real().enter_queue();
    }
    void begin(store::tx_mode mode) override {
        entered_ = spoken::scope::none;
        if (into_.on_begin) {
            into_.on_begin(mode);
        }
        real().begin(mode);
    }

private:
    spoken& into_;
    store::dialect dialect_;
    spoken::scope entered_ = spoken::scope::none;
    guild_id guild_;
};

class listening_database final : public store::database {
public:
    listening_database(std::shared_ptr<store::database> real, spoken& into)
        : real_(std::move(real))
        , into_(into) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        return std::make_unique<listening_connection>(real_->connect(options), into_);
    }

private:
    std::shared_ptr<store::database> real_;
    spoken& into_;
};

spoken::kept_value kept(const store::value& v) {
    return std::visit(
        [](const auto& x) -> spoken::kept_value {
            using kind = std::decay_t<decltype(x)>;
            if constexpr (std::is_same_v<kind, std::string_view>) {
                return std::string(x);
            } else if constexpr (std::is_same_v<kind, std::span<const std::byte>>) {
                return std::vector<std::byte>(x.begin(), x.end());
            } else if constexpr (std::is_same_v<kind, std::span<const std::int64_t>>) {
                return std::vector<std::int64_t>(x.begin(), x.end());
            } else {
                return x;
            }
        },
        v);
}

} // namespace

std::shared_ptr<store::database> recording(std::shared_ptr<store::database> real, spoken& into) {
    return std::make_shared<listening_database>(std::move(real), into);
}

void spoken::hear(std::string_view sql, std::span<const store::value> parameters, scope entered,
                  guild_id guild) {
    if (on_statement) {
        on_statement(sql);
    }
    if (!listens || !(sql.starts_with("SELECT") || sql.starts_with("WITH") || sql.starts_with("INSERT") ||
                      sql.starts_with("UPDATE") || sql.starts_with("DELETE"))) {
        return;
    }
    statement s{std::string(sql), {}, entered, guild};
    for (const store::value& v : parameters) {
        s.parameters.push_back(kept(v));
    }
    if (const auto before = by_text_.find(sql); before != by_text_.end()) {
        s.times += before->second.times;
    }
    by_text_.insert_or_assign(s.sql, std::move(s));
}

std::vector<spoken::statement> spoken::all() const {
    std::vector<statement> out;
    for (const auto& [text, s] : by_text_) {
        out.push_back(s);
    }
    return out;
}

void work_a_day(testing::world& w, spoken& listener, const std::vector<std::string>& characters) {
    listener.listens = true;
    std::int64_t number = 40'000;
    for (const std::string& character : characters) {
        const member_id who{number++};
        w.chat().add_member(w.ids().guild, {who, "Somebody", {}});
        static_cast<void>(w.engine().handle(
            {w.ids().guild, {}, "", fmt::format("hot {}", who.value()), joined(who, w.clock().now())}));
        w.settle();
        for (const std::string& answer :
             {std::string("yes"), character, std::string("none"), std::string("yes")}) {
            w.say(who, answer);
        }
    }
    w.turn(2h);
    w.officer(onboarding::officer_verb::dismiss, member_id{40'001});
    w.restart();
    w.settle();
    listener.listens = false;
}

} // namespace patt::engine_tests
