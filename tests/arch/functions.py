"""Finds the functions of a C++ file and their length, by braces. Not a parser: good enough for formatted code."""
import re

SKIP = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\s\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z])\'(?:\\.|[^\'\\\n])+\''
    r"|^[ \t]*#(?:\\\n|[^\n])*", re.S | re.M)
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
NAME = re.compile(r"(operator\s*[^\s\w(]+|~?[\w:]*\w)\s*(?:<[^()]*>)?\s*\(")


def blank(text):
    """Comments, strings and preprocessor lines become spaces; line breaks stay."""
    return SKIP.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


def name_of(header):
    """What a function is called; a test by its macro and arguments."""
    test = re.match(r"\s*((?:TYPED_)?TEST(?:_[PF])?|BENCHMARK\w*)\s*\(([^)]*)\)", header)
    if test:
        return f"{test.group(1)}({' '.join(test.group(2).split())})".replace(" ", "")
    found = NAME.search(re.sub(r"\[\[.*?\]\]|\b(?:alignas|decltype|noexcept|requires|explicit)\s*\([^()]*\)", " ", header))
    return found.group(1).replace(" ", "") if found else "?"


def is_function(header):
    """Whether a brace after this text opens a function's body; called outside of functions only."""
    plain = re.sub(r"<[^<>]*>", " ", re.sub(r"<[^<>]*>", " ", header))
    if CONTAINER.search(re.sub(r"\([^()]*\)", " ", plain)) and not plain.rstrip().endswith(")"):
        return False
    return "(" in plain and not plain.rstrip().endswith(("=", ",", "("))


def opens_member_initialiser(header):
    """`b::b(int x) : x_{x}`: the brace belongs to the list of initialisers, the body comes later."""
    return re.search(r"\)\s*(?:noexcept\s*)?:(?!:).*[\w>]$", header.rstrip(), re.S) is not None


def functions(text):
    """(name, lines) of every function outside of other functions, from the first line of its head to its brace."""
    code = blank(text)
    found = []
    start = 0  # where the head of what comes next begins
    containers = 0
    position = 0
    while True:
        match = re.compile(r"[{};]").search(code, position)
        if not match:
            return found
        position = match.end()
        if match.group() == ";":
            start = position
        elif match.group() == "}":
            containers = max(0, containers - 1)
            start = position
        elif is_function(code[start:match.start()]):
            end = closing(code, match.start())
            if opens_member_initialiser(code[start:match.start()]):
                position = end
                continue
            head = code[start:match.start()]
            first = start + len(head) - len(head.lstrip())
            found.append((name_of(head), code.count("\n", first, end) + 1))
            position = start = end
        elif CONTAINER.search(code[start:match.start()]):
            containers += 1
            start = position
        else:
            position = start = closing(code, match.start())


def closing(code, opening):
    """The position behind the brace that closes the one at `opening`."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.end()
    return len(code)
