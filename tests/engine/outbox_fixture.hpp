/// @file
/// What the tests of effects share: posts in lanes of their own, and a chat in whose calls something else
/// happens.
#pragma once

#include "engine/engine_fixture.hpp"
#include "engine/passing_chat.hpp"
#include "store/outbox_repository.hpp"

#include <patt/store/in_tx.hpp>

#include <functional>
#include <utility>

namespace patt::engine_tests {

/// Writes to the database beside the engine.
template <class Work>
void beside(testing::world& w, Work work) {
    const auto db = beside(w.database());
    store::in_tx(*db, store::tx_mode::write, [&] { work(*db); });
}

inline effect post(std::int64_t id, std::string key, std::string lane, std::string after = {}) {
    effect e;
    e.id = effect_id{id};
    e.key = std::move(key);
    e.order_key = std::move(lane);
    e.after = std::move(after);
    e.body = channel_post{channel_id{12}, {"public.welcome", {{"member", e.key, arg_kind::text}}}, {}, {}};
    return e;
}

inline std::vector<std::string> post_keys(testing::world& w) {
    std::vector<std::string> out;
    for (const testing::ledger_entry& e : w.chat().ledger()) {
        if (e.operation == testing::chat_operation::post) {
            out.push_back(e.key);
        }
    }
    return out;
}

/// A chat in whose first message something else happens: another host takes over, say.
class slow_chat final : public passing_chat {
public:
    using passing_chat::passing_chat;
    std::function<void()> meanwhile;
    std::vector<std::string> calls; ///< The keys, in order.

    effect_outcome send(guild_id g, member_id to, const engine::outgoing& what,
                        std::string_view key) override {
        before(key);
        return passing_chat::send(g, to, what, key);
    }
    effect_outcome post(guild_id g, channel_id where, const engine::outgoing& what,
                        std::string_view key) override {
        before(key);
        return passing_chat::post(g, where, what, key);
    }

private:
    void before(std::string_view key) {
        calls.emplace_back(key);
        if (auto once = std::exchange(meanwhile, nullptr)) {
            once();
        }
    }
};

/// One more host on the world's database; it waits for the leases of others to run out.
struct another_host {
    another_host(testing::world& w, std::uint64_t seed)
        : chat(w.chat())
        , chance(seed) {
        engine::options how;
        how.instance_key = "an instance key for tests only";
        how.start = engine::takeover::when_expired;
        const std::shared_ptr<store::database> same(&w.database(), [](store::database*) {});
        host = std::make_unique<engine::engine>(same, engine::ports{chat, w.clock(), chance}, how);
    }
    [[nodiscard]] std::int64_t held() const { return host->metrics().held_partitions; }

    slow_chat chat;
    testing::seeded_entropy chance;
    std::unique_ptr<engine::engine> host;
};

} // namespace patt::engine_tests
