// patt import guild: a file as a guild.

#include "../guild_file.hpp"
#include "../open_database.hpp"
#include "../output.hpp"
#include "../progress.hpp"
#include "commands.hpp"

#include <patt/engine/queries.hpp>
#include <patt/store/transfer.hpp>

#include <memory>

namespace patt::cli {

namespace {

store::import_options how(const common_options& common, bool replace) {
    if (replace && !common.yes && !common.dry_run) {
        throw refusal(
            {errc::confirm_first,
             "--replace deletes everything that the database has of this guild and puts the file in its "
             "place. Stop the hosts, then add --yes"});
    }
    return {replace ? store::existing_guild::replace : store::existing_guild::refuse,
            common.dry_run ? store::import_mode::rehearse : store::import_mode::keep};
}

exit_code read_guild(const common_options& common, const std::string& name, bool replace) {
    const store::import_options options = how(common, replace);
    const auto db = connect_current(common);
    line_reader file(name);
    store::transfer_report report;
    {
        progress bar("Importing");
        const auto next = [&] {
            bar.show(file.bytes_read(), file.bytes_in_all());
            return file.next();
        };
        report = value_or_refuse(store::import_guild(*db, next, options));
    }
    const form as = common.json ? form::json : form::text;
    record said{{"guild", id_text(report.guild)},
                {"name", report.name},
                {"rows", report.rows},
                {"schema", report.schema},
                {"sha256", report.checksum}};
    bool good = true;
    if (!common.dry_run) {
        const auto database = open_existing(common);
        engine::queries look(*database);
        const log::report log = look.verify_log(report.guild, std::nullopt);
        good = !log.first;
        said.emplace_back("event_log", good ? "as it was written" : log.first->sentence);
    }
    print(said, as);
    if (common.dry_run) {
        tell(as, "Nothing was written (--dry-run).");
    }
    return good ? exit_code::done : exit_code::failed;
}

} // namespace

void add_import_guild(CLI::App& import, program& p) {
    auto file = std::make_shared<std::string>();
    auto replace = std::make_shared<bool>(false);
    CLI::App* guild =
        subcommand(import, "guild", "Bring in a guild that patt export wrote, all of it or nothing",
                   "patt import guild lantern-watch.jsonl --db sqlite:other.db");
    guild->add_option("FILE", *file, "The file; - reads standard input")->required();
    guild->add_flag("--replace", *replace,
                    "Delete the guild that is there first (wants --yes; stop the hosts before)");
    guild->callback([&p, file, replace] {
        p.chosen = [&p, file, replace] { return read_guild(p.common, *file, *replace); };
    });
}

} // namespace patt::cli
