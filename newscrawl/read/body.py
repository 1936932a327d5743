"""Finds the article on a page: the element that holds it, and what stands in that element without belonging to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from newscrawl.markup import Document, Element
from newscrawl.model import Draft
from newscrawl.read import vote
from newscrawl.read.blocks import HEADINGS, Block, measure, region_words, says, weight, words_of
from newscrawl.read.phrases import leads_on

NOT_WORD = re.compile(r"[\W_]+")
MATCH_FROM = 20  # folded characters; shorter lines stand in too many places
STRONG_SHARE = 0.6
SURE_SHARE = 0.95
REST = 60.0
WEAK_SHARE = 0.35
ENOUGH = 140.0
SOFT = frozenset(("hidden", "sheet"))
NAMELESS = frozenset(("p", "html", "body", "article", "main", "a", "strong", "em", "b"))
BOXES = frozenset(("div", "section", "aside"))
LEAVES = frozenset(("p", "li", "blockquote", "span", "strong", "em", "h2", "h3"))
CARD_HEADINGS = frozenset(("h2", "h3", "h4", "h5"))
TIGHT = 0.93
VOTED_SHARE = 0.65
PART_SHARE = 0.3
STATED_SHARE = 0.95
NOT_LEAD = frozenset(("hidden", "sheet", "nav", "caption", "form", "footer", "button", "noscript", "template"))


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
    if container is not None and origin == "density" and vote.doubtful(blocks, container):
        container, origin = _voted(document, blocks, container)
    if container is None:
        return Body(blocks=blocks)
    body = Body(origin=origin, good=container.good, container=container, blocks=blocks)
    lead = _lead(blocks, container, hints)
    body.tops = [one.element for one in lead] + [container.element]
    body.skip = skipped(body, hints)
    return body


def at(blocks: list[Block], tops: list[Element], skip: set[Element]) -> Body:
    """The article where a site file says that it stands."""
    inside = set(tops)
    own = [one for one in blocks if one.element in inside]
    body = Body(tops=tops, skip=skip, origin="site layout", good=sum(one.good for one in own), blocks=blocks)
    body.container = own[0] if own else None
    return body


def _mark(blocks: list[Block], hints: Hints) -> None:
    """Regions that are not the article, by their names and tags, unless they hold most of what there is to read."""
    whole = max(blocks[0].good, 1.0)
    headline = _headline(blocks, hints)
    cards = _cards(blocks, whole)
    protected = _protected(blocks, whole)
    for block in blocks[1:]:
        above = block.parent
        if above is not None and above.never and block.never not in SOFT:
            block.never = above.never
        if block.never and block.never not in SOFT:
            continue
        holds = headline is not None and headline.within(block)
        rest = headline is not None and not holds and whole - block.good >= REST
        kind = _region(
            block, block.good / whole, holds=holds, rest=rest, card=block.at in cards, named=block.at in protected
        )
        block.never = kind or block.never
    for block in blocks:
        block.profit = 0.0
    for block in reversed(blocks):
        if block.never:
            block.profit = 0.0
            continue
        block.profit += block.value
        if block.parent is not None:
            block.parent.profit += block.profit


def _headline(blocks: list[Block], hints: Hints) -> Block | None:
    """The h1 that says the title, or the first h1 to be seen."""
    title = folded(hints.title)
    heads = [one for one in blocks if one.tag == "h1"]
    told = next((one for one in heads if title and folded(_all(one)) == title), None)
    return told or next((one for one in heads if not one.never), None)


def _region(block: Block, share: float, *, holds: bool, rest: bool, card: bool, named: bool) -> str:
    """What keeps a block out of the article, or empty.

    share: of all there is to read; holds: the headline stands in it; rest: it stands outside with something to read,
    so that even a large block is no article where its whole name says so (a teaser's page has a longer sidebar).
    """
    tag, names = block.tag, block.names
    limit = SURE_SHARE if rest else STRONG_SHARE
    if tag in ("form", "fieldset", "menu") and share < WEAK_SHARE:
        return tag
    if tag in ("aside", "footer") and share < limit and not holds:
        return tag
    if share < WEAK_SHARE and (tag in ("figcaption", "caption") or (names and share < 0.2 and says("caption", names))):
        return "caption"
    if tag == "figure" and share < WEAK_SHARE and block.element.find(".//blockquote") is None:
        return "caption"
    if card and not holds:
        return "card"
    if not names or holds or tag in NAMELESS:
        return ""
    if block.chars < 300 and tag not in HEADINGS and share < 0.2 and says("media", names) and _pictures(block):
        return "caption"
    if rest and share < SURE_SHARE and not named and any(one in region_words("strong")[0] for one in names.split()):
        return "strong"
    if named or share > STRONG_SHARE:
        return ""
    if says("strong", names):
        return "strong"
    return "weak" if share < WEAK_SHARE and tag not in HEADINGS and says("weak", names) else ""


def _protected(blocks: list[Block], whole: float) -> set[int]:
    """The elements around what calls itself the article's text: their own names count for less."""
    found: set[int] = set()
    for block in blocks:
        if block.good > 0.1 * whole and block.names and not block.never and says("body", block.names):
            found.update(one.at for one in block.above())
    return found


def _cards(blocks: list[Block], whole: float) -> set[int]:
    """Boxes that announce another story: a headline that is a link, a picture, a line or two."""
    found: set[int] = set()
    for block in blocks:
        linked = block.tag in CARD_HEADINGS and block.chars > 12 and block.links > 0.8 * block.chars
        if not linked or block.never:
            continue
        box = block
        for one in block.above():
            if one.tag in ("body", "main") or one.chars > block.chars + 400 or one.good > 0.3 * whole:
                break
            box = one
        if box is not block and (box.tag in ("article", "li") or box.density > 0.3):
            found.add(box.at)
    return found


def _pictures(block: Block) -> bool:
    return next(block.element.iter("img", "picture", "video", "iframe", "amp-img"), None) is not None


def _all(block: Block) -> str:
    return words_of(block.element)


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
    part = _beside_headline(blocks, best, _headline(blocks, hints))
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
    return inner


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


def _lead(blocks: list[Block], container: Block, hints: Hints) -> list[Block]:
    """The standfirst, where it stands between the headline and the container."""
    title = folded(hints.title)
    summaries = [key[:60] for one in hints.summaries if len(key := folded(one)) >= MATCH_FROM]
    headlines = [one for one in blocks[: container.at] if one.tag == "h1" and not container.within(one)]
    headline = headlines[-1] if headlines else None
    near = list(headline.above())[min(4, len(list(headline.above())) - 2)] if headline is not None else None
    inside = folded(container_text(blocks, container))
    found: list[Block] = []
    for block in blocks[: container.at]:
        if not block.text or container.within(block) or block.tag == "h1" or block.never in NOT_LEAD:
            continue
        size = weight(block.text)
        if not 30 <= size <= 900 or block.linked > 0.5 * len(block.text):
            continue
        key = folded(block.text)
        if title and (key == title or (title in key and len(key) < 1.5 * len(title))):
            continue
        after = headline is not None and block.at > headline.last
        told = any(key.startswith(one) or one.startswith(key) for one in summaries) and size > 40
        named = after and not block.never and _named(block)
        plain = (
            after and not block.never and near is not None and block.within(near) and _reads(block, size) and not found
        )
        if (told or named or plain) and key not in inside and key not in {folded(one.text) for one in found}:
            found.append(block)
    return found


def _reads(block: Block, size: float) -> bool:
    return block.value >= 50 or (block.tag == "h2" and size >= 60 and not block.linked)


def _named(block: Block) -> bool:
    return any(one.names and says("lead", one.names) for one in list(block.above())[:3])


def container_text(blocks: list[Block], container: Block) -> str:
    """The running text of a container."""
    return " ".join(one.text for one in blocks[container.at : container.last + 1] if one.text and not one.never)


def skipped(body: Body, hints: Hints) -> set[Element]:
    """What stands in the article's element without belonging to the article."""
    skip: set[Element] = set()
    container = body.container
    if container is None:
        return skip
    title = folded(hints.title)
    until = -1
    for block in body.blocks[container.at + 1 : container.last + 1]:
        if block.at <= until:
            continue
        junk = block.never and block.never not in SOFT
        headline = block.tag == "h1" or (title and block.good < 200 and _is_title(block, title))
        if junk or headline or _links(block) or _is_label(block):
            skip.add(block.element)
            until = block.last
    return skip | _emptied(body.blocks[container.at + 1 : container.last + 1], skip)


def _is_label(block: Block) -> bool:
    return (
        0 < block.chars < 60 and _text_key(block.text) in region_words("labels")[0] and len(block.text) == block.chars
    )


def _text_key(text: str) -> str:
    return text.casefold().strip(" :–—-.▼↓")


def _emptied(inside: list[Block], skip: set[Element]) -> set[Element]:
    """Boxes of which only a title is left once their links are out."""
    gone: dict[int, int] = {}
    for block in inside:
        if block.element in skip and block.links > 0.5 * block.chars:
            for above in list(block.above())[1:4]:
                gone[above.at] = gone.get(above.at, 0) + block.chars
    return {
        block.element
        for block in inside
        if block.at in gone and block.tag in BOXES and block.chars - gone[block.at] < 80 and block.good < 60
    }


def _is_title(block: Block, title: str) -> bool:
    """The headline again, alone or with its kicker."""
    if not len(title) <= block.chars <= 3 * len(title) + 60:
        return False
    text = folded(_all(block))
    return text == title or (title in text and len(text) < 1.5 * len(title))


def _links(block: Block) -> bool:
    """A list or box of links."""
    if block.tag not in ("ul", "ol", "div", "section", "table", "dl") or block.chars < 2:
        return False
    if block.density <= 0.6 or block.good >= 60:
        return False
    links = list(islice(block.element.iter("a"), 2))
    if len(links) == 1:  # a line such as "See also: …" or the way to the original stays for the clean wing to lift
        return block.chars - block.links < 4 and not leads_on(words_of(links[0]))
    return True


def elements(some: Iterable[Block]) -> list[Element]:
    """The elements of some blocks."""
    return [one.element for one in some]
