"""Asks an extraction library for a second opinion where two places of a page could be its article."""

from __future__ import annotations

from collections.abc import Callable

from newscrawl.markup import Document
from newscrawl.read.blocks import DENSE, WORD, Block

RIVAL = 0.6
TOPIC_RIVAL = 0.25
TOPIC_GAP = 0.35
MANY_WORDS = 4
MAX_RIVALS = 40
MATCH_FROM = 20


def rivals(blocks: list[Block], best: Block, share: float = RIVAL) -> list[Block]:
    """The places apart from the best one that hold nearly as much running text."""
    least = share * best.profit
    large = [one for one in blocks if one.profit > least and not one.never]
    return [one for one in large if not one.within(best) and not best.within(one)]


def on_topic(blocks: list[Block], best: Block, told: str) -> Block:
    """The best place, or a smaller one that speaks of what the title and summary speak of, where the best does not.

    told: the page's title and summary. Running text of another matter, such as an injected advertisement, can be
    longer than the story.
    """
    words = _words(told)
    if len(words) < MANY_WORDS:
        return best
    own = _shared(blocks, best, words)
    others = rivals(blocks, best, TOPIC_RIVAL)[:MAX_RIVALS]
    found = max(others, key=lambda one: (_shared(blocks, one, words), one.profit), default=None)
    return found if found is not None and _shared(blocks, found, words) > own + TOPIC_GAP else best


def _words(text: str) -> frozenset[str]:
    """Words of four letters and more; pairs of letters where a script sets no spaces."""
    words = {one for one in WORD.findall(text.casefold()) if len(one) > 3}
    dense = "".join(DENSE.findall(text))
    return frozenset(words | {dense[at : at + 2] for at in range(len(dense) - 1)})


def _shared(blocks: list[Block], place: Block, words: frozenset[str]) -> float:
    text = " ".join(one.text for one in blocks[place.at : place.last + 1] if one.text and not one.never)
    return len(words & _words(text)) / len(words)


def opinion(document: Document, blocks: list[Block], fold: Callable[[str], str]) -> list[Block]:
    """The blocks whose text the library takes for the article's. fold: leaves letters and digits of a text."""
    import trafilatura

    found = trafilatura.bare_extraction(document.root, include_comments=False, fast=True)
    text = getattr(found, "text", None)
    if not text:
        return []
    whole = fold(text)
    return [one for one in blocks if one.text and len(told := fold(one.text)) >= MATCH_FROM and told[:200] in whole]
