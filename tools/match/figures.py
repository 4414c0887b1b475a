#!/usr/bin/python3
"""Writes the figures of docs/matching.md, between its markers.

Usage: tools/match/figures.py BUILD_DIR DATA_DIR [--large]

DATA_DIR holds strategy-game-name-to-account.tsv, shooter-name-to-account.tsv, guild-alts.tsv and
background-names.tsv. Only counts are written: the names are real people's.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*args):
    out = subprocess.run([str(a) for a in args], check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def pairs_table(program, data, sizes):
    lines = ['| set | members | links | wrong | precision (95 % from) | recall, all pairs | derivable: linked or first | '
             'among three | queue per 1000 | calibration error |', '|---|---|---|---|---|---|---|---|---|---|']
    for name in ('strategy-game', 'shooter'):
        for size in sizes:
            seeds = 1 if size >= 100000 or size == 0 else 5
            r = run(program, '--evaluate', data / f'{name}-name-to-account.tsv', '--pool',
                    data / 'background-names.tsv', '--pad', size, '--seeds', seeds, '--private')
            a = r['automatic']
            lines.append(f"| {name} | {size or 'closed'} | {a['links']} of {r['pairs']} | {a['wrong']} | "
                         f"{a['precision']:.4f} ({a['wilson_lower']:.3f}) | {r['recall']:.3f} | "
                         f"{r['derivable_first']:.3f} | {r['derivable_among_three']:.3f} | "
                         f"{r['queue_per_1000']:.0f} | {r['calibration_error']:.3f} |")
    return lines


def groups_table(program, data):
    lines = ['| table | alts | grouped | grouped or suggested | pair precision | pair recall | B-cubed P / R | '
             'relation notes (linked) |', '|---|---|---|---|---|---|---|---|']
    for title, path in (('made-up guild, 300 notes', ROOT / 'tests/unit/identity/data/made_up_guild.tsv'),
                        ('unseen guild, English', ROOT / 'tests/unit/identity/data/unseen_guild_us.tsv'),
                        ('unseen guild, several languages', ROOT / 'tests/unit/identity/data/unseen_guild_eu.tsv'),
                        ('guild-alts (no notes: names only; left out of tuning)', data / 'guild-alts.tsv')):
        r = run(program, '--notes', path, '--private')
        precision = '-' if r['pair_precision'] is None else f"{r['pair_precision']:.4f}"
        lines.append(f"| {title} | {r['alts']} | {r['alts_grouped']:.3f} | {r['alts_found']:.3f} | "
                     f"{precision} | {r['pair_recall']:.3f} | {r['b_cubed_precision']:.3f} / "
                     f"{r['b_cubed_recall']:.3f} | {r['relation_notes']} ({r['relation_notes_linked']}) |")
    return lines


def accounts_table(program):
    """Characters of the made-up guild to accounts, by names alone and with what the notes say of alts."""
    data = ROOT / 'tests/unit/identity/data'
    rows = [line.split('\t') for line in (data / 'made_up_guild.tsv').read_text().splitlines()]
    person = rows[0].index('person')
    lines = ['| characters to accounts | by | linked | wrong | recall |', '|---|---|---|---|---|']
    with tempfile.NamedTemporaryFile('w', suffix='.tsv') as notes:
        for row in rows:  # whom they belong to is what is asked
            notes.write('\t'.join(row[:person] + row[person + 1:]) + '\n')
        notes.flush()
        for by, more in (('names alone', []), ('notes, over alts', ['--notes', notes.name]),
                         ("an add-on's groups, too", ['--notes', data / 'made_up_guild.tsv'])):
            r = run(program, '--evaluate', data / 'made_up_accounts.tsv', *more, '--private')
            a = r['automatic']
            lines.append(f"| made-up guild | {by} | {a['links']} of {r['pairs']} | {a['wrong']} | {r['recall']:.3f} |")
    return lines


def speed_table(program, data, large):
    r = run(program, '--pool', data / 'background-names.tsv', '--rounds', '5', *(['--large'] if large else []))
    other = f" / {r['keys']['other_ns']:.0f}" if 'other_ns' in r['keys'] else ''
    lines = ['| what | figure |', '|---|---|',
             f"| all keys of a name, ASCII / other | {r['keys']['ascii_ns']:.0f}{other} ns |"]
    for key, v in r.items():
        if key.startswith('join_'):
            brute = f", brute force {v['brute_force_ms']:.0f} ms ({v['ratio']:.0f}x)" if 'ratio' in v else ''
            lines.append(f"| join {key[5:]} x {key[5:]} | {v['index_ms']:.2f} ms{brute}; one look-up "
                         f"{v['look_up_us']:.2f} us |")
        if key.startswith('match_'):
            lines.append(f"| match {key[6:].replace('_x_', ' x ')} | {v['full_ms']:.1f} ms whole, one change p50 "
                         f"{v['one_change_p50_us']:.0f} us, p99 {v['one_change_p99_us']:.0f} us, a tenth renamed "
                         f"{v['tenth_renamed_ms']:.1f} ms, {v['memory_mb']:.0f} MB |")
    return lines


def main():
    build, data = Path(sys.argv[1]), Path(sys.argv[2])
    large = '--large' in sys.argv
    program = build / 'bin/patt-match-eval'
    bench = build / 'bin/bench_match'
    parts = [pairs_table(program, data, [0, 100, 1000, 10000] + ([100000] if large else [])),
             groups_table(program, data), accounts_table(program)]
    if bench.exists():
        parts.append(speed_table(bench, data, large))
    doc = ROOT / 'docs/matching.md'
    text = doc.read_text()
    begin, end = '<!-- figures begin -->', '<!-- figures end -->'
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    doc.write_text(head + begin + '\n' + '\n\n'.join('\n'.join(p) for p in parts) + '\n' + end + tail)


if __name__ == '__main__':
    main()
