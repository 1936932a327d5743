"""Marks the regions of a page that are not its article: by their names, their tags, their pictures and cards."""

from __future__ import annotations

from newscrawl.read.blocks import HEADINGS, Block, folded, region_words, says, words_of

STRONG_SHARE = 0.6
SURE_SHARE = 0.95
WEAK_SHARE = 0.35
REST = 60.0
DEBT = 80.0  # the most that lists of links take from an element: injected keywords do not make an article a list
SOFT = frozenset(("hidden", "sheet"))
NAMELESS = frozenset(("p", "html", "body", "article", "main", "a", "strong", "em", "b"))
CARD_HEADINGS = frozenset(("h2", "h3", "h4", "h5"))


def mark(blocks: list[Block], title: str) -> None:
    """Regions that are not the article, by their names and tags, unless they hold most of what there is to read."""
    whole = max(blocks[0].good, 1.0)
    headline = headline_of(blocks, title)
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
    debts = [0.0] * len(blocks)
    for block in blocks:
        block.profit = 0.0
    for block in reversed(blocks):
        if block.never:
            block.profit = 0.0
            continue
        block.profit += max(block.value, 0.0) - min(debts[block.at] + max(-block.value, 0.0), DEBT)
        if block.parent is not None:
            block.parent.profit += max(block.profit, 0.0)
            debts[block.parent.at] += max(-block.profit, 0.0)


def headline_of(blocks: list[Block], title: str) -> Block | None:
    """The h1 that says the title, or the first h1 to be seen."""
    title = folded(title)
    heads = [one for one in blocks if one.tag == "h1"]
    told = next((one for one in heads if title and folded(words_of(one.element)) == title), None)
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
