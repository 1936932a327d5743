"""Looks again at what stayed in doubt: the words of what is cut on a page speak against its like on the same page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from newscrawl.clean import evidence as weigh
from newscrawl.clean.blocks import LOOSE, Finding, finding_of, guards_of, weigh_up
from newscrawl.clean.heaps import stray, strewn
from newscrawl.clean.reading import SHORT, Line, Reading
from newscrawl.clean.verdicts import Guard, Outcome, decide
from newscrawl.clean.words import Tokens, stem
from newscrawl.model import Evidence

ALIKE = 0.45
"""What it says that a line stands as another does that is cut: not enough beside one other kind of evidence."""
LOUD = 0.85
"""So loudly a line of goods names them that it need not be about nothing in the story."""
KINDS = ("block", "line", "lines", "span", "anchor")
_CUTS = (Outcome.CUT, Outcome.SURE)
_STOPPED = frozenset('.!?。！？،,、，“”«»「」"()')
_FEW = 4
"""So many words between two cuts of a line go with them."""
_STOPS = '.!?:;…。！？।؟۔"“”„«»()'
_REST = 3
"""So many words beside a cut that takes most of a line are no sentence of their own."""


def again(reading: Reading, found: Sequence[Finding]) -> Iterator[Finding]:
    """Doubts that become cuts, and short lines that nothing else spoke against, by the words of the page's own spam."""
    words = _words(reading, found)
    if not words:
        return
    doubted: set[int] = set()
    gone: dict[int, list[Finding]] = {}
    for one in found:
        if one.outcome in _CUTS:
            gone.setdefault(one.line, []).append(one)
    for one in found:
        if one.outcome == Outcome.DOUBT or (one.outcome == Outcome.KEEP and one.rule == "anchor"):
            if (
                one.rule not in KINDS
                or _crosses(one, gone.get(one.line, ()))
                or (one.rule == "block" and reading.lines[one.line].ended)
            ):
                continue
            doubted.add(one.line)
            yield from _judged(reading, one, words)
    for line in reading.lines:
        if line.index in gone or line.index in doubted or not 1 < line.size < SHORT or line.ended or line.marks:
            continue
        tokens = reading.tokens(line)
        if len(tokens) and _share(reading, line.start, line.end, line, words) >= 0.5:
            fresh = finding_of(line, "line", Outcome.DOUBT, weigh_up(reading, line, tokens))
            yield from _judged(reading, fresh, words)
    yield from _alike(reading, gone)


def _alike(reading: Reading, gone: Mapping[int, Sequence[Finding]]) -> Iterator[Finding]:
    """Strewn lines that stand as another does that is cut: alone between paragraphs, no sentence and no heading."""
    if not any(one.rule == "line" for cuts in gone.values() for one in cuts):
        return
    lines = strewn(reading, told=True)
    cut = sum(line.index in gone for line in lines)
    if not cut:
        return
    for line in lines:
        if line.index in gone or not (stray(reading, line) or line.goods >= 0.2):
            continue
        found = [one for one in weigh_up(reading, line, reading.tokens(line)) if one.kind != weigh.STRUCT]
        found.append(Evidence(kind=weigh.STRUCT, strength=LOOSE, detail="a line that is no sentence and no heading"))
        # Beside several that go, one that is all goods goes too, though the story has a word of it.
        loud = cut > 1 and any(one.kind == weigh.LEX and one.strength >= LOUD for one in found)
        strength = ALIKE + 0.1 if loud and stray(reading, line) else ALIKE
        found.append(Evidence(kind=weigh.KIN, strength=strength, detail="stands as a line does that is cut"))
        outcome = decide(found, size=line.size, guards=guards_of(reading, line.text, line))
        if outcome in _CUTS:
            yield finding_of(line, "line", outcome, found)


def _crosses(one: Finding, cuts: Sequence[Finding]) -> bool:
    """True where something inside is cut by itself: its words cannot speak against the sentence around it."""
    return any(other.start < one.end and one.start < other.end for other in cuts)


def _words(reading: Reading, found: Sequence[Finding]) -> frozenset[str]:
    """The content stems of what is cut as keywords, less those that the story uses."""
    stems: set[str] = set()
    for one in found:
        if one.outcome in _CUTS and one.rule in KINDS:
            stems.update(_stems(reading, one.start, one.end, reading.lines[one.line]))
    return frozenset(one for one in stems if not reading.subject[one])


def _stems(reading: Reading, start: int, end: int, line: Line) -> set[str]:
    tokens = reading.tokens(line)
    low, high = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    return {stem(tokens.words[i]) for i in range(low, high) if not tokens.small[i] and len(tokens.words[i]) > 1}


def _share(reading: Reading, start: int, end: int, line: Line, words: frozenset[str]) -> float:
    mine = _stems(reading, start, end, line)
    return len(mine & words) / len(mine) if mine else 0.0


def _judged(reading: Reading, one: Finding, words: frozenset[str]) -> Iterator[Finding]:
    line = reading.lines[one.line]
    share = _share(reading, one.start, one.end, line, words)
    if share < 0.3:
        return
    detail = f"{share:.0%} of its words stand in what is cut on this page"
    kin = Evidence(kind=weigh.KIN, strength=round(min(0.8, 0.3 + 0.5 * share), 3), detail=detail)
    text = reading.text[one.start : one.end]
    whole = (one.start, one.end) == (line.start, line.end)
    guards = guards_of(reading, text, line if whole else None)
    if one.rule == "span":
        guards.add(Guard.INSIDE)
    outcome = decide((*one.evidence, kin), size=len(text.split()), guards=guards)
    if outcome in _CUTS:
        yield replace(one, outcome=outcome, evidence=(*one.evidence, kin))


def bridged(reading: Reading, line: Line, found: Sequence[Finding]) -> list[Finding]:
    """What is cut inside a line, with the few words between two cuts where the story uses none of them."""
    cuts = sorted((one for one in found if one.outcome in _CUTS), key=lambda one: (one.start, -one.end))
    if len(cuts) < 2:
        return list(found)
    tokens = reading.tokens(line)
    joined = [cuts[0]]
    for one in cuts[1:]:
        last = joined[-1]
        if one.start < last.end:
            if one.end > last.end and one.rule == last.rule == "span":
                joined[-1] = replace(last, end=one.end)
                continue
        elif one.rule == last.rule == "span" and _between(reading, tokens, last.end, one.start):
            joined[-1] = replace(
                last, end=one.end, evidence=max(last, one, key=lambda each: each.end - each.start).evidence
            )
            continue
        joined.append(one)
    return [*joined, *(one for one in found if one.outcome not in _CUTS)]


def _between(reading: Reading, tokens: Tokens, start: int, end: int) -> bool:
    """True where a few words stand between two cuts, no sentence ends there, and none of them is the story's."""
    if any(one in reading.text[start:end] for one in _STOPS):
        return False
    low, high = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
    if (high - low) * tokens.weight > _FEW:
        return False
    return not any(
        tokens.small[i] or reading.text[tokens.starts[i]].isupper() or reading.subject[stem(tokens.words[i])]
        for i in range(low, high)
    )


def _strange(reading: Reading, line: Line) -> bool:
    """True where a line stands in letters that the story is not written in, from end to end."""
    return sum(end - start for start, end in reading.alien(line)) * 10 >= (line.end - line.start) * 9


def completed(reading: Reading, line: Line, found: Sequence[Finding]) -> Finding | None:
    """All of a line that is no sentence, where the greater part of it is cut and the story uses no word of the rest."""
    cuts = [one for one in found if one.outcome in _CUTS]
    if not cuts or line.ended or line.marks:
        return None
    low, other = line.text[0].islower(), _strange(reading, line)
    bare = line.weight < 1
    if not (low or other or bare):
        return None
    tokens = reading.tokens(line)
    inside = {
        i for one in cuts for i in range(bisect_left(tokens.starts, one.start), bisect_left(tokens.starts, one.end))
    }
    rest = [i for i in range(len(tokens)) if i not in inside]
    if not rest or len(inside) * 2 < len(tokens):
        return None
    if other and not low and len(rest) > _REST:
        return None
    if not (low or other):
        # Such a line may be a sentence of the story, which has no stop: what is left must be words of the cut itself.
        said = {tokens.words[i] for i in inside}
        same = sum(tokens.words[i] in said for i in rest)
        if same * 3 < len(rest) * 2 or not _STOPPED.isdisjoint(line.text):
            return None
    small = sum(tokens.small[i] for i in rest)
    known = sum(not tokens.small[i] and reading.subject[stem(tokens.words[i])] > 0 for i in rest)
    # Grams are shared by words that have nothing to do with each other.
    if (known and not bare) or known * 2 > len(rest) or (small * 2 > len(rest) and len(rest) > _REST):
        return None
    best = max(cuts, key=lambda one: one.end - one.start)
    return replace(best, start=line.start, end=line.end, rule="block")
