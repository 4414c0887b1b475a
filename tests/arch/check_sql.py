#!/usr/bin/python3
"""Guard: every statement that touches a guild's table names the guild.

The tables can be distributed by guild_id (a statement for one guild goes to one place) and row-level security has a
second opinion to compare with only while each statement says which guild it is for. So each text of SQL in the product
that reads or writes a tenant's table has `guild_id =`, `guild_id IN` or a join on it, an INSERT has guild_id among its
columns; or it stands in ACROSS with its reason. The tables are read from the migrations.

And a migration builds an index on a table that an earlier one made beside the hosts, who go on writing: in its PostgreSQL
file by CONCURRENTLY. `--self-test` judges planted trees.
"""
import re
import sys

from guard import SOURCE, conclude, expect
from project_files import project_files, read_text

# Instance-wide by design: they name no guild, or cannot know it yet.
INSTANCE_WIDE = {"dm_route", "host", "lease", "instance", "api_budget", "schema_migration"}

# Not the product: the simulation looks at all guilds at once to find what leaked from one to another.
LOOKS_AT_ALL = "libpatt/simulation/"

STORE = "libpatt/store/"
CLAIM = "work of all guilds is claimed by slot or by time; on Citus it runs once a shard, or over a ready-list"
LIST = "lists the guilds"
COUNT = "figures of the whole instance, for /metrics and doctor: read only, seldom"
# (file, beginning of the statement) -> reason. Only what works for all guilds at once.
ACROSS = {
    (STORE + "guild_repository.cpp", "SELECT guild_id, name, owner_member, settings_version, log_seq, log_hash, last_id, created_at FROM guild"): LIST,
    (STORE + "inbox_repository.cpp", "SELECT guild_id FROM member WHERE member_id = $1 AND present = 1"):
        "a direct message names no guild: where its sender is a member decides",
    (STORE + "outbox_repository.cpp", "SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE state = 2"): CLAIM,
    (STORE + "outbox_repository.cpp", "UPDATE outbox SET state = 2 WHERE state = 3 AND claimed_at <"): CLAIM,
    (STORE + "outbox_repository.cpp", "UPDATE outbox SET state = 2, not_before = $1 WHERE state = 3"): CLAIM,
    (STORE + "claim_repository.cpp", "WITH RECURSIVE ready (slot, guild_id, not_before) AS"): CLAIM,
    (STORE + "claim_repository.cpp", "UPDATE outbox SET attempts = attempts + 1, claimed_at = $1, claim_epoch = $2 WHERE state + 0 = 2 AND ("):
        "its condition follows the rows, put together at run time: it compares guild_id with theirs",
    (STORE + "timer_repository.cpp", "SELECT guild_id, owner_id, purpose, due_at, grace FROM timer WHERE due_at <= $1"): CLAIM,
    (STORE + "timer_repository.cpp", "SELECT due_at FROM timer "): CLAIM,
    ("libpatt/engine/health_read.cpp", "SELECT COUNT(*) FROM "): COUNT,
    ("libpatt/engine/health_read.cpp", "SELECT MIN("): COUNT,
}

STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|R"([a-z]*)\((.*?)\)\2"', re.S)
COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.S)
START = re.compile(r"\s*(?:WITH\b|SELECT\b|INSERT INTO\b|UPDATE\b|DELETE FROM\b)")
CREATE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) *\((.*?)\n\);", re.S)


def tenant_tables(root):
    """The tables of the migrations that have a guild_id and are not instance-wide."""
    tables = set()
    for name in project_files(root):
        if re.match(r"libpatt/store/migrations/.*\.sql$", name):
            for table, body in CREATE.findall(read_text(root, name)):
                if re.search(r"\bguild_id\b", body) and table not in INSTANCE_WIDE:
                    tables.add(table)
    return tables


def statements(text):
    """(line, SQL) of each text that begins like a statement; string literals that follow each other are one."""
    blank = COMMENT.sub(lambda m: m.group() if m.group().startswith('"') else " " * len(m.group()), text)
    found, parts, start, end = [], [], 0, None
    for match in STRING.finditer(blank):
        piece = match.group(1) if match.group(1) is not None else match.group(3)
        if end is not None and blank[end:match.start()].strip() == "":
            parts.append(piece)
        else:
            if parts:
                found.append((start, "".join(parts)))
            parts, start = [piece], blank.count("\n", 0, match.start()) + 1
        end = match.end()
    if parts:
        found.append((start, "".join(parts)))
    return [(line, re.sub(r"\s+", " ", sql).strip()) for line, sql in found if START.match(sql)]


def names_guild(sql):
    insert = re.match(r"INSERT INTO \w+ ?\(([^)]*)\)", sql)
    if insert:
        return re.search(r"\bguild_id\b", insert.group(1)) is not None
    condition = sql[sql.find(" WHERE "):] if " WHERE " in sql else ""
    joined = " ".join(re.findall(r" (?:ON|USING) ?\(?[^)]*", sql))
    return re.search(r"\bguild_id\)? (?:=|IN\b)|\(guild_id,[^)]*\) (?:=|IN\b)", condition + joined) is not None


MIGRATION = re.compile(r"libpatt/store/migrations/(\d+)_.*\.sql$")
INDEX = re.compile(r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(CONCURRENTLY\s+)?(?:IF NOT EXISTS\s+)?(\w+)\s+ON\s+(?:ONLY\s+)?(\w+)", re.I)
BEFORE_HOSTS_WENT_ON = 5 # Up to here the steps were written for hosts that stand still.


def blocking_indexes(root):
    """Of PostgreSQL: those that make the writers of an older table wait."""
    violations, older, made = [], set(), set()
    number = None
    for name in sorted(n for n in project_files(root) if MIGRATION.match(n)):
        if name.endswith(".sqlite.sql"):
            continue
        if MIGRATION.match(name).group(1) != number:
            number = MIGRATION.match(name).group(1)
            older |= made
            made = set()
        text = re.sub(r"--[^\n]*", "", read_text(root, name))
        made |= {table for table, _ in CREATE.findall(text)}
        for concurrently, index, table in INDEX.findall(text):
            if int(number) > BEFORE_HOSTS_WENT_ON and table in older and not concurrently:
                violations.append(f"{name}: {index} is not built CONCURRENTLY, so whoever writes to {table} waits for it")
    return violations


def check(root, across=None):
    across = ACROSS if across is None else across
    tables = tenant_tables(root)
    touches = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE) (%s)\b" % "|".join(sorted(tables) or ["-"]))
    violations = blocking_indexes(root)
    for name in project_files(root):
        if not re.match(r"(?:libpatt|apps)/.*\.[ch]pp$", name) or name.startswith(LOOKS_AT_ALL):
            continue
        for line, sql in statements(read_text(root, name)):
            table = touches.search(sql)
            if not table or names_guild(sql):
                continue
            if not any(file == name and sql.startswith(start) for file, start in across):
                violations.append(f"{name}:{line}: names no guild for {table.group(1)}: {sql[:160]}")
    return violations


TABLE = "CREATE TABLE thing (\n    guild_id BIGINT NOT NULL,\n    n BIGINT\n);\nCREATE TABLE host (\n    n BIGINT\n);\n"


def planted(code):
    return {"libpatt/store/migrations/0001_x.sql": TABLE, "libpatt/store/x.cpp": code}


def later(number, sql):
    return {"libpatt/store/migrations/0001_x.sql": TABLE, f"libpatt/store/migrations/{number}.sql": sql}


CASES = [
    (later("0006_y.postgres", "CREATE INDEX CONCURRENTLY thing_n ON thing (guild_id, n);\n"), []),
    (later("0006_y.sqlite", "CREATE INDEX thing_n ON thing (guild_id, n);\n"), []),
    (later("0006_y", TABLE.replace("thing", "other").replace("host", "more") + "CREATE INDEX other_n ON other (n);\n"), []),
    (later("0005_y", "CREATE INDEX thing_n ON thing (n);\n"), []),
    (later("0006_y.postgres", "CREATE UNIQUE INDEX thing_n\n ON thing (guild_id, n);\n"), ["thing_n is not built CONCURRENTLY"]),
    (later("0007_y", "-- Both databases.\ncreate index if not exists thing_n on thing (n);\n"), ["writes to thing waits"]),
    (planted('a("SELECT n FROM thing WHERE guild_id = $1 AND n = $2"); b("UPDATE thing SET n = 1"\n" WHERE guild_id IN ($1)");\n'
             'c("INSERT INTO thing (guild_id, n) VALUES ($1, $2)"); d("SELECT n FROM host"); e("FROM thing, with love");\n'
             '// "SELECT n FROM thing"\n'), []),
    (planted('a("SELECT n FROM thing WHERE n = $1");\n'), ["x.cpp:1: names no guild for thing"]),
    (planted('\na("UPDATE thing SET guild_id = $1");\n'), ["x.cpp:2: names no guild"]),
    (planted('a("DELETE FROM thing"\n  " WHERE n < $1");\n'), ["DELETE FROM thing WHERE n"]),
    (planted('a("INSERT INTO thing (n) VALUES ($1)");\n'), ["INSERT"]),
    (planted('a("SELECT guild_id, n FROM thing ORDER BY guild_id");\n'), ["ORDER BY"]),
    (planted('a("SELECT guild_id FROM thing ORDER BY guild_id"); b("SELECT guild_id, n FROM thing");\n'), ["guild_id, n FROM"]),
    (planted('a("WITH t AS (SELECT n FROM thing) SELECT n FROM t");\n'), ["WITH"]),
]

if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        expect("sql", CASES, lambda root: check(root, {("libpatt/store/x.cpp", "SELECT guild_id FROM thing"): "planted"}))
    else:
        tree = sys.argv[1] if len(sys.argv) > 1 else SOURCE
        seen = sum(len(statements(read_text(tree, n))) for n in project_files(tree) if n.startswith("libpatt/") and n.endswith(".cpp"))
        conclude("sql", check(tree), seen if tenant_tables(tree) else 0)
