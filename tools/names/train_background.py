#!/usr/bin/python3
"""Generates libpatt/core/identity/background_tables.inc: how likely a stranger bears a given name.

Input: a table `region<TAB>realm<TAB>name` of real character names (kept outside the repository). Output are
only statistics: a letter-trigram model (costs in 1/16 bit) and curves "cost of the model -> bits of rarity".
No name can be read back from either.

The curves are measured between regions: a name of one region against all names of the other, so both are
strangers. `whole` counts equal names, `edge` names that begin or end with it, `inside` names that contain it
anywhere, `edit` names one typing error away. Each curve is made monotone and is cut where fewer than
30 hits support it; beyond that rarity grows with the cost at the slope measured there (at most 0.7).

Usage: tools/names/train_background.py background-names.tsv > libpatt/core/identity/background_tables.inc
"""
import collections
import math
import sys
import unicodedata

LETTERS = 'abcdefghijklmnopqrstuvwxyz'
END = 26
STEP = 2  # bits per point of a curve


def fold(name):
    plain = ''.join(c for c in unicodedata.normalize('NFD', name.casefold()) if unicodedata.category(c) != 'Mn')
    table = {'æ': 'ae', 'ø': 'o', 'ł': 'l', 'þ': 'th', 'ð': 'd', 'ı': 'i', 'đ': 'd', 'œ': 'oe'}
    return ''.join(table.get(c, c) for c in plain)


def codes(s):
    return [LETTERS.index(c) for c in s]


def train(names):
    counts = [[[0] * 27 for _ in range(27)] for _ in range(27)]
    for n in names:
        a = b = END
        for c in codes(n) + [END]:
            counts[a][b][c] += 1
            a, b = b, c
    uni = [sum(counts[a][b][c] for a in range(27) for b in range(27)) for c in range(27)]
    total = sum(uni)
    p1 = [(u + 1) / (total + 27) for u in uni]
    bi = [[sum(counts[a][b][c] for a in range(27)) for c in range(27)] for b in range(27)]
    table = []
    for a in range(27):
        for b in range(27):
            n3, n2 = sum(counts[a][b]), sum(bi[b])
            for c in range(27):
                p2 = (bi[b][c] + 8 * p1[c]) / (n2 + 8)
                p3 = (counts[a][b][c] + 12 * p2) / (n3 + 12)
                table.append(min(255, round(-16 * math.log2(p3))))
    return table


def cost(table, s, whole):
    """Bits of a whole name (with its ends) or of a piece (without)."""
    a = b = END
    bits = 0
    cs = codes(s)
    for c in cs + ([END] if whole else []):
        bits += table[(a * 27 + b) * 27 + c]
        a, b = b, c
    return bits / 16


def curve(points):
    """points: (cost, hits, trials) -> rarity in bits at cost 0, STEP, 2*STEP ..."""
    hits, trials = collections.Counter(), collections.Counter()
    for c, h, t in points:
        hits[int(c // STEP)] += h
        trials[int(c // STEP)] += t
    out, bins, merged = [], sorted(trials), []
    h = t = 0
    first = 0
    for b in bins:
        h, t = h + hits[b], t + trials[b]
        if h >= 30:
            merged.append(((first + b) / 2 * STEP + STEP / 2, -math.log2(h / t), h))
            h = t = 0
            first = b + 1
    best = 0
    for i, (c, r, n) in enumerate(merged):
        best = max(best, r)
        merged[i] = (c, best, n)
    def at(c):
        if c <= merged[0][0]:
            return merged[0][1] * c / merged[0][0]
        for (c0, r0, _), (c1, r1, _) in zip(merged, merged[1:]):
            if c <= c1:
                return r0 + (r1 - r0) * (c - c0) / (c1 - c0)
        (c0, r0, _), (c1, r1, _) = merged[max(0, len(merged) - 4)], merged[-1]
        slope = min(0.7, max(0.1, (r1 - r0) / (c1 - c0)))
        return r1 + slope * (c - c1)
    for point in range(0, 65):
        out.append(round(at(point * STEP) * 16))
    return out, merged


def deletes(s):
    return {s} | {s[:i] + s[i + 1:] for i in range(len(s))}


def main():
    regions = collections.defaultdict(list)
    for line in open(sys.argv[1], encoding='utf-8'):
        f = line.rstrip('\n').split('\t')
        name = fold(f[2])
        if name and all(c in LETTERS for c in name):
            regions[f[0]].append(name)
    table = train(regions['eu'] + regions['us'])
    left, right = regions['eu'], regions['us']
    count = collections.Counter(right)
    prefix, suffix, inside, near = (collections.Counter() for _ in range(4))
    for n in right:
        for k in range(3, len(n) + 1):
            prefix[n[:k]] += 1
            suffix[n[-k:]] += 1
        for sub in {n[i:j] for i in range(len(n)) for j in range(i + 3, len(n) + 1)}:
            inside[sub] += 1
    for n in right:
        for d in deletes(n):
            near[d] += 1
    sample = left[::3]
    whole, edge, within, edit = [], [], [], []
    t = len(right)
    for n in sample:
        cw, cp = cost(table, n, True), cost(table, n, False)
        whole.append((cw, count[n], t))
        if len(n) >= 3:
            edge.append((cp, prefix[n] + suffix[n] - 2 * count[n], t))
            within.append((cp, inside[n] - count[n], t))
        if len(n) >= 4:
            edit.append((cw, sum(near[d] for d in deletes(n)) // 2, t))
    print('// Generated by tools/names/train_background.py from about 100,000 real character names (EU and US).')
    print('// Do not edit. Statistics only: no name can be read back. clang-format off')
    def emit(kind, name, values):
        print(f'inline constexpr {kind} {name}[{len(values)}] = {{')
        for i in range(0, len(values), 27):
            print(','.join(map(str, values[i:i + 27])) + ',')
        print('};')
    emit('std::uint8_t', 'trigram_cost', table)
    for name, points in (('whole', whole), ('edge', edge), ('inside', within), ('edit', edit)):
        values, merged = curve(points)
        print(name, [(c, round(r, 1), n) for c, r, n in merged], file=sys.stderr)
        emit('std::uint16_t', f'{name}_rarity', values)
    print('// clang-format on')


if __name__ == '__main__':
    main()
