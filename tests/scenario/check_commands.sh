#!/bin/bash
# What holds for all commands: a refusal and --dry-run leave nothing behind, --json is JSON, and whoever typed
# something wrong is told what and where. check_commands.sh PATT SAMPLE
set -uo pipefail
patt=$1 sample=$2
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
# What the database has, as text: nothing changed when it is the same.
content() { python3 -c 'import sqlite3, sys
for line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)' "${1:-patt.db}" | sha256sum; }

# A guild that is refused leaves nothing: the corrected command makes it.
long=$(head -c 200 /dev/zero | tr '\0' r)
expect 3 '^patt: invalid_input: --realm: .*a realm' "$patt" init --guild Real --owner me --realm "$long"
expect 3 '^patt: invalid_input: --guild: .*100 characters' "$patt" init --guild "$long" --owner me
expect 3 '^patt: invalid_input: --guild: ' "$patt" init --guild $'two\nlines' --owner me
expect 3 '^patt: invalid_input: --guild: ' "$patt" init --guild default --owner me
expect 3 '^patt: invalid_input: --owner: ' "$patt" init --guild Real --owner "$long"
expect 3 '^patt: invalid_input: --owner: ' "$patt" init --guild Real --owner $'two\nlines'
expect 3 '^patt: invalid_input: --owner: ' "$patt" init --guild Real --owner ' '
expect 3 '^patt: invalid_input: --realm: ' "$patt" init --guild Real --owner me --realm "$long" --dry-run
[[ -z $(ls) ]] || fails "a refused init left: $(ls)"
expect 0 'name +Real' "$patt" init --guild Real --owner me --realm Senjin
before=$(content)
expect 3 '^patt: invalid_input: --realm: ' "$patt" init --guild Second --owner me --realm "$long"
[[ $(content) == "$before" ]] || fails "a refused init wrote into the database"
expect 3 'already_exists.*Real' "$patt" init --guild Real --owner me
expect 3 'already_exists.*Real' "$patt" init --guild Real --owner me --dry-run
expect 3 'already_exists.*Real' "$patt" init --guild réal --owner me
rm -f patt.db*

finish
