#!/usr/bin/python3
"""Guard: every public header compiles alone, twice in a row, without warnings, and with only include/ on the path.

`check_headers.py COMPILER...` looks at those that no source of the library includes first, with the first compiler: the
others were compiled alone, as far as what they need goes, by the build. With PATT_TEST_LONG set it looks at every header
with each compiler. `--self-test COMPILER` looks at planted headers.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

from guard import SOURCE, conclude
from project_files import project_files

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wsign-conversion", "-Wnon-virtual-dtor",
            "-Wold-style-cast", "-Wunused-function", "-Werror"]


def compile_alone(compiler, include, header):
    """What the compiler has to say, empty when all is well."""
    unit = f"#include <{header}>\n#include <{header}>\n"
    command = [compiler, "-std=c++20", "-fsyntax-only", *WARNINGS, "-I", include, "-x", "c++", "-"]
    run = subprocess.run(command, input=unit, capture_output=True, text=True, check=False)
    return "" if run.returncode == 0 else f"{header} with {os.path.basename(compiler)}:\n{run.stderr}"


def proven_by_build(root, files):
    """The headers that a source of the library includes before anything else."""
    proven = set()
    for name in files:
        if name.startswith("libpatt/") and name.endswith(".cpp"):
            with open(os.path.join(root, name), encoding="utf-8") as handle:
                first = re.search(r'^#include\s+[<"]([^>"]+)', handle.read(), re.MULTILINE)
            if first:
                proven.add(first.group(1))
    return proven


def check(root, compilers, everything=True):
    """(violations, how many compilations)."""
    files = list(project_files(root))
    headers = [name[len("include/"):] for name in files if name.startswith("include/") and name.endswith(".hpp")]
    if not everything:
        headers = sorted(set(headers) - proven_by_build(root, files))
    work = [(compiler, os.path.join(root, "include"), header) for compiler in compilers for header in headers]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = list(pool.map(lambda item: compile_alone(*item), work))
    return [text for text in said if text], len(work)


PLANTED = {
    "good.hpp": "#pragma once\n#include <string>\ninline std::string f() { return {}; }\n",
    "needs_another.hpp": "#pragma once\ninline std::string f() { return {}; }\n",
    "not_guarded.hpp": "struct twice {};\n",
    "warns.hpp": "#pragma once\ninline int f(long x) { return x; }\n",
    "private.hpp": "#pragma once\n#include \"engine/loop.hpp\"\n",
}
SOURCE_OF_GOOD = "#include <patt/good.hpp>\n#include <patt/warns.hpp>\n"


def self_test(compiler):
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "include", "patt"))
        for name, text in PLANTED.items():
            with open(os.path.join(root, "include", "patt", name), "w", encoding="utf-8") as handle:
                handle.write(text)
        os.makedirs(os.path.join(root, "libpatt"))
        with open(os.path.join(root, "libpatt", "good.cpp"), "w", encoding="utf-8") as handle:
            handle.write(SOURCE_OF_GOOD)
        found, of_all = check(root, [compiler])
        _, of_some = check(root, [compiler], everything=False)
    bad = sorted(text.split(" with ")[0] for text in found)
    if bad != sorted(f"patt/{name}" for name in PLANTED if name != "good.hpp"):
        sys.exit(f"headers: the planted headers were judged wrongly: {bad}")
    if of_some != of_all - 1:
        sys.exit(f"headers: {of_some} of {of_all} planted headers were looked at; a source includes one of them first")
    print(f"headers: all {len(bad)} planted violations were found")


if __name__ == "__main__":
    if sys.argv[1] == "--self-test":
        self_test(sys.argv[2])
    else:
        everything = bool(os.environ.get("PATT_TEST_LONG"))
        conclude("headers", *check(SOURCE, sys.argv[1:] if everything else sys.argv[1:2], everything))
