"""Finds the article on a page: the element that holds it, by structured data, microdata, density and a vote."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.markup import Document, Element
from newscrawl.model import Draft
from newscrawl.read import trim, vote
from newscrawl.read.blocks import MATCH_FROM, Block, folded, measure, says
from newscrawl.read.regions import SOFT, headline_of, mark

ENOUGH = 140.0
LEAVES = frozenset(("p", "li", "blockquote", "span", "strong", "em", "h2", "h3"))
TIGHT = 0.93
VOTED_SHARE = 0.65
CALLED_SHARE = 0.4
PART_SHARE = 0.3
STATED_SHARE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the page's metadata says of its article: the whole text, the standfirst, the headline."""

    text: str = ""
    summaries: tuple[str, ...] = ()
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

    @property
    def span(self) -> tuple[int, int]:
        """The numbers of the first and the last block of the article."""
        if self.container is None:
            return 0, min(len(self.blocks) - 1, 60)
        return self.container.at, self.container.last

    def retrim(self, title: str) -> None:
        """Leaves out of the article's element what does not belong to it, now that the headline is known."""
        if self.container is not None:
            self.skip = trim.skipped(self.blocks, self.container, title)

    def draft(self, document: Document) -> Draft:
        """The article as a draft of the page's own text."""
        return document.draft_of(self.tops, self.skip)


def regions(document: Document, title: str) -> list[Block]:
    """Every element of a page, measured, and those regions marked that are not its article."""
    blocks = measure(document)
    mark(blocks, title)
    return blocks


def find(document: Document, hints: Hints) -> Body:
    """The article of a page. `tops` is empty where the page has none."""
    blocks = regions(document, hints.title)
    container, origin = _container(blocks, hints)
    if container is not None and origin == "density":
        container, origin = _second_thoughts(document, blocks, container, hints)
    if container is None:
        return Body(blocks=blocks)
    body = Body(origin=origin, good=container.good, container=container, blocks=blocks)
    lead = trim.standfirst(blocks, container, hints.title, hints.summaries)
    body.tops = [one.element for one in lead] + [container.element]
    body.skip = trim.skipped(blocks, container, hints.title)
    return body


def at(blocks: list[Block], tops: list[Element], skip: set[Element]) -> Body:
    """The article where a site file says that it stands."""
    inside = set(tops)
    own = [one for one in blocks if one.element in inside]
    body = Body(tops=tops, skip=skip, origin="site layout", good=sum(one.good for one in own), blocks=blocks)
    body.container = own[0] if own else None
    return body


def _container(blocks: list[Block], hints: Hints) -> tuple[Block | None, str]:
    live = [one for one in blocks if not one.never and one.profit > 0]
    best = max(live, key=lambda one: (one.profit, one.at), default=None)
    stated = _stated(blocks, hints.text)
    if stated is not None and (best is None or len(hints.text) > 0.5 * best.good):  # else it is an extract
        return _raised(stated), "json-ld"
    if best is None:
        return None, "none"
    marked = [one for one in live if one.element.get("itemprop") == "articleBody"]
    if marked:
        top = _common(marked)
        if top.profit > 0.5 * best.profit:
            return top, "microdata"
    if best.profit < ENOUGH / 2:
        return None, "none"
    part = _beside_headline(blocks, best, headline_of(blocks, hints.title))
    if part is not best:
        return _raised(_tight(blocks, part)), "headline"
    return _raised(_tight(blocks, best)), "density"


def _beside_headline(blocks: list[Block], best: Block, headline: Block | None) -> Block:
    """The best place inside the page's main part or article that holds the headline, where there is such a part."""
    if headline is None:
        return best
    for part in headline.above():
        marked = part.tag in ("main", "article") or part.element.get("role") == "main"
        enough = part.profit >= ENOUGH / 2 and (part.tag == "main" or part.profit >= PART_SHARE * best.profit)
        if marked and enough and part is not best and part.within(best):
            inside = (one for one in blocks[part.at : part.last + 1] if not one.never)
            return max(inside, key=lambda one: (one.profit, one.at))
    return best


def _second_thoughts(document: Document, blocks: list[Block], best: Block, hints: Hints) -> tuple[Block, str]:
    """Where another place rivals the best one: what the title speaks of decides, then the library."""
    spoken = vote.on_topic(blocks, best, f"{hints.title} {max(hints.summaries, key=len, default='')}")
    if spoken is not best:
        return _raised(spoken), "topic"
    return _voted(document, blocks, best) if vote.rivals(blocks, best) else (best, "density")


def _voted(document: Document, blocks: list[Block], best: Block) -> tuple[Block, str]:
    """The best place, or the library's where most of what it found stands elsewhere."""
    hits = vote.opinion(document, blocks, folded)
    size = sum(len(one.text) for one in hits)
    inside = sum(len(one.text) for one in hits if one.within(best))
    if size < ENOUGH or inside > VOTED_SHARE * size:
        return best, "density"
    return _raised(_narrow(blocks, hits, size)), "vote"


def _tight(blocks: list[Block], best: Block) -> Block:
    """The innermost element with nearly all of the profit."""
    inner = best
    for block in blocks[best.at : best.last + 1]:
        if block.parent is inner and block.profit >= TIGHT * best.profit and not block.never:
            inner = block
    return _called_body(blocks, inner)


def _called_body(blocks: list[Block], best: Block) -> Block:
    """The one part that calls itself the article's text, where much of the rest is no part of it by its name."""
    parts = [one for one in blocks[best.at + 1 : best.last + 1] if one.profit >= CALLED_SHARE * best.profit]
    called = [one for one in parts if not one.never and one.names and says("body", one.names)]
    if not called or (best.names and says("body", best.names)):
        return best
    outer = called[0]
    alone = all(one.within(outer) or outer.within(one) for one in called)
    return outer if alone else best


def _raised(best: Block) -> Block:
    """Never one paragraph: the element around it."""
    while best.tag in LEAVES and best.parent is not None and best.parent.tag != "body":
        if best.parent.good > 2 * best.good:
            break
        best = best.parent
    for above in list(best.above())[1:4]:  # a first paragraph beside a wrapper around the rest
        if above.tag != "body" and above.profit > best.profit and above.names and says("body", above.names):
            best = above
    return best


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
        if one.text and one.never not in SOFT and len(key := folded(one.text)) >= MATCH_FROM and key[:200] in whole
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
    return blocks[max(at for at, got in sums.items() if got >= STATED_SHARE * size)]
