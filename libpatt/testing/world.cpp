#include <patt/result.hpp>
#include <patt/store/migrations.hpp>
#include <patt/store/sqlite.hpp>
#include <patt/testing/plain.hpp>
#include <patt/testing/world.hpp>

#include <atomic>
#include <utility>

namespace patt::testing {
namespace {

std::shared_ptr<store::database> fresh_memory() {
    static std::atomic<std::uint64_t> number{0};
    return store::open_memory("patt-testing-world-" + std::to_string(++number));
}

std::string text_of(auto id) {
    return std::to_string(id.value());
}

void expect_accepted(const reply& answer, std::string_view what) {
    if (answer.verdict != verdict::accepted) {
        throw failure(std::string(what) +
                      " was refused: " + (answer.why ? answer.why->detail : std::string{}));
    }
}

const engine::origin local_operator{policy::actor_kind::local_operator, {}};

std::vector<std::string> as_text(const std::vector<chat_message>& messages) {
    std::vector<std::string> out;
    for (const chat_message& m : messages) {
        out.push_back(to_plain(m.message, m.question));
    }
    return out;
}

} // namespace

world::world(world_options how)
    : how_(std::move(how))
    , entropy_(how_.seed)
    , chat_(clock_) {
    if (!how_.database) {
        how_.database = fresh_memory();
    }
    if (how_.engine.instance_key.empty()) {
        how_.engine.instance_key = "an instance key for tests only";
    }
    const auto migrated =
        store::migrate(*how_.database->connect(), store::built_in_migrations(), clock_.now());
    if (!migrated) {
        throw failure("cannot migrate: " + migrated.err().detail);
    }
    fill_chat();
    start();
    make_guild();
    if (!how_.roster.empty()) {
        import(how_.roster);
    }
}

world::~world() = default;

void world::fill_chat() {
    chat_.add_role(ids_.guild, {ids_.gm, "GM", 0, false});
    chat_.add_role(ids_.guild, {ids_.officer, "Officer", 0, false});
    chat_.add_role(ids_.guild, {ids_.veteran, "Veteran", 0, false});
    chat_.add_role(ids_.guild, {ids_.member, "Member", 0, false});
    chat_.add_role(ids_.guild, {ids_.initiate, "Initiate", 0, false});
    chat_.add_channel(ids_.guild, {ids_.landing, "landing"});
    chat_.add_channel(ids_.guild, {ids_.welcome, "welcome"});
    chat_.add_channel(ids_.guild, {ids_.audit, "audit"});
    chat_.add_member(ids_.guild, {ids_.owner, "Owner", {}});
}

void world::start() {
    engine::chat& chat = how_.chat != nullptr ? *how_.chat : chat_;
    engine_ =
        std::make_unique<engine::engine>(how_.database, engine::ports{chat, clock_, entropy_}, how_.engine);
}

void world::make_guild() {
    const reply made = engine_->handle(
        {ids_.guild, local_operator, "", "", engine::create_guild{"Patt Testing", ids_.owner}});
    if (made.why && made.why->code == errc::already_exists) {
        return; // A database that a test brought along.
    }
    expect_accepted(made, "the guild");
    std::string ranks;
    for (const role_id role : {ids_.gm, ids_.officer, ids_.veteran, ids_.member, ids_.initiate}) {
        ranks +=
            (ranks.empty() ? "" : ",") + std::to_string(role.value() - ids_.gm.value()) + "=" + text_of(role);
    }
    set("ranks.roles", ranks);
    set("channels.landing", text_of(ids_.landing));
    set("channels.welcome", text_of(ids_.welcome));
    set("channels.audit", text_of(ids_.audit));
    set("guild.home_realm", "Senjin");
    set("guild.signup_url", "https://guild.example/signup");
    set("sending.announcements", "on");
    set("sending.enabled", "on");
    for (const auto& [key, text] : how_.settings) {
        set(key, text);
    }
}

member_id world::join(std::string_view name) {
    const member_id who{next_member_++};
    chat_.add_member(ids_.guild, {who, std::string(name), {}});
    onboarding::member_joined joined;
    joined.member = who;
    joined.username = std::string(name);
    joined.display_name = std::string(name);
    joined.joined_at = clock_.now();
    expect_accepted(handle(joined), "the join");
    return who;
}

void world::leave(member_id who) {
    chat_.remove_member(ids_.guild, who);
    expect_accepted(handle(onboarding::member_left{who}), "the departure");
}

reply world::say(member_id who, std::string_view text) {
    reply answer = engine_->handle({{},
                                    {policy::actor_kind::member, who},
                                    "",
                                    "",
                                    onboarding::message_received{who, std::string(text)}});
    settle();
    return answer;
}

reply world::officer(onboarding::officer_verb verb, member_id about, std::string_view character,
                     member_id by) {
    return handle(onboarding::officer_action{verb, about, std::string(character)},
                  {policy::actor_kind::member, by ? by : ids_.owner});
}

reply world::handle(engine::command command, engine::origin from) {
    reply answer = engine_->handle({ids_.guild, from, "", "", std::move(command)});
    settle();
    return answer;
}

void world::import(std::string_view roster_text) {
    engine::import_roster roster;
    roster.snapshot = roster_from_text(roster_text);
    roster.cause = "manual";
    expect_accepted(handle(std::move(roster), local_operator), "the roster");
}

void world::set(std::string_view setting, std::string_view text) {
    expect_accepted(handle(engine::change_setting{std::string(setting), std::string(text)}, local_operator),
                    setting);
}

void world::settle() {
    testing::settle(*engine_);
}

void world::turn(duration by) {
    turn_to(*engine_, clock_, clock_.now() + by);
}

void world::restart() {
    engine_.reset(); // Before the next one, as a process ends before the next one starts.
    start();
}

std::vector<std::string> world::inbox(member_id who) const {
    return as_text(chat_.inbox(who));
}

std::string world::last(member_id who) const {
    const std::vector<chat_message>& messages = chat_.inbox(who);
    return messages.empty() ? std::string{} : to_plain(messages.back().message, messages.back().question);
}

std::vector<std::string> world::posts(channel_id where) const {
    return as_text(chat_.channel(ids_.guild, where));
}

std::vector<role_id> world::roles(member_id who) const {
    const auto found = chat_.member(ids_.guild, who);
    return found ? found->roles : std::vector<role_id>{};
}

} // namespace patt::testing
