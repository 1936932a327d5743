"""Composes the visible keyword block of a spammed site: the same words on each page, turned a little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from newscrawl.demo.newsroom import Site

RUN = 17  # phrases of one family before the other takes over: blocks of real sites alternate so


def _endless(heads: Sequence[str], tails: Sequence[str], suffixes: Sequence[str], start: int) -> Iterator[str]:
    """The products head x tail from `start` on, round and round; each further lap ends in the next suffix."""
    phrases = [" ".join(pair) for pair in product(heads, tails)]
    number = start % len(phrases)
    while True:
        lap = number // len(phrases)
        suffix = f" {suffixes[(lap - 1) % len(suffixes)]}" if lap else ""
        yield phrases[number % len(phrases)] + suffix
        number += 1


def block(site: Site, number: int) -> str:
    """The block of the site's story `number`: about `site.keyword_size` characters, "" where the site has none.

    Two families of phrases take turns: bait, and neutral filler that no lexicon of gambling words knows.
    """
    if not site.keyword_size:
        return ""
    words = site.keywords
    bait = _endless(words["heads"], words["tails"], words["suffixes"], number * 3)
    filler = _endless(words["neutral_heads"], words["neutral_tails"], words["suffixes"], number * 5)
    phrases: list[str] = []
    while sum(len(phrase) + 1 for phrase in phrases) < site.keyword_size:
        phrases += [*islice(filler, RUN), *islice(bait, RUN)]
    while sum(len(phrase) + 1 for phrase in phrases) > site.keyword_size:
        phrases.pop()
    return " ".join(phrases)
