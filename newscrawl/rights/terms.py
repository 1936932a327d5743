"""Finds the link to a site's terms of use, and reads the reservations that stand there in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from newscrawl.markup import Document, document, host_of
from newscrawl.model import Page, Signal
from newscrawl.rights.notices import notices_in
from newscrawl.rulebook import table

PROTOCOL = "terms"
MOST_LETTERS = 400_000


@cache
def _words() -> Mapping[str, tuple[tuple[int, str], ...]]:
    """The names of terms, with their rank in their language, under their first two letters."""
    words = table("address/terms")["words"]
    assert isinstance(words, dict)
    found: dict[str, list[tuple[int, str]]] = {}
    for row in words.values():
        for rank, word in enumerate(row):
            found.setdefault(word.casefold()[:2], []).append((rank, word.casefold()))
    return {begin: tuple(sorted(rows)) for begin, rows in found.items()}


@cache
def _longest() -> int:
    longest = table("address/terms")["longest"]
    assert isinstance(longest, int)
    return longest


def _rank(text: str) -> int | None:
    """How good a name for terms a link's text is, the best 0; None where it is none."""
    if len(text) > _longest():
        return None
    for rank, word in _words().get(text[:2], ()):
        rest = text.removeprefix(word)
        if rest != text and (not rest or not rest[0].isalnum()):
            return rank
    return None


def _candidates(doc: Document) -> Iterator[tuple[bool, int, str]]:
    draft = doc.draft
    feet = [mark for mark in draft.marks if mark.kind == "foot"]
    for mark in draft.marks:
        href = mark.attrs.get("href", "").partition("#")[0]
        if mark.kind != "link" or not href.startswith(("http://", "https://")):
            continue
        rank = _rank(" ".join(draft.text[mark.start : mark.end].casefold().split()))
        if rank is not None and href != doc.page.url:
            in_foot = any(foot.start <= mark.start and mark.end <= foot.end for foot in feet)
            yield not in_foot, rank, href


def links_in(doc: Document) -> tuple[str, ...]:
    """The addresses of a page's terms, the likeliest first: those in its foot before others, at most three.

    >>> page = Page.from_html("<footer><a href=/agb>AGB</a></footer>", url="https://example.org/a")
    >>> links_in(document(page))
    ('https://example.org/agb',)
    """
    return tuple(dict.fromkeys(href for _, _, href in sorted(_candidates(doc))))[:3]


def signals_of(page: Page, *, host: str | None = None) -> tuple[Signal, ...]:
    """The reservations in a page of terms, in the name of the host they are the terms of.

    >>> page = Page.from_html("<p>No part of this site may be used to train AI models.", url="https://example.org/agb")
    >>> [(one.protocol, one.host) for one in signals_of(page)]
    [('terms', 'example.org')]
    """
    text = document(page).draft.text[:MOST_LETTERS]
    return tuple(
        replace(
            one,
            protocol=PROTOCOL,
            where="page of terms",
            url=page.url,
            host=host or host_of(page.url) or None,
            at=page.fetched,
            start=None,
            end=None,
        )
        for one in notices_in(text, place="page of terms")
    )
