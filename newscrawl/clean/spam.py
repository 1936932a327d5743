"""Points at injected spam: keyword blocks, lines and spans, promotion, disguised words, keyword links.

Nothing visible is pointed at on one kind of evidence (see `verdicts`); where there is doubt the text stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from newscrawl.clean import again, blocks, borders, fragments, heaps, kin, links, masks, segments
from newscrawl.clean.disguise import fold
from newscrawl.clean.evidence import DISGUISE, LEX, OFFTOPIC, PITCHED, SITE
from newscrawl.clean.lexicon import look, standard
from newscrawl.clean.reading import SHORT, Line, Reading, content, reporting
from newscrawl.clean.spans import Context, Point
from newscrawl.clean.verdicts import Outcome
from newscrawl.clean.words import take_apart
from newscrawl.model import Draft, Evidence

LONGEST = 160_000
"""No story is longer: characters behind this are kept unexamined, so that a hostile page costs a bounded time."""
PLAIN = 40
"""A sentence of so many characters before or behind the spam of a line is not taken along."""
HULL = 3
"""So many words in other letters are no brand."""
SIDES = 15
"""So many characters beside a heap that shows by its letters are words of the story, where they name no goods."""
SPARE = 5
"""So many words beside the links that go are a sentence."""
_CUTS = (Outcome.CUT, Outcome.SURE)
_STOP = re.compile(r"[.!?…。！？।؟۔]")
_DIGITS = re.compile(r"[0134578](?<=[^\W\d_][0134578])(?=[^\W\d_])")
"""A digit between letters; it is the digit that is sought, of which there are few."""


def find(draft: Draft, context: Context) -> tuple[Point, ...]:
    """Every stretch that two kinds of evidence call spam, and every one that stays in doubt, in order.

    Offsets count code points of the draft's text.
    """
    if len(draft.text) > LONGEST:
        draft = Draft(text=draft.text[:LONGEST], marks=tuple(one for one in draft.marks if one.end <= LONGEST))
    reading = Reading(draft, context)
    linked = tuple(links.anchors(reading))
    spared = _mostly_text(reading, linked)
    taken: set[int] = set()
    found: list[blocks.Finding] = []
    rows = (heaps.linked, heaps.groups, heaps.scattered)
    judged = [*blocks.whole_lines(reading), *(one for row in rows for one in row(reading))]
    # What is sure of many lines in company is heard before what is said of each alone.
    for finding in sorted(judged, key=lambda one: one.outcome != Outcome.SURE):
        if finding.line in taken:
            continue
        if finding.outcome in _CUTS:
            whole = finding.rule in ("block", "promo")
            line = reading.lines[finding.line]
            sure = finding.outcome == Outcome.SURE and (_unended(line) or _offers(reading, line, finding))
            if finding.line in spared or (whole and not _known(finding) and _holds_more(reading, line, sure=sure)):
                continue
            taken.add(finding.line)
        found.append(finding)
    for line in reading.lines:
        if line.index not in taken and line.index not in spared:
            inside = [_clipped(reading, line, one) for one in _inside(reading, line)]
            inside = kin.bridged(reading, line, inside)
            full = kin.completed(reading, line, inside)
            found.extend(inside if full is None else (full,))
    found.extend(one for one in linked if one.line not in taken)
    found.extend(kin.again(reading, found))
    if not any(one.outcome in _CUTS for one in found):
        found.extend(_cloaked(reading))
    return tuple(_points(reading, found, taken))


def _inside(reading: Reading, line: Line) -> list[blocks.Finding]:
    """What stands inside one line that is not spam from end to end."""
    found = [*segments.within(reading, line), *fragments.within(reading, line)]
    if line.disguised or _DIGITS.search(line.text):
        found.extend(masks.within(reading, line))
    if reading.warm:
        found.extend(again.within(reading, line))
    return found


def _clipped(reading: Reading, line: Line, one: blocks.Finding) -> blocks.Finding:
    """Less of a sentence, where its spam shows by its letters and has no full stop: what follows is the story's own."""
    if one.rule not in ("sentence", "span") or one.outcome not in _CUTS:
        return one
    runs = [(max(low, one.start), min(high, one.end)) for low, high in reading.alien(line)]
    runs = [(low, high) for low, high in runs if low < high]
    if not runs and line.disguised:
        runs = _masked(reading, one)
    if not runs:
        return one
    low, high = runs[0][0], runs[-1][1]
    if len(reading.text[low:high].split()) < HULL and reading.text[low:high].isascii():
        return one  # the brand of an offer in the story's own letters
    sides = ((one.start, low), (high, one.end))
    beside = sum(b - a for a, b in sides)
    if sum(end - start for start, end in runs) * 5 < (high - low) * 3 or beside < SIDES:
        return one
    if beside < PLAIN and any(segments.hits_in(reading, take_apart(reading.text, a, b)).goods for a, b in sides):
        return one
    start, end = borders.edges(reading.text, line, low, high)
    return replace(one, start=start, end=end, rule="span")


def _masked(reading: Reading, one: blocks.Finding) -> list[tuple[int, int]]:
    """The disguised words of a stretch, where they are three or more."""
    tokens = reading.tokens(reading.lines[one.line])
    hidden = [each.start for each in reading.folded.within(one.start, one.end)]
    words = sorted({max(0, bisect_right(tokens.starts, at) - 1) for at in hidden})
    return [(tokens.starts[i], tokens.ends[i]) for i in words] if len(words) >= 3 else []


def _unended(line: Line) -> bool:
    """True for a line that begins small and has no full stop: there is no sentence in it that could be the story's."""
    return line.text[0].islower() and not line.marks and _STOP.search(line.text) is None


def _offers(reading: Reading, line: Line, finding: blocks.Finding) -> bool:
    """True for an offer of one sentence about nothing in the story: no other sentence can be inside."""
    strengths = {one.kind: one.strength for one in finding.evidence}
    if strengths.get(PITCHED, 0.0) < 0.5 or strengths.get(OFFTOPIC, 0.0) < 0.9:
        return False
    return len(borders.sentences(reading.text, line)) == 1


def _holds_more(reading: Reading, line: Line, *, sure: bool) -> bool:
    clean = borders.clean_ends(reading, line)
    if clean >= PLAIN or clean * 3 >= line.end - line.start or _linked(reading, line):
        return True
    return (not sure and segments.holds_more(reading, line)) or masks.holds_more(reading, line)


def _linked(reading: Reading, line: Line) -> bool:
    """True for a sentence with several off-site links set into it: only the links may go."""
    inside = [
        (start, end)
        for mark in reading.links
        if line.start <= (start := reading.fold_offset(mark.start)) < (end := reading.fold_offset(mark.end)) <= line.end
    ]
    if len(inside) < 2:
        return False
    tokens = reading.tokens(line)
    count = sum(bisect_left(tokens.starts, end) - bisect_left(tokens.starts, start) for start, end in inside)
    return (len(tokens) - count) * tokens.weight >= SPARE


def _cloaked(reading: Reading) -> Iterator[blocks.Finding]:
    """All of a text that mentions nothing of its title and sells goods in most of its lines: another page altogether.

    It stays, in doubt: what was asked for is not among what came.
    """
    title = reading.context.title
    long = [line for line in reading.lines if line.size >= SHORT]
    loud = [line for line in long if line.goods >= 0.5 or (line.goods >= 0.2 and line.pitch >= 0.2)]
    if not title or not loud or len(loud) * 5 < len(long) * 2 or sum(line.goods for line in loud) < 2.0:
        return
    told = content(title)
    said = {stem for line in long for stem in reading.stems(line)}
    if not told or sum(one in said for one in told) * 4 > len(told):
        return
    detail = f"nothing of the title in it, goods in {len(loud)} of {len(long)} lines"
    found = (Evidence(kind=OFFTOPIC, strength=0.8, detail=detail),)
    for line in loud:
        yield blocks.Finding(
            start=line.start, end=line.end, line=line.index, rule="promo", outcome=Outcome.DOUBT, evidence=found
        )


def _known(finding: blocks.Finding) -> bool:
    """True where the site's memory knows the whole of a stretch."""
    return any(one.kind == SITE and one.strength >= 1.0 for one in finding.evidence)


def _mostly_text(reading: Reading, linked: Iterable[blocks.Finding]) -> frozenset[int]:
    """Lines with keyword links in them that are sentences all the same: only the links go."""
    covered: dict[int, int] = {}
    words: dict[int, float] = {}
    for one in linked:
        if one.outcome in _CUTS:
            covered[one.line] = covered.get(one.line, 0) + one.end - one.start
            tokens = reading.tokens(reading.lines[one.line])
            count = bisect_left(tokens.starts, one.end) - bisect_left(tokens.starts, one.start)
            words[one.line] = words.get(one.line, 0.0) + count * tokens.weight
    return frozenset(
        index
        for index, size in covered.items()
        if size * 10 < 7 * (reading.lines[index].end - reading.lines[index].start)
        or reading.lines[index].size - words[index] >= SPARE
    )


def _points(reading: Reading, found: Iterable[blocks.Finding], taken: set[int]) -> Iterator[Point]:
    at = reading.folded.origin
    ends: list[int] = []
    starts: list[int] = []
    ordered = sorted(found, key=lambda one: (one.outcome == Outcome.DOUBT, one.start, -one.end))
    for one in ordered:
        if one.outcome == Outcome.KEEP:
            continue
        doubt = one.outcome == Outcome.DOUBT
        index = bisect_right(starts, one.start)
        crossed = (index > 0 and ends[index - 1] > one.start) or (index < len(starts) and starts[index] < one.end)
        if doubt and (one.line in taken or crossed):
            continue
        if not crossed:
            starts.insert(index, one.start)
            ends.insert(index, one.end)
        yield Point(
            start=at(one.start),
            end=at(one.end),
            rule=f"spam/{one.rule}",
            reason=_reason(one),
            evidence=tuple(sorted(one.evidence, key=lambda each: -each.strength)),
            doubt=doubt,
            sure=one.outcome == Outcome.SURE,
        )


_REASONS = {
    "block": "SPAM_KWBLOCK",
    "line": "SPAM_KWLINES",
    "lines": "SPAM_KWLINES",
    "span": "SPAM_KWSPAN",
    "promo": "SPAM_PROMO",
    "sentence": "SPAM_PROMO",
    "anchor": "SPAM_LINKSTUFF",
}


def _reason(one: blocks.Finding) -> str:
    strengths = {each.kind: each.strength for each in one.evidence}
    if strengths.get(DISGUISE, 0.0) >= 0.5:
        return "SPAM_DISGUISE"
    if strengths.get(SITE, 0.0) >= 0.5 and strengths.get(LEX, 0.0) < 0.3 and strengths.get("STRUCT", 0.0) <= 0.5:
        return "SITE_REPEAT"
    return _REASONS[one.rule]


def tainted(text: str) -> bool:
    """True where a text that a wrapper carries, such as a related title, is spam by itself.

    >>> tainted("Slot gacor hari ini"), tainted("Harbour bridge reopens")
    (True, False)
    """
    hits = look(standard(), fold(text).text)
    return hits.goods >= 1.0 and not reporting(text)
