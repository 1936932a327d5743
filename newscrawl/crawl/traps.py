"""Sees traps: addresses that go in circles, hosts without end, calendars whose pages bring nothing new."""

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
