"""Sees traps: addresses that go in circles, hosts without end, calendars and stories whose pages bring nothing new."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

LONGEST = 2083
"""Characters of an address; longer ones are made by machines that append."""
DEEPEST = 30
REPEATS = 4
BARREN = 5
"""Listing pages of one pattern in a row that may bring no new story before their way is left."""
HOLLOW = 50
"""Story pages of one kind in a row that may hold no story, or one of the last ones again, before the rest is left."""
KINDS = 2000
NEWEST = 8
DIGITS = re.compile(r"[0-9]+")


def goes_in_circles(url: str) -> bool:
    """Whether an address is what relative links of a page that links to itself grow into.

    >>> goes_in_circles("https://news.example/a/b/a/b/a/b/a/b/"), goes_in_circles("https://news.example/2026/05/05/x")
    (True, False)
    """
    if len(url) > LONGEST:
        return True
    steps = [step for step in urlsplit(url).path.split("/") if step]
    return len(steps) > DEEPEST or any(number >= REPEATS for number in Counter(steps).values())


def pattern_of(url: str) -> str:
    """An address with its numbers taken out: the same for all pages of a calendar.

    >>> pattern_of("https://news.example/agenda/2031-05?day=12")
    'news.example/agenda/#-#?day=#'
    """
    parts = urlsplit(url)
    return DIGITS.sub("#", f"{(parts.hostname or '').rstrip('.')}{parts.path}{'?' if parts.query else ''}{parts.query}")


def kind_of(url: str) -> str:
    """An address without its numbers, its last step and what its query says: the same for all stories of a kind.

    >>> kind_of("https://news.example/2026/05/05/the-tide.html?ref=7a"), kind_of("https://news.example/story?id=the-tide")
    ('news.example/#/#/#/*?ref', 'news.example/*?id')
    """
    parts = urlsplit(url)
    names = "&".join(one.partition("=")[0] for one in parts.query.split("&"))
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return DIGITS.sub("#", f"{(parts.hostname or '').rstrip('.')}{folder}/*{'?' if names else ''}{names}"[:LONGEST])


class Hollow:
    """Counts the story pages of a kind that brought no new text, one after the other."""

    def __init__(self) -> None:
        self.pages: dict[str, int] = {}
        self.said: dict[str, tuple[int, ...]] = {}

    def seen(self, url: str, text: str | None) -> None:
        """Notes what a story page said: None where there was no story on it."""
        kind, said = kind_of(url), hash(text)
        known = self.said.get(kind, ())
        hollow = text is None or said in known
        self.pages[kind] = self.pages.pop(kind, 0) + 1 if hollow else 0
        self.said[kind] = known if hollow else (*known[1 - NEWEST :], said)
        if len(self.said) > KINDS:
            oldest = next(iter(self.said))
            del self.said[oldest], self.pages[oldest]

    def left(self, url: str) -> bool:
        """Whether no more stories of an address's kind are asked for."""
        return self.pages.get(kind_of(url), 0) >= HOLLOW


class Barren:
    """Counts the listing pages of a pattern that brought no new story, one after the other."""

    def __init__(self) -> None:
        self.pages: Counter[str] = Counter()

    def seen(self, url: str, new: int) -> bool:
        """Notes a page and how many new stories it named; True: the way goes on."""
        pattern = pattern_of(url)
        if new:
            del self.pages[pattern]
            return True
        self.pages[pattern] += 1
        return self.pages[pattern] < BARREN
