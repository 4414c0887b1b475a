#!/bin/bash
# The program from outside: what it prints where, its exit codes, its files. check_program.sh PATT SAMPLE
# Started by with_postgres, it does the same on the databases of that server.
set -uo pipefail
patt=$1 sample=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
unset DATABASE_URL PATT_INSTANCE_KEY PATT_INSTANCE_KEY_FILE
export PATT_SAMPLE_DIR=$sample
first=${PATT_TEST_DB_1:-sqlite:patt.db} other=${PATT_TEST_DB_2:-sqlite:other.db} third=${PATT_TEST_DB_3:-sqlite:third.db}
on_server=${PATT_TEST_DB_1:-}
key=patt.db.key
[[ ! $on_server ]] || { export DATABASE_URL=$first && key=patt.key; }
source "$here/expect.sh"

# Before there is a database.
expect 0 '^patt [0-9]+\.[0-9]+' "$patt" --version
expect 0 'Example' "$patt" --help
expect 0 'Example' "$patt" onboarding resolve --help
expect 2 'usage' "$patt"
expect 2 'usage' "$patt" nonsense
expect 2 'usage' "$patt" onboarding resolve
expect 1 'database \(lost\)' "$patt" doctor --db postgresql://me:hidden@127.0.0.1:1/patt
"$patt" doctor --db postgresql://me:hidden@127.0.0.1:1/patt 2>&1 | grep -q hidden && { echo "FAILED: a password was shown"; failures=$((failures + 1)); }
expect 2 'sqlite:FILE' "$patt" doctor --db mysql://me:hidden@db/patt
expect 3 'pg_dump' "$patt" backup copy.db --db postgresql://me@127.0.0.1:1/patt
expect 3 'patt (init|migrate)' "$patt" issues list
[[ ! -e patt.db ]] || { echo "FAILED: looking made a database"; failures=$((failures + 1)); }

# A guild, its roster, a member.
expect 0 'would make' "$patt" init --guild X --owner y --dry-run
expect 2 'owner' "$patt" init --guild X
expect 0 'complete +yes' "$patt" init --sample
expect 3 'already' "$patt" init --sample
[[ $(stat -c %a "$key") == 600 ]] || { echo "FAILED: others may read the key"; failures=$((failures + 1)); }
expect 0 'Kestrelby' "$patt" roster list
expect 0 '"character":"Kestrelby"' "$patt" roster list --json
expect 0 'unchanged +60' "$patt" import roster "$sample/roster.json"
expect 0 'Nothing was written' "$patt" import roster "$sample/roster.json" --dry-run
echo '{"members": []}' >empty.json
expect 3 'empty|incomplete|no roster' "$patt" import roster empty.json
echo '<html>' >page.json
: >empty_file.txt
expect 3 'page.json' "$patt" import roster page.json
expect 3 'nowhere.json' "$patt" import roster nowhere.json
printf '/join bob\nyes\nKestrelby\nyes\nnone\n' | "$patt" chat >story.txt 2>&1 || failures=$((failures + 1))
expect 0 'roles of bob. \+Member' cat story.txt
expect 0 'counts as Member' "$patt" explain member bob
expect 3 'not_found' "$patt" explain member nobody
expect 0 'advice' "$patt" match list
expect 0 'Halvardin-ember-vale: nothing' "$patt" match explain Halvardin
expect 3 'not_found' "$patt" match explain Nobodyatall
expect 0 'Nothing was written' "$patt" match --dry-run
expect 0 'links_made' "$patt" match --json
expect 0 'nobody_fits' "$patt" review
expect 0 '"why":"nobody_fits"' "$patt" review list --json
expect 0 'ruling' "$patt" review absent Halvardin
expect 0 'not_in_chat' "$patt" review rulings
expect 0 'Taken back' "$patt" review undo "$("$patt" review rulings --json | grep -oE '[0-9]{15,}' | head -1)"
expect 3 'not_found' "$patt" review undo 1
expect 3 'not_found' "$patt" review accept Nobodyatall bob
expect 0 'belongs to: nobody' "$patt" explain character Halvardin
expect 0 '"explanation":\{"character"' "$patt" explain character Halvardin --json
expect 0 'belongs to' "$patt" explain link Halvardin bob
expect 3 'not_found' "$patt" explain link Halvardin nobody
expect 0 'would note Halvardin and bob as accepted' "$patt" review accept Halvardin bob --dry-run
expect 0 'belongs to: nobody' "$patt" explain character Halvardin
expect 3 'not_found' "$patt" jobs cancel 5 --dry-run
printf 'e?nx' >keys.txt
bash -c "\"$patt\" review view <keys.txt" >view.txt 2>&1 || failures=$((failures + 1))
expect 0 '\[1 of [0-9]+, 0 decided\]' cat view.txt
expect 0 '1 decided, [0-9]+ wait' cat view.txt
expect 0 'not_in_chat' "$patt" review rulings

# Members from a file.
cat >members.json <<'END'
[{"user": {"id": "70000000000000001", "username": "tamspark", "global_name": null}, "nick": null, "roles": [], "joined_at": "2024-05-01T10:00:00.000000+00:00"},
 {"user": {"id": "70000000000000002", "username": "helper", "bot": true}, "nick": null, "roles": []}]
END
expect 0 'Nothing was written' "$patt" import members members.json --dry-run
expect 3 'not_found' "$patt" explain member tamspark
expect 0 '"new":1' "$patt" import members members.json --json
expect 0 'unchanged +1' "$patt" import members members.json
expect 0 'matched by' "$patt" explain member tamspark
expect 0 'gone +0' "$patt" import members members.json
printf 'id,username\n70000000000000001,tamspark\nx,bob\n' >members.csv
expect 3 'members.csv: line 3, id' "$patt" import members members.csv
expect 3 'no file nowhere' "$patt" import members nowhere.json
expect 3 'empty' "$patt" import members empty_file.txt
expect 0 'completed' "$patt" onboarding status bob
expect 3 'wrong_state' "$patt" onboarding dismiss bob
expect 3 'not_allowed' "$patt" onboarding start bob --as bob

# Settings, log, invites.
expect 0 '^(24h|1d)$' "$patt" settings get onboarding.deadline
expect 0 'before' "$patt" settings set onboarding.deadline 48h
expect 0 '^48h|^2d' "$patt" settings get onboarding.deadline
expect 3 'length of time' "$patt" settings set onboarding.deadline soon
expect 3 'not_found' "$patt" settings get onboarding.deadlin
expect 3 'confirm_first' "$patt" settings set trust.claim_max_rank 4
expect 0 'after' "$patt" settings set trust.claim_max_rank 4 --yes
expect 0 'as it was written' "$patt" log verify
"$patt" log head >head.txt
expect 0 'as it was written' "$patt" log verify --head "$(cat head.txt)"
expect 1 'cut|rewritten' "$patt" log verify --head "999999:$(cut -d: -f2 head.txt)"
expect 3 'SEQ:HEX' "$patt" log verify --head nonsense
expect 3 'not_found' "$patt" invite redeem ABCD2345 --by x
expect 0 'schema +ok' bash -c "\"$patt\" doctor; true"
expect 0 '^patt_effects_due [0-9]' "$patt" doctor --metrics
# A server that a failover left behind is refused, also by a program that has just been started.
if [[ $on_server ]]; then
    expect 0 'schema +ok' bash -c "PATT_DB_TIMELINE=timeline \"$patt\" doctor; true"
    expect 0 '^1$' cat timeline
    echo 7 >timeline
    expect 1 'on timeline 1, but 7 has been seen' env PATT_DB_TIMELINE=timeline "$patt" doctor
    expect 2 'no directory for nowhere/timeline' env PATT_DB_TIMELINE=nowhere/timeline "$patt" doctor
fi
expect 2 'a port from 0 to 65535' "$patt" doctor --listen 127.0.0.1:http
expect 2 'excludes' "$patt" doctor --listen 0 --metrics
# asks HOST:PORT PATH: the status line and the page.
asks() {
    exec 3<>"/dev/tcp/${1%:*}/${1##*:}" || return 1
    printf 'GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' "$2" >&3
    cat <&3
}
"$patt" doctor --listen 0 >served.txt 2>&1 &
serving=$!
for _ in $(seq 100); do grep -q Serving served.txt && break; sleep 0.1; done
at=$(sed -n 's#^Serving http://\([0-9.:]*\)/metrics.*#\1#p' served.txt)
expect 0 '^patt_effects_due [0-9]' asks "$at" /metrics
expect 0 'HTTP/1.1 200' asks "$at" /healthz
expect 0 'HTTP/1.1 200' asks "$at" /readyz
kill -TERM "$serving"
wait "$serving" || { echo "FAILED: patt doctor --listen ended with $?"; failures=$((failures + 1)); }
expect 0 '"result":"ok"' bash -c "\"$patt\" doctor --json; true"
expect 0 '0 of 64 partitions' "$patt" hosts
expect 0 'into 9 partitions. Nothing was written' "$patt" hosts --partitions 9 --dry-run
expect 0 '0 of 64 partitions' "$patt" hosts
expect 0 'into 12 partitions' "$patt" hosts --partitions 12
expect 0 '0 of 12 partitions' "$patt" hosts
expect 3 'from 1 to 1024' "$patt" hosts --partitions 0
expect 0 'success' "$patt" jobs runs
expect 0 'done after|done' "$patt" outbox --ledger
expect 0 'applied' "$patt" migrate --status
expect 0 '"seed": 3' "$patt" simulate --seed 3 --days 2 --members 12 --json
expect 2 'none, light and heavy' "$patt" simulate --faults lots
expect 2 'usage' "$patt" simulate --days 0

# Migrations, copies, and a guild that moves to another database.
if [[ $on_server ]] && command -v psql >/dev/null; then # Whose role may not change the tables hears whose may.
    psql --quiet "$first" --command 'CREATE ROLE patt_stranger LOGIN' >/dev/null 2>&1
    stranger=$(sed -E 's#//[^@]+@#//patt_stranger@#' <<<"$third")
    expect 3 'not_allowed: .*as their owner' "$patt" migrate --db "$stranger"
    expect 3 'not_allowed: .*as their owner' "$patt" init --guild X --owner y --db "$stranger"
    expect 1 'does not exist.* Does the server run' "$patt" doctor --db "${third%/*}/patt_nowhere"
fi
expect 0 'Nothing is pending' "$patt" migrate --dry-run
# What the manual shows is what is printed.
while read -r line; do
    grep -qF -- "$line" "$here/../../docs/operations.md" || { echo "FAILED: docs/operations.md lacks: $line"; failures=$((failures + 1)); }
done < <("$patt" migrate --print-roles --db postgresql://localhost/patt)
expect 0 'IN DATABASE "guilds" SET' "$patt" migrate --print-roles --db 'postgresql://db/guilds?sslmode=verify-full'
if [[ ! $on_server ]]; then
    expect 3 'migrate --create' "$patt" migrate --db "$other"
    expect 3 'migrate --create' "$patt" migrate --create --dry-run --db "$other"
fi
expect 0 'to +[1-9]' "$patt" migrate --create --db "$other"
if [[ $on_server ]]; then
    expect 3 'pg_dump' "$patt" backup copy.db
else
    expect 0 'examined +ok' "$patt" backup copy.db
    expect 3 'already' "$patt" backup copy.db
    [[ $(stat -c %a copy.db) == 600 ]] || { echo "FAILED: others may read the copy"; failures=$((failures + 1)); }
    expect 0 'schema +ok' bash -c "\"$patt\" doctor --db sqlite:copy.db; true"
fi
expect 0 'Nothing was written' "$patt" export guild.jsonl --dry-run
expect 0 'sha256 +[0-9a-f]{64}' "$patt" export guild.jsonl
expect 3 'already' "$patt" export guild.jsonl
expect 0 "$(head -n -1 guild.jsonl | sha256sum | cut -c1-64)" tail -n 1 guild.jsonl
expect 3 'already_exists' "$patt" import guild guild.jsonl
expect 3 'confirm_first' "$patt" import guild guild.jsonl --replace
expect 0 'Nothing was written' "$patt" import guild guild.jsonl --db "$other" --dry-run
expect 0 'as it was written' "$patt" import guild guild.jsonl --db "$other"
expect 0 'as it was written' "$patt" log verify --db "$other" --head "$("$patt" log head)"
"$patt" export - --db "$other" 2>said.txt | tail -n +2 | head -n -1 >moved.txt
tail -n +2 guild.jsonl | head -n -1 | cmp -s - moved.txt || { echo "FAILED: the guild changed"; failures=$((failures + 1)); }
expect 0 'rows' cat said.txt
expect 0 'as it was written' "$patt" import guild guild.jsonl --replace --yes
head -c 5000 guild.jsonl >cut.jsonl
"$patt" migrate --create --db "$third" >/dev/null
expect 3 'line [0-9]+' "$patt" import guild cut.jsonl --db "$third"
expect 3 'no file nowhere' "$patt" import guild nowhere.jsonl --db "$third"
[[ -z $(find . -name '*.partial*') ]] || { echo "FAILED: something unfinished was left"; failures=$((failures + 1)); }
chmod 644 "$key"
expect 1 'chmod 600' "$patt" invite create
finish
