"""Cuts what the finders point at, and puts it back: the one room that edits a text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from newscrawl.model import Cleaned, Evidence, Fact, Removal, Suspect


class Memory(Protocol):
    """What a finder may ask of a site's memory (see `clean.memory.SiteMemory`)."""

    def stories(self, line: str, *, site: str | None = None) -> int:
        """On how many distinct stories of the site a line stood."""
        ...

    def seen(self, *, site: str | None = None) -> int:
        """How many distinct stories of the site were learnt."""
        ...

    def share(self, line: str, *, site: str | None = None) -> float:
        """How much of a stretch of text many distinct stories of the site share, 0 to 1."""
        ...

    def vocabulary(self, words: Iterable[str], *, site: str | None = None) -> float:
        """How many of these words stand on many distinct stories of the site, 0 to 1."""
        ...

    def known(self, words: Sequence[str], *, site: str | None = None) -> tuple[list[bool], list[bool]]:
        """For each of the words in a row: whether it stands in a triple, and by itself, that many stories share."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a finder may know beside the draft: the story's title and summary, its address, its site's memory."""

    title: str | None = None
    summary: str | None = None
    url: str | None = None
    site: str | None = None
    memory: Memory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A finder's finger: a span, the rule and reason that point at it, and the facts that stand in it.

    A `doubt` is not cut: the text stays, and the span is reported as a suspect. A point that is `sure` needs no second
    look when much of a story would go; one that is not counts against the limit of what may go.
    """

    start: int
    end: int
    rule: str
    reason: str
    evidence: tuple[Evidence, ...] = ()
    facts: tuple[Fact, ...] = ()
    doubt: bool = False
    sure: bool = False


def cut(
    original: str,
    points: Iterable[Point],
    *,
    suspects: tuple[Suspect, ...] = (),
    flags: tuple[str, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Cleaned:
    """The text less the spans; where two spans overlap, the one that starts first keeps the shared part.

    >>> cut("one two three", [Point(start=3, end=7, rule="r", reason="X")]).text
    'one three'
    """
    removals: list[Removal] = []
    lifted: list[Fact] = list(facts)
    at = 0
    for point in sorted(points, key=lambda one: (one.start, -one.end)):
        lifted.extend(point.facts)
        start, end = max(point.start, at), min(point.end, len(original))
        if start >= end:
            continue
        removals.append(
            Removal(
                start=start,
                end=end,
                text=original[start:end],
                rule=point.rule,
                reason=point.reason,
                evidence=point.evidence,
            )
        )
        at = end
    return Cleaned(
        original=original,
        text=less(original, removals),
        removals=tuple(removals),
        facts=tuple(lifted),
        suspects=suspects,
        flags=flags,
    )


def less(original: str, removals: Iterable[Removal]) -> str:
    """The original without the removals, which are in order and do not overlap."""
    kept: list[str] = []
    at = 0
    for removal in removals:
        kept.append(original[at : removal.start])
        at = removal.end
    kept.append(original[at:])
    return "".join(kept)


def rebuild(text: str, removals: Sequence[Removal], *, only: Collection[int] | None = None) -> str:
    """A clean text with its removals put back: all of them, or those with the numbers in `only` (from 0)."""
    parts: list[str] = []
    taken = length = 0
    for number, removal in enumerate(removals):
        kept = text[taken : taken + removal.start - length]
        parts += [kept, removal.text if only is None or number in only else ""]
        taken += len(kept)
        length = removal.end
    parts.append(text[taken:])
    return "".join(parts)


def restore(cleaned: Cleaned) -> str:
    """The original, rebuilt from the clean text and the removals alone.

    >>> restore(cut("one two three", [Point(start=3, end=7, rule="r", reason="X")]))
    'one two three'
    """
    return rebuild(cleaned.text, cleaned.removals)
