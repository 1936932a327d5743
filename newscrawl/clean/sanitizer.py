"""Cleans a draft: asks every finder, guards the article, mends the white space, and says what stayed in doubt."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from newscrawl import markup
from newscrawl.clean import fields, hidden, spam, wrappers
from newscrawl.clean.spans import Context, Memory, Point, cut
from newscrawl.markup import host_of
from newscrawl.model import Cleaned, Draft, Fact, Suspect

Finder: TypeAlias = Callable[[Draft, Context], tuple[Point, ...]]
FINDERS: tuple[Finder, ...] = (hidden.find, wrappers.find, spam.find)
"""Who points, in order: where two fingers overlap, the one that starts first keeps the shared part."""

PASSES = 4
"""A cut can bring new spam to light; so many looks are taken."""
LONG = 60_000
"""A text of more characters than this is looked at twice at most."""
MOST = 0.4
"""More of the article's letters than this may not go on anything but sure evidence."""
_SPACE = re.compile(r"\s+")
SPACE_RULE, SPACE_REASON = "space/joint", "SPACE"


def sanitize_draft(
    draft: Draft,
    *,
    title: str | None = None,
    summary: str | None = None,
    url: str | None = None,
    site: str | None = None,
    memory: Memory | None = None,
) -> Cleaned:
    """The draft's text without spam and wrappers, and all that was cut, lifted or doubted.

    `restore(cleaned) == draft.text` always. Where too much of the article would go, nothing goes that is not sure,
    and the flag `needs_review` says so.
    """
    context = Context(title=title, summary=summary, url=url, site=site, memory=memory)
    return _clean(draft, context, whole=False)


def sanitize_html(html: str, *, url: str | None = None, memory: Memory | None = None) -> Cleaned:
    """A fragment of markup, the article's own container, as clean text; `original` is the text as found in it."""
    return sanitize_draft(markup.fragment(html, url=url).draft, url=url, memory=memory)


def sanitize_text(
    text: str, *, title: str | None = None, memory: Memory | None = None, site: str | None = None
) -> Cleaned:
    """Plain text, one paragraph a line or set apart by blank lines; links are not known.

    >>> sanitize_text("A line.").text
    'A line.'
    """
    return sanitize_draft(Draft(text=text), title=title, site=site, memory=memory)


def sanitize_field(
    text: str,
    *,
    context: Context | str | None = None,
    memory: Memory | None = None,
    site: str | None = None,
) -> Cleaned:
    """A title, a tag, a caption or a name, held against the story it belongs to; all of it may go.

    `context` is the story's text, or a `Context` whose `title` and `summary` tell what the story is about.
    """
    if not isinstance(context, Context):
        context = Context(summary=context, site=site, memory=memory)
    return _clean(Draft(text=text), context, whole=True, finders=(fields.find,))


def sanitize_tags(texts: Sequence[str], *, context: Context) -> tuple[Cleaned, ...]:
    """Tags, each as a field and all in each other's company: several that name unmentioned goods go together."""
    named = fields.company(texts, context)
    return tuple(
        _clean(Draft(text=text), context, whole=True, finders=(fields.whole,))
        if at in named
        else sanitize_field(text, context=context)
        for at, text in enumerate(texts)
    )


def _clean(draft: Draft, context: Context, *, whole: bool, finders: Sequence[Finder] | None = None) -> Cleaned:
    finders = FINDERS if finders is None else finders
    points: list[Point] = []
    doubts: list[Point] = []
    current = draft
    pieces: tuple[tuple[int, int, int], ...] = ((0, 0, len(draft.text)),)
    for _ in range(PASSES if len(draft.text) < LONG else 2):
        found = [one for finder in finders for one in finder(current, context)]
        doubts = [part for one in found if one.doubt for part in _home(one, pieces)]
        new = [part for one in found if not one.doubt for part in _home(_purged(one, context), pieces)]
        if not new:
            break
        points.extend(new)
        ordered = _disjoint(points)
        current, pieces = _rest(draft, [*ordered, *_spaces(draft.text, ordered)])
    points, review = _guard(draft.text, _disjoint(points), whole=whole)
    cuts = [*points, *_spaces(draft.text, points)]
    kept = _uncovered((*doubts, *review), cuts)
    suspects = tuple(
        Suspect(start=one.start, end=one.end, reason=one.reason, evidence=one.evidence)
        for one in sorted(kept, key=lambda one: (one.start, one.end))
    )
    told = {
        "needs_review": bool(review),
        "suspect_spans": bool(suspects),
        "partly_examined": len(draft.text) > spam.LONGEST,
    }
    flags = tuple(flag for flag, true in told.items() if true)
    return cut(draft.text, cuts, suspects=suspects, flags=flags)


def _purged(point: Point, context: Context) -> Point:
    """A wrapper that carries spam is spam: what it says is no fact.

    A story about casinos has a title about casinos, and its site may point to another of the kind: what repeats the
    story's own title, or links to the page's own host, is taken at its word.
    """
    clean = tuple(one for one in point.facts if _own(one, context) or not spam.tainted(one.value))
    if len(clean) == len(point.facts):
        return point
    return replace(point, facts=clean, reason="SPAM_KWLINES")


def _own(fact: Fact, context: Context) -> bool:
    title = (context.title or "").casefold()
    if fact.url and context.url and host_of(fact.url) == host_of(context.url) != "":
        return True
    return len(fact.value) > 8 and fact.value.casefold() in title


def _home(point: Point, pieces: Sequence[tuple[int, int, int]]) -> list[Point]:
    """A point of a shortened text, as points of the original: one for every stretch that it covers there."""
    if len(pieces) == 1 and pieces[0][:2] == (0, 0):
        return [point] if point.start < point.end else []
    found: list[Point] = []
    index = max(0, bisect_right(pieces, (point.start, len(pieces) << 40, 0)) - 1)
    facts = point.facts
    for here, there, length in pieces[index:]:
        if here >= point.end:
            break
        start, end = max(point.start, here), min(point.end, here + length)
        if start < end:
            move = there - here
            moved = tuple(replace(one, start=one.start + move, end=one.end + move) for one in facts)
            found.append(replace(point, start=start + move, end=end + move, facts=moved))
            facts = ()
    return found


def _disjoint(points: Iterable[Point]) -> list[Point]:
    """The points in order, none sharing a character with the one before; a sure one is never cut short."""
    ordered: list[Point] = []
    for point in sorted(points, key=lambda one: (one.start, -one.end)):
        at = ordered[-1].end if ordered else 0
        if point.end <= at:
            if point.facts:
                ordered[-1] = replace(ordered[-1], facts=ordered[-1].facts + point.facts)
            continue
        ordered.append(point if point.start >= at else replace(point, start=at))
    return ordered


def _rest(draft: Draft, points: Iterable[Point]) -> tuple[Draft, tuple[tuple[int, int, int], ...]]:
    """The draft less the points, and where its pieces stood: offset now, offset before, length."""
    pieces: list[tuple[int, int, int]] = []
    at = length = 0
    for point in sorted(points, key=lambda one: one.start):
        if point.start > at:
            pieces.append((length, at, point.start - at))
            length += point.start - at
        at = max(at, point.end)
    if at < len(draft.text):
        pieces.append((length, at, len(draft.text) - at))
        length += len(draft.text) - at
    text = "".join(draft.text[there : there + size] for _, there, size in pieces)
    before = [there for _, there, _ in pieces]

    def moved(offset: int) -> int:
        index = bisect_right(before, offset) - 1
        if index < 0:
            return 0
        here, there, size = pieces[index]
        return here + min(offset - there, size)

    marks = tuple(
        replace(mark, start=start, end=end)
        for mark in draft.marks
        if (start := moved(mark.start)) < (end := moved(mark.end))
    )
    return Draft(text=text, marks=marks), tuple(pieces) or ((0, 0, 0),)


def _letters(text: str) -> int:
    return len(text) - sum(map(len, _SPACE.findall(text)))


def _guard(text: str, points: list[Point], *, whole: bool) -> tuple[list[Point], list[Point]]:
    """Holds back what would take too much of the article; gives what may go and what is held back.

    Wrappers, hidden text and sure spam are no part of the article: the limit is a share of the letters that are left
    without them. A first paragraph does not go for being promotion unless that is sure or
    every story of the site begins so, and never does all of a text.
    """
    if not points or whole:
        return points, []
    weak = [one for one in points if one.rule.startswith("spam/") and not one.sure]
    firm = [one for one in points if one.sure or not one.rule.startswith("spam/")]
    left = _letters(text) - sum(_letters(text[one.start : one.end]) for one in firm)
    gone = sum(_letters(text[one.start : one.end]) for one in weak)
    spam_points = [one for one in points if one.rule.startswith("spam/")]
    if spam_points and left - gone <= 0:
        return [one for one in points if not one.rule.startswith("spam/")], spam_points
    if weak and gone > MOST * left:
        return firm, weak
    lead = next((one for one in weak if one.rule == "spam/promo" and not text[: one.start].strip()), None)
    if lead is not None and any(one.kind == "SITE" and one.strength >= 1.0 for one in lead.evidence):
        lead = None
    if lead is not None:
        return [one for one in points if one is not lead], [lead]
    return points, []


def _uncovered(points: Iterable[Point], cuts: Iterable[Point]) -> list[Point]:
    """The points that share no character with a cut."""
    ordered = sorted(cuts, key=lambda one: one.start)
    starts = [one.start for one in ordered]
    free: list[Point] = []
    for point in points:
        index = bisect_right(starts, point.start)
        before = index > 0 and ordered[index - 1].end > point.start
        behind = index < len(ordered) and ordered[index].start < point.end
        if not before and not behind:
            free.append(point)
    return free


def _spaces(text: str, points: Sequence[Point]) -> list[Point]:
    """The white space that a cut leaves over: of two gaps that meet, the wider one stays.

    A cut at the very beginning or end takes its gap along.
    """
    found: list[Point] = []
    size = len(text)
    merged: list[list[int]] = []
    for point in points:
        if merged and not text[merged[-1][1] : point.start].strip():
            merged[-1][1] = max(merged[-1][1], point.end)
        else:
            merged.append([point.start, point.end])
    taken = [(one.start, one.end) for one in points]
    for start, end in merged:
        left, right = start, end
        while left and text[left - 1].isspace():
            left -= 1
        while right < size and text[right].isspace():
            right += 1
        gaps = _gaps(taken, start, end)
        if left == 0 or right == size:
            gaps += [(left, start), (end, right)]
        elif _width(text[left:start]) >= _width(text[end:right]) and not (
            right < size and text[right] in ",.;:!?)" and "\n" not in text[left:start]
        ):
            gaps.append((end, right))
        else:
            gaps.append((left, start))
        found.extend(
            Point(start=low, end=high, rule=SPACE_RULE, reason=SPACE_REASON, sure=True)
            for low, high in gaps
            if low < high
        )
    return found


def _gaps(taken: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The white space between cuts that follow on each other."""
    index = bisect_right(taken, (start, -1))
    gaps: list[tuple[int, int]] = []
    at = start
    for low, high in taken[index:]:
        if low >= end:
            break
        gaps.append((at, low))
        at = max(at, high)
    return gaps


def _width(gap: str) -> int:
    """How far a gap sets apart: a blank line, a line break, a space, nothing."""
    breaks = gap.count("\n")
    return 3 if breaks > 1 else 2 if breaks else 1 if gap else 0
