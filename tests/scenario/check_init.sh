#!/bin/bash
# patt init makes all of a guild or nothing of it: it is ended after calls that write to the database's files, each
# commit among them, and the next patt init ends well. check_init.sh PATT SAMPLE SHIM
set -uo pipefail
patt=$1 sample=$2 shim=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
unset DATABASE_URL PATT_INSTANCE_KEY PATT_INSTANCE_KEY_FILE
export PATT_SAMPLE_DIR=$sample
source "$here/expect.sh"
fails() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}
# What a guild has, its owner's name among it, without what differs each time.
whole() {
    { "$patt" settings list --json && "$patt" guild list --json && "$patt" roster list --json; } |
        sed -E 's/[0-9]{15,}/ID/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}[^"]*/TIME/g'
}

# sweep STEP ARGUMENT...: patt init, ended after every STEP-th call.
sweep() {
    local step=$1
    shift
    rm -f patt.db*
    "$patt" init "$@" >/dev/null || fails "patt init $*"
    local expected ended=0 k=0 got
    expected=$(whole)
    for ((k = 1; k < 500; k += step)); do
        rm -f patt.db*
        cp empty.db patt.db
        { # The shell tells of who is killed.
            LD_PRELOAD=$shim PATT_CRASH_DB=$dir/patt.db PATT_CRASH_AT=$k PATT_CRASH_MODE=after \
                "$patt" init "$@" >/dev/null
            got=$?
        } 2>/dev/null
        [[ $got == 137 ]] || break
        ended=$((ended + 1))
        "$patt" init "$@" >again 2>&1
        got=$?
        # Refused only where all of it is there.
        [[ $got == 0 || $got == 3 ]] || fails "stopped at $k, the next patt init $* ended with $got: $(cat again)"
        [[ $(whole) == "$expected" ]] ||
            fails "stopped at $k, patt init $* left a part of a guild: $("$patt" guild list)"
    done
    [[ $ended -gt 2 ]] || fails "patt init $* was stopped only $ended times"
    echo "patt init $*: stopped at $ended places"
}

expect 0 . "$patt" migrate --create --db sqlite:empty.db
sweep 1 --guild Real --owner me --realm Senjin
sweep 1 --guild Own --owner somebody --owner-id 70000000000000001
sweep 5 --sample
finish
