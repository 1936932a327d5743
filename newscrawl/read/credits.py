"""Who wrote and who edited a story: data, meta tags, markup, bylines, in that order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newscrawl.read import authors
from newscrawl.read.blocks import Block, tokens_of
from newscrawl.read.metas import Head, listed, tidy

AUTHOR_NAMES = frozenset(
    (
        "author",
        "authors",
        "byline",
        "bylines",
        "autor",
        "autoren",
        "autorin",
        "auteur",
        "autore",
        "autores",
        "penulis",
        "pewarta",
        "reporter",
        "writer",
        "contributor",
        "contributors",
        "yazar",
        "muhabir",
        "journalist",
        "verfasser",
        "author-name",
        "byline-name",
        "redacteur",
        "firma",
    )
)
NOT_NAMES = frozenset(
    (
        "avatar",
        "bio",
        "image",
        "description",
        "box",
        "img",
        "about",
        "related",
        "comment",
        "comments",
        "social",
        "follow",
        "more",
        "date",
        "title",
        "role",
        "function",
        "job",
    )
)
LONGEST = 140
AHEAD = 60


def credits(head: Head, blocks: list[Block], first: int, last: int) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Authors, editors, and where the authors stood.

    first, last: the numbers of the body's first and last block. A page that names only the outlet is asked further
    for a person; where none is found the outlet is all there is to say.
    """
    outlets = _outlets(head)
    editors: tuple[str, ...] = _editors(head)
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for found, origin in _sources(head, blocks, first, last, outlets):
        persons = tuple(one for one in found if authors.folded(one) not in outlets)
        if persons:
            editors = editors or _credit_lines(blocks, first, last)[1]
            return persons, editors, origin
        if found and not fallback[0] and origin == "json-ld":
            fallback = (found, "json-ld outlet")
    editors = editors or _credit_lines(blocks, first, last)[1]
    return fallback[0], editors, fallback[1]


def _outlets(head: Head) -> set[str]:
    return {authors.folded(one) for one in head.site_names}


def _editors(head: Head) -> tuple[str, ...]:
    return _named(head, head.article.get("editor"))


def _named(head: Head, value: object) -> tuple[str, ...]:
    """Names out of a JSON-LD value: a string, an object, a reference, or a list of these (in lists, too)."""
    found: list[str] = []
    waiting = listed(value)
    while waiting and len(found) < 30:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one
            continue
        name = head.resolved(one).get("name")
        if isinstance(name, list):
            waiting[:0] = [part for part in name if isinstance(part, str | dict)]
        elif isinstance(name, str):
            found += [who for who in authors.names(tidy(name)) if who not in found]
    return tuple(found)


def _sources(
    head: Head, blocks: list[Block], first: int, last: int, outlets: set[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for key in ("author", "creator"):
        yield _named(head, head.article.get(key)), "json-ld"
    yield from _metas(head)
    yield from _marked(blocks, last)
    written = _credit_lines(blocks, first, last)[0]
    if written:
        yield written, "credit line"
    yield from _bylines(blocks, first)


def _metas(head: Head) -> Iterator[tuple[tuple[str, ...], str]]:
    known = {}
    for value, origin in head.every("author"):
        known.setdefault(origin, []).append(value)
    for name, values in head.tags.items():
        if name.endswith(("author", "authors")) and f"meta {name}" not in known and not name.endswith("its_author"):
            known[f"meta {name}"] = values
    for origin, values in known.items():
        if origin == "meta twitter:data1" and "written" not in " ".join(head.tags.get("twitter:label1", ())).lower():
            continue
        found: list[str] = []
        for value in values:
            if value.islower() and "-" in value and " " not in value:  # a slug
                continue
            found += [who for who in authors.names(value) if who not in found]
        if found:
            yield tuple(found), origin


def _marked(blocks: list[Block], last: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Elements that say they hold an author: microdata, rel=author, names."""
    marked: list[str] = []
    named: list[str] = []
    until = -1
    for block in blocks[: last + AHEAD]:
        if block.at <= until or block.never in ("card", "hidden", "nav", "caption") or not block.chars:
            continue
        element = block.element
        text = " ".join(str(element.text_content()).split()) if block.chars <= LONGEST else ""
        if not text:
            continue
        if element.get("itemprop") == "author" or "author" in (element.get("rel") or "").split():
            inner = next((one for one in element.iter() if one.get("itemprop") == "name"), None)
            if inner is not None:
                text = " ".join(str(inner.text_content()).split()) or inner.get("content") or text
            marked += [who for who in authors.names(text) if who not in marked]
            until = block.last
        elif block.names:
            tokens = set(tokens_of(block.names))
            if tokens & AUTHOR_NAMES and not tokens & NOT_NAMES and block.never not in ("aside", "footer"):
                who = authors.byline(text) or _plain(text)
                if who:
                    named += [one for one in who if one not in named]
                    until = block.last
    if marked:
        yield tuple(marked), "microdata"
    if named:
        yield tuple(named[:6]), "markup"


def _plain(text: str) -> tuple[str, ...]:
    """Names that stand alone: two to five words each, no sentence."""
    who = authors.names(text) if len(text) < 80 else ()
    return who if all(1 <= len(one.split()) <= 5 for one in who) else ()


def _credit_lines(blocks: list[Block], first: int, last: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines such as "Pewarta: Dewi Sari" at either end of the body."""
    lines = [
        line
        for one in blocks[max(first - AHEAD, 0) : last + AHEAD]
        if one.text and one.never not in ("card", "hidden", "nav", "strong") and len(one.text) < 400
        for line in _lines(one)
    ]
    found: dict[str, list[str]] = {"author": [], "editor": []}
    for line in lines:
        labelled = authors.labelled(line)
        if labelled:
            found[labelled[0]] += [who for who in labelled[1] if who not in found[labelled[0]]]
    return tuple(found["author"]), tuple(found["editor"])


def _lines(block: Block) -> Iterable[str]:
    return (" ".join(line.split()) for line in "".join(block.pieces).split("\n") if line.strip())


def _bylines(blocks: list[Block], first: int) -> Iterator[tuple[tuple[str, ...], str]]:
    for block in blocks[max(first - AHEAD, 0) : first + 12]:
        if block.text and len(block.text) < LONGEST and block.never not in ("card", "hidden", "nav", "caption"):
            for line in _lines(block):
                who = authors.byline(line)
                if who:
                    yield who, "byline"
                    return
