#!/bin/sh
# The 10,000 x 10,000 join beside npm's mnemonist, in one run. Usage: compare_join.sh BUILD_DIR [NAMES.tsv]
set -eu
build=$1
here=$(dirname "$0")
peers=$build/peers
mkdir -p "$peers"
[ -d "$peers/node_modules/mnemonist" ] || npm install --silent --no-audit --no-fund --prefix "$peers" mnemonist@0.40.3
out=$("$build/bin/bench_match" ${2:+--pool "$2"} --rounds 5 --dump "$peers/join")
ours=$(printf '%s\n' "$out" | sed -n 's/.*"join_10000":.*"index_ms":\([0-9.]*\).*/\1/p')
NODE_PATH="$peers/node_modules" node "$here/peer_join.cjs" "$peers/join" "$ours"
rm -f "$peers/join.left" "$peers/join.right"
