"""Tells what belongs to the article beside its element, and what in its element does not."""

from __future__ import annotations

import re
from itertools import islice

from newscrawl.markup import Element
from newscrawl.read.blocks import MATCH_FROM, Block, folded, region_words, says, weight, words_of
from newscrawl.read.phrases import leads_on
from newscrawl.read.regions import SOFT

MAX_LEADS = 8
BOXES = frozenset(("div", "section", "aside"))
ANCHORS = frozenset(("#", "¶", "§", "∞", "🔗"))
CLOCK = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b[^\w\d]{1,4}\d{1,2}[:.h]\d{2}\b")
LONGEST_DATELINE = 140
NOT_LEAD = frozenset(("hidden", "sheet", "nav", "caption", "form", "footer", "button", "noscript", "template"))


def standfirst(blocks: list[Block], container: Block, title: str, summaries: tuple[str, ...]) -> list[Block]:
    """The standfirst, where it stands between the headline and the container."""
    title = folded(title)
    told_by = [key[:60] for one in summaries if len(key := folded(one)) >= MATCH_FROM]
    headlines = [one for one in blocks[: container.at] if one.tag == "h1" and not container.within(one)]
    headline = headlines[-1] if headlines else None
    near = list(headline.above())[min(4, len(list(headline.above())) - 2)] if headline is not None else None
    inside = folded(_running(blocks, container))
    found: list[Block] = []
    for block in blocks[: container.at]:
        if not block.text or container.within(block) or block.tag == "h1" or block.never in NOT_LEAD:
            continue
        size = weight(block.text)
        if not 30 <= size <= 900 or block.linked > 0.5 * len(block.text) or _is_dateline(block):
            continue
        key = folded(block.text)
        if title and (key == title or (title in key and len(key) < 1.5 * len(title))):
            continue
        after = headline is not None and block.at > headline.last
        told = any(key.startswith(one) or one.startswith(key) for one in told_by) and size > 40
        named = after and not block.never and _named(block)
        plain = (
            after and not block.never and near is not None and block.within(near) and _reads(block, size) and not found
        )
        if (told or named or plain) and key not in inside and key not in {folded(one.text) for one in found}:
            found.append(block)
        if len(found) >= MAX_LEADS:
            break
    return found


def _reads(block: Block, size: float) -> bool:
    return block.value >= 50 or (block.tag == "h2" and size >= 60 and not block.linked)


def _named(block: Block) -> bool:
    return any(one.names and says("lead", one.names) for one in list(block.above())[:3])


def _running(blocks: list[Block], container: Block) -> str:
    """The running text of a container."""
    return " ".join(one.text for one in blocks[container.at : container.last + 1] if one.text and not one.never)


def skipped(blocks: list[Block], container: Block, title: str) -> set[Element]:
    """What stands in the article's element without belonging to the article."""
    skip: set[Element] = set()
    title = folded(title)
    until = -1
    running = False
    for block in blocks[container.at + 1 : container.last + 1]:
        if block.at <= until:
            continue
        junk = block.never and block.never not in SOFT
        headline = block.tag == "h1" or (title and block.good < 200 and _is_title(block, title))
        above = not running and (_is_dateline(block) or _is_section(block))
        running = running or (block.value >= 50 and not above)
        if junk or headline or above or _links(block) or _is_label(block) or _is_anchor(block):
            skip.add(block.element)
            until = block.last
    return skip | _emptied(blocks[container.at + 1 : container.last + 1], skip)


def _is_dateline(block: Block) -> bool:
    """A time that stands by itself, not in a sentence: an element of that kind or name, or a line of date and clock."""
    if block.tag == "time":
        return block.parent is not None and block.parent.tag in (*BOXES, "article", "main", "header")
    if not block.text or len(block.text) > LONGEST_DATELINE or not any(one.isdigit() for one in block.text):
        return False
    return CLOCK.search(block.text) is not None or (len(block.text) < 40 and says("date", block.names))


def _is_section(block: Block) -> bool:
    """A link that stands by itself above the text: the section that the story is filed under."""
    parent = block.parent
    alone = block.tag == "a" and parent is not None and parent.tag in (*BOXES, "header")
    return alone and parent is not None and 0 < len(parent.text) < 40 and words_of(block.element) == parent.text


def _is_anchor(block: Block) -> bool:
    """The sign beside a sub-heading that links to itself."""
    return block.tag == "a" and block.chars < 3 and words_of(block.element) in ANCHORS


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
    text = folded(words_of(block.element))
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
