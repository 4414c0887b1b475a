// patt export: a guild as a file.

#include "../guild_file.hpp"
#include "../open_database.hpp"
#include "../output.hpp"
#include "../progress.hpp"
#include "../select.hpp"
#include "commands.hpp"

#include <patt/engine/system.hpp>
#include <patt/store/transfer.hpp>

#include <fmt/core.h>

#include <memory>
#include <optional>

namespace patt::cli {

namespace {

exit_code write_guild(const common_options& common, const std::string& name) {
    const auto db = connect_current(common);
    const auto database = open_existing(common);
    engine::queries look(*database);
    const guild_id guild = value_or_refuse(select_guild(look, common.guild));
    std::optional<new_file> to;
    if (!common.dry_run) {
        to.emplace(name);
    }
    store::transfer_report report;
    {
        progress bar("Exporting");
        engine::system_clock clock;
        report = value_or_refuse(store::export_guild(
            *db, guild, clock.now(),
            [&](std::string_view line) {
                if (to) {
                    to->put(line);
                }
            },
            [&](std::int64_t done, std::int64_t total) { bar.show(done, total); }));
    }
    if (to) {
        to->finish();
    }
    const record said{{"guild", id_text(guild)},
                      {"name", report.name},
                      {"rows", report.rows},
                      {"schema", report.schema},
                      {"sha256", report.checksum}};
    const form as = common.json ? form::json : form::text;
    if (name == "-" && to) { // Standard output has the file.
        fmt::print(stderr, "{}", rendered(said, as));
    } else {
        print(said, as);
    }
    if (!to) {
        tell(as, "Nothing was written (--dry-run).");
    }
    return exit_code::done;
}

} // namespace

void add_export(program& p) {
    auto file = std::make_shared<std::string>();
    CLI::App* app =
        subcommand(p.app, "export",
                   "Write a guild to a file: to move it to another database, or as a backup that can "
                   "be read",
                   "patt export --guild \"Lantern Watch\" lantern-watch.jsonl");
    app->add_option("FILE", *file, "A new file; - writes to standard output")->required();
    app->callback([&p, file] { p.chosen = [&p, file] { return write_guild(p.common, *file); }; });
}

} // namespace patt::cli
