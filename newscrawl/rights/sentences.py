"""Parts a folded text into sentences, each with the words of reservations that stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newscrawl.rights.folded import Folded, unspaced
from newscrawl.rights.grammar import Grammar, Hit, Word

LONGEST = 1600  # folded letters; a longer sentence is no sentence and is parted at a blank
OFTEN = 8  # times that one word is looked at in one sentence
END = re.compile(r"[.!?]+[\"')\]]*[ ]|(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})|[。!?।؟۔]+[\"')\]]*|\n")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the folded text, its words, and for which languages (bits) it has an object and an operator."""

    start: int
    end: int
    hits: tuple[Hit, ...]
    objects: int
    operators: int


def _parts(folded: Folded, source: str) -> list[tuple[int, int]]:
    text, at = folded.text, folded.at
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in END.finditer(text):
        if mark.end() - start > 1 and not _goes_on(text, source, at, start, mark.start(), mark.end()):
            spans.append((start, mark.end()))
            start = mark.end()
    spans.append((start, len(text)))
    return [short for span in spans for short in _short(text, *span)]


def _goes_on(text: str, source: str, at: list[int], start: int, stop: int, end: int) -> bool:
    """True where a full stop or a line break does not end the sentence: an abbreviation, a number, a wrapped line."""
    if end >= len(text):
        return False
    following = source[at[end]]
    if text[stop] == "\n":
        blank = source.count("\n", at[stop], at[end]) > 1
        return not blank and following.islower() and text[stop - 1] not in ".!?:"
    if text[stop] in ".!?" and text[end - 1] == " ":
        if following.islower() or (following.isdigit() and text[stop] == "."):
            return True
        word = max(text.rfind(" ", start, stop), text.rfind("(", start, stop)) + 1
        before = source[at[max(word, start)] : at[stop]]
        return 0 < len(before) <= 3 and before.isalpha() and before.islower() and text[stop] == "."
    if text[stop] in ".!?" and text[end - 1] != " ":
        return not (unspaced(following) or _starts(source[at[stop] - 1], following))
    return False


def _starts(before: str, following: str) -> bool:
    """True where a sentence is glued to the full stop of the one before it; "example.org" goes on."""
    cased = following.upper() != following.lower()
    return following.isalpha() and ((following.isupper() and before.islower()) if cased else before.isalpha())


def _short(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST) + 1 or start + LONGEST
        spans.append((start, cut))
        start = cut
    return [*spans, (start, end)]


def sentences(folded: Folded, source: str, words: Grammar) -> list[Sentence]:
    """Every sentence that is not blank, in order, trimmed of white space."""
    hits = words.hits(folded.text, source, folded.at)
    hit = next(hits, None)
    parts: list[Sentence] = []
    for start, end in _parts(folded, source):
        stretch = folded.text[start:end]
        left = start + len(stretch) - len(stretch.lstrip())
        right = end - len(stretch) + len(stretch.rstrip())
        inside: list[Hit] = []
        times: dict[Word, int] = {}
        objects = operators = 0
        while hit is not None and hit[1] <= end:
            word = hit[2]
            times[word] = often = times.get(word, 0) + 1
            if often <= OFTEN and hit[0] >= start:
                inside.append(hit)
                objects |= word.objects
                operators |= word.operators
            hit = next(hits, None)
        if left < right:
            inside.sort(key=lambda one: one[0])
            parts.append(Sentence(left, right, tuple(inside), objects, operators))
    return parts
