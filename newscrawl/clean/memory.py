"""Remembers what stood on many different stories of a site: bounded, as plain JSON between runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from typing import cast
from zlib import crc32

from newscrawl.clean.disguise import fold
from newscrawl.clean.words import function_words, quick, take_apart

WARM = 5
"""So many distinct stories of a site make its memory count."""
MOST_LINES = 8_000
MOST_GRAMS = 40_000
MOST_STORIES = 20_000
LONGEST = 400
SKETCH = 24
_SAME = 0.6
LEAST = 12
"""So many word triples make a sketch."""
_DIGITS = re.compile(r"\d+")
_STOPS = tuple(".!?…。！？।؟")
_CLOSING = " \"'”’»)"


def folded_line(line: str) -> str:
    """A line as memory compares it: unmasked, lower-case, numbers alike, words only.

    >>> folded_line("  13 hours ago 1 ")
    '0 hours ago 0'
    """
    return " ".join(quick(_DIGITS.sub("0", fold(line[: LONGEST * 4]).text.lower())))


def _hash(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


_word_hash = lru_cache(maxsize=MOST_GRAMS)(_hash)


def grams_of(words: Sequence[str]) -> list[int]:
    """Hashes of every three words in a row, numbers alike."""
    raw = [word.encode("utf-8", "surrogatepass") for word in words]
    return [crc32(b" ".join(three)) for three in zip(raw, raw[1:], raw[2:], strict=False)]


_short_grams = lru_cache(maxsize=256)(grams_of)


def _grams(words: tuple[str, ...]) -> Sequence[int]:
    return _short_grams(words) if len(words) <= LONGEST else grams_of(words)


@dataclass(frozen=True, slots=True)
class _Told:
    """What memory compares of a line: its hash, its words (numbers alike), their triples."""

    line: int
    words: tuple[str, ...]
    grams: Sequence[int]


def _told(line: str) -> _Told:
    words = _words(line)
    folded = folded_line(line)
    return _Told(_hash(folded) if folded else -1, words, _grams(words))


_short_told = lru_cache(maxsize=256)(_told)


def told(line: str) -> _Told:
    """A line taken apart once, kept for a while: it is asked after by line, by triples, and learnt in the end."""
    return _short_told(line) if len(line) <= LONGEST * 4 else _told(line)


@dataclass(slots=True)
class _Site:
    """What one site's stories have in common."""

    seen: int = 0
    lines: dict[int, int] = field(default_factory=dict)
    grams: dict[int, int] = field(default_factory=dict)
    words: dict[int, int] = field(default_factory=dict)
    stories: dict[int, None] = field(default_factory=dict)
    sketches: list[tuple[int, ...]] = field(default_factory=list)


class SiteMemory:
    """Lines and word triples by the number of distinct stories they stood on, site by site.

    Near-duplicates of a learnt story, and a story learnt twice, do not count again. Memory is bounded: what stood on
    one story only is forgotten first.

    >>> memory = SiteMemory()
    >>> memory.learn("Hello there", site="example.org", story="1")
    True
    >>> memory.stories("hello, there!", site="example.org")
    1
    """

    def __init__(self) -> None:
        self._sites: dict[str, _Site] = {}

    def learn(self, text: str, *, site: str, story: str) -> bool:
        """Takes in one story's text as found; False where it, or one almost like it, was known."""
        known = self._sites.setdefault(site, _Site())
        key = _hash(story)
        if key in known.stories:
            return False
        known.stories[key] = None
        if len(known.stories) > MOST_STORIES:
            del known.stories[next(iter(known.stories))]
        lines = [one for one in text.split("\n") if one.strip()]
        known_lines = [told(one) for one in lines]
        sketch = _sketch(lines, known_lines)
        if sketch and any(_alike(sketch, other) for other in known.sketches):
            return False
        if sketch:
            known.sketches.append(sketch)
            del known.sketches[:-400]
        known.seen += 1
        _count(known.lines, {one.line for one in known_lines if one.line >= 0}, MOST_LINES)
        grams: set[int] = set()
        words: set[int] = set()
        for one in known_lines:
            grams.update(one.grams)
            words.update(map(_word_hash, one.words))
        _count(known.grams, grams, MOST_GRAMS)
        _count(known.words, words, MOST_GRAMS)
        return True

    def stories(self, line: str, *, site: str | None = None) -> int:
        """On how many distinct stories a line stood, its case, numbers, punctuation and disguise aside."""
        known = self._of(site)
        return known.lines.get(max(told(line).line, 0), 0) if known and known.lines else 0

    def share(self, line: str, *, site: str | None = None) -> float:
        """How much of a stretch of text is made of word triples that at least five distinct stories share, 0 to 1."""
        known = self._of(site)
        if not known or known.seen < WARM:
            return 0.0
        grams = told(line).grams
        if not grams:
            return 0.0
        needed = max(WARM, round(known.seen * 0.1))
        return sum([count >= needed for count in map(known.grams.get, grams, repeat(0))]) / len(grams)

    def vocabulary(self, words: Iterable[str], *, site: str | None = None) -> float:
        """How many of these words stand on a fifth of the site's stories, five at least: shuffled blocks keep words."""
        known = self._of(site)
        if not known or known.seen < WARM:
            return 0.0
        needed = max(WARM, round(known.seen * 0.2))
        asked = [count >= needed for count in map(known.words.get, map(_word_hash, words), repeat(0))]
        return sum(asked) / len(asked) if asked else 0.0

    def known(self, words: Sequence[str], *, site: str | None = None) -> tuple[list[bool], list[bool]]:
        """For each of the words in a row: whether it stands in a triple, and by itself, that many stories share."""
        known = self._of(site)
        grams, single = [False] * len(words), [False] * len(words)
        if not known or known.seen < WARM:
            return grams, single
        folded = _numbers_alike(words)
        needed = max(WARM, round(known.seen * 0.1))
        for i, count in enumerate(map(known.grams.get, _grams(folded), repeat(0))):
            if count >= needed:
                grams[i] = grams[i + 1] = grams[i + 2] = True
        often = max(WARM, round(known.seen * 0.2))
        return grams, [count >= often for count in map(known.words.get, map(_word_hash, folded), repeat(0))]

    def seen(self, *, site: str | None = None) -> int:
        """How many distinct stories of a site were learnt."""
        known = self._of(site)
        return known.seen if known else 0

    def warm(self, site: str) -> bool:
        """True once five distinct stories of a site were learnt."""
        return self.seen(site=site) >= WARM

    def to_state(self, site: str) -> dict[str, object]:
        """What is known of a site, as plain JSON: keep it between runs, and hand it to `from_state`."""
        known = self._of(site) or _Site()
        return {
            "version": 1,
            "site": site,
            "seen": known.seen,
            "lines": {f"{key:x}": count for key, count in known.lines.items() if count > 1 or known.seen < 50},
            "grams": {f"{key:x}": count for key, count in known.grams.items() if count > 1 or known.seen < 50},
            "words": {f"{key:x}": count for key, count in known.words.items() if count > 1 or known.seen < 50},
            "stories": [f"{key:x}" for key in known.stories],
            "sketches": [list(one) for one in known.sketches],
        }

    def load(self, state: Mapping[str, object]) -> None:
        """Takes in what `to_state` gave; a state of another version, or a broken one, is left aside."""
        if state.get("version") != 1:
            return
        try:
            known = _Site(
                seen=int(cast(int, state["seen"])),
                lines=_counts(state["lines"]),
                grams=_counts(state["grams"]),
                words=_counts(state["words"]),
                stories={int(one, 16): None for one in cast("list[str]", state["stories"])},
                sketches=[tuple(one) for one in cast("list[list[int]]", state["sketches"])],
            )
            self._sites[str(state["site"])] = known
        except (KeyError, TypeError, ValueError, AttributeError):
            return

    @classmethod
    def from_state(cls, *states: Mapping[str, object]) -> SiteMemory:
        """A memory from the kept states of any number of sites."""
        memory = cls()
        for state in states:
            memory.load(state)
        return memory

    def _of(self, site: str | None) -> _Site | None:
        if site is None:
            return next(iter(self._sites.values())) if len(self._sites) == 1 else None
        return self._sites.get(site)


def _counts(state: object) -> dict[int, int]:
    return {int(key, 16): int(count) for key, count in cast("dict[str, int]", state).items()}


def _words(line: str) -> tuple[str, ...]:
    folded = fold(line).text
    return _numbers_alike(quick(folded) if folded.isascii() else take_apart(folded, 0, len(folded)).words)


def _numbers_alike(words: Iterable[str]) -> tuple[str, ...]:
    return tuple([one if one.isalpha() else _DIGITS.sub("0", one) for one in words])


def _count(counts: dict[int, int], found: set[int], most: int) -> None:
    for one in found:
        counts[one] = counts.get(one, 0) + 1
    if len(counts) > most:
        # What stood on the fewest stories goes first, the oldest of them first.
        for key in sorted(counts, key=counts.__getitem__)[: len(counts) - most * 3 // 4]:
            del counts[key]


def _sketch(lines: list[str], known: Sequence[_Told]) -> tuple[int, ...]:
    """The smallest hashes of the word triples of a story's prose: two tellings of one story share most of them.

    Prose is what ends as sentences do, or has small words in it; a short story has a short sketch.
    """
    hashes: set[int] = set()
    small = function_words()
    for line, one in zip(lines, known, strict=True):
        words = one.words
        ended = line.rstrip(_CLOSING)[-1:] in _STOPS
        if len(words) >= (8 if ended else 12) and (ended or sum(map(small.__contains__, words)) * 8 >= len(words)):
            hashes.update(one.grams)
    return tuple(sorted(hashes)[:SKETCH]) if len(hashes) >= LEAST else ()


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    if one[-1] < other[0] or other[-1] < one[0] or {*one}.isdisjoint(other):  # as nearly all of 400 others are
        return False
    union = sorted({*one, *other})[:SKETCH]
    return len({*one} & {*other} & {*union}) >= _SAME * len(union)
