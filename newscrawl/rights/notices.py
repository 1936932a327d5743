"""Finds, in plain words, where a publisher reserves its pages against AI, text and data mining or crawling.

A reservation is an object and an operator in the publisher's own voice. The words of each language stand in
rules/notices; here stands only how they have to come together.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from newscrawl.model import Decision, Draft, Signal
from newscrawl.rights.folded import Folded, fold
from newscrawl.rights.grammar import Grammar, grammar
from newscrawl.rights.nearby import around
from newscrawl.rights.scales import Notice, Prior, best
from newscrawl.rights.sentences import Sentence, sentences

if TYPE_CHECKING:
    from newscrawl.markup import Document

QUOTE = 300  # letters of a notice that are kept as evidence
LONG = 1 << 18  # letters; of a longer text the head and the foot are read, half of this each
TRIES = 400  # windows that are weighed in one text; where there are more, the first and the last half of these
PLENTY = 40  # notices in one text, after which further ones tell nothing new
ALONE = 240  # letters beside the notices, up to which a page holds nothing but them
ELSEWHERE = frozenset({"body", "text", "paragraph"})


def notices_in(
    text: str, *, place: str | None = None, host: str | None = None, at: datetime | None = None
) -> tuple[Signal, ...]:
    """The reservations in a text, such as a page's words, a footer, a `dcterms:rights`, the comments of a robots.txt.

    A place other than "text" or "body" says that the publisher speaks there, and counts as evidence of it.
    Offsets are code points of `text`; `quote` is the notice as it stands, 300 letters of it at most.

    >>> [(one.scope, one.language) for one in notices_in("No part of this site may be used to train AI models.")]
    [(('train',), 'en')]
    """
    prior = (2 if place is not None and place not in ELSEWHERE else 0), place or "text"
    return tuple(_signal(text, one, host, at) for one in found(text, lambda start, end: prior))


def signals(doc: Document) -> tuple[Signal, ...]:
    """The reservations in all the words of a page as it came, foot, asides and hidden parts too."""
    draft = doc.draft
    prior = _Places(draft)
    return tuple(
        _signal(draft.text, one, doc.host, doc.page.fetched, url=doc.page.url) for one in found(draft.text, prior)
    )


def only_a_notice(doc: Document) -> bool:
    """True if a page says nothing but its reservation, as some sites answer a crawler with status 200."""
    draft = doc.draft
    spans = [(one.start, one.end) for one in found(draft.text, _Places(draft))]
    if not spans:
        return False
    beside = [(mark.start, mark.end) for mark in draft.marks if mark.kind in ("link", "hidden", "foot", "heading")]
    covered = bytearray(len(draft.text))
    for start, end in spans + beside:
        covered[start:end] = b"\x01" * (end - start)
    return sum(1 for char, taken in zip(draft.text, covered, strict=True) if not taken and char.isalnum()) <= ALONE


class _Places:
    """What the marks of a draft say of a span: whose voice speaks there, and how that place is called."""

    VOICE = (("foot", 2), ("small", 2), ("hidden", 1), ("aside", 0))
    FOREIGN = (("quote", -6), ("heading", -3), ("link", -3))

    def __init__(self, draft: Draft) -> None:
        self.length = len(draft.text)
        wanted = dict(self.VOICE) | dict(self.FOREIGN)
        self.marks = [mark for mark in draft.marks if mark.kind in wanted]

    def __call__(self, start: int, end: int) -> tuple[int, str]:
        half = (end - start) / 2
        kinds = {mark.kind for mark in self.marks if min(mark.end, end) - max(mark.start, start) >= half}
        points = next((points for kind, points in self.VOICE if kind in kinds), 0)
        if points < 2:
            points += sum(points for kind, points in self.FOREIGN if kind in kinds)
        name = next((kind for kind, _ in (*self.VOICE, *self.FOREIGN) if kind in kinds), "text")
        return points, "footer" if name == "foot" else name


def _signal(text: str, notice: Notice, host: str | None, at: datetime | None, url: str | None = None) -> Signal:
    start = notice.start
    if notice.end - start > QUOTE and notice.focus - start > QUOTE // 2:
        start = max(start, notice.focus - 60)
        start = next((i + 1 for i in range(start, notice.focus) if text[i].isspace()), start)
    return Signal(
        protocol="prose",
        where=notice.place,
        quote=text[start : notice.end][:QUOTE],
        value="reserved; except search" if notice.search else "reserved",
        scope=notice.scope,
        says=Decision.RESERVED,
        host=host,
        url=url,
        rule=notice.kinds[0].rule.name,
        language=notice.language,
        machine_readable=False,
        start=start,
        end=notice.end,
        at=at,
    )


def found(text: str, prior: Prior) -> list[Notice]:
    """The notices in a text, in its order, none upon another."""
    if len(text) <= LONG:
        return _found(text, 0, prior)
    foot = len(text) - LONG // 2
    return _found(text[: LONG // 2], 0, prior) + _found(text[foot:], foot, prior)


def _found(text: str, shift: int, prior: Prior) -> list[Notice]:
    words = grammar()
    near = around(text, words)
    if near is None:
        return []
    folded = fold(near.text)
    at = near.mapped(folded.at, shift)
    parts = sentences(folded, near.text, words)
    starts = [index for index in range(len(parts)) if _candidate(parts, index)]
    if len(starts) > TRIES:
        starts = starts[: TRIES // 2] + starts[-TRIES // 2 :]
    notices: list[Notice] = []
    done = 0
    for index in starts:
        if index < done or len(notices) >= PLENTY:
            continue
        done, notice = _at(index, parts, Folded(folded.text, at), words, prior)
        if notice:
            notices.append(notice)
    return notices


def _candidate(parts: list[Sentence], index: int) -> bool:
    """True if a sentence alone or with the next one has an object and an operator in some language."""
    part, after = parts[index], parts[index + 1] if index + 1 < len(parts) else parts[index]
    return bool(part.objects & (part.operators | after.operators) or part.operators & after.objects)


def _at(index: int, parts: list[Sentence], folded: Folded, words: Grammar, prior: Prior) -> tuple[int, Notice | None]:
    """The notice that begins with a sentence, alone or with the next one, and the sentence to go on from."""
    part = parts[index]
    alone = part.objects & part.operators
    if alone and (notice := best(alone, (part,), folded, words, prior)):
        return index + 1, notice
    if index + 1 < len(parts):
        after = parts[index + 1]
        pair = (part.objects & after.operators) | (part.operators & after.objects)
        if pair and not after.objects & after.operators and (notice := best(pair, (part, after), folded, words, prior)):
            return index + 2, notice
        both = after.objects & after.operators & (part.objects | part.operators)
        if (
            both
            and not best(both, (after,), folded, words, prior)
            and (notice := best(both, (part, after), folded, words, prior))
        ):
            return index + 2, notice
    return index + 1, None
