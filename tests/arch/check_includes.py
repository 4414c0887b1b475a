#!/usr/bin/python3
"""Guard: includes follow the arrows.

    apps -> adapters -> engine -> {core, store};  store -> core;  core -> nothing

Adapters do not know each other, public headers include only the standard library and PATT, Asio, Beast and the
databases' headers stay where they belong. `check_includes.py` looks at the project, `--self-test` at planted trees.
"""
import os
import posixpath
import re
import sys

from guard import SOURCE, conclude, expect
from project_files import cpp_files, read_text

CORE_ROOMS = {"text", "budget", "log", "decision", "policy", "identity", "onboarding", "provisioning", "integrity", "profile", "events"}
ADAPTERS = {"discord", "blizzard", "addon", "mail", "http"}

# layer -> layers it may include besides itself.
ARROWS = {
    "core": set(),
    "store": {"core"},
    "engine": {"core", "store"},
    "testing": {"core", "store", "engine"},
    "simulation": {"core", "store", "engine", "testing"},
    **{adapter: {"core", "engine"} for adapter in ADAPTERS},
    "c": {"core", "store", "engine", *ADAPTERS},
    "apps": {"core", "store", "engine", "testing", "simulation", "c", *ADAPTERS},
    "examples": {"core", "store", "engine", "testing", "simulation", "c", *ADAPTERS},
}

# What the core may use besides the standard library: pure functions over memory.
CORE_LIBRARIES = re.compile(r"fmt/(core|format|ranges)\.h$|openssl/(evp|hmac|sha|crypto|core_names|params)\.h$")
CORE_TEXT_LIBRARIES = re.compile(r"unicode/[a-z]+\.h$")
IMPURE_STANDARD = {
    "thread", "mutex", "shared_mutex", "condition_variable", "future", "atomic", "semaphore", "latch", "barrier",
    "stop_token", "fstream", "iostream", "istream", "ostream", "syncstream", "filesystem", "cstdio", "random", "ctime",
    "csignal", "locale", "clocale", "coroutine",
}
# (file, header) -> reason: what one file of the core may use on top.
CORE_FILES = {
    ("libpatt/core/onboarding/flow_parser.cpp", "boost/json.hpp"): "a flow is a JSON document of PATT's own; memory only",
}
STANDARD = re.compile(r"[a-z_0-9]+$")

# Headers that only these folders may include.
PLACES = [
    (re.compile(r"sqlite3\.h$"), ("libpatt/store/sqlite/", "tests/", "libpatt/testing/")),
    (re.compile(r"(libpq-fe|postgresql/.*)\.h$"), ("libpatt/store/postgres/", "tests/")),
    (re.compile(r"boost/(asio|beast)\b"), ("libpatt/discord/net/", "libpatt/http/", "libpatt/blizzard/", "apps/", "tests/")),
]
HEAVY = re.compile(r"boost/(asio|beast)\b")
HEAVY_LIMIT = 12  # files that see Asio or Beast: their number decides the build time
WEBSOCKET = re.compile(r"boost/beast/websocket")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]', re.M)


def layer_of(path):
    """The layer a file belongs to, or None for what no arrow is drawn for (tests)."""
    parts = path.split("/")
    if parts[0] in ("apps", "examples"):
        return parts[0]
    if parts[:2] == ["include", "patt"] or parts[0] == "libpatt":
        inner = parts[2:] if parts[0] == "include" else parts[1:]
        room = inner[0] if len(inner) > 1 else ""
        if parts[0] == "include" and not room:
            stem = posixpath.splitext(inner[0])[0]
            return stem if stem in ARROWS else "core"
        return "core" if room == "core" or room in CORE_ROOMS else room
    return None


def resolve(file, quote, target, known):
    """The project file that an include means; None for a library's header."""
    if target.startswith("patt/"):
        return "include/" + target
    if quote == '"':
        near = posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
        candidates = [near, "libpatt/" + target, "tests/" + target]
        return next((name for name in candidates if name in known), near if target.startswith(".") or "/" not in target else "libpatt/" + target)
    return None


def library_violation(file, layer, target):
    """Why this file may not include this library header, or None."""
    for pattern, places in PLACES:
        if pattern.match(target) and not file.startswith(places):
            return f"only {', '.join(places)} may include <{target}>"
    if file.startswith("include/") and not STANDARD.match(target):
        return f"public headers include only the standard library and PATT, not <{target}>"
    if layer == "core":
        if target in IMPURE_STANDARD:
            return f"core is pure and does not include <{target}>"
        if (file, target) in CORE_FILES:
            return None
        text_room = file.startswith(("libpatt/core/text/", "include/patt/text/"))
        allowed = STANDARD.match(target) or CORE_LIBRARIES.match(target) or (text_room and CORE_TEXT_LIBRARIES.match(target))
        if not allowed:
            return f"core does not use <{target}>"
    return None


def project_violation(file, layer, target_file):
    """Why this file may not include that file of the project, or None."""
    if file.startswith("include/") and not target_file.startswith("include/"):
        return f"a public header includes the private {target_file}"
    if layer == "examples" and not target_file.startswith(("include/", "examples/")):
        return f"an example includes the private {target_file}"
    target_layer = layer_of(target_file)
    if target_layer is None:
        return f"the product includes {target_file}, which is for tests"
    if layer != target_layer and target_layer not in ARROWS.get(layer, set()):
        return f"{layer} does not know {target_layer} (<{target_file}>)"
    return None


def check(root):
    files = cpp_files(root)
    known = set(files)
    violations = []
    heavy = set()
    websocket = set()
    for file in files:
        layer = layer_of(file)
        if layer is not None and layer not in ARROWS:
            violations.append(f"{file}: no layer named '{layer}': add its arrows to check_includes.py")
            continue
        for quote, target in INCLUDE.findall(read_text(root, file)):
            if HEAVY.match(target):
                heavy.add(file)
            if WEBSOCKET.match(target):
                websocket.add(file)
            if layer is None:
                continue
            target_file = resolve(file, quote, target, known)
            why = project_violation(file, layer, target_file) if target_file else library_violation(file, layer, target)
            if why:
                violations.append(f"{file}: {why}")
    if len(heavy) > HEAVY_LIMIT:
        violations.append(f"{len(heavy)} files see Asio or Beast, at most {HEAVY_LIMIT} may: {', '.join(sorted(heavy))}")
    if len(websocket) > 1:
        violations.append(f"only one file may see Beast's WebSocket: {', '.join(sorted(websocket))}")
    return violations


CASES = [
    ({"libpatt/core/text/key.cpp": "#include <patt/text/key.hpp>\n#include <string>\n#include <fmt/format.h>\n"
                                   "#include <unicode/msgfmt.h>\n#include \"core/identity/x.hpp\"\n",
      "libpatt/engine/run.cpp": "#include <patt/store/db.hpp>\n#include \"core/identity/x.hpp\"\n#include <thread>\n",
      "libpatt/store/sqlite/driver.cpp": "#include <sqlite3.h>\n#include <patt/ids.hpp>\n",
      "apps/patt/main.cpp": "#include <patt/blizzard/roster.hpp>\n#include <patt/discord/bot.hpp>\n",
      "tests/unit/text/key_test.cpp": "#include <gtest/gtest.h>\n#include \"store/sqlite/driver.hpp\"\n"}, []),
    ({"libpatt/core/text/key.cpp": "#include <patt/store/db.hpp>\n"}, ["core does not know store"]),
    ({"libpatt/core/text/key.cpp": "  #  include \"../../engine/loop.hpp\"\n"}, ["core does not know engine"]),
    ({"libpatt/core/identity/match.cpp": "#include <thread>\n#include <sqlite3.h>\n#include <sys/socket.h>\n"},
     ["pure.*thread", "sqlite3", "sys/socket"]),
    ({"libpatt/core/identity/match.cpp": "#include <unicode/msgfmt.h>\n"}, ["unicode/msgfmt"]),
    ({"libpatt/core/policy/decide.cpp": "#include <boost/json.hpp>\n#include <openssl/rand.h>\n"}, ["boost/json", "rand"]),
    ({"libpatt/store/guilds.cpp": "#include <patt/engine/command.hpp>\n"}, ["store does not know engine"]),
    ({"libpatt/store/guilds.cpp": "#include <sqlite3.h>\n"}, ["only libpatt/store/sqlite"]),
    ({"libpatt/discord/net/x.cpp": "#include <patt/blizzard/roster.hpp>\n"}, ["discord does not know blizzard"]),
    ({"libpatt/blizzard/x.cpp": "#include <patt/store/db.hpp>\n"}, ["blizzard does not know store"]),
    ({"libpatt/engine/x.cpp": "#include \"discord/proto/limits.hpp\"\n"}, ["engine does not know discord"]),
    ({"include/patt/engine/x.hpp": "#include <boost/asio.hpp>\n"}, ["may include <boost/asio"]),
    ({"include/patt/engine/x.hpp": "#include <boost/json.hpp>\n"}, ["public headers"]),
    ({"include/patt/engine/x.hpp": "#include \"engine/loop.hpp\"\n", "libpatt/engine/loop.hpp": ""}, ["private"]),
    ({"examples/embed/main.cpp": "#include \"engine/loop.hpp\"\n", "libpatt/engine/loop.hpp": ""}, ["an example"]),
    ({"apps/patt/main.cpp": "#include \"unit/helper.hpp\"\n", "tests/unit/helper.hpp": ""}, ["for tests"]),
    ({"libpatt/attic/x.cpp": "\n"}, ["no layer named 'attic'"]),
    ({"libpatt/discord/net/a.cpp": "#include <boost/beast/websocket.hpp>\n",
      "libpatt/http/b.cpp": "#include <boost/beast/websocket/ssl.hpp>\n"}, ["only one file"]),
    ({f"libpatt/http/{n}.cpp": "#include <boost/asio.hpp>\n" for n in range(13)}, ["13 files see Asio"]),
]

if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        expect("includes", CASES, check)
    else:
        tree = sys.argv[1] if len(sys.argv) > 1 else SOURCE
        conclude("includes", check(tree), len(cpp_files(tree)))
