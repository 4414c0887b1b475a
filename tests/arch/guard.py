"""What all guards share: where things are, how a violation is told, how a guard shows that it can fail."""
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tools"))


def conclude(name, violations, looked_at):
    """Prints every violation and ends with 1 when there is one, or when nothing was looked at."""
    for text in violations:
        print(text)
    if not looked_at:
        sys.exit(f"{name}: nothing was looked at")
    if violations:
        sys.exit(f"{name}: {len(violations)} violations")
    print(f"{name}: {looked_at} looked at, no violation")


def expect(name, cases, check):
    """The self-test. Each case is (files, words): a planted tree {path: text}, and for each violation that must be
    found a word of its message. No more and no fewer may be found; a case without words must be clean."""
    for number, (files, words) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as handle:
                    handle.write(text)
            found = check(root)
        missing = [word for word in words if not any(re.search(word, text) for text in found)]
        if missing or len(found) != len(words):
            sys.exit(f"{name}: case {number}: expected {words}, found {found}")
    print(f"{name}: all {len(cases)} planted cases were judged rightly")
