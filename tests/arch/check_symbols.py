#!/usr/bin/python3
"""Guard: the core is pure, seen from its object code.

The undefined symbols of the core's archive are checked for clocks, sleeping, sockets, files, threads, the environment,
randomness, processes and SQL; and its objects for writable globals. `check_symbols.py ARCHIVE` looks at the archive,
`--self-test COMPILER` compiles a planted violation of each kind and must find each.
"""
import os
import re
import subprocess
import sys
import tempfile

from guard import SOURCE, conclude
from project_files import cpp_files, read_text

FORBIDDEN = {
    "a clock": r"time|gettimeofday|clock|clock_gettime|ftime|timespec_get|localtime(_r)?|gmtime|mktime|tzset"
               r"|std::chrono::_V2::\w+_clock::now.*|icu_\d+::Calendar::getNow.*|icu_\d+::TimeZone::createDefault.*",
    "sleeping": r"(nano|u)?sleep|clock_nanosleep|sched_yield",
    "a socket": r"socket(pair)?|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?|getaddrinfo|gethostby\w+"
                r"|p?poll|p?select|epoll_\w+",
    "a file": r"(f|fd|fre)?open(64|at|at64)?|creat(64)?|p?(read|write)(v|64)?|f(read|write|puts|putc|gets|getc|flush)"
              r"|v?f?printf|__v?f?printf_chk|puts|putchar|putc|perror|[fl]?stat(64|x)?|fstatat(64)?|unlink(at)?|remove|rename(at)?"
              r"|mkdir(at)?|rmdir|opendir|readdir(64)?|mmap(64)?|ioctl|fcntl(64)?|tmpfile(64)?|mkstemp(64)?|dlopen"
              r"|std::basic_filebuf<.*|std::basic_[io]?fstream<.*|std::filesystem::.*|std::(cout|cerr|clog|cin)"
              r"|std::ios_base::Init::.*|fmt::v\d+::v?print.*|u_fopen",
    "a thread": r"pthread_\w+|thrd_\w+|mtx_\w+|std::thread::.*|std::condition_variable.*|std::__once_\w+|__once_proxy"
                r"|std::this_thread::.*|std::__atomic_futex_\w+.*|syscall",
    "the environment": r"(secure_)?getenv|(un)?setenv|putenv|setlocale|newlocale|uselocale|environ|std::locale::global.*",
    "randomness": r"s?rand(om)?(_r)?|[delmnj]rand48|getrandom|getentropy|arc4random\w*|RAND_\w+|std::random_device::.*",
    "a process": r"system|fork|vfork|exec\w+|posix_spawn\w*|popen|kill|raise|signal|sigaction|exit|_exit|quick_exit|atexit",
    "SQL": r"sqlite3_\w+|PQ\w+",
}
# Symbols that match above and are pure all the same: symbol -> reason.
ALLOWED = {
}
# Writable globals that are allowed: name (with or without its guard variable) -> reason.
ALLOWED_GLOBALS = {
    "patt::(anonymous namespace)::algorithm()::md": "OpenSSL's SHA-256, looked up once: the same for every call",
    "patt::(anonymous namespace)::scratch()::context": "a hash context per thread, started anew by every call",
    "patt::onboarding::newcomer_flow()::parsed": "the built-in flow, read once from its document: the same for every call",
    "boost::container::allocator_arg": "an empty tag of Boost.Container, behind Boost.JSON",
    "boost::container::std_allocator_arg_holder<0>::dummy": "an empty tag of Boost.Container, behind Boost.JSON",
    "boost::system::detail::interop_cat_holder<void>::instance": "an error category of Boost.System: constant",
    "boost::system::detail::system_cat_holder<void>::instance": "an error category of Boost.System: constant",
}
WRITABLE = re.compile(r"\s(\.(?:bss|data|tbss|tdata)(?!\.rel\.ro)\S*)\s+[0-9a-f]+\s+(.*)$")


def undefined_symbols(archive):
    """The demangled names an archive needs from outside, without version suffixes."""
    output = subprocess.run(["nm", "-u", "-C", archive], check=True, capture_output=True, text=True).stdout
    names = set()
    for line in output.splitlines():
        match = re.match(r"\s+[Uwv] (.*)$", line)
        if match:
            names.add(re.sub(r"@.*$", "", match.group(1)))
    return names


def writable_globals(archive):
    """(member, name) of each object that lies in a writable section of an archive."""
    output = subprocess.run(["objdump", "-t", "-C", archive], check=True, capture_output=True, text=True).stdout
    found, member = set(), ""
    for line in output.splitlines():
        if line.endswith(("file format elf64-x86-64", "file format elf64-littleaarch64")):
            member = line.split(":")[0]
        match = WRITABLE.search(line)
        name = re.sub(r"^\.(hidden|protected) ", "", match.group(2)) if match else ""
        if match and not name.startswith((".bss", ".data", ".tbss", ".tdata")) and name != "DW.ref.__gxx_personality_v0":
            found.add((member, name))
    return found


def is_constant(member, name):
    """Whether the source of an archive member says constexpr or `static const`. GCC puts `constexpr std::array x{...}`
    (the deduced type) into writable memory all the same; a constant that is made on first use is no state either."""
    declared = re.compile(r"\b(?:constexpr|static const)\b[^;{}()=]*\b" + re.escape(name.split("::")[-1]) + r"\b")
    return any(declared.search(read_text(SOURCE, file)) for file in cpp_files(SOURCE)
               if file.startswith("libpatt/core/") and os.path.basename(file) + ".o" == member)


def members(archive):
    return subprocess.run(["ar", "t", archive], check=True, capture_output=True, text=True).stdout.split()


def check(archive):
    violations = []
    for symbol in sorted(undefined_symbols(archive) - ALLOWED.keys()):
        for what, pattern in FORBIDDEN.items():
            if re.fullmatch(pattern, re.sub(r"\(.*$", "", symbol)) or re.fullmatch(pattern, symbol):
                violations.append(f"core uses {what}: {symbol}")
                break
    for member, name in sorted(writable_globals(archive)):
        plain = name.removeprefix("guard variable for ")
        if plain not in ALLOWED_GLOBALS and not is_constant(member, plain):
            violations.append(f"core has state outside of its arguments: {name} in {member}")
    return violations


PLANTED = {
    r"a clock: std::chrono.*now": "#include <chrono>\nlong f() { return std::chrono::system_clock::now().time_since_epoch().count(); }",
    r"a clock: time": "#include <ctime>\nlong f() { return std::time(nullptr); }",
    r"a clock: localtime_r": "#include <ctime>\nvoid f(std::tm* t, const time_t* n) { localtime_r(n, t); }",
    r"sleeping": "#include <unistd.h>\nvoid f() { usleep(1); }",
    r"a socket: socket": "#include <sys/socket.h>\nint f() { return socket(1, 1, 0); }",
    r"a file: std::basic_filebuf": "#include <fstream>\nbool f() { std::ifstream s(\"x\"); return s.good(); }",
    r"a file: fopen": "#include <cstdio>\nvoid* f() { return std::fopen(\"x\", \"r\"); }",
    r"a file: std::cout": "#include <iostream>\nvoid f() { std::cout << 1; }",
    r"a file: std::filesystem": "#include <filesystem>\nbool f() { return std::filesystem::exists(\"x\"); }",
    r"a thread: pthread_mutex_lock": "#include <mutex>\nvoid f(std::mutex& m) { m.lock(); }",
    r"a thread: std::thread": "#include <thread>\nvoid f(std::thread& t) { t.join(); }",
    r"the environment": "#include <cstdlib>\nconst char* f() { return std::getenv(\"X\"); }",
    r"randomness: rand": "#include <cstdlib>\nint f() { return std::rand(); }",
    r"randomness: std::random_device": "#include <random>\nunsigned f() { return std::random_device{}(); }",
    r"a process": "#include <cstdlib>\nint f() { return std::system(\"x\"); }",
    r"SQL": "extern \"C\" int sqlite3_step(void*);\nint f(void* s) { return sqlite3_step(s); }",
    r"state.*\bcounter\b": "int counter = 0;\nint f() { return ++counter; }",
    r"state.*\bhidden_counter\b": "static int hidden_counter = 7;\nint f() { return ++hidden_counter; }",
    r"state.*\bper_thread\b": "thread_local int per_thread = 0;\nint f() { return ++per_thread; }",
    r"state.*f.*::cache": "#include <string>\nconst std::string& f() { static std::string cache(\"x\", 3); return cache; }",
}
PURE = """#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
constexpr std::array<std::string_view, 2> names{"time", "open"};
struct base { virtual ~base() = default; virtual int read() const = 0; };
struct derived : base { int read() const override { return 1; } };
int open(int x) { if (x < 0) { throw std::runtime_error(std::string(names[0])); } return x; }
std::shared_ptr<base> make() { return std::make_shared<derived>(); }
long later(std::chrono::microseconds d) { return d.count() + open(2); }
void sort(std::vector<std::string>& v) { std::sort(v.begin(), v.end()); }
"""


def archive_of(compiler, folder, name, text):
    source, objectfile, archive = (os.path.join(folder, f"{name}.{end}") for end in ("cpp", "o", "a"))
    with open(source, "w", encoding="utf-8") as handle:
        handle.write(text)
    subprocess.run([compiler, "-std=c++20", "-O1", "-fPIC", "-c", source, "-o", objectfile], check=True)
    subprocess.run(["ar", "rc", archive, objectfile], check=True)
    return archive


def self_test(compiler):
    with tempfile.TemporaryDirectory() as folder:
        found = check(archive_of(compiler, folder, "pure", PURE))
        if found:
            sys.exit(f"symbols: pure code was reported: {found}")
        for number, (expected, text) in enumerate(PLANTED.items()):
            found = check(archive_of(compiler, folder, f"planted{number}", text))
            if not any(re.search(expected, violation) for violation in found):
                sys.exit(f"symbols: planted '{expected}' was not found, but {found}")
    print(f"symbols: all {len(PLANTED)} planted violations were found, pure code was not reported")


if __name__ == "__main__":
    if sys.argv[1] == "--self-test":
        self_test(sys.argv[2])
    else:
        conclude("symbols", check(sys.argv[1]), len(members(sys.argv[1])))
