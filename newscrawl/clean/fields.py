"""Points at spam in short fields: a title's glued tail, what bars set apart, a tag that names goods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newscrawl.clean import spam
from newscrawl.clean.evidence import LEX, OFFTOPIC
from newscrawl.clean.lexicon import NAMELESS, Hits
from newscrawl.clean.reading import Line, Reading
from newscrawl.clean.spans import Context, Point
from newscrawl.clean.words import stem
from newscrawl.model import Draft, Evidence

_BAR = re.compile(r"\s*[|·•»]\s*|\s+[-–—]\s+")
_BAR_BEFORE = re.compile(r"(?:\s*[|·•»]\s*|\s+[-–—]\s+)\Z")
_STOPS = frozenset(".!?…:;,|。！？、")


def find(draft: Draft, context: Context) -> tuple[Point, ...]:
    """Spam in a line of a few words: what bars and dashes set apart is judged apart, and goes with its bar."""
    text = draft.text
    found: list[Point] = []
    for point in spam.find(Draft(text=_BAR.sub(_broken, text)), context):
        start, end = point.start, point.end
        before, after = _BAR_BEFORE.search(text, 0, start), _BAR.match(text, end)
        if before is not None:
            start = before.start()
        elif after is not None and not text[:start].strip():
            end = after.end()
        found.append(replace(point, start=start, end=end))
    if not any(not one.doubt for one in found):
        found.extend(_tails(draft, context))
    return tuple(found)


def _broken(match: re.Match[str]) -> str:
    return "\n" * len(match.group())


def _tails(draft: Draft, context: Context) -> Iterator[Point]:
    """The words behind the last one that the story shares, where they name goods and nothing else."""
    reading = Reading(draft, context)
    if not reading.lines or len(reading.subject) < 8:
        return
    line = reading.lines[-1]
    begin = _tail(reading, line)
    tokens = reading.tokens(line)
    if line.hits is None or not 0 < begin < len(tokens):
        return
    covered = [i for i in line.hits.covered if i >= begin]
    hits = reading.lexicon.hits(tokens.words, begin)
    for low, high, entry in reading.lexicon.hits_in_run(reading.text, tokens.starts[begin], line.end):
        hits.entries.setdefault(entry.key, entry)
        hits.covered.update(i for i in covered if low <= tokens.starts[i] < high)
    if hits.goods < 1.0 or len(covered) * 2 < len(tokens) - begin:
        return
    start = reading.folded.origin(tokens.starts[begin])
    bar = _BAR_BEFORE.search(draft.text, 0, start)
    yield Point(
        start=bar.start() if bar else start,
        end=reading.folded.origin(line.end),
        rule="spam/span",
        reason="SPAM_KWSPAN",
        evidence=_said(hits),
    )


def _tail(reading: Reading, line: Line) -> int:
    """The token at which the words begin that the story does not share; a stop ends them, goods must begin them."""
    tokens = reading.tokens(line)
    covered = line.hits.covered if line.hits else set()
    at = len(tokens)
    best = at
    while at > 0:
        at -= 1
        if reading.subject[stem(tokens.words[at])] and at not in covered:
            break
        if at in covered:
            best = at
        if at and not _STOPS.isdisjoint(reading.text[tokens.ends[at - 1] : tokens.starts[at]]):
            break
    return best


def company(values: Sequence[str], context: Context) -> frozenset[int]:
    """Which of a story's tags name goods that the story never mentions: two at least, one of them loudly, or none."""
    reading = Reading(Draft(text=""), context)
    if len(reading.subject) < 8:
        return frozenset()
    named = {at: loud for at, value in enumerate(values) if (loud := _goods(value, reading)) > 0}
    return frozenset(named) if len(named) > 1 and max(named.values()) >= 0.5 else frozenset()


def _goods(value: str, reading: Reading) -> float:
    """How loudly a tag names goods, where the story mentions nothing of it."""
    tag = Reading(Draft(text=value), Context(), reading.lexicon)
    if len(tag.lines) != 1 or (hits := tag.lines[0].hits) is None or not hits.named:
        return 0.0
    line = tag.lines[0]
    stems = tag.stems(line)
    if line.weight == 1:
        named = [entry for entry in hits.entries.values() if entry.family not in NAMELESS]
        stems = frozenset(stem(word) for entry in named for word in entry.words)
    shared = sum(reading.subject[one] > 0 for one in stems)
    return hits.named if stems and shared * 3 <= len(stems) else 0.0


def _said(hits: Hits) -> tuple[Evidence, ...]:
    return (
        Evidence(kind=LEX, strength=round(min(1.0, 0.6 * hits.goods + 0.25), 3), detail=hits.rules()),
        Evidence(kind=OFFTOPIC, strength=0.6, detail="no word of it in the story"),
    )


def whole(draft: Draft, context: Context) -> tuple[Point, ...]:
    """All of a field, as one point: its company has judged it."""
    if not draft.text.strip():
        return ()
    hits = Reading(draft, context).lines[0].hits or Hits()
    return (Point(start=0, end=len(draft.text), rule="spam/line", reason="SPAM_KWLINES", evidence=_said(hits)),)
