"""Reads reservations in words that are no text of a page: attributes, metas, JSON-LD, drawings, boxes, script data."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import cast

from lxml import etree

from newscrawl.markup import Document
from newscrawl.model import Signal
from newscrawl.rights import metatags, prose
from newscrawl.rights.nearby import BLANK
from newscrawl.rights.notices import notices_in

BRIEF = 10  # letters; what is shorter is no sentence in any script
LONG = 20_000  # letters that are read of one value
MOST = 400  # values that are read of one page
ALL = 200_000  # letters that are read of them together
SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "data-copyright", "data-rights")
"""Attributes that say words to a reader, or to the reader's machine."""
BOXES = ("title", "svg", "textarea", "object", "noembed")
"""Elements whose words are no part of a page's text: the name of its window, drawings, boxes, fallbacks."""
WORDY = ("description", "abstract", "articleBody", "text", "disclaimer", "publishingPrinciples", "usageInfo")
"""Properties of schema.org that hold prose."""
DEPTH = 6
NAMED = ("opyright", "icense", "isclaimer", "egalNotice", "ightsNotice", "ermsOfUse")
"""Ends of the names that statements on rights have in the data from which a script draws a page."""
STATED = re.compile(r"""[\w -]{0,40}["']\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.){10,4000})\"""")

_SPOKEN = etree.XPath("|".join(f"//@{name}" for name in SPOKEN))


def signals(doc: Document) -> tuple[Signal, ...]:
    """The reservations in a page's words outside its text; whose voice speaks there is told by the words alone.

    What a rights meta or a rights property says is left out: the declarations read it, as the publisher's own voice.
    """
    said = dict(_said(doc))
    places = tuple(said.values())
    ends = tuple(accumulate(len(words) + len(BLANK) for words in said))
    found = notices_in(BLANK.join(said), host=doc.host or None, at=doc.page.fetched)
    return tuple(
        prose.spoken(
            # Offsets into a text that is not the page's would mislead whoever cuts the page.
            replace(one, where=places[bisect_right(ends, one.start or 0)], start=None, end=None),
            url=doc.page.url,
        )
        for one in found
    )


def _said(doc: Document) -> Iterator[tuple[str, str]]:
    """Each value once, with the name of its place, until it is enough."""
    seen: set[str] = set()
    size = 0
    for words, where in _everything(doc):
        kept = words[:LONG].strip()
        if len(kept) < BRIEF or kept in seen or (kept.isascii() and kept.count(" ") < 2):
            continue
        seen.add(kept)
        size += len(kept)
        yield kept, where
        if len(seen) >= MOST or size >= ALL:
            return


def _everything(doc: Document) -> Iterator[tuple[str, str]]:
    rights = metatags.words("rights")
    for tag in doc.metas:
        name = metatags.name_of(tag) or tag.attrs.get("itemprop", "").lower()
        if name and name not in rights:
            yield tag.attrs.get("content", ""), f"meta {name}"
    for item in doc.jsonld:
        yield from _prose_of(item)
    for box in doc.root.iter(*BOXES):
        yield " ".join(map(str, box.itertext())), f"<{box.tag}>"
    for frame in doc.root.iter("iframe"):
        if source := frame.get("srcdoc"):
            yield _bare(source), "<iframe srcdoc>"
    for found in _named(doc.html):
        yield _unescaped(found), "script"
    for value in cast("list[etree._ElementUnicodeResult]", _SPOKEN(doc.root)):
        yield str(value), f"{value.attrname!s} attribute"


def _named(html: str) -> Iterator[str]:
    """Each text in a script's data whose name says that it is a statement on rights."""
    for name in NAMED:
        at = html.find(name)
        while at >= 0:
            at += len(name)
            if found := STATED.match(html, at):
                yield found[1]
            at = html.find(name, at)


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _bare(source: str) -> str:
    """The words of a page within the page."""
    root = etree.fromstring(source[:LONG] or "<p/>", etree.HTMLParser(no_network=True, remove_comments=True))
    return "" if root is None else " ".join(map(str, root.itertext()))


def _prose_of(item: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each string of a property that holds prose, of an object and its parts."""
    if depth > DEPTH:
        return
    if isinstance(item, list):
        for one in item[:MOST]:
            yield from _prose_of(one, depth + 1)
    elif isinstance(item, Mapping):
        for key, value in item.items():
            if isinstance(value, str):
                if key in WORDY:
                    yield value, f"json-ld {key}"
            else:
                yield from _prose_of(value, depth + 1)
