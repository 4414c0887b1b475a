#!/usr/bin/python3
"""Guard: the project speaks of itself alone.

No committed file names folders of the machine it was written on, or the host of a package registry or mirror (a
lockfile with them would only install on that machine's network). `--self-test` judges planted trees.
"""
import re
import sys

from guard import SOURCE, conclude, expect
from project_files import project_files, read_text

# Written so that no pattern matches its own text.
FORBIDDEN = {
    "a folder of the machine it was written on": re.compile(r"(?<![\w.$}/-])/(?:work|root|workspace)/[\w.]|/(?:home|Users)/(?!\$)[\w.]+/"),
    "a package registry or mirror": re.compile(
        r"\bregistry\.[a-z]\w*\.\w+|\b(?:artifactory|nexus|devpi|verdaccio|mirror)[\w-]*\.[a-z][\w.-]*\.[a-z]{2,}"
        r"|\b(?:files\.)?pythonhosted\.org|\bpypi\.org/simple|\bproxy\.golang\.org|\bindex\.crates\.io"
        r"|\bdeb\.debian\.org|//(?:localhost|127\.0\.0\.1|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+)(?::\d+)?/(?:npm|simple|debian)\b"),
    "a marker of unfinished work": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b"),
}


def check(root):
    violations = []
    for file in project_files(root):
        for number, line in enumerate(read_text(root, file).splitlines(), 1):
            for what, pattern in FORBIDDEN.items():
                found = pattern.search(line)
                if found:
                    violations.append(f"{file}:{number}: {what}: {found.group()}")
    return violations


def with_host(name):
    return '{"resolved": "https://%s/preact/-/preact-10.tgz"}\n' % name


CASES = [
    ({"README.md": "Run ./dev test. See /data/wow/guild and tests/" "work/x, $HOME/" "work/x; a frame/" "work/day.\n"
                   "POST http://localhost:8080/simulate; https://discord.com/developers/docs\n"}, []),
    ({"a.cpp": "// see /" "work/main/x\n"}, ["a folder"]),
    ({"docs/a.md": "x\ny `/" "root/.cache`\n"}, ["docs/a.md:2: a folder"]),
    ({"a.txt": "/" "home/somebody/patt\n"}, ["a folder"]),
    ({"package-lock.json": with_host("registry" ".npmjs.org")}, ["a package registry"]),
    ({"package-lock.json": with_host("npm" ".artifactory" ".example.com")}, ["a package registry"]),
    ({"package-lock.json": with_host("10" ".1.2.3:4873/npm")}, ["a package registry"]),
    ({"a.sh": "pip install -i https://pypi" ".org/simple x\n"}, ["a package registry"]),
    ({"a.cpp": "// TO" "DO: later\n"}, ["unfinished"]),
]

if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        expect("words", CASES, check)
    else:
        tree = sys.argv[1] if len(sys.argv) > 1 else SOURCE
        conclude("words", check(tree), len(project_files(tree)))
