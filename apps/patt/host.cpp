#include "host.hpp"

#include "exit_code.hpp"
#include "instance_key.hpp"
#include "markdown.hpp"
#include "open_database.hpp"
#include "select.hpp"

#include <patt/store/migrations.hpp>
#include <patt/store/postgres.hpp>

#include <fmt/core.h>

namespace patt::cli {

namespace {

effect_outcome not_connected() {
    return {effect_error::temporary, "no chat server is connected to this command", "", {}};
}

void check_schema(store::connection& db, const std::string& shown) {
    const store::migration_state state = store::migration_status(db, store::built_in_migrations());
    if (state.problem) {
        throw refusal(*state.problem);
    }
    if (!state.pending.empty()) {
        throw refusal(
            {errc::wrong_state,
             fmt::format("the database {} is of an older version; run: patt migrate --db {}", shown, shown)});
    }
}

} // namespace

effect_outcome no_chat::send(guild_id, member_id, const engine::outgoing&, std::string_view) {
    return not_connected();
}
effect_outcome no_chat::post(guild_id, channel_id, const engine::outgoing&, std::string_view) {
    return not_connected();
}
engine::fetched<engine::member_state> no_chat::fetch_member(guild_id, member_id) {
    return not_connected();
}
engine::fetched<engine::role_state> no_chat::fetch_role(guild_id, role_id) {
    return not_connected();
}
effect_outcome no_chat::replace_roles(guild_id, member_id, std::span<const role_id>, std::string_view) {
    return not_connected();
}

std::filesystem::path beside(const std::filesystem::path& database, std::string_view ending) {
    return database.string() + std::string(ending);
}

record record_of(const reply& what) {
    constexpr std::size_t longest_count = 15; // Ids are longer, and names may be digits.
    record out;
    for (const auto& [name, value] : what.data) {
        const auto number = value == "0" ? std::optional<std::int64_t>(0) : parse_id(value);
        if (number && value.size() <= longest_count && !name.ends_with("_names")) {
            out.emplace_back(name, *number);
        } else {
            out.emplace_back(name, value);
        }
    }
    return out;
}

host::host(const common_options& options)
    : options_(options)
    , file_(files_of(options.db)) {
    const bool on_server = store::is_postgres_url(options.db);
    if (!on_server && !std::filesystem::exists(file_)) {
        throw refusal(
            {errc::not_found, fmt::format("there is no database {}; make one with: patt init --db sqlite:{} "
                                          "--guild NAME --owner NAME",
                                          file_.string(), file_.string())});
    }
    database_ = open_existing(options);
    check_schema(*database_->connect(), on_server ? "postgresql://…" : "sqlite:" + file_.string());
    look_ = std::make_unique<engine::queries>(*database_);
}

host::host(const common_options& options, std::shared_ptr<store::database> database)
    : options_(options)
    , file_(files_of(options.db))
    , database_(std::move(database))
    , look_(std::make_unique<engine::queries>(*database_)) {}

host::~host() = default;

engine::engine& host::engine() {
    if (!engine_) {
        engine::options how;
        how.instance_key =
            instance_key(file_, entropy_, options_.dry_run ? missing_key::stand_in : missing_key::make);
        how.claims = 0;
        engine_ = std::make_unique<engine::engine>(database_, engine::ports{chat_, clock_, entropy_}, how);
    }
    return *engine_;
}

guild_id host::guild() {
    if (!guild_) {
        guild_ = value_or_refuse(select_guild(*look_, options_.guild));
    }
    return guild_;
}

member_id host::member(std::string_view name_or_id) {
    return value_or_refuse(select_member(*look_, guild(), name_or_id));
}

reply host::handle(engine::command what, const std::string& reason, std::optional<member_id> as) {
    engine::input in;
    in.guild = guild();
    in.from.kind = as ? policy::actor_kind::member : policy::actor_kind::local_operator;
    in.from.member = as.value_or(member_id{});
    in.reason = reason;
    in.command = std::move(what);
    return engine().handle(in);
}

reply host::handle_or_refuse(engine::command what, const std::string& reason, std::optional<member_id> as) {
    reply said = handle(std::move(what), reason, as);
    if (said.verdict == verdict::refused) {
        throw refusal(said.why.value_or(error{errc::not_allowed, "refused"}));
    }
    return said;
}

identity::naming host::names() {
    return {[this](character_id who) {
                const auto c = look().character(guild(), who);
                return c ? c->name + "-" + c->realm_slug : id_text(who);
            },
            [this](member_id who) {
                const auto m = look().member(guild(), who);
                return m ? m->display_name : id_text(who);
            }};
}

std::string host::words_of(const reply& what) {
    std::string out;
    for (const text::message& m : engine().show(guild(), what).messages) {
        out += plain_markdown(text::as_lines(m), emphasis::none) + "\n";
    }
    return out;
}

} // namespace patt::cli
