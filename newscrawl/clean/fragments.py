"""Finds what is no sentence among the sentences of a line: a tail that never ends, an insert, a row of stubs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newscrawl.clean import evidence as weigh
from newscrawl.clean.blocks import Finding, guards_of
from newscrawl.clean.borders import in_quotes, numbered, sentences, snapped
from newscrawl.clean.reading import Line, Reading
from newscrawl.clean.segments import hits_in
from newscrawl.clean.verdicts import Guard, Outcome, decide
from newscrawl.clean.words import function_words, stem
from newscrawl.model import Evidence

_NEXT = re.compile(r"(?<=[ \u00a0\"“„«(])[^\W\d_]\w*|[.!?…。！？।؟۔]")
_STOP = ".!?…。！？।؟۔"
_SAID = frozenset(',;»”"」،、，')
_CLOSING = frozenset('"”’»)]0123456789')
CLOSE = 50
"""Sentences that end within so many characters of each other may be stubs."""
STUB = 5
"""A sentence of no more words than this is a stub where small words are missing."""
SOON = 3
"""Behind so many words that begin as a sentence does, goods are set into it."""
NAMED = 24
"""So many characters have a brand among them, where one begins a stretch."""
HEAD = 8
"""So many words before the capital of a sentence are no part of it."""
_CUTS = (Outcome.CUT, Outcome.SURE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line by token indices, and how much its form alone says."""

    begin: int
    stop: int
    form: float
    detail: str
    ended: bool = False


def within(reading: Reading, line: Line) -> Iterator[Finding]:
    """Stretches of a line that are no sentences, and that a second kind of evidence calls spam."""
    if len(line.text) < 12:
        return
    starts, ends = reading.stops
    low, high = bisect_left(starts, line.start), bisect_left(starts, line.end)
    if high == low:
        return
    stops, begins = starts[low:high], ends[low:high]
    for piece in (
        *_head(reading, line, stops[0]),
        *_orphans(reading, line, stops, begins),
        *_stubs(reading, line, stops),
    ):
        finding = _judge(reading, line, piece)
        if finding is not None:
            yield finding


def _head(reading: Reading, line: Line, stop: int) -> Iterator[_Piece]:
    """Words in a row before the capital of a line's first sentence, where the line begins small."""
    text = reading.text
    if not text[line.start].islower() or line.marks:
        return
    match = next((one for one in _NEXT.finditer(text, line.start, stop) if one.group()[0].isupper()), None)
    if match is None:
        return
    before = text[line.start : match.start()]
    if not before.endswith(" ") or any(one in before for one in ",;:()"):
        return
    tokens = reading.tokens(line)
    end = bisect_left(tokens.starts, match.start())
    size = end * tokens.weight
    if size < HEAD or sum(tokens.small[:end]) * 5 > end:
        return
    yield _Piece(
        0, end, 0.86 if size >= 20 else 0.75 if size >= weigh.ROW else 0.7, "a row of words before the first sentence"
    )


def _orphans(reading: Reading, line: Line, stops: Sequence[int], begins: Sequence[int]) -> Iterator[_Piece]:
    """What stands behind the end of a sentence, begins small, and never ends."""
    text = reading.text
    at = line.start
    behind = [one for stop, one in zip(stops, begins, strict=True) if one < line.end and _ends(text, stop)]
    small = [one for one in behind if not text[one].isupper()]
    if len(small) > 1 and sum(text[one].islower() for one in small) > 1:
        # Someone who writes all sentences small.
        return
    tail = behind[-1:] if behind and line.text[-1] not in _STOP else []
    for start in sorted({*small, *tail}):
        first = text[start]
        if start < at or not first.isalpha():
            continue
        low = first.islower()
        cased = low or first.isupper()
        stop = _to_the_end(text, start, line.end)
        if stop is None and low:
            # In some languages every noun has a capital: only where the line does end may one begin the next sentence.
            stop = _run_out(text, start, line.end)
        if stop is None:
            continue
        at = stop
        tokens = reading.tokens(line)
        begin, end = bisect_left(tokens.starts, start), bisect_left(tokens.starts, stop)
        size = (end - begin) * tokens.weight
        if size < 2 or sum(tokens.small[begin:end]) * 3 > end - begin:
            continue
        inside = stop < line.end
        named = numbered(text[start : start + NAMED])
        if not low and cased and line.hits is not None and not named and not _soon(line.hits.covered, begin):
            continue
        form = (0.55 if inside and size < 5 else 0.75 if size >= 4 else 0.5) if low else 0.0 if cased else 0.4
        if sum(tokens.small[begin:end]) * 5 > end - begin and not _SAID.isdisjoint(text[start:stop]):
            form = min(form, 0.55)  # a sentence whose first word is gone
        yield _Piece(begin, end, form, "begun small behind a sentence, and never ended")


def _soon(covered: Collection[int], begin: int) -> bool:
    """True where goods are named among the first words: a sentence of the story may be what stands before them."""
    return any(begin <= i <= begin + SOON for i in covered)


def _ends(text: str, stop: int) -> bool:
    """True where a stop ends a sentence, and no abbreviation: four letters or a closing mark stand before it."""
    before = text[max(0, stop - 4) : stop]
    return text[stop] not in ".!?…" or (before.isalpha() and len(before) == 4) or before[-1:] in _CLOSING


def _run_out(text: str, start: int, end: int) -> int | None:
    """Where a stretch begun small gives way to a capital or ends with its line; None where it ends as sentences do."""
    for match in _NEXT.finditer(text, start, end):
        word = match.group()
        if word in _STOP:
            return None
        if word[0].isupper() and not (any(map(str.isdigit, word)) or text.count(word, start, end) > 1):
            at = match.start()
            return at - 1 if text[at - 1] in '"“„«(' else at
    return end


def _to_the_end(text: str, start: int, end: int) -> int | None:
    """The end of the line, where no sentence ends before it; None where one does."""
    return None if any(text.find(one, start, end) >= 0 for one in _STOP) else end


def _stubs(reading: Reading, line: Line, stops: Sequence[int]) -> Iterator[_Piece]:
    """Sentences of a few words each, none of them small: keywords with a full stop behind them."""
    if not _close(reading.text, (line.start, *stops, line.end)):
        return
    bounds = sentences(reading.text, line)
    if len(bounds) < 2:
        return
    tokens = reading.tokens(line)
    run: list[tuple[int, int]] = []
    for start, end in [*bounds, (line.end, line.end)]:
        begin, stop = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
        count = stop - begin
        stub = 0 < count * tokens.weight <= STUB and sum(tokens.small[begin:stop]) * 3 <= count
        if stub and reading.text[end - 1] in _STOP:
            run.append((begin, stop))
            continue
        yield from _run(run)
        run = []


def _close(text: str, edges: Sequence[int]) -> bool:
    """The gate: two short pieces in a row that hold hardly a small word."""
    small = function_words()
    before = False
    for start, end in pairwise(edges):
        here = False
        if 3 < end - start <= CLOSE:
            words = text[start:end].lower().strip(_STOP).split()
            here = sum(one in small for one in words) * 3 <= len(words)
        if here and before:
            return True
        before = here
    return False


def _run(run: list[tuple[int, int]]) -> Iterator[_Piece]:
    if len(run) < 2 or (run[-1][1] - run[0][0]) < 2 * len(run):
        return
    form = 0.6 if len(run) >= 4 else 0.5 if len(run) == 3 else 0.3
    yield _Piece(run[0][0], run[-1][1], form, f"{len(run)} stubs of sentences in a row", len(run) < 3)


def _judge(reading: Reading, line: Line, piece: _Piece) -> Finding | None:
    tokens = reading.tokens(line)
    part = tokens.part(piece.begin, piece.stop)
    stems = {stem(word) for word, small in zip(part.words, part.small, strict=True) if not small and len(word) > 1}
    own = frozenset(stems) if reading.trusted(line) else frozenset()
    seen = weigh.shape(part, reading.text)
    struct = weigh.structure(seen, reading.usual)
    if struct is None or struct.strength < piece.form:
        struct = Evidence(kind=weigh.STRUCT, strength=piece.form, detail=piece.detail) if piece.form else struct
    hits = hits_in(reading, part)
    hidden = reading.folded.within(part.starts[0], part.ends[-1])
    found = [
        struct,
        weigh.off_topic(stems, reading.subject, own, reading.outside(line, piece.begin, piece.stop)),
        weigh.words_of_the_trade(hits, seen.size, len(part), prose=False),
        weigh.disguised([one.kind for one in hidden] or ["leet"], len(hidden) or hits.leet, len(part)),
    ]
    kept = [one for one in found if one is not None]
    start, end = part.starts[0], part.ends[-1]
    guards = guards_of(reading, reading.text[start:end])
    if line.marks:
        guards.add(Guard.LISTED)
    if piece.ended or (piece.form and not seen.cased):
        # Two short sentences are two short sentences, and where no capital tells one many are short.
        guards.add(Guard.ENDED)
    outcome = decide(kept, size=max(seen.size, 8.0 if piece.form >= 0.75 else 0.0), guards=guards)
    if outcome in _CUTS and in_quotes(line.text, start - line.start, end - line.start):
        outcome = Outcome.DOUBT
    if outcome not in _CUTS:
        return None
    start, end = snapped(reading, line, start, end)
    rule = "block" if (start, end) == (line.start, line.end) else "span"
    return Finding(start=start, end=end, line=line.index, rule=rule, outcome=outcome, evidence=tuple(kept))
