"""Tells a page that shows nothing without its scripts: no story, no list of stories, and scripts to make them."""

from __future__ import annotations

from newscrawl.markup import Document
from newscrawl.read import extras
from newscrawl.read.listing import listing
from newscrawl.read.metas import Head
from newscrawl.read.story import story_in
from newscrawl.sitebook import Site

ENOUGH = 450
"""Characters from which on a text is a story, whatever a script may add to it."""

FEW = 3
"""Links to stories from which on a page is a listing."""


def is_shell(document: Document, site: Site | None = None) -> bool:
    """Whether a browser may find a story where there is none without script.

    A page that says it is not free is none: scripts are run to read what is shown, never to get behind a wall.
    """
    if not any(source.strip() for source in document.scripts("")) and not _loads(document):
        return False
    found = story_in(document, site)
    flags = found.flags if found is not None else tuple(extras.flags(Head(document), [], 0, 0))
    if "paywall" in flags or (found is not None and len(found.text) >= ENOUGH):
        return False
    return len(listing(document, site).stories) < FEW


def _loads(document: Document) -> bool:
    return next((True for one in document.root.iter("script") if one.get("src")), False)
