#include "engine/impl.hpp"
#include "store/guild_repository.hpp"
#include "store/inbox_repository.hpp"

#include <patt/engine/schema_outdated.hpp>
#include <patt/provisioning/invite_code.hpp>
#include <patt/store/in_tx.hpp>
#include <patt/store/migrations.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace patt::engine {

namespace {

std::uint64_t random_number(entropy& from) {
    std::array<unsigned char, 8> bytes{};
    from.fill(bytes);
    std::uint64_t out = 0;
    for (const unsigned char byte : bytes) {
        out = (out << 8U) | byte;
    }
    return out;
}

/// One for each thread that claims, and one that the heartbeat, other leases and timers find free, mostly.
store::pool_options queue_pool(const options& how) {
    store::pool_options out;
    out.most = most_claiming + 1;
    out.patience = std::chrono::duration_cast<std::chrono::milliseconds>(how.patience);
    return out;
}

/// Every input would fail on an older schema. A newer one is fine: during an upgrade the hosts of the version
/// before go on working, and are started again, on the schema that the newer ones brought.
void check_schema(store::connection& db) {
    const store::migration_state state = store::migration_status(db, store::built_in_migrations());
    const auto found = static_cast<std::int64_t>(state.applied.size());
    const auto wanted = static_cast<std::int64_t>(store::built_in_migrations().size());
    if (found < wanted) {
        throw schema_outdated(
            fmt::format("the database's schema is version {}, and this library works with {}: run patt "
                        "migrate, or call store::migrate before the engine is made",
                        found, wanted),
            found, wanted);
    }
    if (state.problem && state.problem->code == errc::conflict) {
        throw failure(state.problem->detail);
    }
}

} // namespace

engine::impl::impl(std::shared_ptr<store::database> database, ports world, options how)
    : parts_{std::move(database), world, how, flow_book(how.flows), 0, 0, {}, {}}
    , hosts_(parts_)
    , queue_(parts_, hosts_) {
    if (parts_.how.instance_key.size() < provisioning::instance_key_min_bytes) {
        throw failure("the instance key has fewer than 16 bytes");
    }
    parts_.seed = random_number(world.entropy);
    // 63 bits, and never 0: that is nobody.
    parts_.boot_id = static_cast<std::int64_t>(random_number(world.entropy) >> 1U) | 1;
    for (int i = 0; i < std::max(parts_.how.writers, 1); ++i) {
        writers_.push_back(std::make_unique<writer>(parts_));
    }
    writers_.front()->alone(check_schema);
    parts_.committed = [this](std::span<const made_work> made) { committed(made); };
    if (dispatches()) {
        writers_.front()->alone([&](store::connection& db) {
            if (!db.dialect().for_update.empty()) {
                queue_connections_ = std::make_unique<store::pool>(parts_.database, queue_pool(parts_.how));
            }
        });
        channel_ = parts_.database->open_wake_channel();
    }
}

engine::impl::~impl() {
    try {
        if (dispatches()) {
            with_queue([&](store::connection& db) { hosts_.leave(db); });
        }
    } catch (...) { // NOLINT(bugprone-empty-catch): the leases run out by themselves.
    }
}

writer& engine::impl::writer_for(guild_id guild) {
    return *writers_[static_cast<std::size_t>(store::guild_slot(guild)) % writers_.size()];
}

/// A direct message names no guild, and so no writer. Where the member's messages belonged last is as good a
/// guess as asking for it, which would cost as much as the message itself: the writer looks in its
/// transaction. Of whom nothing is known any writer will do, if always the same.
writer& engine::impl::writer_for(const task& t) {
    if (t.guild) {
        const auto* what = std::get_if<const command*>(&t.what);
        if (const auto* joined = what ? std::get_if<onboarding::member_joined>(*what) : nullptr) {
            remember_route(joined->member, t.guild);
        }
        return writer_for(t.guild);
    }
    {
        const std::scoped_lock lock(routes_mutex_);
        const auto known = routes_.find(t.from.member);
        if (known != routes_.end()) {
            return writer_for(known->second);
        }
    }
    return writer_for(guild_id{t.from.member.value()});
}

void engine::impl::remember_route(member_id member, guild_id guild) {
    constexpr std::size_t most_remembered = 100'000;
    if (writers_.size() == 1) {
        return;
    }
    const std::scoped_lock lock(routes_mutex_);
    if (routes_.size() >= most_remembered) {
        routes_.clear();
    }
    routes_.insert_or_assign(member, guild);
}

void engine::impl::submit(std::span<task> tasks) {
    std::vector<std::pair<writer*, std::vector<task*>>> shares;
    for (task& t : tasks) {
        writer* const to = &writer_for(t);
        auto share = std::find_if(shares.begin(), shares.end(), [&](const auto& s) { return s.first == to; });
        if (share == shares.end()) {
            share = shares.insert(shares.end(), {to, {}});
        }
        share->second.push_back(&t);
    }
    for (const auto& [to, theirs] : shares) {
        to->submit(theirs);
        for (const task* t : theirs) {
            if (!t->guild && t->routed) {
                remember_route(t->from.member, t->routed);
            }
        }
    }
}

engine::engine(std::shared_ptr<store::database> database, ports world, options how)
    : impl_(std::make_unique<impl>(std::move(database), world, std::move(how))) {}

engine::~engine() = default;

reply engine::handle(const input& what) {
    return handle_all({&what, 1}).front();
}

std::vector<reply> engine::handle_all(std::span<const input> what) {
    std::vector<task> tasks(what.size());
    for (std::size_t i = 0; i < what.size(); ++i) {
        tasks[i].guild = what[i].guild;
        tasks[i].from = what[i].from;
        tasks[i].reason = what[i].reason;
        tasks[i].key = what[i].key;
        tasks[i].what = &what[i].command;
        tasks[i].under = what[i].under ? &*what[i].under : nullptr;
    }
    impl_->submit(tasks);
    std::vector<reply> out;
    for (task& t : tasks) {
        if (t.failed) {
            std::rethrow_exception(t.failed);
        }
        out.push_back(std::move(t.answer));
    }
    return out;
}

run_report engine::run_once(duration budget) {
    return impl_->run_once(budget);
}
run_report engine::run_timers(duration budget) {
    return impl_->run_timers(budget);
}
int engine::dispatch(duration wait) {
    return impl_->dispatch(wait);
}
duration engine::keep_leases() {
    return impl_->keep_leases();
}
bool engine::listen(duration most) {
    return impl_->listen(most);
}
void engine::interrupt() noexcept {
    impl_->interrupt();
}
void engine::on_work(std::function<void(news)> what) {
    impl_->on_work(std::move(what));
}
void engine::on_failure(std::function<void(const std::string&)> what) {
    impl_->on_failure(std::move(what));
}
std::optional<lease> engine::take_lease(const std::string& kind, std::int64_t key, duration ttl) {
    return impl_->take_lease(kind, key, ttl);
}
bool engine::renew_lease(lease& held, duration ttl) {
    return impl_->renew_lease(held, ttl);
}
void engine::release_lease(const lease& held) {
    impl_->release_lease(held);
}
bool engine::trusts(const lease& held) {
    return impl_->trusts(held);
}
engine_metrics engine::metrics() const {
    return impl_->metrics();
}
std::int64_t engine::boot_id() const noexcept {
    return impl_->boot_id();
}
shown_reply engine::show(guild_id guild, const reply& what) {
    return impl_->show(guild, what);
}
policy::guild_settings engine::settings(guild_id guild) {
    return impl_->settings(guild);
}

} // namespace patt::engine
