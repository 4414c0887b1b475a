#include "crash/planted.hpp"

#include <patt/decision/context.hpp>
#include <patt/result.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace patt::crash {
namespace {

using store::cursor;
using store::value;

bool has(std::string_view sql, std::string_view part) {
    return sql.find(part) != std::string_view::npos;
}

/// A statement with its parameters, kept for later.
struct kept_statement {
    std::string sql;
    std::vector<value> parameters;
    std::vector<std::unique_ptr<std::string>> texts; ///< What the parameters point to.

    kept_statement(std::string_view text, std::span<const value> from)
        : sql(text) {
        for (const value& v : from) {
            if (const auto* view = std::get_if<std::string_view>(&v)) {
                texts.push_back(std::make_unique<std::string>(*view));
                parameters.emplace_back(std::string_view(*texts.back()));
            } else {
                parameters.push_back(v); // Statements that are kept have no blobs and no arrays.
            }
        }
    }
};

std::string without(std::string text, std::string_view part) {
    const auto at = text.find(part);
    if (at == std::string::npos) {
        throw failure("a planted fault no longer fits the statement: " + text);
    }
    return text.erase(at, part.size());
}

/// Passes everything on, but for what the fault changes.
class planted_connection final : public store::connection {
public:
    /// @param before  A second connection, for a fault that reads what is not locked; else null.
    planted_connection(std::unique_ptr<store::connection> sound, std::unique_ptr<store::connection> before,
                       plant what)
        : sound_(std::move(sound))
        , before_(std::move(before))
        , what_(what) {}
    ~planted_connection() override {
        if (owed_commit_) {
            sound_->commit();
        }
    }

    using connection::query;
    using connection::run;
    [[nodiscard]] const store::dialect& dialect() const noexcept override { return sound_->dialect(); }

    [[nodiscard]] cursor query(std::string_view sql, std::span<const value> parameters) override {
        pay();
        if (before_ && has(sql, "FROM guild WHERE")) {
            return before_->query(sql, parameters);
        }
        if (what_ == plant::claims_kept && has(sql, "UPDATE outbox SET attempts")) {
            // What the process before this one had claimed is never claimed again.
            std::string text(sql);
            const auto at = text.find(" RETURNING");
            return sound_->query(text.insert(at, " AND outbox.claimed_at = 0"), parameters);
        }
        return sound_->query(sql, parameters);
    }

    std::int64_t run(std::string_view sql, std::span<const value> parameters) override {
        pay();
        if (what_ == plant::outbox_outside && has(sql, "INSERT INTO outbox")) {
            later_.emplace_back(sql, parameters);
            return 1;
        }
        if ((what_ == plant::ledger_left_out && has(sql, "INSERT INTO ledger") && has(sql, "VALUES")) ||
            (what_ == plant::inbox_left_out && has(sql, "INSERT INTO inbox")) ||
            (what_ == plant::ledger_left_out && has(sql, "INSERT INTO ledger")) ||
            (what_ == plant::log_head_left_out && has(sql, "UPDATE guild SET log_seq"))) {
            return 1;
        }
        if (what_ == plant::timer_not_unique && has(sql, "INSERT INTO timer")) {
            const std::string text(sql);
            return sound_->run(text.substr(0, text.find(" ON CONFLICT")), parameters);
        }
        const std::int64_t affected = sound_->run(sql, parameters);
        if (what_ == plant::timer_taken_early && has(sql, "DELETE FROM timer") && has(sql, "due_at = $4")) {
            sound_->commit();
            sound_->begin(store::tx_mode::write);
        }
        return affected;
    }

    void flush() override { sound_->flush(); }
    void enter_guild(guild_id guild) override { sound_->enter_guild(guild); }
    void enter_queue() override { sound_->enter_queue(); }
    void script(std::string_view statements) override {
        std::string text(statements);
        if (what_ == plant::timer_not_unique && has(text, "CREATE TABLE timer")) {
            text = without(text, ",\n    PRIMARY KEY (guild_id, owner_id, purpose)");
        }
        sound_->script(text);
    }

    void begin(store::tx_mode mode) override {
        pay();
        if (before_) {
            before_->rollback();
            before_->begin(store::tx_mode::read);
            static_cast<void>(before_->query("SELECT COUNT(*) FROM guild")->next()); // Fixes what it sees.
            std::this_thread::sleep_for(std::chrono::milliseconds(2)); // Another host may commit now.
        }
        sound_->begin(mode);
    }
    void commit() override {
        if (what_ == plant::commit_later) {
            owed_commit_ = true;
            return;
        }
        sound_->commit();
        for (const kept_statement& s : std::exchange(later_, {})) {
            sound_->run(s.sql, s.parameters);
        }
    }
    void rollback() noexcept override {
        later_.clear();
        sound_->rollback();
    }
    void forget_statements() noexcept override { sound_->forget_statements(); }
    [[nodiscard]] std::uint64_t statements_run() const noexcept override { return sound_->statements_run(); }

private:
    /// Makes good the commit that was only promised.
    void pay() {
        if (std::exchange(owed_commit_, false)) {
            sound_->commit();
        }
    }

    std::unique_ptr<store::connection> sound_;
    std::unique_ptr<store::connection> before_;
    plant what_;
    std::vector<kept_statement> later_;
    bool owed_commit_ = false;
};

class planted_db final : public store::database {
public:
    planted_db(std::shared_ptr<store::database> sound, plant what)
        : sound_(std::move(sound))
        , what_(what) {}
    [[nodiscard]] std::unique_ptr<store::connection> connect(store::open_options options) override {
        if (what_ == plant::sync_off) {
            options.synchronous = store::synchronous::off;
        }
        return std::make_unique<planted_connection>(
            sound_->connect(options), what_ == plant::no_guild_lock ? sound_->connect(options) : nullptr,
            what_);
    }

private:
    std::shared_ptr<store::database> sound_;
    plant what_;
};

/// Gives every call a key of its own when the fault is that.
class planted_port final : public engine::chat {
public:
    planted_port(engine::chat& sound, plant what, std::uint64_t seed)
        : sound_(sound)
        , what_(what)
        , random_(seed) {}

    [[nodiscard]] effect_outcome send(guild_id guild, member_id to, const engine::outgoing& what,
                                      std::string_view key) override {
        return sound_.send(guild, to, what, key_for(key));
    }
    [[nodiscard]] effect_outcome post(guild_id guild, channel_id where, const engine::outgoing& what,
                                      std::string_view key) override {
        return sound_.post(guild, where, what, key_for(key));
    }
    [[nodiscard]] engine::fetched<engine::member_state> fetch_member(guild_id guild, member_id who) override {
        return sound_.fetch_member(guild, who);
    }
    [[nodiscard]] engine::fetched<engine::role_state> fetch_role(guild_id guild, role_id which) override {
        return sound_.fetch_role(guild, which);
    }
    [[nodiscard]] effect_outcome replace_roles(guild_id guild, member_id who, std::span<const role_id> roles,
                                               std::string_view key) override {
        return sound_.replace_roles(guild, who, roles, key_for(key));
    }

private:
    std::string key_for(std::string_view key) {
        return what_ == plant::random_keys ? std::to_string(random_.next()) : std::string(key);
    }

    engine::chat& sound_;
    plant what_;
    random_stream random_;
};

} // namespace

plant plant_of(std::string_view name) {
    if (name.empty()) {
        return plant::none;
    }
    if (name == "no_guild_lock") {
        return plant::no_guild_lock;
    }
    const auto found =
        std::find_if(plants.begin(), plants.end(), [&](const named_plant& p) { return p.name == name; });
    if (found == plants.end()) {
        throw failure("no such planted fault: " + std::string(name));
    }
    return found->what;
}

std::shared_ptr<store::database> planted_database(std::shared_ptr<store::database> sound, plant what) {
    if (what == plant::none) {
        return sound;
    }
    return std::make_shared<planted_db>(std::move(sound), what);
}

std::unique_ptr<engine::chat> planted_chat(engine::chat& sound, plant what, std::uint64_t seed) {
    return std::make_unique<planted_port>(sound, what, seed);
}

} // namespace patt::crash
