"""Makes a page flatter whose elements stand in each other so deep that the parser would lose what is inside."""

from __future__ import annotations

import re
from typing import Any, cast

from lxml import etree

LOST_BELOW = 250
"""Levels. libxml2 reads no further than 256, and leaves out all that follows, without an error."""
KEPT = 60
"""Levels that are kept; a table cell counts as one of these and is four in the tree."""
STEPS = etree.XPath("/".join(["*"] * 25))
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)(?>[^>\"'=]++|=\s*+(?>\"[^\"]*+\"|'[^']*+')?|[\"'])*+>?|<!--")
RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
ALONE = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot option "
    "optgroup html head body script style textarea title".split()
)
"""Elements that hold none, or that the next of their kind ends."""
INLINE = frozenset(
    "a abbr b bdi bdo big cite code em font i ins kbd label mark q s samp small span strike strong sub sup tt u "
    "var".split()
)
LOOK_BACK = 20


def deep(root: etree._Element) -> bool:
    """Whether a tree is so deep that the parser may have lost text below.

    >>> from lxml.html import document_fromstring
    >>> deep(document_fromstring("<div>" * 300 + "x")), deep(document_fromstring("<p>x</p>" * 300))
    (True, False)
    """
    level: list[Any] = [root]
    for _ in range(LOST_BELOW // 25):
        found = [below for one in level[:100] for below in cast("list[Any]", STEPS(one))]
        if not found:
            return False
        level = found
    return True


def flatter(html: str) -> str:
    """The page without the tags that stand deeper than 60 levels: a line break for a block, nothing for the others.

    No text is lost. Linear in the length of the page.
    """
    kept: list[str] = []
    stack: list[tuple[str, bool]] = []
    at = done = depth = 0
    while found := TAG.search(html, at):
        at = found.end()
        if found[2] is None:
            close = html.find("-->", at)
            at = len(html) if close < 0 else close + 3
            continue
        name = found[2].lower()
        if raw := RAW.get(name):
            close_tag = raw.search(html, at) if not found[1] else None
            at = close_tag.end() if close_tag else len(html) if not found[1] else at
        if name in ALONE:
            continue
        if not found[1]:
            stack.append((name, depth < KEPT))
            drops = depth >= KEPT
            depth += not drops
        else:
            place = next((n for n in range(1, min(LOOK_BACK, len(stack)) + 1) if stack[-n][0] == name), 0)
            drops = bool(place) and not stack[-place][1]
            depth -= sum(1 for _, counted in stack[len(stack) - place :] if counted) if place else 0
            del stack[len(stack) - place :]
        if drops:
            kept += [html[done : found.start()], "" if name in INLINE else "<br>"]
            done = at
    kept.append(html[done:])
    return "".join(kept)
