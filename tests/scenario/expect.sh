# For scripts that check the program from outside. Sourced; counts what went wrong in `failures`.
failures=0
exec </dev/null # Nobody sits at a terminal, and nothing is read by chance.

# expect CODE PATTERN COMMAND...: the exit code, and what is in standard output and error together.
expect() {
    local code=$1 pattern=$2
    shift 2
    local said
    said=$("$@" 2>&1)
    local got=$?
    if [[ $got != "$code" ]] || ! grep -qE -- "$pattern" <<<"$said"; then
        echo "FAILED: $* -> $got (expected $code, /$pattern/):"
        echo "$said" | head -20
        failures=$((failures + 1))
    fi
}

# The end of a script: its exit code says how many expectations were not met.
finish() {
    [[ $failures == 0 ]] && echo "everything as expected"
    exit "$failures"
}
