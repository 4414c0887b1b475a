#!/bin/bash
# The program's commands of matching from outside: every ruling, notes and large lists from files, and the view
# of `patt review` on a terminal. check_matching.sh PATT SAMPLE; started by with_postgres, on that server.
set -uo pipefail
patt=$1 sample=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
unset DATABASE_URL PATT_INSTANCE_KEY PATT_INSTANCE_KEY_FILE
export PATT_SAMPLE_DIR=$sample
[[ ! ${PATT_TEST_DB_1:-} ]] || export DATABASE_URL=$PATT_TEST_DB_1
source "$here/expect.sh"

# ruling_of COMMAND...: the number of the ruling that it makes.
ruling_of() {
    "$@" --json | grep -oE '[0-9]{15,}' | head -1
}

"$patt" init --sample >/dev/null
cat >members.json <<'END'
[{"user": {"id": "70000000000000001", "username": "kestrelby", "global_name": null}, "nick": null, "roles": []},
 {"user": {"id": "70000000000000002", "username": "rocketman77", "global_name": null}, "nick": null, "roles": []},
 {"user": {"id": "70000000000000003", "username": "stilblade", "global_name": null}, "nick": null, "roles": []}]
END
expect 0 '"new":3' "$patt" import members members.json --json
expect 0 'kestrelby' "$patt" explain character Kestrelby
expect 0 'Kestrelby-ember-vale: link kestrelby' "$patt" explain character Kestrelby
expect 0 '"owner":"kestrelby, matched by' "$patt" explain character Kestrelby --json
expect 0 '"level":"certain"' "$patt" match explain Kestrelby --json
expect 0 'Kestrelby-ember-vale: link kestrelby' "$patt" explain link Kestrelby kestrelby
expect 0 'Kestrelby-ember-vale: nothing; looked at rocketman77' "$patt" explain link Kestrelby rocketman77
expect 0 'would change it: Nothing agrees' "$patt" explain link Kestrelby rocketman77
expect 0 '"probability":null,"level":"none"' "$patt" explain link Kestrelby rocketman77 --json
expect 0 '"waiting_by_reason":{.*"nobody_fits":' "$patt" match --json
expect 0 'waiting_by_reason .*nobody_fits [0-9]' "$patt" match

# A note that names somebody else than an officer did: both sides, in every form.
contradicted=$(ruling_of "$patt" review accept Kestrelby stilblade)
expect 0 '^character +Kestrelby.*contradicts_ruling' sed -n 2p <("$patt" review list)
expect 0 '"why":"contradicts_ruling".*"candidates":\[{"member":"70000000000000003".*"evidence":\[{.*"member":"70000000000000001"' "$patt" review list --json
expect 0 'perhaps kestrelby' "$patt" explain character Kestrelby
expect 0 'looked at kestrelby' "$patt" explain character Kestrelby
expect 0 '"evidence":\[{.*"explanation":{' "$patt" explain character Kestrelby --json
expect 0 'Taken back' "$patt" review undo "$contradicted"
expect 0 'belongs to: kestrelby' "$patt" explain character Kestrelby

# Rejected, and back.
expect 0 'Nothing was written' "$patt" review reject Kestrelby kestrelby --dry-run
reject=$(ruling_of "$patt" review reject Kestrelby kestrelby --reason "it is the sister")
expect 0 'belongs to: nobody' "$patt" explain character Kestrelby
expect 0 'rejected.*it is the sister' "$patt" review rulings
expect 0 'nothing; looked at kestrelby' "$patt" explain link Kestrelby kestrelby
expect 0 'against: An officer said' "$patt" explain link Kestrelby kestrelby
expect 0 'Taken back' "$patt" review undo "$reject"
expect 0 'belongs to: kestrelby' "$patt" explain character Kestrelby

# Two characters of one person, and of two.
merge=$(ruling_of "$patt" review merge Kestrelby Thistlery)
expect 0 'merged' "$patt" review rulings
expect 0 'belongs to: kestrelby' "$patt" explain character Thistlery
expect 0 'ruling' "$patt" review split Kestrelby Thistlery
expect 0 'belongs to: nobody' "$patt" explain character Thistlery
expect 3 'wrong_state' "$patt" review undo "$merge"
expect 3 'invalid_input: .*two characters' "$patt" review merge Kestrelby Kestrelby
expect 2 'usage' "$patt" review merge Kestrelby
expect 2 'usage' "$patt" review undo nonsense

# Notes from a file.
printf 'character\tguild_note\tofficer_note\tgroup\n' >notes.tsv
printf 'Drumlow\tDiscord: rocketman77\t\t\nLumivar\talt of Drumlow\t\t\nNobodyatall\tx\t\t\nDrumlow\ty\t\t\n' >>notes.tsv
expect 0 'changed 2, twice 1, unknown 1' "$patt" import notes notes.tsv --dry-run
expect 0 '^Drumlow +twice' "$patt" import notes notes.tsv --dry-run
expect 0 'belongs to: nobody' "$patt" explain character Drumlow
expect 0 'unknown_names +Nobodyatall' "$patt" import notes notes.tsv
expect 0 'belongs to: rocketman77' "$patt" explain character Drumlow
expect 0 'belongs to: rocketman77' "$patt" explain character Lumivar
expect 0 '"changed":0' "$patt" import notes notes.tsv --json
expect 0 '"twice_names":"Drumlow"' "$patt" import notes - --json <notes.tsv
expect 3 'character' "$patt" import notes members.json
expect 3 'line 2' "$patt" import notes <(printf 'character\tnote\nDrumlow\ta\tb\tc\n')
expect 3 'no file nowhere' "$patt" import notes nowhere.tsv
expect 3 'no file' "$patt" match --evaluate nowhere.tsv

# Who plays whom, from a list that was kept before.
printf 'character\taccount\nYarawind\tStilblade\nNobodyatall\tkestrelby\nBrennok\tsomebody else\n' >links.tsv
expect 0 'confirmed 1, unknown 1, unknown_member 1' "$patt" import links links.tsv --dry-run
expect 0 '^Brennok +somebody else +unknown_member' "$patt" import links links.tsv --dry-run
expect 0 '{"character":"Yarawind","member":"Stilblade","result":"confirmed"}' "$patt" import links links.tsv --dry-run --json
expect 0 'belongs to: nobody' "$patt" explain character Yarawind
expect 0 '"linked":1.*"unknown_names":"Nobodyatall","unknown_member_names":"somebody else"' "$patt" import links links.tsv --json
expect 0 'belongs to: stilblade' "$patt" explain character Yarawind
expect 0 'by migrated' "$patt" match explain Yarawind
expect 0 '^Yarawind +Stilblade +same' "$patt" import links links.tsv --dry-run
expect 0 'same +1' "$patt" import links - <links.tsv
expect 3 'line 2' "$patt" import links <(printf 'character\taccount\nYarawind\n')

# What roles are called: two who are called alike, of whom one has the class's role.
cat >alike.json <<'END'
[{"user": {"id": "70000000000000011", "username": "north77"}, "nick": "Pellebrand", "roles": ["901"]},
 {"user": {"id": "70000000000000012", "username": "south88"}, "nick": "Pellebrand", "roles": ["902"]}]
END
printf '[{"id": "900", "name": "@everyone"}, {"id": "901", "name": "Mage"}, {"id": "902", "name": "Evoker"}]' >roles.json
expect 0 '"new":2' "$patt" import members alike.json --json
expect 0 '"member":"70000000000000011"' "$patt" explain character Pellebrand --json
expect 0 '^902 +new +Evoker' "$patt" import roles roles.json --dry-run
expect 0 'new +3' "$patt" import roles roles.json
expect 0 'Nothing would change' "$patt" import roles roles.json --dry-run
expect 0 'class.*Evoker' "$patt" explain link Pellebrand south88
expect 0 '"member":"70000000000000012"' "$patt" explain character Pellebrand --json
expect 0 '"renamed_names":"Evoker -> Dragons","gone_names":"Mage"' "$patt" import roles - --json \
    <<<'{"id": "900", "roles": [{"id": "900", "name": "@everyone"}, {"id": "902", "name": "Dragons"}]}'
expect 0 '"gone":0,"complete":"no"' "$patt" import roles - --json <<<'[{"id": "901", "name": "Mage"}]'
sed 's/900/901/' roles.json >twice.json
expect 3 'twice.json: roles\[1\].id: 901 is roles\[0\] already.*Nothing was taken' "$patt" import roles twice.json
expect 3 'no file nowhere' "$patt" import roles nowhere.json

# How good matching is, measured from files.
printf 'character\taccount\nKestrelby\tkestrelby\nThistlery\tThistlery77\n' >pairs.tsv
printf 'name\nGrimwold\nZanzifer\nOakenmere\n' >pool.tsv
expect 0 '2 characters, 4 members' "$patt" match --evaluate pairs.tsv --pad 4 --seeds 1 --pool pool.tsv
expect 0 '"wrong_links":\[\]' "$patt" match --evaluate pairs.tsv --json
expect 3 'line 2' "$patt" match --evaluate <(printf 'character\taccount\nKestrelby\n')
printf 'character\tperson\tguild_note\tofficer_note\nKestrelby\tk\t\t\nThistlery\tk\talt of Kestrelby\t\n' >people.tsv
expect 0 'with alts' "$patt" match --notes people.tsv
expect 0 '2 characters, 2 members. Linked 1,' "$patt" match --evaluate <(printf 'Kestrelby\tkestrelby\nThistlery\tZanzifer\n')
expect 0 'Linked 2, of them wrong 0' "$patt" match --evaluate <(printf 'Kestrelby\tkestrelby\nThistlery\tkestrelby\n') --notes people.tsv
expect 0 'Linked 2, of them wrong 0' "$patt" match --evaluate <(printf 'character\taccount\tnote\nKestrelby\tkestrelby\t\nThistlery\tkestrelby\talt of Kestrelby\n')
expect 0 '"match_1000_x_1000"' "$patt" match --bench --rounds 1 --json --pool <(seq 1 3000 | awk '{ printf "Name%dx\n", $1 * 7919 }')
expect 2 'excludes' "$patt" match --bench --evaluate pairs.tsv
expect 2 'equires' "$patt" match --large

# On a terminal: keys at once, and the terminal as before, also after Ctrl-C.
# at_terminal KEYS: what the view shows to somebody who types them.
at_terminal() {
    { sleep 1; printf '%b' "$1"; sleep 1; } |
        script -qec "bash -c 'stty echo; \"$patt\" review; stty -a'" /dev/null | tr -d '\r'
}
at_terminal 'e?nbq' >view.txt
expect 0 '^\[1 of [0-9]+, 0 decided\]' cat view.txt
expect 0 '^\[2 of [0-9]+, 0 decided\]' cat view.txt
expect 0 '0 decided, [0-9]+ wait' cat view.txt
expect 0 ' isig icanon .* echo |icanon' cat view.txt
grep -q -- ' -echo ' view.txt && { echo "FAILED: the terminal shows nothing afterwards"; failures=$((failures + 1)); }
at_terminal '\003' >stopped.txt
expect 0 '0 decided, [0-9]+ wait' cat stopped.txt
grep -q -- '-icanon' stopped.txt && { echo "FAILED: the terminal was left without lines"; failures=$((failures + 1)); }

# past LINE: the keys that lead to who stands in this line of the list, perhaps none.
past() {
    printf '%*s' $(($1 - 2)) '' | tr ' ' n
}

# Its keys on somebody who has a candidate, wherever that stands: rejected, taken back, accepted, taken back.
"$patt" settings set matching.certain suggest --yes >/dev/null
"$patt" settings set matching.high suggest --yes >/dev/null
"$patt" match >/dev/null
before=$("$patt" review list | grep -n 'level_suggests' | head -1 | cut -d: -f1)
somebody=$("$patt" review list | sed -n "${before}s/^character  *\([^ ]*\) .*/\1/p")
at_terminal "$(past "$before")ru3auxuq" >keys.txt
told=$(grep -oE '[0-9]+ decided\] (character|member) [^:]*|Noted|Taken back|no such candidate' keys.txt | sed -n '/Noted/,$p' | sed 's/.*decided\] //' | tr '\n' ';')
expect 0 "^Noted;[^;]*;Taken back;character $somebody;no such candidate;character $somebody;Noted;[^;]*;Taken back;character $somebody;Noted;[^;]*;Taken back;character $somebody;$" echo "$told"
"$patt" settings set matching.certain link --yes >/dev/null
"$patt" settings set matching.high link --yes >/dev/null
"$patt" match >/dev/null

# A no ends an acceptance that is asked about, because the character is called otherwise now.
expect 0 'ruling' "$patt" review accept Bastwicke rocketman77
expect 3 'wrong_state' "$patt" review reject Bastwicke rocketman77
sed 's/Bastwicke/Thornquill/' "$sample/roster.json" >renamed.json
expect 0 '' "$patt" import roster renamed.json
asked=$("$patt" review list | grep -n 'Thornquill.*ruling_outdated' | cut -d: -f1)
at_terminal "$(past "$asked")rq" >no.txt
expect 0 'Thornquill-ember-vale: ruling_outdated' cat no.txt
expect 0 '1 decided, [0-9]+ wait' cat no.txt
expect 0 'belongs to: nobody' "$patt" explain character Thornquill

expect 3 'confirm_first' "$patt" settings set matching.medium link
expect 0 'after' "$patt" settings set matching.medium nothing --yes

# A large list, whole, twice; then a part of it.
{
    printf 'id,username,nick\n'
    awk 'BEGIN { for (i = 0; i < 20000; ++i) printf "8%017d,player%d,\n", i, i * 7919 }'
} >many.csv
expect 0 'new +20000' "$patt" import members many.csv
expect 0 'unchanged +20000' "$patt" import members many.csv
head -n 100 many.csv >few.csv
expect 0 'gone +0' "$patt" import members few.csv --everybody
expect 0 'complete +no' "$patt" import members few.csv --everybody
expect 0 '"links_made":"0"|"links_made":0' "$patt" match --json
finish
