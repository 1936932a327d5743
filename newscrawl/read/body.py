"""Finds the article on a page: the element that holds it, and what stands in that element without belonging to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from newscrawl.markup import Document, Element
from newscrawl.model import Draft
from newscrawl.read.blocks import HEADINGS, Block, measure, says, weight

NOT_WORD = re.compile(r"[\W_]+")
MATCH_FROM = 20  # folded characters; shorter lines stand in too many places
STRONG_SHARE = 0.6
WEAK_SHARE = 0.35
ENOUGH = 140.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the page's metadata says of its article: the whole text, the standfirst, the headline."""

    text: str = ""
    summary: str = ""
    title: str = ""


@dataclass(slots=True, kw_only=True)
class Body:
    """The article's place: its elements in order, what to leave out of them, how they were found, how much text."""

    tops: list[Element] = field(default_factory=list)
    skip: set[Element] = field(default_factory=set)
    origin: str = "none"
    good: float = 0.0
    container: Block | None = None
    blocks: list[Block] = field(default_factory=list)

    def draft(self, document: Document) -> Draft:
        """The article as a draft of the page's own text."""
        return document.draft_of(self.tops, self.skip)


def folded(text: str) -> str:
    """Letters and digits alone, case folded: what two copies of a sentence share whatever their typography."""
    return NOT_WORD.sub("", text.casefold())


def find(document: Document, hints: Hints) -> Body:
    """The article of a page. `tops` is empty where the page has none."""
    blocks = measure(document)
    _mark(blocks, hints)
    container, origin = _container(blocks, hints)
    if container is None:
        return Body(blocks=blocks)
    body = Body(origin=origin, good=container.good, container=container, blocks=blocks)
    lead = _lead(blocks, container, hints)
    body.tops = [one.element for one in lead] + [container.element]
    body.skip = _skipped(blocks, container, hints)
    return body


def _mark(blocks: list[Block], hints: Hints) -> None:
    """Regions that are not the article, by their names and tags, unless they hold most of what there is to read."""
    whole = max(blocks[0].good, 1.0)
    title = folded(hints.title)
    headline = next((one for one in blocks if one.tag == "h1" and title and folded(_all(one)) == title), None)
    if headline is None:
        headline = next((one for one in blocks if one.tag == "h1" and not one.never), None)
    for block in blocks[1:]:
        if block.never:
            continue
        above = block.parent
        if above is not None and above.never:
            block.never = above.never
            continue
        share = block.good / whole
        holds = headline is not None and headline.within(block)
        if block.tag in ("form", "fieldset", "menu") and share < WEAK_SHARE:
            block.never = block.tag
        elif block.tag in ("aside", "footer") and share < STRONG_SHARE and not holds:
            block.never = block.tag
        elif block.tag in ("figure", "figcaption") or (block.names and says("caption", block.names) and share < 0.2):
            if share < WEAK_SHARE:
                block.never = "caption"
        elif block.names and block.tag not in ("p", "html", "body", "article", "main", "span", "a", "strong", "em", "b"):
            if holds or share > STRONG_SHARE or says("body", block.names):
                continue
            if says("strong", block.names):
                block.never = "strong"
            elif share < WEAK_SHARE and says("weak", block.names):
                block.never = "weak"
    for block in blocks:
        block.profit = 0.0
    for block in reversed(blocks):
        if block.never:
            block.profit = 0.0
            continue
        block.profit += block.value
        if block.parent is not None:
            block.parent.profit += block.profit


def _all(block: Block) -> str:
    return str(block.element.text_content())


def _container(blocks: list[Block], hints: Hints) -> tuple[Block | None, str]:
    stated = _stated(blocks, hints.text)
    if stated is not None:
        return stated, "json-ld"
    live = [one for one in blocks if not one.never and one.profit > 0]
    if not live:
        return None, "none"
    best = max(live, key=lambda one: (one.profit, one.at))
    marked = [one for one in live if one.element.get("itemprop") == "articleBody"]
    if marked:
        top = _common(marked)
        if top.profit > 0.5 * best.profit:
            return top, "microdata"
    return (best, "density") if best.profit >= ENOUGH / 2 else (None, "none")


def _common(some: list[Block]) -> Block:
    """The innermost element around all of them."""
    first = some[0]
    return next(one for one in first.above() if all(other.within(one) for other in some))


def _stated(blocks: list[Block], text: str) -> Block | None:
    """The element that holds the text which the structured data calls the article's."""
    whole = folded(text)
    if len(whole) < 200:
        return None
    hits = [
        one
        for one in blocks
        if one.text and one.never not in ("hidden", "sheet") and len(key := folded(one.text)) >= MATCH_FROM and key[:200] in whole
    ]
    size = sum(len(one.text) for one in hits)
    if size < 0.5 * len(text):
        return None
    return _narrow(blocks, hits, size)


def _narrow(blocks: list[Block], hits: list[Block], size: int) -> Block:
    sums: dict[int, int] = {}
    for hit in hits:
        for one in hit.above():
            sums[one.at] = sums.get(one.at, 0) + len(hit.text)
    return blocks[max(at for at, got in sums.items() if got >= 0.9 * size)]


def _lead(blocks: list[Block], container: Block, hints: Hints) -> list[Block]:
    """The standfirst, where it stands between the headline and the container."""
    summary = folded(hints.summary)
    first = next((one.at for one in blocks if one.tag == "h1" and not one.within(container)), None)
    found: list[Block] = []
    for block in blocks[: container.at]:
        if not block.text or container.within(block) or block.never in ("hidden", "sheet", "nav", "caption", "form"):
            continue
        if block.tag == "h1":
            continue
        size = weight(block.text)
        if size < 30 or size > 900 or block.linked > 0.5 * len(block.text):
            continue
        key = folded(block.text)
        same = len(summary) >= MATCH_FROM and (key[:60] == summary[:60])
        named = first is not None and block.at > first and not block.never and _named(block)
        if (same or named) and key not in {folded(one.text) for one in found} and key[:80] not in folded(container_text(blocks, container)):
            found.append(block)
    return found


def _named(block: Block) -> bool:
    return any(one.names and says("lead", one.names) for one in list(block.above())[:3])


def container_text(blocks: list[Block], container: Block) -> str:
    """The running text of a container."""
    return " ".join(one.text for one in blocks[container.at : container.last + 1] if one.text and not one.never)


def _skipped(blocks: list[Block], container: Block, hints: Hints) -> set[Element]:
    skip: set[Element] = set()
    title = folded(hints.title)
    until = -1
    for block in blocks[container.at + 1 : container.last + 1]:
        if block.at <= until:
            continue
        if block.never and block.never not in ("hidden", "sheet"):
            skip.add(block.element)
            until = block.last
        elif block.tag == "h1" or (block.tag in HEADINGS and title and folded(_all(block)) == title):
            skip.add(block.element)
            until = block.last
        elif _links(block):
            skip.add(block.element)
            until = block.last
    return skip


def _links(block: Block) -> bool:
    """A list or box of links."""
    if block.tag not in ("ul", "ol", "div", "section", "table", "dl") or block.chars < 2:
        return False
    return block.density > 0.6 and block.good < 60


def elements(some: Iterable[Block]) -> list[Element]:
    """The elements of some blocks."""
    return [one.element for one in some]
