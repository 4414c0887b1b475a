#include "options.hpp"

#include "exit_code.hpp"

#include <patt/store/postgres.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cstdlib>

namespace patt::cli {

void add_common_options(CLI::App& app, common_options& into) {
    if (const char* url = std::getenv("DATABASE_URL"); url != nullptr && *url != '\0') {
        into.db = url;
    }
    app.add_option("--db", into.db,
                   "The database, as sqlite:FILE or postgresql://USER@HOST/NAME (default: DATABASE_URL, else "
                   "sqlite:patt.db)");
    app.add_option("--guild", into.guild, "The guild, by id or name (default: the only one)");
    app.add_flag("--json", into.json, "Machine-readable output");
    app.add_flag("--dry-run", into.dry_run, "Say what would be done and do nothing");
    app.add_flag("--yes", into.yes, "Confirm what asks to be confirmed");
}

std::filesystem::path files_of(const std::string& db) {
    return store::is_postgres_url(db) ? "patt" : database_file(db);
}

std::string shown_database(const std::string& db) {
    return store::is_postgres_url(db) ? "postgresql://…" : database_file(db).string();
}

std::filesystem::path database_file(const std::string& db) {
    constexpr std::string_view sqlite = "sqlite:";
    if (db.starts_with(sqlite)) {
        std::string_view file = std::string_view(db).substr(sqlite.size());
        if (file.starts_with("///")) {
            file.remove_prefix(2); // sqlite:///var/lib/patt.db, as other programs write it
        }
        if (file.empty()) {
            throw usage_error("--db sqlite: needs a file, for example --db sqlite:patt.db");
        }
        return file;
    }
    if (const auto colon = db.find("://"); colon != std::string::npos) {
        throw usage_error(
            fmt::format("\"{}\" is no database that PATT can open. Use --db sqlite:FILE or --db "
                        "postgresql://USER@HOST/NAME, or set DATABASE_URL",
                        db.substr(0, colon + 3) + "…"));
    }
    return db;
}

} // namespace patt::cli
