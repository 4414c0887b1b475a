#!/usr/bin/python3
"""Guard: every public header compiles alone, twice in a row, without warnings, and with only include/ on the path.

`check_headers.py COMPILER...` looks at the project with the first compiler, and with each when PATT_TEST_LONG is set (the
sanitizers' build compiles every source with the second one anyway); `--self-test COMPILER` looks at planted headers.
"""
import concurrent.futures
import os
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


def check(root, compilers):
    """(violations, how many compilations)."""
    headers = [name[len("include/"):] for name in project_files(root) if name.startswith("include/") and name.endswith(".hpp")]
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


def self_test(compiler):
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "include", "patt"))
        for name, text in PLANTED.items():
            with open(os.path.join(root, "include", "patt", name), "w", encoding="utf-8") as handle:
                handle.write(text)
        found, _ = check(root, [compiler])
    bad = sorted(text.split(" with ")[0] for text in found)
    if bad != sorted(f"patt/{name}" for name in PLANTED if name != "good.hpp"):
        sys.exit(f"headers: the planted headers were judged wrongly: {bad}")
    print(f"headers: all {len(bad)} planted violations were found")


if __name__ == "__main__":
    if sys.argv[1] == "--self-test":
        self_test(sys.argv[2])
    else:
        compilers = sys.argv[1:] if os.environ.get("PATT_TEST_LONG") else sys.argv[1:2]
        conclude("headers", *check(SOURCE, compilers))
