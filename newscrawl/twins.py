"""Tells whether two texts are one story in two copies, by what they share and by the figures and names they do not.

Copies share long runs of words, wherever the cuts and edits are. So do two days' weather reports from one template;
but their figures and names differ on both sides, which an editor's cut or a further paragraph never does.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias
from zlib import crc32

from rensa import RMinHash

Grain: TypeAlias = Literal["exact", "words", "signs", "letters"]
"""exact: too short to be like another · words · signs: Han, Kana · letters: Thai, Lao, Burmese, Khmer, unspaced."""

THRESHOLD = 0.65
"""From this similarity on, two texts are copies; `python -m tools.eval.twins` shows what other values would do."""
LAYOUT = 1
"""Of signatures: an index of another one, or of another algorithm of the library, is built again."""
ALGORITHM = f"{LAYOUT}.{RMinHash.ALGORITHM_VERSION}"
KEYS = 24
SEED = 20_260_101
LONGEST = 800
"""Tokens of a text that are compared; a longer one is judged by its head."""
LEAST = 40
"""Words. A shorter text is a copy only of one with the same words."""
FACTS = 3
"""Figures, or names, that have to be on the table before they count as evidence."""
LENIENT = 1.3
"""An editor rounds a figure, spells out another, and swaps a title: a quarter of the facts may differ for free."""
HALF = 0.5
"""A copy has at least half the length: a teaser is no copy of its story."""

GRAINS: dict[str, Grain] = {"w": "words", "s": "signs", "l": "letters", "x": "exact"}
CODES: dict[Grain, bytes] = {grain: code.encode() for code, grain in GRAINS.items()}
WIDTHS: dict[Grain, tuple[int, int]] = {"words": (6, 3), "signs": (9, 4), "letters": (18, 8)}
"""Tokens of a shingle that finds candidates, which two stories by two hands never share, and of one that compares."""
WEIGHT: dict[Grain, float] = {"words": 1.0, "signs": 0.6, "letters": 0.25}
"""Words to a token."""

WORD, FIGURE, NAME = 0, 1 << 14, 2 << 14
BITS = (1 << 14) - 1
HEAD = 5
"""Bytes of a sketch before its tokens: its grain, and how many tokens the text has."""
SIGNS = r"\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTERS = r"\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3"
NO_WORD = (
    r"\s\d!-/:-@\[-`{-~\x80-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u02b0-\u02ff\u055a-\u055f\u0589\u05be\u05c0\u05c3"
    r"\u060c\u061b-\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e2f\u0e46\u0e5a\u104a-\u104f\u1361-\u1368\u17d4-\u17da"
    r"\u2000-\u206f\u20a0-\u20cf\u2100-\u2bff\u3000-\u3004\u3008-\u303f\ufe00-\ufe6f\ufff0-\uffff"
)
TOKEN = re.compile(rf"(?P<figure>\d+)|(?P<sign>[{SIGNS}])|(?P<letter>[{LETTERS}])|[^{NO_WORD}{SIGNS}{LETTERS}]+")
MOST = 200_000
"""Characters of a text that are looked at: of more, tokens and shingles would fill the memory."""
GROUPING = re.compile(r"(?<=\d)(?:[.,:'\u2019\u066b\u066c]|[ \u00a0\u2009\u202f](?=\d{3}(?!\d)))(?=\d)")
"""1,000 · 1.000 · 1 000 · 10:30."""
INVISIBLE = re.compile(
    r"[\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u0610-\u061a\u064b-\u065f\u0670]"
)
"""Soft hyphens, joiners, direction marks; the Arabic tatweel and vowel marks, which few papers print."""
ENDS = re.compile(r"[.!?:\u2026\n\"\u00ab\u00bb\u201c-\u201f\u061f\u06d4\u0964][\s\"'\u00ab\u00bb\u2018-\u201f(\[-]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What an index keeps of a text: keys, of which two copies share at least one, and a sketch to compare.

    keys: signed 64-bit integers, at most KEYS of them · sketch: at most 2 * LONGEST + 5 bytes.
    """

    keys: tuple[int, ...]
    sketch: bytes


def signature(text: str) -> Signature:
    """The signature of a clean text of any language; no keys where it has no word. Case, punctuation, layout fold.

    Of a text that is no news story by its length, the first MOST characters speak for all.

    >>> first, second = signature("Ducks cross the road."), signature("DUCKS cross\\n\\nthe road")
    >>> first == second
    True
    """
    return _signature(text[:MOST])


@lru_cache(maxsize=4)
def _signature(text: str) -> Signature:
    tokens, grain = _tokens(text)
    codes = array("H", (code for code, _ in tokens))
    words = [word for _, word in tokens]
    if not words:
        return Signature(keys=(), sketch=_sketch("exact", 0, b""))
    if len(words) * WEIGHT[grain] < LEAST:
        digest = hashlib.sha256(" ".join(words).encode("utf-8", "replace")).digest()
        return Signature(
            keys=(int.from_bytes(digest[:8], "big", signed=True),), sketch=_sketch("exact", len(words), digest)
        )
    wide = WIDTHS[grain][0]
    least = RMinHash(num_perm=KEYS, seed=SEED)
    least.update([" ".join(words[at : at + wide]) for at in range(len(words) - wide + 1)])
    keys = tuple((place << 32) + value for place, value in enumerate(least.digest()))
    return Signature(keys=keys, sketch=_sketch(grain, len(words), codes[:LONGEST].tobytes()))


def similarity(one: bytes, other: bytes) -> float:
    """How far two sketches are of one story: 0 to 1; from THRESHOLD on they are copies. Symmetric.

    What they share of the shorter one, times how far their figures and names agree: a figure or name that only one of
    them has was added or cut by an editor, those that each has alone stand against each other.
    """
    return _similarity(one, other, least=0.0)


def _similarity(one: bytes, other: bytes, *, least: float) -> float:
    """As `similarity`, or 0 where that is certain to be below `least`."""
    if one[0] != other[0] or len(one) <= HEAD or len(other) <= HEAD:
        return 0.0
    grain = GRAINS[chr(one[0])]
    if grain == "exact":
        return float(one == other)
    length, length_ = _length(one), _length(other)
    if min(length, length_) < HALF * max(length, length_):
        return 0.0
    wide, narrow = WIDTHS[grain]
    mine, theirs = _opened(one, narrow), _opened(other, narrow)
    both = mine.distinct & theirs.distinct
    shared = len(both) / min(len(mine.distinct), len(theirs.distinct))
    if (shared + 1) / 2 < least:
        return 0.0
    alike = _alike(shared, mine.shingles, theirs.shingles, both, wide, narrow)
    return alike * _trust(_figures(mine, theirs), _names(mine, theirs)) if alike >= least else 0.0


def best(sketch: bytes, others: Iterable[tuple[str, bytes]]) -> str | None:
    """The name of the sketch that is most like this one, the first of equals; None where none is a copy."""
    found, most = None, 0.0
    for name, other in others:
        alike = _similarity(sketch, other, least=max(THRESHOLD, most))
        if alike >= THRESHOLD and alike > most:
            found, most = name, alike
    return found


def _tokens(text: str) -> tuple[list[tuple[int, str]], Grain]:
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", GROUPING.sub("", text)))
    tokens: list[tuple[int, str]] = []
    signs = letters = 0
    for match in TOKEN.finditer(text):
        word, kind, of = match[0], WORD, match.lastgroup
        if of == "figure":
            word, kind = str(int(word[:40])), FIGURE
        elif of is None:
            if word[0].isupper() and not _begins(text, match.start()):
                kind = NAME
            word = word.casefold()
        signs += of == "sign"
        letters += of == "letter"
        tokens.append((kind | crc32(word.encode("utf-8", "replace")) & BITS, word))
    if 2 * max(signs, letters) > len(tokens):
        return tokens, "signs" if signs >= letters else "letters"
    return tokens, "words"


def _begins(text: str, at: int) -> bool:
    """Does a sentence begin here, where a capital says nothing?"""
    return at == 0 or ENDS.search(text, max(0, at - 6), at) is not None


def _sketch(grain: Grain, length: int, body: bytes) -> bytes:
    return CODES[grain] + length.to_bytes(4, "little") + body


def _length(sketch: bytes) -> int:
    return int.from_bytes(sketch[1:HEAD], "little")


@dataclass(frozen=True, slots=True)
class _Open:
    """What is compared of a sketch: its tokens bare, its shingles in order, and which tokens are figures and names."""

    codes: Sequence[int]
    shingles: list[int]
    distinct: frozenset[int]
    words: frozenset[int]
    names: frozenset[int]

    def beside(self) -> set[tuple[tuple[int, int], tuple[int, int]]]:
        """Each figure with the word before it, and with the word after it."""
        bare = [0, *(code & BITS for code in self.codes), 0]
        return {
            ((bare[at], bare[at + 1]), (bare[at + 1], bare[at + 2]))
            for at, code in enumerate(self.codes)
            if code & ~BITS == FIGURE
        }


@lru_cache(maxsize=16)
def _opened(sketch: bytes, narrow: int) -> _Open:
    codes = array("H")
    codes.frombytes(sketch[HEAD:])
    bare = [code & BITS for code in codes]
    shingles = bare[: max(0, len(bare) - narrow + 1)]
    for at in range(1, narrow):
        shingles = [one << 14 | code for one, code in zip(shingles, bare[at:], strict=False)]
    names = frozenset(code & BITS for code in codes if code & ~BITS == NAME)
    return _Open(codes, shingles, frozenset(shingles), frozenset(bare), names)


def _alike(shared: float, mine: Sequence[int], theirs: Sequence[int], both: Set[int], wide: int, narrow: int) -> float:
    """The mean of two shares of the text that is more a part of the other: its shingles, and its stretches.

    A stretch with edits here and there is one stretch; what a follow-up tells anew is none, whatever it repeats.
    """
    return (shared + max(_covered(mine, both, wide, narrow), _covered(theirs, both, wide, narrow))) / 2


def _covered(shingles: Sequence[int], both: Set[int], wide: int, narrow: int) -> float:
    """The share of tokens in shingles that the other text has, with the gaps between them of up to `wide` tokens."""
    tokens = end = 0
    for at in [at for at, shingle in enumerate(shingles) if shingle in both]:
        start = end if at - end <= wide else at
        tokens += at + narrow - start
        end = at + narrow
    length = len(shingles) + narrow - 1
    return (tokens + (length - end if length - end <= wide else 0)) / length


def _figures(one: _Open, other: _Open) -> tuple[int, int]:
    """How many figures both have, and how many each has alone. 12 degrees are not 12 dead: a neighbour has to agree."""
    mine, theirs = one.beside(), other.beside()
    befores, afters = ({one[side] for one in theirs} for side in (0, 1))
    befores_, afters_ = ({one[side] for one in mine} for side in (0, 1))
    shared = sum(before in befores or after in afters for before, after in mine)
    shared_ = sum(before in befores_ or after in afters_ for before, after in theirs)
    return min(shared, shared_), min(len(mine) - shared, len(theirs) - shared_)


def _names(one: _Open, other: _Open) -> tuple[int, int]:
    """The same of names. One counts as shared where the other has the word at all, as at the start of a sentence."""
    both = min(len(one.names & other.words), len(other.names & one.words))
    return both, min(len(one.names - other.words), len(other.names - one.words))


def _trust(figures: tuple[int, int], names: tuple[int, int]) -> float:
    """What facts say, 0 to 1: as many as are shared against those that each text has alone, a few slips forgiven."""
    least = 1.0
    for both, against in (figures, names):
        if both + against >= FACTS or against > 1 > both:
            least = min(least, LENIENT * both / (both + against))
    return least
