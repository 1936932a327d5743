"""Sees a draft as lines in their places: first or last, linked, in an aside, known to the site; and makes points."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import cast

from newscrawl.clean import tongues
from newscrawl.clean.facts import Links
from newscrawl.clean.phrases import Book, Rule, fold
from newscrawl.clean.spans import Context, Point
from newscrawl.model import Draft, Evidence, Fact, FactField


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for all wrappers of a kind: the reason for the cut, whether a sentence may carry one at its tail."""

    reason: str
    glued: bool = False
    meta: bool = False


KINDS = {
    "readmore": Kind("WRAP_READMORE", glued=True),
    "feedfoot": Kind("WRAP_FEEDFOOT", glued=True),
    "related": Kind("WRAP_RELATED", glued=True),
    "ad": Kind("WRAP_AD"),
    "ago": Kind("WRAP_META", meta=True),
    "counter": Kind("WRAP_META", meta=True),
    "reading": Kind("WRAP_META", meta=True),
    "date": Kind("WRAP_META", meta=True),
    "tags": Kind("WRAP_META"),
    "end": Kind("WRAP_META"),
    "byline": Kind("WRAP_BYLINE", glued=True, meta=True),
    "source": Kind("WRAP_BYLINE", glued=True, meta=True),
    "copyright": Kind("WRAP_RIGHTS", glued=True),
    "rights": Kind("WRAP_RIGHTS"),
    "share": Kind("WRAP_SHARE"),
    "newsletter": Kind("WRAP_SHARE"),
    "comment": Kind("WRAP_SHARE"),
    "paywall": Kind("WRAP_PAYWALL"),
}
LONGEST = 300  # a longer line is a paragraph: only its tail is looked at
NOTICE = 700
EDGE = re.compile(
    r"[\s!#$%&*+,\-./:;<=>?\\^_|~()\[\]{}（）［］〔〕·•●▪■◆«»‹›…‥：。！？、，；｜।؟۔\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f"
    r"\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]*"
)
PLAIN_EDGE = "".join(one for one in map(chr, range(128)) if EDGE.fullmatch(one))
ARROWS = "»›>→➡▶►…]"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a draft, or the tail of one: its span, its folded text, and the place it takes among the lines."""

    start: int
    end: int
    text: str
    fold: str
    number: int
    total: int
    glued: bool = False

    @property
    def head(self) -> bool:
        """Among the first lines, where a page puts who and when."""
        return self.number < 4

    @property
    def foot(self) -> bool:
        """Among the last lines, where a page puts the small print."""
        return self.number >= self.total - 7


@dataclass(slots=True)
class Desk:
    """What a search knows of its draft."""

    draft: Draft
    context: Context
    lines: list[Line]
    links: Links
    book: Book
    marks: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    language: str = ""

    def within(self, line: Line, *kinds: str) -> bool:
        """Whether a mark of one of the kinds covers the line."""
        for kind in kinds:
            if kind not in self.marks:
                marks = [one for one in self.draft.marks if one.kind == kind]
                self.marks[kind] = [one.start for one in marks], list(accumulate((one.end for one in marks), max))
            starts, ends = self.marks[kind]
            at = bisect_right(starts, line.start) - 1
            if at >= 0 and ends[at] >= line.end:
                return True
        return False

    def tongue(self, among: frozenset[str]) -> str:
        """The draft's language, one of `among`."""
        if not self.language:
            self.language = tongues.language(self.draft.text, among=among) or "en"
        return self.language

    def linked(self, line: Line) -> bool:
        """Whether the line is a link and nothing else."""
        return self.links.cover(line.start, line.end) >= 0.7

    def known(self, line: Line) -> bool:
        """Whether the site's memory knows the line from many stories."""
        memory = self.context.memory
        return memory is not None and memory.stories(line.text, site=self.context.site) >= 5


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank; `fold` is left empty where a line is too long to be a wrapper."""
    spans: list[tuple[int, int]] = []
    at = 0
    parts = text.split("\n")
    folded = lru_cache(8)(fold) if len(set(parts)) * 2 < len(parts) else fold
    for raw in parts:
        start = at + len(raw) - len(raw.lstrip())
        end = at + len(raw.rstrip())
        if end > start:
            spans.append((start, end))
        at += len(raw) + 1
    total = len(spans)
    return [
        Line(
            start,
            end,
            text[start:end],
            folded(text[start:end]) if end - start <= (NOTICE if number >= total - 8 else LONGEST) else "",
            number,
            total,
        )
        for number, (start, end) in enumerate(spans)
    ]


def core_of(line: Line) -> tuple[str, int]:
    """The folded line without the signs at its edges, and where in the line that begins."""
    folded = line.fold
    core = folded.strip(PLAIN_EDGE)
    if "" < core[:1] < "\u2100" and core[-1] < "\u2100" and core[0].isalnum() and core[-1].isalnum():
        return core, folded.find(core[0])
    lead = EDGE.match(folded)
    start = lead.end() if lead else 0
    end = len(folded)
    while end > start and EDGE.fullmatch(folded, end - 1, end):
        end -= 1
    return folded[start:end], start


def single(core: str, kind: str = "") -> bool:
    """Whether a line is one word, which may be a heading, a name or an answer as well."""
    if " " in core:
        return False
    if core[:1] >= "\u2e80":
        return len(core) < (3 if kind == "readmore" else 4)
    return not ("\u0e00" <= core[:1] <= "\u0eff" and len(core) >= 6)


def holds(need: str, line: Line, desk: Desk) -> bool:
    """Whether what a rule needs beside its words is there: a mark, a place, a neighbour, the memory of the site."""
    if need == "dom":
        return desk.linked(line) or desk.within(line, "aside", "small", "foot")
    if need == "link":
        return desk.linked(line)
    if need == "memory":
        return desk.known(line)
    if need == "last":
        return line.number == line.total - 1 and line.total > 1
    if need == "foot":
        return line.foot or desk.within(line, "foot")
    if need == "head":
        return line.head
    if need == "colon":
        return line.text[-1:] in ":："
    if need == "arrow":
        return line.text[-1:] in ARROWS or line.text[:1] in "[(→»▶►➡👉"
    return need == "cluster" and any(_beside(line, step, desk) for step in (-1, 1))


def _beside(line: Line, step: int, desk: Desk) -> bool:
    """Whether the next line is a button or a counter too."""
    at = line.number + step
    if not 0 <= at < len(desk.lines) or line.glued or not desk.lines[at].fold:
        return False
    core, _ = core_of(desk.lines[at])
    return any(rule.kind in ("share", "counter", "comment") for rule in desk.book.line(core))


def point_of(line: Line, rule: Rule, seen: str, facts: Sequence[Fact] = (), end: int | None = None) -> Point:
    """A point at a line for a rule, with the words that were seen as evidence."""
    evidence: tuple[Evidence, ...] = (Evidence(kind="wording", strength=0.9, detail=seen[:80]),)
    if line.glued:
        evidence += (Evidence(kind="glued", strength=0.6),)
    return Point(
        start=line.start,
        end=line.end if end is None else end,
        rule=rule.name,
        reason=KINDS[rule.kind].reason,
        evidence=evidence,
        facts=tuple(facts),
    )


def fact_of(name: str, rule: Rule, line: Line, start: int, end: int, url: str | None = None) -> Fact:
    """A fact from a span of a line, its white space folded."""
    value = line.text[start:end].strip()
    return Fact(
        field=cast(FactField, name),
        value=" ".join(value.split()),
        rule=rule.name,
        start=line.start + start,
        end=line.start + end,
        url=url,
    )
