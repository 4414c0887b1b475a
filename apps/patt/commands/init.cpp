// patt init: a database with a guild, its owner, the seeds' rank map and a chat server to play with.

#include "../chat/new_guild.hpp"
#include "../host.hpp"
#include "../import_file.hpp"
#include "../instance_key.hpp"
#include "../one_transaction.hpp"
#include "../open_database.hpp"
#include "../output.hpp"
#include "../sample_files.hpp"
#include "../select.hpp"
#include "as_owner.hpp"
#include "commands.hpp"

#include <patt/store/migrations.hpp>
#include <patt/store/postgres.hpp>
#include <patt/store/row_security.hpp>

#include <fmt/core.h>

#include <memory>

namespace patt::cli {

namespace {

struct init_options {
    chat::new_guild guild;
    std::string owner_id;
    bool sample = false;
};

/// What the bundled sample guild is called and shows, so that every text has something to say.
void fill_in_sample(chat::new_guild& guild) {
    guild.name = guild.name.empty() ? "Lantern Watch" : guild.name;
    guild.owner = guild.owner.empty() ? "odile" : guild.owner;
    guild.realm = guild.realm.empty() ? "Ember Vale" : guild.realm;
    guild.sending = chat::sending::on;
    guild.settings = {{"guild.website_url", "https://lantern-watch.example"},
                      {"guild.signup_url", "https://lantern-watch.example/join"},
                      {"guild.raid_schedule", "Wednesday and Sunday, 20:00 to 23:00"}};
}

void migrate(store::database& database, instant now) {
    const auto db = database.connect();
    const store::migration_state state = store::migration_status(*db, store::built_in_migrations());
    if (!state.problem && state.pending.empty()) {
        return; // Who only works with the tables may make a guild in them.
    }
    as_owner([&] {
        const auto done = value_or_refuse(store::migrate(*db, store::built_in_migrations(), now));
        if (done.from != done.to && db->dialect().name == "postgres" && store::roles_exist(*db, {})) {
            store::install_row_security(*db, {}, {});
        }
    });
}

/// @throws refusal  a guild goes by this name already: neither would be found by it.
void refuse_second(store::database& database, const std::string& name, const std::string& shown) {
    engine::queries look(database);
    const auto there = guilds_named(look, name);
    if (!there.empty()) {
        throw refusal({errc::already_exists, fmt::format("{} has a guild {} already ({})", shown,
                                                         there.front().name, there.front().id.value())});
    }
}

/// Everything that can be refused, before anything is made. @throws refusal
exit_code rehearse(const common_options& common, const init_options& how, const std::string& shown) {
    if (store::is_postgres_url(common.db) || std::filesystem::exists(database_file(common.db))) {
        const auto database = open_existing(common);
        if (store::migration_status(*database->connect(), store::built_in_migrations()).pending.empty()) {
            refuse_second(*database, how.guild.name, shown);
        }
    }
    tell_rehearsed(common.json ? form::json : form::text,
                   fmt::format("make {} with the guild {} of {}", shown, how.guild.name, how.guild.owner));
    return exit_code::done;
}

/// An owner who has an id in a chat server: the guild lives there. @throws usage_error
void find_owner(init_options& how) {
    constexpr std::size_t shortest_id = 15; // The terminal's own numbers are short.
    if (how.owner_id.empty() && !how.sample && parse_id(how.guild.owner) &&
        how.guild.owner.size() >= shortest_id) {
        how.owner_id = how.guild.owner;
    }
    if (!how.owner_id.empty()) {
        const auto number = parse_id(how.owner_id);
        if (!number) {
            throw usage_error(
                fmt::format("--owner-id wants the number that the chat server gives the member, such as "
                            "123456789012345678; \"{}\" is none",
                            how.owner_id));
        }
        how.guild.owner_id = member_id{*number};
        how.guild.home = chat::home::own_server;
    }
}

void tell_next(const init_options& how, form as) {
    if (how.guild.home == chat::home::own_server) {
        tell(as, "Next: patt import members and roles, then say which role each rank gets and who may do "
                 "what: patt "
                 "settings set ranks.roles, policy.roles, channels.audit (docs/operations.md).");
    } else if (!how.sample) {
        tell(as, "It lives in the terminal (patt chat): the owner's number, roles and channels are made up. "
                 "A guild "
                 "with a server of its own is made with --owner-id.");
    }
}

/// All of it or nothing: whoever is stopped meanwhile begins again. @return what was made
record make(const common_options& common, const init_options& how, const std::string& shown) {
    const auto database = open_existing(common);
    one_transaction all(*database);
    refuse_second(*all.database(), how.guild.name, shown);
    const std::filesystem::path files = files_of(common.db);
    chat::world world(instant{}); // its clock begins with the first chat
    world.load(beside(files, ".chat.json"));
    engine::system_clock clock;
    engine::system_entropy entropy;
    no_chat silent;
    engine::options options;
    options.instance_key = instance_key(files, entropy);
    options.claims = 0;
    guild_id guild;
    {
        engine::engine engine(all.database(), {silent, clock, entropy}, options);
        guild = value_or_refuse(chat::make_guild(engine, world, how.guild));
    }
    record made{
        {"database", shown}, {"guild", id_text(guild)}, {"name", how.guild.name}, {"owner", how.guild.owner}};
    if (how.sample) {
        common_options meant = common;
        meant.guild = id_text(guild);
        host h(meant, all.database());
        const imported in =
            import_roster(h, {sample_directory() / "roster.json", sample_directory() / "profiles"});
        made.insert(made.end(), in.shown.begin(), in.shown.end());
    }
    if (how.guild.home == chat::home::terminal) {
        world.save(
            beside(files, ".chat.json")); // Before the guild is there, which could not be played without.
    }
    all.keep();
    return made;
}

exit_code init(const common_options& common, init_options how) {
    if (how.sample) {
        fill_in_sample(how.guild);
    }
    if (how.guild.name.empty() || how.guild.owner.empty()) {
        throw usage_error("init needs --guild NAME and --owner NAME (or --sample)");
    }
    find_owner(how);
    how.guild = value_or_refuse(chat::checked(std::move(how.guild)));
    const std::string shown = shown_database(common.db);
    if (common.dry_run) {
        return rehearse(common, how, shown);
    }
    migrate(*open_existing(common, missing::make, server_use::migrate), engine::system_clock().now());
    const form as = common.json ? form::json : form::text;
    print(make(common, how, shown), as);
    tell_next(how, as);
    return exit_code::done;
}

} // namespace

void add_init(program& p) {
    auto how = std::make_shared<init_options>();
    CLI::App* init_app =
        subcommand(p.app, "init", "Make a database with a guild, its owner and the usual rank map",
                   "patt init --guild \"Pull All The Things\" --owner odile --owner-id 123456789012345678 "
                   "--realm Senjin\n"
                   "  patt init --sample");
    init_app->add_option("--owner", how->guild.owner,
                         "The guild's owner and first officer, by name or member id");
    CLI::Option* id = init_app->add_option(
        "--owner-id", how->owner_id,
        "The owner's id in the guild's own chat server; without it the guild lives in the terminal");
    init_app->add_option("--realm", how->guild.realm, "The realm of characters named without one");
    init_app
        ->add_flag("--sample", how->sample,
                   "The bundled sample guild with its roster, everything switched on")
        ->excludes(id);
    init_app->callback([&p, how] {
        p.chosen = [&p, how] {
            how->guild.name = p.common.guild;
            return init(p.common, *how);
        };
    });
}

} // namespace patt::cli
