"""Judges links that leave the site from inside a sentence: a keyword as its text, and nothing that the story tells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.clean import evidence as weigh
from newscrawl.clean import scripts
from newscrawl.clean.blocks import Finding, foreign
from newscrawl.clean.borders import in_quotes
from newscrawl.clean.reading import Line, Reading, reporting
from newscrawl.clean.verdicts import Guard, Outcome, decide
from newscrawl.clean.words import Tokens, stem, take_apart
from newscrawl.model import Evidence

LONGEST = 6
"""Words in the text of a link that can be a keyword."""


MANY = 3
"""Different link texts that name goods: no report links to so many under so many names."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    start: int
    end: int
    line: Line
    tokens: Tokens
    stems: frozenset[str]

    @property
    def text(self) -> str:
        """The words of the link, as one."""
        return " ".join(self.tokens.words)


def anchors(reading: Reading) -> Iterator[Finding]:
    """The texts of off-site links that are keywords, in lines that hold more than the link."""
    if not reading.links:
        return
    found = list(_anchors(reading))
    counts: Counter[str] = Counter()
    for one in {tuple(each.tokens.words): each for each in found}.values():
        counts.update(one.stems)
    trade = {tuple(one.tokens.words) for one in found if reading.lexicon.hits(one.tokens.words).goods >= 1.0}
    told = _told(reading, found)
    # Link texts that the rest of the story has no word of, and that share words among themselves.
    apart = {one.text for one in found if one.stems and len(told & one.stems) * 3 <= len(one.stems)}
    kin = sum(any(counts[each] >= 2 for each in one.stems) for one in found if one.text in apart)
    for one in found:
        alike = len(apart) >= 3 and kin >= 3 and one.text in apart
        yield from _judge(reading, one, found, counts, many=len(trade) >= MANY, alike=alike, told=told)


def _told(reading: Reading, found: list[_Anchor]) -> frozenset[str]:
    """The content stems of the story outside the texts of these links."""
    stems: set[str] = set()
    lines = {one.line.index: one.line for one in found}
    for line in reading.lines:
        if line.index not in lines:
            if reading.trusted(line):
                stems.update(reading.stems(line))
            continue
        tokens = reading.tokens(line)
        spans = [(one.start, one.end) for one in found if one.line is line]
        linked = {
            i for start, end in spans for i in range(bisect_left(tokens.starts, start), bisect_left(tokens.starts, end))
        }
        stems.update(stem(tokens.words[i]) for i in range(len(tokens)) if i not in linked and not tokens.small[i])
    stems.update(reading.told)
    return frozenset(stems)


def _anchors(reading: Reading) -> Iterator[_Anchor]:
    starts = [line.start for line in reading.lines]
    for mark in reading.links:
        start, end = reading.fold_offset(mark.start), reading.fold_offset(mark.end)
        index = bisect_right(starts, start) - 1
        if index < 0 or end > reading.lines[index].end or start >= end:
            continue
        tokens = take_apart(reading.text, start, end)
        if (start, end) == (reading.lines[index].start, reading.lines[index].end):
            continue
        if not len(tokens) or len(tokens) * tokens.weight > LONGEST:
            continue
        stems = frozenset(stem(w) for w, small in zip(tokens.words, tokens.small, strict=True) if not small)
        yield _Anchor(start, end, reading.lines[index], tokens, stems)


def _judge(
    reading: Reading,
    one: _Anchor,
    anchors: list[_Anchor],
    counts: Counter[str],
    *,
    many: bool,
    alike: bool,
    told: frozenset[str],
) -> Iterator[Finding]:
    hits = reading.lexicon.hits(one.tokens.words)
    for start, end, entry in reading.lexicon.hits_in_run(reading.text, one.start, one.end):
        hits.take(entry, (i for i, at in enumerate(one.tokens.starts) if start <= at < end))
    found: list[Evidence] = [Evidence(kind=weigh.LINK, strength=0.7, detail="the text of an off-site link")]
    lexical = weigh.words_of_the_trade(hits, len(one.tokens), len(one.tokens), prose=False)
    if lexical is not None:
        found.append(lexical)
    mine = one.stems if reading.trusted(one.line) else frozenset()
    alien = bool(one.stems) and (
        all(reading.subject[each] <= max(each in mine, counts[each] if many else 0) for each in one.stems)
        or told.isdisjoint(one.stems)
        or (alike and len(told & one.stems) * 3 <= len(one.stems))
    )
    strange = reading.script is not None and scripts.main(reading.text[one.start : one.end]) != reading.script
    if strange and reading.alien(one.line):
        found.append(foreign(reading))
        if len({other.text for other in anchors if other.line is one.line}) > 1:
            detail = "links in other letters, set into a sentence"
            found.append(Evidence(kind=weigh.STRUCT, strength=0.6, detail=detail))
    if alike and alien and sum(one.tokens.small) * 2 <= len(one.tokens):
        found.append(Evidence(kind=weigh.STRUCT, strength=0.6, detail="link texts that vary a few words"))
    if alien and ((lexical is not None and lexical.strength >= 0.25) or strange):
        found.append(Evidence(kind=weigh.OFFTOPIC, strength=0.5, detail="no word of it elsewhere in the story"))
    if alien and reading.warm and reading.memory is not None and not any(one.tokens.small):
        known = reading.memory.vocabulary(one.tokens.words, site=reading.context.site)
        if known >= 0.9:
            found.append(Evidence(kind=weigh.SITE, strength=0.7, detail="its words stand on story after story"))
    # A report may link to the thing it reports on; it does not link to it twice under other names.
    lone = sum(other.line is one.line for other in anchors) < 2
    guards = {Guard.REPORTED} if lone and not alike and not many and reporting(one.line.text) else set()
    outcome = decide(found, size=len(one.tokens), guards=guards)
    if outcome in (Outcome.CUT, Outcome.SURE) and in_quotes(
        one.line.text, one.start - one.line.start, one.end - one.line.start
    ):
        outcome = Outcome.DOUBT
    # One that is kept is handed on all the same: what else is cut on the page may speak against it.
    yield Finding(
        start=one.start, end=one.end, line=one.line.index, rule="anchor", outcome=outcome, evidence=tuple(found)
    )
