#!/usr/bin/python3
"""Generates libpatt/core/text/unicode_tables.inc from the Unicode Character Database.

Source: Debian's package `unicode-data` (15.0.0-1), /usr/share/unicode: UnicodeData.txt,
DerivedNormalizationProps.txt, Scripts.txt, PropList.txt. Unicode 15.0.0, (c) Unicode, Inc., Unicode licence.

ICU (72.1, Debian package python3-icu) is needed to run this script, never to build or run the library.

Usage: tools/unicode/generate.py [--ucd DIR] > libpatt/core/text/unicode_tables.inc

What is derived, per code point c:
  exact(c)   NFKC_Casefold(c), property NFKC_CF
  folded(c)  exact(c), decomposed, without nonspacing marks, letters with strokes and ligatures mapped to
             base letters, small capitals to letters, recomposed. Kana voicing marks stay: they make letters.
  look(c)    the ASCII letters that exact(c) looks like: hand-made list below, then UTS #39 skeletons as ICU has them
  sound(c)   the ASCII letters that folded(c) sounds like: CLDR's Any-Latin; Latin-ASCII as ICU has it; only for
             alphabets and kana (Hangul is arithmetic, Han has no one reading)
  ccc, canonical decompositions and compositions, for the slow path of normalisation
  kind and script, for the parser of names
"""
import argparse
import icu
import re
import sys
from pathlib import Path

BLOCK = 128
LIMIT = 0x110000
S_BASE, L_BASE, V_BASE, T_BASE = 0xAC00, 0x1100, 0x1161, 0x11A7
KEPT_MARKS = {0x3099, 0x309A}

# Letters that Unicode does not decompose and whose names do not follow "LATIN SMALL LETTER X WITH ...".
LETTERS = {
    'æ': 'ae', 'œ': 'oe', 'þ': 'th', 'ð': 'd', 'ı': 'i', 'ȷ': 'j', 'ŋ': 'n', 'ĸ': 'k', 'ſ': 's', 'ɛ': 'e',
    'ɑ': 'a', 'ɡ': 'g', 'ɩ': 'i', 'ʊ': 'u', 'ǝ': 'e', 'ə': 'e', 'ɔ': 'o', 'ƿ': 'w', 'ꜳ': 'aa', 'ꜵ': 'ao',
    'ꜷ': 'au', 'ꜹ': 'av', 'ꜽ': 'ay', 'ꝏ': 'oo', 'ꭓ': 'x', 'ʙ': 'b', 'ɢ': 'g', 'ʜ': 'h', 'ɪ': 'i', 'ʟ': 'l',
    'ɴ': 'n', 'ɶ': 'oe', 'ʀ': 'r', 'ʏ': 'y', 'ᴀ': 'a', 'ᴁ': 'ae', 'ꜰ': 'f', 'ꞯ': 'q', 'ꜱ': 's',
}
# What players use for its looks; UTS #39 is about spoofing and stricter.
LOOKS = {
    'я': 'r', 'и': 'n', 'й': 'n', 'н': 'h', 'к': 'k', 'т': 't', 'м': 'm', 'в': 'b', 'д': 'd', 'л': 'n', 'п': 'n',
    'ш': 'w', 'щ': 'w', 'з': 'e', 'э': 'e', 'ц': 'u', 'ч': 'y', 'ф': 'o', 'ь': 'b', 'ъ': 'b', 'г': 'r', 'ж': 'x',
    'є': 'e', 'ё': 'e', 'ґ': 'r', 'ћ': 'h', 'ђ': 'h', 'ѕ': 's', 'і': 'i', 'ј': 'j', 'б': 'b', 'у': 'y',
    'α': 'a', 'β': 'b', 'γ': 'y', 'δ': 'a', 'ε': 'e', 'ζ': 'z', 'η': 'n', 'θ': 'o', 'ι': 'i', 'κ': 'k', 'λ': 'a',
    'μ': 'm', 'ν': 'v', 'ξ': 'e', 'ο': 'o', 'π': 'n', 'ρ': 'p', 'σ': 'o', 'ς': 's', 'τ': 't', 'υ': 'u', 'φ': 'o',
    'χ': 'x', 'ψ': 'w', 'ω': 'w', '€': 'e', '£': 'l', '¥': 'y', '¢': 'c', '∂': 'd', '∑': 'e', '∆': 'a', '√': 'v',
    '∩': 'n', '∪': 'u', '†': 't', '¡': 'i', '¿': 'c', 'ツ': '', '§': 's', 'µ': 'm', 'ʌ': 'a', '×': 'x',
    'ɐ': 'a', 'ɔ': 'c', 'ǝ': 'e', 'ɟ': 'f', 'ɥ': 'h', 'ᴉ': 'i', 'ɾ': 'j', 'ʞ': 'k', 'ɯ': 'm', 'ɹ': 'r', 'ʇ': 't',
    'ʍ': 'w', 'ʎ': 'y',
}
# order matters: the numbers are the enumerators of text/characters.hpp
KINDS = ['other', 'letter', 'digit', 'mark', 'space', 'punctuation', 'symbol', 'unassigned']
SCRIPTS = ['common', 'latin', 'cyrillic', 'greek', 'hangul', 'kana', 'han', 'other']


def read_ucd(folder):
    data, last = {}, None
    for line in (folder / 'UnicodeData.txt').read_text().splitlines():
        f = line.split(';')
        cp = int(f[0], 16)
        if f[1].endswith(', Last>'):
            for c in range(last, cp + 1):
                data[c] = (f[1], f[2], int(f[3]), '')
        data[cp] = (f[1], f[2], int(f[3]), f[5])
        last = cp
    return data


def read_property(path, wanted):
    """Yields (cp, value) of a property file; value is the field after the name (or the name itself)."""
    for line in path.read_text().splitlines():
        line = line.split('#')[0].strip()
        if not line:
            continue
        f = [x.strip() for x in line.split(';')]
        if wanted is not None and f[1] != wanted:
            continue
        ends = [int(x, 16) for x in f[0].split('..')]
        for cp in range(ends[0], ends[-1] + 1):
            yield cp, (f[2] if len(f) > 2 else f[1])


class Ucd:
    def __init__(self, folder):
        self.chars = read_ucd(folder)
        props = folder / 'DerivedNormalizationProps.txt'
        self.cf = {cp: [int(x, 16) for x in v.split()] for cp, v in read_property(props, 'NFKC_CF')}
        excluded = {cp for cp, _ in read_property(props, 'Full_Composition_Exclusion')}
        self.scripts = dict(read_property(folder / 'Scripts.txt', None))
        self.decomposition = {}
        self.composition = {}
        for cp, (_, _, _, d) in self.chars.items():
            if d and not d.startswith('<'):
                parts = [int(x, 16) for x in d.split()]
                self.decomposition[cp] = parts
                if len(parts) == 2 and cp not in excluded:
                    self.composition[(parts[0], parts[1])] = cp

    def ccc(self, cp):
        return self.chars[cp][2] if cp in self.chars else 0

    def category(self, cp):
        return self.chars[cp][1] if cp in self.chars else 'Cn'

    def decompose_one(self, cp):
        if S_BASE <= cp < S_BASE + 11172:
            s = cp - S_BASE
            out = [L_BASE + s // 588, V_BASE + (s % 588) // 28]
            return out + ([T_BASE + s % 28] if s % 28 else [])
        if cp in self.decomposition:
            return [y for x in self.decomposition[cp] for y in self.decompose_one(x)]
        return [cp]

    def nfd(self, cps):
        out = [y for x in cps for y in self.decompose_one(x)]
        i = 0
        while i < len(out):
            if self.ccc(out[i]) == 0:
                i += 1
                continue
            j = i
            while j < len(out) and self.ccc(out[j]) != 0:
                j += 1
            out[i:j] = sorted(out[i:j], key=self.ccc)
            i = j
        return out

    def nfc(self, cps):
        s = self.nfd(cps)
        out, starter, last = [], -1, 0
        for c in s:
            k = self.ccc(c)
            if starter >= 0 and (last < k or last == 0 and starter == len(out) - 1):
                both = self.compose(out[starter], c)
                if both is not None:
                    out[starter] = both
                    continue
            if k == 0:
                starter, last = len(out), 0
            else:
                last = k
            out.append(c)
        return out

    def compose(self, a, b):
        if L_BASE <= a < L_BASE + 19 and V_BASE <= b < V_BASE + 21:
            return S_BASE + ((a - L_BASE) * 21 + b - V_BASE) * 28
        if S_BASE <= a < S_BASE + 11172 and (a - S_BASE) % 28 == 0 and T_BASE < b < T_BASE + 28:
            return a + b - T_BASE
        return self.composition.get((a, b))


def letter_table(ucd):
    table = {ord(k): [ord(x) for x in v] for k, v in LETTERS.items() if len(k) == 1}
    for cp, (name, category, _, decomposition) in ucd.chars.items():
        if decomposition or category not in ('Ll', 'Lo'):
            continue
        m = re.match(r'LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL) ([A-Z])(?: WITH .*)?$', name)
        if m and cp > 0x7F:
            table.setdefault(cp, [ord(m.group(1).lower())])
    return table


def kind(ucd, cp):
    c = ucd.category(cp)
    if c == 'Cn':
        return 'unassigned'
    if c == 'Nd':
        return 'digit'
    return {'L': 'letter', 'M': 'mark', 'N': 'letter', 'Z': 'space', 'P': 'punctuation', 'S': 'symbol',
            'C': 'other'}[c[0]]


def script(ucd, cp):
    s = ucd.scripts.get(cp, 'Unknown')
    named = {'Common': 'common', 'Inherited': 'common', 'Unknown': 'common', 'Latin': 'latin', 'Cyrillic': 'cyrillic',
             'Greek': 'greek', 'Hangul': 'hangul', 'Hiragana': 'kana', 'Katakana': 'kana', 'Han': 'han'}
    return named.get(s, 'other')


class Pool:
    """UTF-8 texts, each stored once; a text inside another one shares its bytes."""

    def __init__(self, texts):
        self.data = b''
        self.where = {}
        for t in sorted(set(texts), key=lambda x: (-len(x), x)):
            at = self.data.find(t)
            if at < 0:
                at = len(self.data)
                self.data += t
            self.where[t] = at

    def reference(self, text):
        assert len(text) < 256 and self.where[text] < (1 << 24)
        return (self.where[text] << 8) | len(text)


def utf8(cps):
    return ''.join(chr(c) for c in cps).encode('utf-8', 'surrogatepass')


def two_stage(values):
    blocks, first = {}, []
    second = []
    for start in range(0, LIMIT, BLOCK):
        b = tuple(values[start:start + BLOCK])
        if b not in blocks:
            blocks[b] = len(blocks)
            second.extend(b)
        first.append(blocks[b])
    return first, second


def emit(kind_name, name, values, text=str):
    print(f'inline constexpr {kind_name} {name}[{len(values)}] = {{')
    line = ''
    for v in values:
        item = text(v) + ','
        if len(line) + len(item) > 150:
            print(line)
            line = ''
        line += item
    print(line + '\n};')


class Looks:
    def __init__(self, ucd, letters):
        self.ucd, self.letters = ucd, letters
        self.checker = icu.SpoofChecker()
        self.latin = icu.Transliterator.createInstance('Any-Latin; Latin-ASCII; Lower')

    def ascii(self, cps):
        kept = [c for c in self.ucd.nfd(cps) if self.ucd.category(c) != 'Mn']
        out = ''.join(chr(y) for c in kept for y in self.letters.get(c, [c])).lower()
        return out if re.fullmatch('[a-z0-9]{1,3}', out) else ''

    def look(self, cp, exact):
        if cp < 0x80 or len(exact) != 1 or script(self.ucd, exact[0]) in ('han', 'hangul', 'kana'):
            return ''
        plain = self.ucd.nfd(exact)[0]
        for c in (exact[0], plain):
            if chr(c) in LOOKS:
                return LOOKS[chr(c)]
        if script(self.ucd, cp) == 'latin':
            return ''
        return self.ascii([ord(c) for c in self.checker.getSkeleton(0, chr(plain))])

    def sound(self, cp, folded):
        if len(folded) != 1 or folded[0] < 0x80 or kind(self.ucd, folded[0]) != 'letter':
            return ''
        if script(self.ucd, folded[0]) not in ('cyrillic', 'greek', 'kana', 'other'):
            return ''
        out = re.sub('[^a-z]', '', self.latin.transliterate(chr(folded[0])))
        return out if len(out) <= 4 else ''


def mappings(ucd, letters):
    """Per code point the four mapped texts, and whether either needs the slow path after concatenation."""
    maybe = {b for (_, b) in ucd.composition} | set(range(V_BASE, V_BASE + 21)) | set(range(T_BASE + 1, T_BASE + 28))
    looks = Looks(ucd, letters)
    out = {}
    for cp in range(LIMIT):
        if 0xD800 <= cp < 0xE000:
            continue
        exact = ucd.nfc(ucd.cf.get(cp, [cp]))
        kept = [c for c in ucd.nfd(exact) if ucd.category(c) != 'Mn' or c in KEPT_MARKS]
        folded = ucd.nfc([y for c in kept for y in letters.get(c, [c])])
        slow_exact = any(ucd.ccc(c) or c in maybe for c in ucd.cf.get(cp, [cp]))
        slow_folded = any(ucd.ccc(c) or c in maybe for c in folded)
        look, sound = looks.look(cp, exact).encode(), looks.sound(cp, folded).encode()
        if exact != [cp] or folded != [cp] or slow_exact or slow_folded or look or sound:
            out[cp] = (utf8(exact), utf8(folded), look, sound, int(slow_exact) | int(slow_folded) << 1)
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--ucd', type=Path, default=Path('/usr/share/unicode'))
    ucd = Ucd(parser.parse_args().ucd)
    letters = letter_table(ucd)
    mapped = mappings(ucd, letters)

    print('// Generated by tools/unicode/generate.py from Unicode 15.0.0 (Debian package unicode-data 15.0.0-1).')
    print('// Do not edit. Data (c) Unicode, Inc., Unicode licence v3. clang-format off')
    entries, ids, index = [(b'', b'', b'', b'', 0)], {}, [0] * LIMIT
    for cp, e in mapped.items():
        if e not in ids:
            ids[e] = len(entries)
            entries.append(e)
        index[cp] = ids[e]
    pool = Pool([t for e in entries for t in e[:4]] + [utf8(ucd.decompose_one(c)) for c in ucd.decomposition])
    assert len(entries) < 65536
    first, second = two_stage(index)
    emit('std::uint16_t', 'fold_first', first)
    emit('std::uint16_t', 'fold_second', second)
    emit('fold_entry', 'fold_entries', entries,
         lambda e: '{' + ','.join(str(pool.reference(t)) for t in e[:4]) + f',{e[4]}}}')
    first, second = two_stage([KINDS.index(kind(ucd, c)) | SCRIPTS.index(script(ucd, c)) << 4 for c in range(LIMIT)])
    emit('std::uint16_t', 'class_first', first)
    emit('std::uint8_t', 'class_second', second)
    marks = [c for c in sorted(ucd.chars) if ucd.ccc(c)]
    emit('std::uint32_t', 'combining_classes', [c << 8 | ucd.ccc(c) for c in marks])
    decomposed = sorted(ucd.decomposition)
    emit('decomposition_entry', 'decompositions', decomposed,
         lambda c: f'{{{c},{pool.reference(utf8(ucd.decompose_one(c)))}}}')
    emit('composition_entry', 'compositions', sorted(ucd.composition),
         lambda p: f'{{{p[0]},{p[1]},{ucd.composition[p]}}}')
    emit('letter_entry', 'letters', sorted(letters),
         lambda c: f'{{{c},"{"".join(map(chr, letters[c]))}"}}')
    emit('std::uint8_t', 'mapped_text', list(pool.data))
    print('// clang-format on')
    print(f'{len(entries)} entries, {len(pool.data)} bytes of text', file=sys.stderr)


if __name__ == '__main__':
    main()
