"""The words by which a copy points to its original, from rules/reading/source.toml."""

from __future__ import annotations

from functools import cache

from newscrawl import rulebook

ARROWS = " \t\n.…:→»›>-–—[]()«‹←↗"


@cache
def _phrases(key: str) -> tuple[str, ...]:
    value = rulebook.table("reading/source")[key]
    words = {str(one).casefold() for one in value} if isinstance(value, list) else set()
    return tuple(sorted(words, key=lambda one: (-len(one), one)))


@cache
def _longer() -> tuple[str, ...]:
    return tuple(f"{one} " for one in _phrases("read_more") if " " in one)


def leads_on(text: str) -> bool:
    """Whether a link's text is the way to the whole or the original story.

    >>> leads_on("Read Entire Article »"), leads_on("Harbour board approves a ferry")
    (True, False)
    """
    words = text.casefold().strip(ARROWS)
    return words in _phrases("read_more") or words.startswith(_longer())


def first_on(line: str) -> list[tuple[str, int]]:
    """The words before the original's name that stand in a case-folded line, each with its place."""
    return [(one, line.index(one)) for one in _phrases("first_on") if one in line]
