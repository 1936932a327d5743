"""Sees through disguised letters: a folded text, an offset map back, and where the disguise was."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

_CYRILLIC = "асеорхуікјѕһԁԛԝвмнтзбАВЕКМНОРСТУХІЈЅЗЬгпиѵ"
_AS_CYRILLIC = "aceopxyikjshdqwbmht3бABEKMHOPCTYXIJSЗbrnuv"
_GREEK = "αεικνορτυχγωηβΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_AS_GREEK = "aeiknoptuxywnbABEZHIKMNOPTYX"
_OTHER = "օսոցհԼɑɡʟɴʀʏᴀʙᴄᴅᴇɢʜɪᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱ"
_AS_OTHER = "ounghLaglnryabcdeghijkmoptuvwzs"
CONFUSABLE = {
    ord(there): here
    for strange, plain in ((_CYRILLIC, _AS_CYRILLIC), (_GREEK, _AS_GREEK), (_OTHER, _AS_OTHER))
    for there, here in zip(strange, plain, strict=True)
    if here.isascii() and here.isalpha()
}
"""Letters of other scripts that pass for a Latin one (Unicode TR39, the part that is met in words)."""

_TWINS = frozenset("асеорхуіјѕһԁԛԝ")
_BACK = str.maketrans("aceopxyijshABEKMHOPCTYXIJS", "асеорхуіјѕһАВЕКМНОРСТУХІЈЅ")
_SMALL_CAPS = "ʟɴʀʏᴀʙᴄᴅᴇɢʜɪᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱ"
_ZERO = "\u00ad\u180e\u200b\u200c\u200d\u2060-\u2064\ufe0e\ufe0f\ufeff"
_TAGS = "\U000e0001-\U000e007f"
_FANCY = "\U0001d400-\U0001d7ff\U0001f110-\U0001f189\u24b6-\u24e9\u249c-\u24b5\uff21-\uff3a\uff41-\uff5a\u2100-\u214f"
_OVERLAY = "\u030d-\u031a\u0330-\u033f\u0346-\u0362\u0488\u0489\u20d0-\u20f0"
STRANGE = re.compile(f"[{_ZERO}{_TAGS}{_FANCY}{_OVERLAY}{_SMALL_CAPS}]")
_ODD = re.compile(f"[{_ZERO}{_TAGS}{_FANCY}{_OVERLAY}{_SMALL_CAPS}\u0370-\u03ff\u0400-\u058f]")
"""What STRANGE and OTHER find, in one look."""
MIXED = re.compile(
    r"[A-Za-z][\u0370-\u03ff\u0400-\u052f\u0531-\u058f]|[\u0370-\u03ff\u0400-\u052f\u0531-\u058f][A-Za-z]"
)
FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
OTHER = re.compile(r"[\u0370-\u03ff\u0400-\u058f]")
_LETTER = "A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f"
SPACED = re.compile(rf"(?<![\w'’.])[{_LETTER}]([ ._*·|~-])[{_LETTER}](?:\1[{_LETTER}]){{2,}}(?![\w'’])")
_SIGN = "\u0531-\u10ff\u1200-\u137f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\ufb1d-\ufefc"
_ANY = f"{_LETTER}{_SIGN}0-9"
SPELT = re.compile(rf"(?<![\w'’.])[{_ANY}]([ ._*·|~-])[{_ANY}](?:(?:\1|  )[{_ANY}]){{5,}}(?![\w'’])")
"""Seven letters or more of any script, of one word or of several with two spaces between them.

Korean papers set dots between three or four syllables that stand for a word each.
"""
SIGNS = 6
"""So many letters must be among what is spelt out; the others are figures of a name."""
_MAYBE_SPACED = re.compile(
    rf"[ ._*·|~-][{_LETTER}][ ._*·|~-][{_LETTER}](?!\w)"
    rf"|[{_SIGN}]([ ._*·|~-])[{_SIGN}](?:\1|  )[{_SIGN}](?:\1|  )(?!\w\w)"
)
WORD = re.compile(r"[^\W\d_]+")
JOINING = re.compile(
    r"[\u0600-\u08ff\u0900-\u0dff\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
)
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts in which an invisible sign may stand between any two words, and a letter may be a word."""
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
MATH, ENCLOSED, WIDE, OVERLAY, ZERO, TAG, HOMOGLYPH, SPACES = (
    "math-letters",
    "enclosed-letters",
    "wide-letters",
    "overlay-marks",
    "zero-width",
    "tag-characters",
    "homoglyphs",
    "spaced-letters",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguise:
    """A stretch of the folded text that was written to look like something else."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A text as it reads, with the way back. `at[i]` is the offset of folded character i in the original."""

    text: str
    at: tuple[int, ...] | None = None
    disguises: tuple[Disguise, ...] = ()

    def origin(self, offset: int) -> int:
        """The offset in the original of an offset in the folded text (its length maps to the original's length)."""
        return offset if self.at is None else self.at[offset]

    def within(self, start: int, end: int) -> tuple[Disguise, ...]:
        """The disguises that begin between two folded offsets."""
        if not self.disguises:
            return ()
        low = bisect_left(self.disguises, start, key=lambda one: one.start)
        high = bisect_left(self.disguises, end, key=lambda one: one.start)
        return self.disguises[low:high]


def _square(code: int) -> str:
    """The letter in a squared or negative sign (U+1F130 to U+1F189), which NFKC leaves for the greater part."""
    return chr(65 + (code - 0x1F130) % 32) if (code - 0x1F130) % 32 < 26 else ""


class _Folding:
    """One pass over the characters: what is written, from where, and which disguise ended where."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.at: list[int] = []
        self.found: list[Disguise] = []

    def put(self, piece: str, origin: int, kind: str | None = None) -> None:
        start = len(self.out)
        self.out.extend(piece)
        self.at.extend([origin] * len(piece))
        if kind:
            self.found.append(Disguise(start=start, end=len(self.out), kind=kind))

    def drop(self, kind: str | None = None) -> None:
        if kind and self.out:
            self.found.append(Disguise(start=len(self.out) - 1, end=len(self.out), kind=kind))

    def character(self, i: int) -> None:
        char = self.text[i]
        code = ord(char)
        if not STRANGE.match(char):
            self.put(char, i)
        elif code in (0x200C, 0x200D):
            self._joiner(i)
        elif code in (0xAD, 0x180E, 0xFE0E, 0xFE0F, 0xFEFF) or 0x200B <= code <= 0x2064:
            self._zero_width(i)
        elif 0xE0001 <= code <= 0xE007F:
            self._tag(i)
        elif 0x1F130 <= code <= 0x1F189:
            letter = _square(code)
            self.put(letter or char, i, ENCLOSED if letter else None)
        elif char in _SMALL_CAPS:
            self.put(CONFUSABLE.get(code, char), i, HOMOGLYPH if self._inside(i) else None)
        elif unicodedata.combining(char) or 0x20D0 <= code <= 0x20F0:
            self._overlay(i)
        else:
            self._compatible(i, code)

    def _inside(self, i: int) -> bool:
        """True where letters stand on both sides, inside one word."""
        before = self.text[i - 1] if i else " "
        after = self.text[i + 1] if i + 1 < len(self.text) else " "
        return before.isalpha() and after.isalpha()

    def _joiner(self, i: int) -> None:
        around = self.text[max(0, i - 2) : i + 3]
        if JOINING.search(around):
            self.put(self.text[i], i)
        else:
            self.drop(ZERO if self._inside(i) and around.isascii() is False and not CJK.search(around) else None)

    def _zero_width(self, i: int) -> None:
        around = self.text[max(0, i - 1) : i + 2]
        hyphen = self.text[i] == "\u00ad"
        natural = hyphen or JOINING.search(around) or CJK.search(around)
        if natural and (hyphen or not UNSPACED.search(around)) and self._chained(i):
            natural = None
        self.drop(None if natural or not self._inside(i) else ZERO)

    def _chained(self, i: int) -> bool:
        """True where the same sign stands one letter further, before or behind: nobody divides words so."""
        sign = self.text[i]
        return self.text[i - 2 : i - 1] == sign or self.text[i + 2 : i + 3] == sign

    def _tag(self, i: int) -> None:
        # Tag characters are lawful only behind the black flag of an emoji.
        begin = i
        while begin and "\U000e0001" <= self.text[begin - 1] <= "\U000e007f" and i - begin < 32:
            begin -= 1
        flag = begin > 0 and self.text[begin - 1] == "\U0001f3f4"
        self.drop(None if flag else TAG)

    def _overlay(self, i: int) -> None:
        whole = unicodedata.normalize("NFC", self.text[i - 1] + self.text[i]) if i else self.text[i]
        if len(whole) == 1 or JOINING.search(self.text[max(0, i - 1) : i]):
            self.put(self.text[i], i)
        else:
            self.drop(OVERLAY)

    def _compatible(self, i: int, code: int) -> None:
        plain = unicodedata.normalize("NFKC", self.text[i])
        if not plain.isalnum():
            self.put(self.text[i], i)
        elif 0x1D400 <= code <= 0x1D7FF:
            self.put(plain, i, MATH)
        elif 0xFF21 <= code <= 0xFF5A:
            self.put(plain, i, WIDE)
        elif 0x2100 <= code <= 0x214F:
            self.put(plain, i, MATH if self._neighbour(i) else None)
        else:
            self.put(plain, i, ENCLOSED)

    def _neighbour(self, i: int) -> bool:
        around = self.text[max(0, i - 1) : i] + self.text[i + 1 : i + 2]
        return any(0x1D400 <= ord(one) <= 0x1D7FF or 0x2100 <= ord(one) <= 0x214F for one in around)


def _characters(text: str) -> Folded:
    folding = _Folding(text)
    at = 0
    for match in STRANGE.finditer(text):
        plain = text[at : match.start()]
        folding.out.extend(plain)
        folding.at.extend(range(at, match.start()))
        folding.character(match.start())
        at = match.end()
    folding.out.extend(text[at:])
    folding.at.extend(range(at, len(text) + 1))
    found = folding.found
    if CJK.search(text):
        # Wide letters are the house style of Japanese and Chinese papers.
        found = [one for one in found if one.kind != WIDE]
    return Folded(text="".join(folding.out), at=tuple(folding.at), disguises=tuple(found))


def _latin(word: str) -> bool:
    return word.isascii() or all(one < "\u0250" for one in word)


def _homoglyphs(folded: Folded) -> Folded:
    """Words that mix scripts, and in a Latin text words of nothing but look-alikes, read as Latin."""
    text = folded.text
    foreign = len(FOREIGN.findall(text))
    latin = foreign * 10 < len(text)
    swaps: list[tuple[int, int, str]] = []
    for match in WORD.finditer(text):
        word = match.group()
        if word.isascii() or len(word) < 2:
            continue
        strange = [one for one in word if ord(one) in CONFUSABLE]
        if not strange:
            continue
        mixed = any(one.isascii() for one in word)
        if len(word) < 3 and not (mixed and word.islower()):
            continue
        if mixed and any("\u0400" <= one <= "\u04ff" and one.lower() not in _TWINS for one in word):
            # A Russian word with Latin letters in it, not the other way round.
            swaps.append((match.start(), match.end(), word.translate(_BACK)))
            continue
        plain = word.translate(CONFUSABLE)
        if _latin(plain) and (mixed or (latin and _TWINS.issuperset(word.lower()))):
            swaps.append((match.start(), match.end(), plain))
    if not swaps:
        return folded
    pieces: list[str] = []
    at = 0
    for start, end, plain in swaps:
        pieces += [text[at:start], plain]
        at = end
    pieces.append(text[at:])
    found = [Disguise(start=start, end=end, kind=HOMOGLYPH) for start, end, _ in swaps]
    together = tuple(sorted((*folded.disguises, *found), key=lambda one: one.start))
    return Folded(text="".join(pieces), at=folded.at, disguises=together)


def _spelt(text: str) -> list[tuple[int, str]]:
    """Words that are spelt out, and where they begin: a letter, a sign, a letter, a sign, a letter."""
    found: list[tuple[int, str]] = []
    ends = 0
    for match in SPELT.finditer(text):
        run, at = match.group(), match.start()
        words = run.split("  ")
        letters = [one for word in words for one in word[0::2] if unicodedata.category(one)[0] in "LM"]
        # Rows of figures are lots that were drawn.
        if len(set(letters)) < 3 or len(letters) < SIGNS or (match.group(1) == "." and all(map(str.isupper, letters))):
            continue
        ends = match.end()
        for word in words:
            if len(word) > 1:
                found.append((at, word))
            at += len(word) + 2
    taken = {start for start, _ in found}
    for match in SPACED.finditer(text):
        run = match.group()
        if match.start() in taken or (run.isupper() and (". " in run or run[1::2].count(".") or len(run) < 11)):
            continue
        if len(set(run[0::2].lower())) >= 3 and not _inside(found, match.start(), ends):
            found.append((match.start(), run))
    return sorted(found)


def _inside(found: list[tuple[int, str]], at: int, last: int) -> bool:
    return at < last and any(start <= at < start + len(run) for start, run in found)


def _spaces(folded: Folded) -> Folded:
    """Joins runs of four or more single letters; capitals with full stops are initials and stay."""
    text = folded.text
    pieces: list[str] = []
    at: list[int] = []
    found: list[Disguise] = []
    moved: list[tuple[int, int]] = []
    done = length = 0
    for start, run in _spelt(text):
        end = start + len(run)
        pieces += [text[done:start], run[0::2]]
        at.extend(folded.origin(i) for i in range(done, start))
        at.extend(folded.origin(i) for i in range(start, end, 2))
        length += start - done
        found.append(Disguise(start=length, end=length + len(run[0::2]), kind=SPACES))
        length += len(run[0::2])
        moved.append((start, len(run) - len(run[0::2])))
        done = end
    if not found:
        return folded
    pieces.append(text[done:])
    at.extend(folded.origin(i) for i in range(done, len(text) + 1))
    starts = [start for start, _ in moved]
    lost = [0, *accumulate(count for _, count in moved)]
    kept: list[Disguise] = []
    for one in folded.disguises:
        back = lost[bisect_left(starts, one.start)]
        kept.append(Disguise(start=max(0, one.start - back), end=max(0, one.end - back), kind=one.kind))
    together = tuple(sorted((*kept, *found), key=lambda one: one.start))
    return Folded(text="".join(pieces), at=tuple(at), disguises=together)


def fold(text: str) -> Folded:
    """The text as a reader sees it, and what was done to hide it from a machine.

    Persian and Indic joiners, emoji sequences, soft hyphens, initials and the wide letters of CJK papers are no
    disguise.

    >>> fold("𝗦𝗟𝗢𝗧 g\u200ba\u200bcor").text
    'SLOT gacor'
    """
    folded = Folded(text=text)
    if text.isascii():
        return _spaces(folded) if _MAYBE_SPACED.search(text) else folded
    if _ODD.search(text):
        if STRANGE.search(text):
            folded = _characters(text)
        if OTHER.search(folded.text):
            folded = _homoglyphs(folded)
    return _spaces(folded) if _MAYBE_SPACED.search(folded.text) else folded
