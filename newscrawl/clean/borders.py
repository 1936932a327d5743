"""Moves the edges of a cut to where the spam begins and ends: no word of it is left, and none of the story is taken."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from newscrawl.clean.reading import Line, Reading
from newscrawl.clean.standing import filed
from newscrawl.clean.words import Tokens, stem

_MARKS = '"“”„«»「」'
MORE = 50
"""So many characters of a quotation beside what is set into it are what was said."""
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”“’»)]*\s+|(?<=[。！？])")
_CLOSING, _ENDINGS = "\"'”“’»)]」", tuple(".!?…。！？:：")
_NEAR = 400
"""Quotation marks further away than this are not a pair around a span."""
_BRAND = re.compile(r"(?<![\w@/.,-])[^\W\d_]{3,14}\d{2,4}(?![\w%]|[.,]\d)|[^\W\d_][0134578][^\W\d_]")
_STOPS = frozenset(".!?…。！？।:;")
FEW = 3
"""So many words of a sentence that are left beside a cut are no sentence."""


def in_quotes(text: str, start: int, end: int) -> bool:
    """True where a span stands between quotation marks that open before it and close behind it."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    for opening, closing in (("“", "”"), ("«", "»"), ("„", "“"), ("「", "」"), ("‘", "’")):
        if before.rfind(opening) > before.rfind(closing) and closing in after:
            return True
    return before.count('"') % 2 == 1 and '"' in after


def set_into(text: str, start: int, end: int) -> bool:
    """True where the quotation around a span says much more than the span: a list of keywords is quoted whole."""
    low = max(text.rfind(one, max(0, start - _NEAR), start) for one in _MARKS)
    high = min((at for one in _MARKS if (at := text.find(one, end, end + _NEAR)) >= 0), default=len(text))
    return (start - low) + (high - end) >= MORE


def edges(text: str, line: Line, start: int, end: int) -> tuple[int, int]:
    """Takes along the marks that belong to a span: its hash signs, and the stop of a sentence that goes whole.

    A letter never goes without the signs upon it.
    """
    while end < line.end and unicodedata.category(text[end]) in ("Mn", "Mc", "Me"):
        end += 1
    while start > line.start and text[start - 1] in "#@[(":
        start -= 1
    before = text[max(line.start, start - 8) : start].rstrip().rstrip(_CLOSING)
    begins = start == line.start or before.endswith(_ENDINGS)
    while end < line.end and text[end] in ")]" and text.rfind("(" if text[end] == ")" else "[", start, end) >= start:
        end += 1
    if begins and end < line.end and text[end] in ".!?…。！？,;":
        end += 1
    return start, end


def sentences(text: str, line: Line) -> list[tuple[int, int]]:
    """Where the sentences of a line begin and end."""
    bounds: list[tuple[int, int]] = []
    at = line.start
    for match in _SENTENCE.finditer(text, line.start, line.end):
        bounds.append((at, match.start()))
        at = match.end()
    if at < line.end:
        bounds.append((at, line.end))
    return bounds


def clean_ends(reading: Reading, line: Line) -> int:
    """How many characters of a line are sentences before and behind its spam that say nothing of it.

    Such a sentence is written as one, and names no goods, no sales talk, no brand and no disguised word.
    """
    bounds = sentences(reading.text, line)
    if len(bounds) < 2:
        return 0
    plain = [_plain(reading, line, *bound) for bound in bounds]
    if all(plain):
        return 0
    lead, tail = plain.index(False), plain[::-1].index(False)
    return sum(end - start for start, end in (*bounds[:lead], *bounds[len(bounds) - tail :]))


def _plain(reading: Reading, line: Line, start: int, end: int) -> bool:
    text = reading.text[start:end]
    tokens = reading.tokens(line)
    begin, stop = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    if (stop - begin) * tokens.weight < 4 or text[0].islower() or text[-1] not in ".!?…。！？।»”\"'":
        return False
    if reading.folded.within(start, end) or numbered(text):
        return False
    if any(low < end and start < high for low, high in reading.alien(line)):
        return False
    hits = line.hits
    if hits is not None and any(begin <= i < stop for i in hits.covered):
        return False
    small = sum(tokens.small[begin:stop])
    return small * 10 >= stop - begin or reading.usual < 0.15 or tokens.weight < 1


def numbered(text: str) -> bool:
    """True where a name of letters and figures stands in a text, as brands are named."""
    return _BRAND.search(text) is not None


def snapped(reading: Reading, line: Line, start: int, end: int) -> tuple[int, int]:
    """A cut with the words of its own kind beside it, and with what would be left of a sentence that it nearly fills.

    Words that stand inside the cut go along, as do three words or fewer between it and the end of a sentence, where
    the story uses none of them.
    """
    tokens = reading.tokens(line)
    begin, stop = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    if begin >= stop:
        return edges(reading.text, line, start, end)
    wide = _alike(reading, tokens, begin, stop)
    low, high = _left(reading, line, tokens, wide[0], wide[1]), _right(reading, line, tokens, wide[0], wide[1])
    if low < wide[0] and _begun(reading, tokens, low, wide[0], high):
        low = wide[0]
    start = start if low == begin else tokens.starts[low]
    end = end if high == stop else tokens.ends[high - 1]
    place = _dateline(reading, line, tokens, low, bisect_left(tokens.starts, end))
    if place is not None:
        return edges(reading.text, line, start, tokens.ends[place - 1])[0], tokens.ends[place - 1]
    return edges(reading.text, line, start, end)


def _begun(reading: Reading, tokens: Tokens, low: int, begin: int, high: int) -> bool:
    """True where a sentence goes on small behind a cut that began small: its first words, in capitals, are its own."""
    if high >= len(tokens) or not _STOPS.isdisjoint(_gap(reading, tokens, high)):
        return False
    first, inside, behind = (reading.text[tokens.starts[i]] for i in (low, begin, high))
    return first.isupper() and inside.islower() and behind.islower()


def _dateline(reading: Reading, line: Line, tokens: Tokens, begin: int, stop: int) -> int | None:
    """The token with which a dateline begins that a cut has run into; None where there is none."""
    text, words = reading.text, tokens.words
    found = None
    for i in range(stop - 1, max(begin, stop - 5), -1):
        if not text[tokens.starts[i]].isupper() or words[i] in words[begin:i]:
            break
        if filed(text, tokens.starts[i], line.end) > tokens.ends[stop - 1]:
            found = i
    return found


def _gap(reading: Reading, tokens: Tokens, i: int) -> str:
    """What stands between a token and the one before it."""
    return reading.text[tokens.ends[i - 1] : tokens.starts[i]]


def _alike(reading: Reading, tokens: Tokens, begin: int, stop: int) -> tuple[int, int]:
    """Takes in neighbours that stand beside the same word inside."""
    words = tokens.words
    pairs = {(words[i], words[i + 1]) for i in range(begin, stop - 1)}
    inside = set(words[begin:stop])

    def again(i: int) -> bool:
        return words[i] in inside and _loose(reading, tokens, i) and not words[i].isdigit()

    while (
        begin > 0
        and ((words[begin - 1], words[begin]) in pairs or again(begin - 1))
        and _STOPS.isdisjoint(_gap(reading, tokens, begin))
    ):
        begin -= 1
    while (
        stop < len(words)
        and ((words[stop - 1], words[stop]) in pairs or again(stop))
        and _STOPS.isdisjoint(_gap(reading, tokens, stop))
    ):
        stop += 1
    return begin, stop


def _loose(reading: Reading, tokens: Tokens, i: int) -> bool:
    """True for a word that the story does not use, and that holds no sentence together; a letter alone may be any."""
    word = tokens.words[i]
    return not tokens.small[i] and (len(word) > 1 or word.isdigit()) and not reading.subject[stem(word)]


def _left(reading: Reading, line: Line, tokens: Tokens, begin: int, stop: int) -> int:
    reach = round(FEW / tokens.weight)
    for i in range(begin, max(-1, begin - reach) - 1, -1):
        if i < 0:
            break
        if i == 0 or not _STOPS.isdisjoint(_gap(reading, tokens, i)):
            return i
        if not _loose(reading, tokens, i - 1):
            break
    return begin


def _right(reading: Reading, line: Line, tokens: Tokens, begin: int, stop: int) -> int:
    """Up to the end of an unended line, or to the capital that begins the next sentence."""
    text = reading.text
    if begin and _STOPS.isdisjoint(_gap(reading, tokens, begin)):
        # A cut inside a sentence: what follows is the sentence's own.
        return stop
    reach = round(FEW / tokens.weight)
    for i in range(stop, min(len(tokens), stop + reach) + 1):
        if i == len(tokens):
            return stop if line.ended else i
        if i > stop and text[tokens.starts[i]].isupper():
            return i
        if not _STOPS.isdisjoint(_gap(reading, tokens, i)) or not _loose(reading, tokens, i):
            return stop
    return stop
