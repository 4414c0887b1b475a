// patt backup: a copy of an SQLite database while it is in use.

#include "../exit_code.hpp"
#include "../host.hpp"
#include "../interrupted.hpp"
#include "../open_database.hpp"
#include "../output.hpp"
#include "commands.hpp"

#include <patt/store/postgres.hpp>
#include <patt/store/sqlite.hpp>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <memory>
#include <system_error>

namespace patt::cli {

namespace {

namespace fs = std::filesystem;

/// Removes what was not finished.
class unfinished {
public:
    explicit unfinished(fs::path file)
        : file_(std::move(file))
        , guard_(file_) {}
    unfinished(const unfinished&) = delete;
    unfinished& operator=(const unfinished&) = delete;
    ~unfinished() {
        std::error_code ignored;
        for (const char* ending : {"", "-wal", "-shm"}) {
            fs::remove(file_.string() + ending, ignored);
        }
    }
    [[nodiscard]] const fs::path& file() const noexcept { return file_; }

private:
    fs::path file_;
    removed_when_interrupted guard_;
};

/// An empty file that only its owner may read: SQLite would make one that others may.
void make_private(const fs::path& file) {
    const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (made < 0) {
        throw failure(
            fmt::format("{} cannot be made: {}", file.string(), std::generic_category().message(errno)));
    }
    ::close(made);
}

void write_through(const fs::path& file) {
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool good = opened >= 0 && ::fsync(opened) == 0;
    if (opened >= 0) {
        ::close(opened);
    }
    if (!good) {
        throw failure(
            fmt::format("{} cannot be written: {}", file.string(), std::generic_category().message(errno)));
    }
}

/// What SQLite says of the copy: "ok", or what is wrong with it.
std::string examined(const fs::path& file) {
    const auto db = store::open_sqlite(file)->connect();
    std::string said;
    const store::cursor rows = db->query("PRAGMA integrity_check");
    while (rows->next()) {
        said += (said.empty() ? "" : "; ") + std::string(rows->text(0));
    }
    return said;
}

exit_code copy_database(const common_options& common, const fs::path& to) {
    if (store::is_postgres_url(common.db)) {
        throw refusal(
            {errc::wrong_state,
             "patt backup copies SQLite files. For a PostgreSQL server use pg_dump --format custom --file "
             "patt.dump, or pg_basebackup for all of it; patt export writes one guild as text"});
    }
    if (to.empty()) {
        throw usage_error("patt backup wants the name of a new file, for example backups/monday.db");
    }
    const fs::path from = database_file(common.db);
    const auto db = open_existing(common)->connect();
    if (fs::exists(to)) {
        throw refusal(
            {errc::already_exists,
             fmt::format("{} is there already; it is not overwritten. Give another name", to.string())});
    }
    const form as = common.json ? form::json : form::text;
    if (common.dry_run) {
        tell_rehearsed(as, fmt::format("copy {} to {}", from.string(), to.string()));
        return exit_code::done;
    }
    const unfinished copy(to.string() + ".partial");
    make_private(copy.file());
    // One read transaction: writers go on, and the copy is of one moment.
    db->run("VACUUM INTO $1", {std::string_view{copy.file().native()}});
    const std::string said = examined(copy.file());
    if (said != "ok") {
        throw failure(fmt::format(
            "the copy is damaged and was removed ({}); look at the database with patt doctor", said));
    }
    write_through(copy.file());
    const auto bytes = static_cast<std::int64_t>(fs::file_size(copy.file()));
    fs::create_hard_link(copy.file(), to); // Refuses to take the place of a file that appeared meanwhile.
    print(record{{"copy", to.string()}, {"bytes", bytes}, {"examined", said}}, as);
    if (const fs::path key = beside(from, ".key"); fs::exists(key)) {
        tell(as, fmt::format(
                     "Keep {} with it: without the key, invite codes that were sent are not valid any more.",
                     key.string()));
    }
    return exit_code::done;
}

} // namespace

void add_backup(program& p) {
    auto file = std::make_shared<std::string>();
    CLI::App* app =
        subcommand(p.app, "backup", "Copy an SQLite database while it is in use, and examine the copy",
                   "patt backup --db sqlite:patt.db backups/monday.db");
    app->add_option("FILE", *file, "A new file")->required();
    app->callback([&p, file] { p.chosen = [&p, file] { return copy_database(p.common, *file); }; });
}

} // namespace patt::cli
