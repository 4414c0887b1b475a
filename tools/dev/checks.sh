# The steps of ./dev test, lint, bench, fuzz and coverage. Sourced by ./dev.

# From fast to slow. A test has one of these labels; "long" and "slow" may come on top.
labels=(unit scenario conformance arch integration simulation examples)

# These must have tests: an empty selection would otherwise look like success.
labels_with_tests=(unit scenario conformance arch simulation)

tests_run=0

# run_ctest PRESET NAME ARGUMENTS...: one selection of tests; shows the closing lines of ctest.
run_ctest() {
    local preset=$1 name=$2 log empty=ignore status=0
    shift 2
    [[ " ${labels_with_tests[*]} fast " == *" $name "* ]] && empty=error
    log="$(log_of "test $preset $name")"
    mkdir -p "$root/build/reports"
    step "test $preset $name" ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests="$empty" \
        -j "$jobs" --output-junit "$root/build/reports/$preset-$name.xml" "$@" || status=$?
    if [[ -z ${PATT_DEV_VERBOSE:-} ]]; then
        grep -E '\(Skipped\)$|tests passed,|^Total Test time|^No tests' "$log" | sed 's/^[ \t]*/            /' || true
    fi
    tests_run=$((tests_run + $(sed -n 's/.*tests failed out of \([0-9]*\)$/\1/p' "$log" | tail -n 1 || true) + 0))
    return "$status"
}

# run_labels PRESET: label by label; a test without any label is not forgotten.
run_labels() {
    local preset=$1 label without=() every
    [[ $long ]] || without=(-LE '^long$')
    for label in "${labels[@]}"; do
        run_ctest "$preset" "$label" -L "^$label\$" "${without[@]}" || true
    done
    every=$(IFS='|' && echo "${labels[*]}")
    if [[ $long ]]; then every="^($every)\$"; else every="^($every|long)\$"; fi
    run_ctest "$preset" unlabelled -LE "$every" || true
}

# The hosts of before the newest migration, for the test of an upgrade; sources without their history have none.
build_older_host() {
    local why
    if ! why=$("$root/tools/dev/older-host" --commit 2>&1 >/dev/null); then
        say "skip   two_versions_test: $why"
        return 0
    fi
    step "build the older host" "$root/tools/dev/older-host" || return 0
    PATT_TEST_OLDER_HOST=$("$root/tools/dev/older-host" 2>/dev/null)
    export PATT_TEST_OLDER_HOST
}

# The sanitizers look at our own code; what starts compilers, servers or browsers is not built with them.
run_sanitized() {
    export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1
    export UBSAN_OPTIONS=print_stacktrace=1
    local without='^(arch|integration|examples|slow|long)$'
    [[ $long ]] || without='^(arch|integration|examples|slow|long|simulation)$'
    run_ctest asan fast -LE "$without" || true
}

check_lints() {
    step "lint format" "$root/tools/lint-format" --check || true
    step "lint co_await" "$root/tools/lint-coawait" "$root/build/dev" || true
    # All of core takes minutes: ./dev lint and the long form do it, the short form looks at what differs from main.
    local scope=--changed
    [[ ! $long && ${name:-} != lint ]] || scope=
    step "lint clang-tidy" "$root/tools/lint-tidy" "$root/build/dev" -j "$jobs" $scope ${long:+--deep} || true
}

# The job queues that PATT's is measured against, in the versions of tests/bench/npm/package-lock.json.
install_peers() {
    mkdir -p "$root/build/bench/npm"
    cp "$root"/tests/bench/npm/package*.json "$root/build/bench/npm/"
    must "install the benchmarks' peers" npm ci --prefix "$root/build/bench/npm" --no-audit --no-fund --ignore-scripts
}

# run_benchmarks sqlite|postgresql ARGUMENTS...: the programs of one database, one after the other.
run_benchmarks() {
    local kind=$1 program of found=
    shift
    for program in "$root"/build/bench/bin/bench_*; do
        [[ -x $program && -f $program ]] || continue
        of=sqlite
        [[ $program == */bench_postgres_* ]] && of=postgresql
        [[ $of == "$kind" ]] || continue
        found=1
        say "bench  ${program##*/}"
        (cd "$root/build/bench" && "$program" "$@") || failed_steps+=("${program##*/}")
        done_steps=$((done_steps + 1))
    done
    [[ $found ]] || { say "there are no benchmark programs in build/bench/bin" && failed_steps+=("bench"); }
}

# run_fuzzers SECONDS: each fuzzer for so long, from its committed corpus; new inputs stay in build/fuzz/corpus.
run_fuzzers() {
    local seconds=$1 program name corpus seeds
    for program in "$root"/build/fuzz/bin/fuzz_*; do
        [[ -x $program && -f $program ]] || continue
        name=${program##*/}
        corpus="$root/build/fuzz/corpus/$name"
        seeds=()
        [[ -d "$root/tests/fuzz/corpus/${name#fuzz_}" ]] && seeds=("$root/tests/fuzz/corpus/${name#fuzz_}")
        mkdir -p "$corpus"
        step "$name for $seconds s" "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
            -artifact_prefix="$root/build/fuzz/$name-" "$corpus" "${seeds[@]}" || true
    done
    [[ $done_steps -gt 2 ]] || { say "there are no fuzzers in build/fuzz/bin" && failed_steps+=("fuzz"); }
}
