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

# A guild in which each command has something to do.
expect 0 'complete +yes' "$patt" init --sample
printf '/join bob\nyes\nKestrelby\nyes\nnone\n/join silent\n' | "$patt" chat >/dev/null || fails "patt chat"
cat >members.json <<'LIST'
[{"user": {"id": "70000000000000001", "username": "tamspark", "global_name": null}, "nick": null, "roles": [], "joined_at": "2024-05-01T10:00:00.000000+00:00"}]
LIST
printf '[{"id": "5", "name": "@everyone"}, {"id": "6", "name": "Mage"}]' >roles.json
printf 'character\tguild_note\nHalvardin\tmain of bob\n' >notes.tsv
printf 'Halvardin\tbob\n' >links.tsv
echo '[]' >nobody.json
echo '{"members": []}' >empty.json
"$patt" export guild.jsonl >/dev/null
rule=$("$patt" review absent Aldermoor --json 2>/dev/null || "$patt" review absent Halvardin --json)
rule=$(grep -oE '[0-9]{15,}' <<<"$rule")
code=$("$patt" invite create --json | python3 -c 'import json, re, sys; print(re.search(r"`([A-Z0-9-]+)`", json.load(sys.stdin)["text"])[1])')

# Every command that writes, with --dry-run: CODE, then the command. The code is that of the real one.
writing=(
    "3 init --sample"
    "0 init --guild Another --owner me"
    "0 migrate"
    "0 import roster $sample/roster.json"
    "3 import roster empty.json"
    "0 import members members.json"
    "3 import members nobody.json --everybody"
    "0 import roles roles.json"
    "0 import notes notes.tsv"
    "0 import links links.tsv"
    "0 import guild guild.jsonl --replace"
    "3 import guild guild.jsonl"
    "0 export other.jsonl"
    "0 backup copy.db"
    "2 chat"
    "0 onboarding start bob"
    "3 onboarding dismiss bob"
    "0 onboarding dismiss silent"
    "0 onboarding resolve silent"
    "0 onboarding retry silent"
    "0 onboarding rehearse odile"
    "3 onboarding approve bob"
    "3 onboarding decline bob"
    "0 settings set onboarding.deadline 36h"
    "0 settings reset guild.website_url"
    "0 guild owner bob"
    "0 guild owner odile"
    "3 guild owner nobody"
    "3 guild owner bob --as bob"
    "0 invite create"
    "0 invite redeem $code --by bob@example.org"
    "3 invite redeem ABCD2345 --by bob@example.org"
    "0 match"
    "0 review"
    "2 review view"
    "0 review accept Halvardin bob"
    "3 review reject Kestrelby bob"
    "0 review merge Halvardin Kestrelby"
    "0 review split Halvardin Kestrelby"
    "0 review absent Halvardin"
    "0 review undo $rule"
    "3 review undo 1"
    "3 jobs cancel 5"
    "0 hosts --partitions 8"
)
"$patt" review accept Kestrelby bob >/dev/null || fails "patt review accept"
before=$(content)
files=$(ls)
for line in "${writing[@]}"; do
    read -ra typed <<<"$line"
    expect "${typed[0]}" . "$patt" "${typed[@]:1}" --dry-run
    [[ $(content) == "$before" ]] || { fails "--dry-run wrote: ${typed[*]:1}"; before=$(content); }
done
[[ $(ls) == "$files" ]] || fails "--dry-run made files: $(ls)"
# Each is in the table: what --help lists, without what only reads.
reading=' doctor explain issues log outbox roster simulate timers '
for command in $("$patt" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'); do
    [[ $reading == *" $command "* ]] || grep -qE "^[0-9] $command( |\$)" < <(printf '%s\n' "${writing[@]}") ||
        fails "patt $command is neither in the table of those that write nor of those that read"
done
expect 0 'would note Halvardin and bob as accepted. Nothing was written' "$patt" review accept Halvardin bob --dry-run
expect 0 'would take the ruling' "$patt" review undo "$rule" --dry-run
expect 0 'into 8 partitions. Nothing was written' "$patt" hosts --partitions 8 --dry-run
expect 0 'would use the code' "$patt" invite redeem "$code" --by x --dry-run

# --json is one JSON document, of what is done and of what would be.
json() {
    local said
    said=$("$patt" "$@" --json 2>/dev/null)
    local got=$?
    [[ $got == 0 || $got == 1 ]] || fails "patt $* --json ended with $got"
    python3 -c 'import json, sys; json.load(sys.stdin)' <<<"$said" 2>/dev/null ||
        fails "patt $* --json is no JSON: $(head -c 200 <<<"$said")"
}
for line in "${writing[@]}"; do
    read -ra typed <<<"$line"
    [[ ${typed[0]} != 0 ]] || json "${typed[@]:1}" --dry-run
done
for line in "doctor" "guild list" "guild owner" "explain member bob" "explain character Halvardin" "explain link Halvardin bob" "issues list" \
    "jobs list" "jobs runs" "log head" "log show" "log verify" "match list" "match explain Halvardin" "migrate --status" \
    "onboarding status" "outbox" "outbox --ledger" "review list" "review rulings" "roster list" "roster entries" \
    "settings list" "settings get guild.name" "simulate --days 2 --members 12" "timers" "hosts" "match"; do
    read -ra typed <<<"$line"
    json "${typed[@]}"
done
for line in "import members members.json" "import roles roles.json" "import notes notes.tsv" "import links links.tsv" \
    "review undo $rule" "review accept Halvardin bob" "onboarding start bob" "settings set onboarding.deadline 36h" \
    "backup copy.db" "invite create" "init --sample --db sqlite:third.db" "hosts --partitions 8" \
    "import roster $sample/roster.json"; do
    read -ra typed <<<"$line"
    json "${typed[@]}"
done
expect 2 'SQL' "$patt" migrate --print-roles --json
expect 0 '"found":1,' "$patt" import members members.json --json

# Notes: what the table has no column for stays, and what cannot be kept is refused with its line.
note_of() { python3 -c 'import sqlite3
print(sqlite3.connect("patt.db").execute("SELECT n.guild_note, n.officer_note, n.alt_group FROM character_note n JOIN game_character c USING (guild_id, character_id) WHERE c.name = ?", ("Halvardin",)).fetchone())'; }
printf 'character\tguild_note\tofficer_note\tgroup\nHalvardin\ta\tb\tc\n' >all.tsv
printf '\xef\xbb\xbfCharacter\tGuild_Note\nHalvardin\tnew\n' >some.tsv
printf 'character\tofficer_note\nHalvardin\t\n' >emptied.tsv
printf 'character\tguildnote\nHalvardin\tx\n' >misspelt.tsv
printf 'character\tguild_note\n\nHalvardin\t\xff\n' >broken.tsv
printf 'character\tguild_note\nHalvardin\ta\0b\n' >nul.tsv
printf 'character\tguild_note\n\nHalvardin\t%s\n' "$long$long" >long.tsv
printf 'character\nHalvardin\n' >bare.tsv
expect 0 'changed +1' "$patt" import notes all.tsv
expect 0 'changed +1' "$patt" import notes some.tsv
expect 0 "^..new., .b., .c..$" note_of
expect 0 'changed +1' "$patt" import notes emptied.tsv
expect 0 "^..new., .., .c..$" note_of
expect 3 'misspelt.tsv: line 1: there is no column "guildnote"' "$patt" import notes misspelt.tsv
expect 3 'bare.tsv: line 1: .*guild_note' "$patt" import notes bare.tsv
expect 3 'broken.tsv: line 3: broken UTF-8. Save the list as UTF-8' "$patt" import notes broken.tsv
expect 3 'nul.tsv: line 2: a NUL' "$patt" import notes nul.tsv
expect 3 'long.tsv: line 3, guild_note: 400 bytes; a note has 255' "$patt" import notes long.tsv
expect 0 "^..new., .., .c..$" note_of

# Who plays whom: a header in capitals behind a mark is none of the lines, and an empty list is no list.
printf '\xef\xbb\xbfCharacter\tAccount\nHalvardin\tbob\n' >marked.tsv
expect 0 '"found":1,' "$patt" import links marked.tsv --json
printf 'character\taccount\n' >headed.tsv
: >nothing.tsv
expect 3 'headed.tsv: the list has no lines' "$patt" import links headed.tsv
expect 3 'nothing.tsv: the list has no lines' "$patt" import links nothing.tsv
expect 3 'broken.tsv: line 3: broken UTF-8' "$patt" import links broken.tsv

# Arguments that are no text are named; nobody is shown SQL.
broken=$'\xff'
expect 2 '^patt: usage: --owner: not UTF-8' "$patt" init --guild Fourth --owner "$broken" --db sqlite:fourth.db
expect 2 '^patt: usage: --guild: not UTF-8' "$patt" init "--guild=$broken" --owner me --db sqlite:fourth.db
expect 2 '^patt: usage: --reason: not UTF-8' "$patt" review absent Halvardin --reason "$broken"
expect 2 '^patt: usage: argument 3: not UTF-8' "$patt" explain member "$broken"
[[ ! -e fourth.db ]] || fails "a refused init made a database"

# Lists that are not taken are spoken of by their names.
expect 3 'nobody.json: The list of members is not complete: it has no members' \
    "$patt" import members nobody.json --everybody
expect 0 'list of members was not complete, .*: it has no members.*patt import members FILE --everybody' "$patt" issues list
"$patt" import roster empty.json >/dev/null 2>&1
expect 0 'roster was not complete, .*: the roster has no members.*patt import roster FILE' "$patt" issues list
expect 0 '"type":"roster_incomplete".*"detail":"The guild roster.*"next":"' "$patt" issues list --json

# Measuring is measuring: options that belong to it never match the guild.
before=$(content)
printf 'bob\n' >pool.txt
for options in "--pool pool.txt" "--pad 10" "--seeds 3" "--evaluate links.tsv --pad 10" "--evaluate links.tsv --seeds 2" \
    "--evaluate links.tsv --pool pool.txt --pad -1" "--bench --pad 10" "--notes notes.tsv --pool pool.txt"; do
    read -ra typed <<<"$options"
    expect 2 'usage' "$patt" match "${typed[@]}"
done
[[ $(content) == "$before" ]] || fails "patt match wrote links instead of measuring"
printf 'one column\n' >pairs.tsv
expect 3 'pairs.tsv: line 1' "$patt" match --evaluate pairs.tsv
expect 3 'links.tsv: line 1' "$patt" match --notes links.tsv
expect 0 'Linked' "$patt" match --evaluate links.tsv --pool pool.txt --pad 10 --seeds 2

# Members by id, and by a name of digits.
expect 3 'not_found: there is no member 424242' "$patt" explain link Fennarose 424242
printf 'id,username\n70000000000000009,31337\n' >digits.csv
expect 0 'new +1' "$patt" import members digits.csv
expect 0 . "$patt" explain member 31337
expect 0 . "$patt" explain member 70000000000000009

# What officers are told.
expect 0 'Noted. It holds from now on; patt review undo [0-9]+ takes it back' "$patt" review split Fennarose Halvardin
expect 3 'invalid_input: .*two characters' "$patt" review merge Fennarose Fennarose
expect 0 'Name or Name-realm' bash -c "\"$patt\" review merge --help | grep OTHER"
expect 3 'not_found.*Zzz' "$patt" doctor --guild Zzz
expect 3 'not_found: nope: .*patt settings list' "$patt" settings get nope
"$patt" settings set channels.audit none >/dev/null 2>&1
expect 0 'reports only. patt settings set channels.audit VALUE' bash -c "\"$patt\" doctor; true"
expect 1 'postgres.* Does the server run' "$patt" doctor --db postgresql://me@127.0.0.1:1/patt

# Nothing is lost silently, and nothing unfinished is left.
for line in "roster list" "roster list --json" "migrate --print-roles" "settings get guild.name"; do
    read -ra typed <<<"$line"
    # shellcheck disable=SC2016
    expect 1 'written|No space' bash -c '"$@" >/dev/full' - "$patt" "${typed[@]}"
done
expect 2 'name of a new file' "$patt" backup ""
[[ -z $(find . -name '*.partial*') ]] || fails "something unfinished was left"

# A guild has one name, also when it is changed.
expect 0 'after' "$patt" settings set guild.name "New Name"
expect 0 . "$patt" roster list --guild "new name"
expect 3 'not_found' "$patt" roster list --guild "Lantern Watch"
expect 0 '"name":"New Name"' "$patt" export named.jsonl --json
expect 3 'already_exists' "$patt" init --guild "NEW NAME" --owner me

# A guild with a chat server of its own: the owner is who they are there, and nothing is made up.
export DATABASE_URL=sqlite:own.db
expect 2 'owner-id' "$patt" init --guild Own --owner somebody --owner-id nobody
expect 2 'excludes' "$patt" init --sample --owner-id 70000000000000001
expect 0 'patt settings set' "$patt" init --guild Own --owner somebody --owner-id 70000000000000001
[[ ! -e own.db.chat.json ]] || fails "a terminal's chat server was made"
expect 0 '^none$' "$patt" settings get channels.audit
expect 0 '^$' "$patt" settings get ranks.roles
printf 'id,username\n70000000000000001,somebody\n70000000000000002,other\n' >own.csv
expect 0 'new +1' "$patt" import members own.csv
expect 0 . "$patt" explain member Somebody
expect 3 'not_allowed' "$patt" onboarding start other --as other
expect 0 . "$patt" onboarding start other --as somebody

# The guild is given away and taken back, by its owner and the operator alone; it is in the event log.
expect 3 'confirm_first: .*--yes' "$patt" guild owner other
expect 3 'not_found: .*70000000000000009' "$patt" guild owner 70000000000000009 --yes
expect 3 'not_allowed: .*owner' "$patt" guild owner other --as other --yes
expect 0 'belongs to \*?\*?other' "$patt" guild owner other --as somebody --reason "on a journey" --yes
expect 0 'name +other' "$patt" guild owner
expect 0 . "$patt" onboarding start somebody --as other
expect 3 'not_allowed' "$patt" guild owner somebody --as somebody --yes
expect 0 '"before":"70000000000000002","after":"70000000000000001"' "$patt" guild owner somebody --yes --json
expect 0 'owner.changed +owner:70000000000000001.*on a journey' "$patt" log show
expect 0 'owner.changed +operator' "$patt" log show
printf 'id,username\n70000000000000001,somebody\n' >left.csv
expect 0 'gone +1' "$patt" import members left.csv --everybody
expect 3 'wrong_state: other has left' "$patt" guild owner 70000000000000002 --yes
expect 0 'lives in the terminal' "$patt" init --guild Played --owner me --db sqlite:played.db
finish
