#!/usr/bin/env python3
"""Runs what docs/operations.md tells an operator of PostgreSQL to type, in its order, and reads its configuration.

check_operations.py PATT OPERATIONS.md, beside a server: with_postgres sets PATT_TEST_DB_1. Blocks of ```sh are run
line by line, names of machines replaced by the test's; ```ini of postgresql.conf is put to the server, that of
pgbouncer.ini starts a PgBouncer; ```sql is what these commands do, to be read. --self-test shows that a wrong command is found.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

EXPECTED = ["createdb", "psql", "pg_dump", "pg_restore", "pg_basebackup", "patt migrate", "patt doctor"]


def blocks(text, chapters=("## PostgreSQL", "## After an update")):
    """(language, lines) of each fenced block of the chapters, in the order in which they are to be run."""
    found = []
    for chapter in re.split(r"(?m)^(?=## )", text):
        if chapter.startswith(chapters):
            for language, body in re.findall(r"(?ms)^```(\w+)\n(.*?)^```", chapter):
                found.append((chapter.startswith("## After"), language, body))
    return [(language, body) for _, language, body in sorted(found, key=lambda b: b[0])]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Place:
    """The server, a folder, and the names that the document has for them."""

    def __init__(self, patt, folder):
        url = os.environ["PATT_TEST_DB_1"]
        user, host, port = re.match(r"postgresql://(\w+)@([\w.]+):(\d+)/", url).groups()
        self.user, self.host, self.port, self.folder = user, host, int(port), pathlib.Path(folder)
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "patt").symlink_to(patt)
        self.environment = {**os.environ, "PGHOST": host, "PGPORT": port, "PGUSER": user,
                            "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
                            "DATABASE_URL": f"postgresql://patt_owner@{host}:{port}/patt"}
        self.bouncer_port, self.bouncer = free_port(), None

    def here(self, text):
        at = f"{self.host}:{self.port}"
        text = text.replace("db1.example,db2.example/patt?sslmode=verify-full", f"{at}/patt")
        text = text.replace("@localhost:6432/", f"@{self.host}:{self.bouncer_port}/")
        text = text.replace("@localhost/", f"@{at}/")
        return text.replace("//localhost/", f"//{self.user}@{at}/")

    def run(self, body):
        done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", self.here(body)], cwd=self.folder,
                              env=self.environment, capture_output=True, text=True, timeout=120)
        warned = done.returncode == 1 and "doctor" in body and not re.search(r"(?m)^ *fail", done.stdout)
        if done.returncode != 0 and not warned:
            raise SystemExit(f"operations.md: this does not work:\n{body}\n{done.stdout}{done.stderr}")
        return done.stdout

    def put_settings(self, body):
        for line in body.splitlines():
            if "=" in line:
                name, value = (part.strip() for part in line.split("=", 1))
                value = value.strip("'")
                self.run(f"psql --set ON_ERROR_STOP=1 --command \"ALTER SYSTEM SET {name} = '{value}'\""
                         f" --command 'ALTER SYSTEM RESET {name}' postgres")

    def start_bouncer(self, body):
        program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:" + os.environ["PATH"])
        if program is None:
            print("pgbouncer is not installed: its configuration is not tried")
            return False
        users, ini = self.folder / "users", self.folder / "pgbouncer.ini"
        users.write_text('"patt_run" ""\n')
        body = body.replace("port=5432", f"port={self.port}").replace("6432", str(self.bouncer_port))
        body = body.replace("/etc/pgbouncer/userlist.txt", str(users)).replace("scram-sha-256", "trust")
        ini.write_text(body + "unix_socket_dir =\n")
        for path in (self.folder, users, ini):
            path.chmod(0o755)
        as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        self.bouncer = subprocess.Popen([*as_other, program, str(ini)], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.bouncer_port), 1).close()
                return True
            except OSError:
                if self.bouncer.poll() is not None:
                    break
                time.sleep(0.05)
        raise SystemExit(f"operations.md: PgBouncer does not start with\n{body}\n{self.bouncer.stderr.read()}")


def play(place, text):
    """@return the commands that were run."""
    ran = []
    bounced = False
    for language, body in blocks(text):
        if language == "ini" and "pgbouncer" in body:
            bounced = place.start_bouncer(body)
        elif language == "sql":
            continue  # To be read: check_program.sh compares it with what is printed.
        elif language == "ini":
            place.put_settings(body)
        elif "6432" not in body or bounced:
            place.run(body)
            ran += [line for line in body.splitlines() if line]
    return ran


def check_copy(place):
    """What was restored is what was there, for the role that hosts log in with."""
    count = "psql --tuples-only --no-align --command 'SELECT COUNT(*) FROM patt.{}' {}"
    for table in ("schema_migration", "instance"):
        first, second = (place.run(count.format(table, name)).strip() for name in ("patt", "patt_again"))
        if first != second or first == "0":
            raise SystemExit(f"operations.md: {table} has {first} rows, its copy {second}")


def main(arguments):
    patt, document = arguments[0], pathlib.Path(arguments[1])
    text = document.read_text()
    if "--self-test" in arguments:
        text = text.replace("--locale C", "--lokale C")
    with tempfile.TemporaryDirectory() as folder:
        place = Place(os.path.abspath(patt), folder)
        try:
            ran = play(place, text)
            check_copy(place)
        finally:
            if place.bouncer is not None:
                place.bouncer.terminate()
                place.bouncer.wait()
            for name in ("patt", "patt_again"):
                subprocess.run(["dropdb", "--force", "--if-exists", name], env=place.environment, check=False)
    missing = [what for what in EXPECTED if not any(line.startswith(what) for line in ran)]
    if missing:
        raise SystemExit(f"operations.md: nothing was run of {', '.join(missing)}")
    print(f"{len(ran)} commands")


if __name__ == "__main__":
    if "--self-test" not in sys.argv:
        main(sys.argv[1:])
        sys.exit()
    try:
        main(sys.argv[1:])
    except SystemExit as found:
        sys.exit(0 if "--lokale" in str(found) else f"something else was found: {found}")
    sys.exit("a wrong command was not found")
