"""Picks out of a text the paragraphs in which a reservation could stand: those with an object, and their neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from newscrawl.rights.folded import phrase
from newscrawl.rights.grammar import Grammar

BLANK = "\n\n"
"""It ends a sentence, whatever stands before and behind it."""
SEAM = "\ufdd0"
"""What stands for it in a folded text: no character (Unicode §23.7), and none that folds."""
COMMENTED = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029][^\w\n\r\x0b\x0c\x85\u2028\u2029]{0,40}?[#/*>|][ \t]")
"""A comment's sign at the head of a line, over which a phrase goes on into the next line."""
AHEAD = 400
"""Folded letters behind a notice's last sentence in which a quotation mark may still close."""


@dataclass(frozen=True, slots=True)
class Near:
    """Some paragraphs of a text, a blank line between them; starts and shifts: how far to go back to the source."""

    text: str
    starts: tuple[int, ...] = (0,)
    shifts: tuple[int, ...] = (0,)

    def mapped(self, at: list[int], shift: int) -> list[int]:
        """Offsets into these paragraphs, which do not fall, as offsets into the source."""
        mapped: list[int] = []
        low = 0
        for number, moved in enumerate(self.shifts, 1):
            high = bisect_left(at, self.starts[number]) if number < len(self.starts) else len(at)
            moved += shift
            mapped += [one + moved for one in at[low:high]] if moved else at[low:high]
            low = high
        return mapped


def around(text: str, words: Grammar) -> Near | None:
    """The paragraphs that have an object and an operator of one language, or one of them and the next the other.

    Each comes with the paragraph before it and all that is read behind it; None where there is no such paragraph.
    Whatever is found in the whole text is found in these, and nothing else: sentences pair with the next one only.
    """
    if SEAM in text or COMMENTED.search(text):
        return Near(text) if next(words.objects(phrase(text)), None) is not None else None
    folded = phrase(text.replace(BLANK, SEAM))
    objects = [*words.objects(folded)]
    if not objects:
        return None
    paragraphs = folded.split(SEAM)
    said = [number for number, one in enumerate(paragraphs) if one and not one.isspace()]
    ends = list(accumulate([len(one) + 1 for one in paragraphs]))
    named: dict[int, int] = {}
    for at, languages in objects:
        number = bisect_right(ends, at)
        named[number] = named.get(number, 0) | languages
    chosen: set[int] = set()
    for place, number in enumerate(said):
        if number in named:
            for first, last in ((place, place), (place - 1, place), (place, place + 1)):
                if first < 0 or last >= len(said):
                    continue
                other = said[first if first < place else last]
                if words.operates(paragraphs[other], named[number]):
                    chosen.update(_beside(said[first], said[last], paragraphs))
    return _joined(text, sorted(chosen)) if chosen else None


def _beside(first: int, last: int, paragraphs: list[str]) -> Iterator[int]:
    """Some paragraphs, the one before that is not blank, and those behind as far as they are looked at."""
    before = first - 1
    while before > 0 and not paragraphs[before].strip():
        before -= 1
    length = 0
    for number in range(max(0, before), len(paragraphs)):
        yield number
        length += len(paragraphs[number]) if number > last else 0
        if length >= AHEAD:
            break


def _joined(text: str, numbers: list[int]) -> Near:
    paragraphs = text.split(BLANK)
    offsets = [0, *accumulate([len(one) + len(BLANK) for one in paragraphs])]
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    length = 0
    last = -2
    for number in numbers:
        start = max(0, offsets[number] - len(BLANK))
        piece = text[start : offsets[number] + len(paragraphs[number])]
        if number != last + 1:
            starts.append(length)
            shifts.append(start - length)
        pieces.append(piece)
        length += len(piece)
        last = number
    return Near("".join(pieces), tuple(starts), tuple(shifts))
