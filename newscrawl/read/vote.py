"""Asks an extraction library for a second opinion where two places of a page could be its article."""

from __future__ import annotations

from collections.abc import Callable

from newscrawl.markup import Document
from newscrawl.read.blocks import Block

RIVAL = 0.6
MATCH_FROM = 20


def doubtful(blocks: list[Block], best: Block) -> bool:
    """Whether a place apart from the best one holds nearly as much running text."""
    others = (one for one in blocks if not one.within(best) and not best.within(one))
    return any(one.profit > RIVAL * best.profit and not one.never for one in others)


def opinion(document: Document, blocks: list[Block], fold: Callable[[str], str]) -> list[Block]:
    """The blocks whose text the library takes for the article's. fold: leaves letters and digits of a text."""
    import trafilatura

    found = trafilatura.bare_extraction(document.root, include_comments=False, fast=True)
    text = getattr(found, "text", None)
    if not text:
        return []
    whole = fold(text)
    return [one for one in blocks if one.text and len(told := fold(one.text)) >= MATCH_FROM and told[:200] in whole]
