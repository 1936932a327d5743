"""Points at injected spam: keyword blocks, lines and spans, promotion, disguised words, keyword links.

Nothing visible is pointed at on one kind of evidence (see `verdicts`); where there is doubt the text stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from newscrawl.clean import blocks, links, segments
from newscrawl.clean.evidence import DISGUISE, LEX, SITE
from newscrawl.clean.reading import Line, Reading
from newscrawl.clean.spans import Context, Point
from newscrawl.clean.verdicts import Outcome
from newscrawl.model import Draft


def find(draft: Draft, context: Context) -> tuple[Point, ...]:
    """Every stretch that two kinds of evidence call spam, and every one that stays in doubt, in order.

    Offsets count code points of the draft's text.
    """
    reading = Reading(draft, context)
    taken: set[int] = set()
    found: list[blocks.Finding] = []
    for finding in (*blocks.whole_lines(reading), *blocks.groups(reading), *blocks.scattered(reading)):
        if finding.outcome in (Outcome.CUT, Outcome.SURE):
            if finding.rule == "block" and segments.holds_more(reading, reading.lines[finding.line]):
                continue
            taken.add(finding.line)
        found.append(finding)
    for line in reading.lines:
        if line.index not in taken:
            found.extend(segments.within(reading, line))
    found.extend(links.anchors(reading, taken))
    return tuple(_points(reading, found, taken))


def _points(reading: Reading, found: Iterable[blocks.Finding], taken: set[int]) -> Iterator[Point]:
    at = reading.folded.origin
    cut: list[tuple[int, int]] = []
    ordered = sorted(found, key=lambda one: (one.outcome == Outcome.DOUBT, one.start, -one.end))
    for one in ordered:
        if one.outcome == Outcome.KEEP:
            continue
        doubt = one.outcome == Outcome.DOUBT
        if doubt and (one.line in taken or any(start < one.end and one.start < end for start, end in cut[-200:])):
            continue
        cut.append((one.start, one.end))
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
    if strengths.get(SITE, 0.0) >= 0.5 and strengths.get(LEX, 0.0) < 0.3 and strengths.get("STRUCT", 0.0) < 0.5:
        return "SITE_REPEAT"
    return _REASONS[one.rule]


def vocabulary(lines: Iterable[Line], reading: Reading) -> Counter[str]:
    """The content stems of some lines, by the number of lines that hold them."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(reading.stems(line))
    return counts
