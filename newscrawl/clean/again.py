"""Finds what a site says again inside a line: a block, a tail or a sentence that other stories of the site held too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from newscrawl.clean import evidence as weigh
from newscrawl.clean.blocks import Finding, guards_of
from newscrawl.clean.borders import edges, in_quotes, sentences
from newscrawl.clean.reading import Line, Reading
from newscrawl.clean.segments import maximal
from newscrawl.clean.verdicts import ENOUGH, Guard, Outcome, decide
from newscrawl.clean.words import Tokens, stem
from newscrawl.model import Evidence

LEAST = 3.2
"""What the words of a run must add up to before it is looked at."""
SOLD = 0.85
"""Goods named so loudly are no names of persons, in whatever capitals."""
SMALL = 5
"""One small word in so many is too few for a sentence."""
SPILL = 5
"""So many words before a full stop may be the end of a sentence of the story."""
STOPS = frozenset(".!?…。！？।؟۔")
SPARE = 3
"""So many words beside what the site says again are no part of it."""
FEWEST = 4
"""So many words must stand in a run."""


def within(reading: Reading, line: Line) -> Iterator[Finding]:
    """Spans of a line that the site's memory knows and the story does not."""
    tokens = reading.tokens(line)
    if reading.memory is None or len(tokens) * tokens.weight < FEWEST:
        return
    grams, words = reading.memory.known(tokens.words, site=reading.context.site)
    # The gate: what the best run could add up to, if it held every word that is known.
    told = [gram or not small for gram, word, small in zip(grams, words, tokens.small, strict=True) if gram or word]
    if sum(told) < LEAST:
        return
    scores = _scores(reading, line, tokens, grams, words)
    for begin, stop in maximal(scores):
        if sum(scores[begin:stop]) < LEAST or (stop - begin) * tokens.weight < FEWEST:
            continue
        finding = _judge(reading, line, tokens, scores, begin, stop)
        if finding is not None:
            yield finding


def _scores(reading: Reading, line: Line, tokens: Tokens, grams: Sequence[bool], words: Sequence[bool]) -> list[float]:
    """One number a token: above zero where the site repeats it and the story has no use for it."""
    mine = reading.stems(line) if reading.trusted(line) else frozenset()
    subject = reading.subject
    scores: list[float] = []
    for word, small, gram, known in zip(tokens.words, tokens.small, grams, words, strict=True):
        key = stem(word)
        topical = not small and subject[key] > (key in mine)
        if word[0].isdigit() and not any(map(str.isalpha, word)):
            # Numbers are compared without their digits: a date is like any other.
            score = 0.0 if gram else -1.6
        elif gram:
            score = 0.6 if small or topical else 1.0
        elif small:
            score = -0.8
        elif known and not topical and tokens.weight == 1:
            score = 0.8
        else:
            score = -1.2 if topical else -1.6
        scores.append(score * tokens.weight)
    return scores


def _judge(
    reading: Reading, line: Line, tokens: Tokens, scores: Sequence[float], begin: int, stop: int
) -> Finding | None:
    start, end, whole = _snapped(reading, line, tokens.starts[begin], tokens.ends[stop - 1])
    if whole and _glued(reading, tokens, begin, stop, start, end):
        start, end, whole = tokens.starts[begin], tokens.ends[stop - 1], False
    if not whole:
        start, end = edges(reading.text, line, _past_the_stop(reading, tokens, begin, stop), end)
    begin, stop = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    part = tokens.part(begin, stop)
    stems = frozenset(stem(w) for w, small in zip(part.words, part.small, strict=True) if not small and len(w) > 1)
    own = reading.stems(line) if reading.trusted(line) else frozenset()
    seen = weigh.shape(part, reading.text)
    share = sum(score >= 0 for score in scores[begin:stop]) / len(part)
    heard = _lexical(reading, part, seen.size, prose=whole and seen.small > 0.1)
    sold = heard is not None and heard.strength >= SOLD
    if not whole and not sold and (seen.capitals > 0.3 or seen.digits > 0.15 or (seen.small > 0.3 and seen.size < 12)):
        # Names, dates and turns of phrase come back from story to story.
        return None
    found: list[Evidence | None] = [
        Evidence(kind=weigh.SITE, strength=round(share, 3), detail=f"{share:.0%} known from other stories"),
        weigh.off_topic(stems, reading.subject, own, reading.outside(line, begin, stop)),
        weigh.structure(seen, reading.usual),
    ]
    if not whole and seen.small == 0 and share >= 0.8:
        detail = "words without a sentence, story after story"
        found.append(Evidence(kind=weigh.STRUCT, strength=0.5, detail=detail))
    kept = [one for one in (*found, heard) if one is not None]
    if not any(one.kind in (weigh.OFFTOPIC, weigh.LEX) and one.strength >= ENOUGH for one in kept):
        return None
    guards = guards_of(reading, reading.text[start:end])
    if whole and not reading.central.isdisjoint(stems):
        guards.add(Guard.CENTRAL)
    outcome = decide(kept, size=seen.size, guards=guards)
    if outcome in (Outcome.CUT, Outcome.SURE) and in_quotes(line.text, start - line.start, end - line.start):
        outcome = Outcome.DOUBT
    if outcome not in (Outcome.CUT, Outcome.SURE):
        return None
    rule = "sentence" if whole else "span"
    return Finding(start=start, end=end, line=line.index, rule=rule, outcome=outcome, evidence=tuple(kept))


def _past_the_stop(reading: Reading, tokens: Tokens, begin: int, stop: int) -> int:
    """Where a run begins, less the end of the sentence before it, which comes back with its date and its place."""
    for i in range(begin + 1, min(stop - FEWEST, begin + 1 + SPILL)) if tokens.weight == 1 else ():
        if not STOPS.isdisjoint(reading.text[tokens.ends[i - 1] : tokens.starts[i]]):
            return tokens.starts[i]
    return tokens.starts[begin]


def _glued(reading: Reading, tokens: Tokens, begin: int, stop: int, start: int, end: int) -> bool:
    """True where a row of words without small ones, not a sentence, stands glued to words that are the story's own."""
    if sum(tokens.small[begin:stop]) * SMALL > stop - begin:
        return False
    first, last = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    sides = [range(first, begin), range(stop, last)]
    return any(len(side) * tokens.weight >= SPARE for side in sides)


def _lexical(reading: Reading, part: Tokens, size: float, *, prose: bool) -> Evidence | None:
    return weigh.words_of_the_trade(reading.lexicon.hits(part.words), size, len(part), prose=prose)


def _snapped(reading: Reading, line: Line, start: int, end: int) -> tuple[int, int, bool]:
    """A run widened to the sentences that it nearly fills; True where it is whole sentences."""
    touched = [(low, high) for low, high in sentences(reading.text, line) if low < end and start < high]
    # What reaches over an edge by a word or two belongs to the neighbour.
    full = [(low, high) for low, high in touched if (min(end, high) - max(start, low)) * 4 >= (high - low) * 3]
    if not full:
        return start, end, False
    low, high = full[0][0], full[-1][1]
    spill = max(0, low - start) + max(0, end - high)
    if spill > 0.2 * (end - start):
        return start, end, False
    return low, high, True
