// The join of bench_match by mnemonist's SymSpell and PassjoinIndex (npm), on the lists that --dump wrote.
// Usage: node peer_join.cjs PREFIX OUR_MS
'use strict';
const fs = require('fs');
const SymSpell = require('mnemonist/symspell');
const PassjoinIndex = require('mnemonist/passjoin-index');

const read = (path) => fs.readFileSync(path, 'utf8').split('\n').filter((line) => line.length > 0);
const left = read(process.argv[2] + '.left');
const right = [...new Set(read(process.argv[2] + '.right'))];
const ours = Number(process.argv[3]);

// PassjoinIndex asks for a distance; the usual two-row Levenshtein with a limit of two.
function levenshtein(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let above = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; ++i) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; ++j) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (row[j] < least) least = row[j];
    }
    if (least > 2) return 3;
    above = row;
  }
  return above[b.length];
}

function best(run) {
  let ms = Infinity;
  for (let i = 0; i < 3; ++i) {
    const start = process.cpuUsage();
    run();
    const used = process.cpuUsage(start);
    ms = Math.min(ms, (used.user + used.system) / 1000);
  }
  return ms;
}

const passjoin = best(() => {
  const index = new PassjoinIndex(levenshtein, 2);
  for (const name of right) index.add(name);
  let hits = 0;
  for (const name of left) hits += index.search(name).size;
  return hits;
});
const symspell = best(() => {
  const index = new SymSpell({maxDistance: 2, verbosity: 2});
  for (const name of right) index.add(name);
  let hits = 0;
  for (const name of left) hits += index.search(name).length;
  return hits;
});
console.log(JSON.stringify({
  passjoin_ms: Math.round(passjoin), symspell_ms: Math.round(symspell), ours_ms: ours,
  ratio_to_best: Math.round(Math.min(passjoin, symspell) / ours),
}));
