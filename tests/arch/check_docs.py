#!/usr/bin/python3
"""Guard: the documents speak of what is there.

Every path in backticks in README.md, CONTRIBUTING.md and docs/ exists, every link to a file too; and docs/seeds.md has
a row for each heading of each seed document. The seeds lie beside the project (../shared/seeds); where they do not,
their part says so and the paths are still checked. `--self-test` judges planted trees.
"""
import os
import posixpath
import re
import sys

from guard import SOURCE, conclude, expect
from project_files import project_files, read_text

SEEDS = "../shared/seeds"
PATH = re.compile(r"`((?:\./)?(?:include|libpatt|apps|tests|examples|tools|cmake|docs|bindings|\.ci)/[\w./*-]*)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def documents(root):
    return [name for name in project_files(root) if name in ("README.md", "CONTRIBUTING.md") or re.match(r"docs/.*\.md$", name)]


def missing_paths(root):
    """Paths and links of the documents that lead nowhere; `x_*.cpp` must match something."""
    known = project_files(root)
    folders = {posixpath.dirname(name) for name in known}
    folders |= {"/".join(folder.split("/")[:depth]) for folder in list(folders) for depth in range(1, folder.count("/") + 2)}
    violations = []
    for document in documents(root):
        text = read_text(root, document)
        wanted = [path.removeprefix("./").rstrip("/") for path in PATH.findall(text)]
        wanted += [posixpath.normpath(posixpath.join(posixpath.dirname(document), link)) for link in LINK.findall(text)]
        for path in sorted(path for path in set(wanted) if "NNNN" not in path):  # NNNN: a pattern for numbered files
            pattern = re.compile(re.escape(path).replace(r"\*", "[^/]*") + "$")
            if not any(pattern.match(name) for name in known) and not any(pattern.match(name) for name in folders):
                violations.append(f"{document}: there is no {path}")
    return violations


def headings(text):
    """The headings of a Markdown text, without those that are comments in code blocks."""
    found, in_code = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        match = re.match(r"#{1,6} +(.*)", line)
        if match and not in_code:
            found.append(plain(match.group(1)))
    return found


def plain(heading):
    """Without emphasis and without a status mark behind it."""
    return re.sub(r"\s*[✅🔴].*$", "", heading.replace("**", "")).strip()


def missing_rows(root, seeds):
    """Headings of the seeds that have no row in their part of docs/seeds.md."""
    parts = re.split(r"^## (S\d):", read_text(root, "docs/seeds.md"), flags=re.M)
    violations = []
    for file in sorted(os.listdir(seeds)):
        seed = file.split("-")[0]
        rows = parts[parts.index(seed) + 1] if seed in parts else ""
        titles = {plain(row.split(" | ")[0].strip("| ")) for row in rows.splitlines() if row.startswith("|")}
        violations += [f"docs/seeds.md: {seed} has no row for '{heading}'"
                       for heading in headings(read_text(seeds, file)) if heading not in titles]
    return violations


def check(root):
    violations = missing_paths(root)
    seeds = os.path.join(root, SEEDS)
    if not os.path.isdir(seeds) and root != SOURCE:
        seeds = os.path.join(root, "seeds_for_test")
    if os.path.isdir(seeds):
        violations += missing_rows(root, seeds)
    elif root == SOURCE:
        print(f"skipped: the seed documents are not in {SEEDS}")
    return violations


ROWS = "## S0: one\n| section | where |\n|---|---|\n| One | x |\n| 2. Two | y |\n"
SEED = "# One\n```\n# a comment\n```\n### **2. Two** ✅ *DONE*\n"
CASES = [
    ({"README.md": "See `libpatt/core`, `libpatt/core/a_*.cpp` and [this](docs/a.md#x), <https://x.org>.\n",
      "docs/a.md": "Back to [it](../README.md).\n", "libpatt/core/a_b.cpp": ""}, []),
    ({"README.md": "See `libpatt/gone` and `tests/gone.cpp`.\n"}, ["no libpatt/gone", "no tests/gone.cpp"]),
    ({"docs/a.md": "See [it](README.md).\n", "README.md": ""}, ["no docs/README.md"]),
    ({"docs/seeds.md": ROWS, "seeds_for_test/S0-x.md": SEED}, []),
    ({"docs/seeds.md": ROWS, "seeds_for_test/S0-x.md": SEED + "## Three\n"}, ["no row for 'Three'"]),
    ({"docs/seeds.md": ROWS, "seeds_for_test/S1-x.md": "# One\n"}, ["S1 has no row for 'One'"]),
]

if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        expect("docs", CASES, check)
    else:
        conclude("docs", check(SOURCE), len(documents(SOURCE)))
