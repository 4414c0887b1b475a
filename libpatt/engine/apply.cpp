#include "engine/apply.hpp"

#include "store/character_repository.hpp"
#include "store/codec.hpp"
#include "store/event_repository.hpp"
#include "store/guild_repository.hpp"
#include "store/inbox_repository.hpp"
#include "store/issue_repository.hpp"
#include "store/match_repository.hpp"
#include "store/outbox_repository.hpp"
#include "store/person_repository.hpp"
#include "store/provisioning_repository.hpp"
#include "store/role_repository.hpp"
#include "store/session_repository.hpp"
#include "store/timer_repository.hpp"

#include <patt/log/entry.hpp>
#include <patt/policy/sending.hpp>

#include <variant>

namespace patt::engine {

namespace {

/// Carries out one operation.
struct carry_out {
    apply_context& to;

    [[nodiscard]] guild_id guild() const { return to.guild.id; }
    void finish(effect_id id, std::string_view result, const std::string& ref) const {
        if (to.ending && to.ending->id == id) {
            store::finish_effect(to.db, guild(), *to.ending, result, ref, to.now);
        } else {
            store::finish_effect(to.db, guild(), id, result, ref, to.now);
        }
    }
    void operator()(const match_everybody&) const {} // see matching.hpp
    void operator()(const cancel_effects& o) const { store::cancel_effects(to.db, guild(), o.owner, to.now); }
    void operator()(const rearm_effects& o) const { store::rearm_effects(to.db, guild(), o.owner, to.now); }
    void operator()(const effect_done& o) const { finish(o.id, "done", o.external_ref); }
    void operator()(const effect_retry& o) const {
        store::retry_effect(to.db, guild(), o.id, o.not_before, o.error);
    }
    void operator()(const effect_failed& o) const { store::fail_effect(to.db, guild(), o.id, o.error); }
    void operator()(const effect_cancelled& o) const { finish(o.id, "cancelled", o.why); }
    void operator()(const cancel_timers& o) const { store::cancel_timers(to.db, guild(), o.owner); }
    void operator()(const wake_timers& o) const { store::wake_timers(to.db, guild(), o.purpose, to.now); }
    void operator()(const open_route& o) const {
        store::open_route(to.db, guild(), o.member, o.session, to.now);
    }
    void operator()(const close_route& o) const { store::close_route(to.db, guild(), o.member); }
    void operator()(const forget_answers& o) const {
        store::forget_answers(to.db, guild(), o.session, o.fields);
    }
    void operator()(const put_setting& o) const {
        store::put_setting(to.db, guild(), o.key, o.value, to.now);
        ++to.guild.settings_version;
        // What a guild is called is what it is found by, also by who knows no settings.
        if (o.key == "guild.name" && !o.value.empty() && o.value != to.guild.name) {
            store::rename_guild(to.db, guild(), o.value);
            to.guild.name = o.value;
        }
    }
    void operator()(const put_owner& o) const {
        store::change_owner(to.db, guild(), o.owner);
        to.guild.owner = o.owner;
    }
    void operator()(const patt::apply_gates& o) const {
        store::apply_gates(to.db, guild(), o.open, o.publish, to.now);
    }
};

/// Writes a row; what comes several at a time is written together.
struct put_row {
    apply_context& to;

    template <class Row>
    void operator()(const Row& typed) const {
        store::put(to.db, to.guild.id, typed);
    }
    void operator()(const identity::character&) const {}
    void operator()(const identity::former_name&) const {}
    void operator()(const onboarding::answer&) const {}
    void operator()(const onboarding::step_state&) const {}
    void operator()(const identity::review_item&) const {}
};

template <class Row>
std::vector<const Row*> rows_of(const std::vector<row>& rows) {
    std::vector<const Row*> out;
    for (const row& r : rows) {
        if (const auto* typed = std::get_if<Row>(&r)) {
            out.push_back(typed);
        }
    }
    return out;
}

void append_log(apply_context& to, const std::vector<log_entry>& entries) {
    std::vector<log::row> sealed;
    sealed.reserve(entries.size());
    for (const log_entry& e : entries) {
        log::entry what;
        what.seq = to.guild.head.seq + 1;
        what.at = to.now;
        what.kind = e.kind;
        what.actor = to.actor;
        what.subject = e.subject;
        what.payload = store::encode_fields(e.fields);
        what.salt = to.salts.next();
        sealed.push_back(log::seal(to.guild.head, std::move(what)));
        to.guild.head = log::head_of(sealed.back());
    }
    store::append_events(to.db, to.guild.id, sealed);
}

} // namespace

std::string salt_source::next() {
    if (used_ + log::salt_bytes > bytes_.size()) {
        from_.fill(bytes_);
        used_ = 0;
    }
    std::string out(reinterpret_cast<const char*>(bytes_.data() + used_), log::salt_bytes);
    used_ += log::salt_bytes;
    return out;
}

progress apply(apply_context& to, const change_set& changes) {
    // Answers are forgotten before new ones are written: a decision may replace them.
    for (const operation& o : changes.operations) {
        if (const auto* forget = std::get_if<forget_answers>(&o)) {
            carry_out{to}(*forget);
        }
    }
    for (const row& r : changes.rows) {
        std::visit(put_row{to}, r);
    }
    store::put_characters(to.db, to.guild.id, rows_of<identity::character>(changes.rows));
    store::put_former_names(to.db, to.guild.id, rows_of<identity::former_name>(changes.rows));
    store::put_answers(to.db, to.guild.id, rows_of<onboarding::answer>(changes.rows));
    store::put_steps(to.db, to.guild.id, rows_of<onboarding::step_state>(changes.rows));
    store::put_items(to.db, to.guild.id, rows_of<identity::review_item>(changes.rows));
    for (const operation& o : changes.operations) {
        if (!std::holds_alternative<forget_answers>(o)) {
            std::visit(carry_out{to}, o);
        }
    }
    std::vector<store::new_effect> effects;
    for (const effect& e : changes.effects) {
        effects.push_back({&e, policy::initial_state(e, to.settings)});
    }
    store::insert_effects(to.db, to.guild.id, effects, to.now);
    store::set_timers(to.db, to.guild.id, changes.timers);
    append_log(to, changes.log);
    if (to.last_id == to.guild.last_id && changes.log.empty()) {
        return progress::none;
    }
    to.guild.last_id = to.last_id;
    return progress::made;
}

} // namespace patt::engine
