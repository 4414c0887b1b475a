# Steps of ./dev: each one a line with its result and its time; the output goes to a log and is shown when it fails.
# Sourced by ./dev, which sets $root.

started=$(date +%s)
failed_steps=()
done_steps=0
logs="$root/build/logs"

seconds_since() { echo $(($(date +%s) - $1)); }

# say TEXT: a line for the reader, with the time since the start.
say() { printf '[%4ds] %s\n' "$(seconds_since "$started")" "$*"; }

# log_of NAME: where the output of a step goes.
log_of() { echo "$logs/$(tr -cs 'a-zA-Z0-9\n' '-' <<<"$1").log"; }

# step NAME COMMAND...: runs the command. Returns its result, remembers a failure, and never ends the script itself.
step() {
    local name=$1 begin log status=0
    shift
    mkdir -p "$logs"
    begin=$(date +%s)
    log="$(log_of "$name")"
    if [[ -t 1 ]]; then
        printf '[%4ds] ...    %s\r' "$(seconds_since "$started")" "$name"
    fi
    if [[ ${PATT_DEV_VERBOSE:-} ]]; then
        "$@" 2>&1 | tee "$log" || status=$?
    else
        "$@" >"$log" 2>&1 || status=$?
    fi
    done_steps=$((done_steps + 1))
    if [[ $status -eq 0 ]]; then
        say "ok     $name ($(seconds_since "$begin") s)"
    else
        say "FAILED $name ($(seconds_since "$begin") s), the end of $log:"
        [[ ${PATT_DEV_VERBOSE:-} ]] || tail -n 60 "$log" | sed 's/^/    /'
        failed_steps+=("$name")
    fi
    return "$status"
}

# must NAME COMMAND...: like step, but nothing can follow when it fails.
must() { step "$@" || finish; }

# finish: the summary; ends the script.
finish() {
    [[ ${tests_run:-0} -eq 0 ]] || say "$tests_run tests were run"
    if [[ ${#failed_steps[@]} -gt 0 ]]; then
        say "FAILED: ${#failed_steps[@]} of $done_steps steps"
        printf '        %s\n' "${failed_steps[@]}"
        exit 1
    fi
    say "all $done_steps steps are fine"
    exit 0
}
