"""Lifts facts that their shape alone tells: a dateline's agency, a copyright line's holder."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = r"[^\W\d_](?:[\w.'’&/ -]{0,38}[\w.’'])?"
DATELINE = re.compile(
    rf"(?P<place>[^\W\d_](?:[^\W_]|[.,'’ /-]){{1,48}}?) ?[(（](?P<agency>{NAME})[)）](?: ?[-–—―]{{1,2}} ?|, |: | )"
)
WORD = r"[^\W\d_][\w.'’-]*"
FILED = re.compile(
    rf"(?P<place>{WORD}(?:(?:, ?| |/){WORD}){{0,5}})(?:,? ?[(（][^()（）\n]{{2,40}}[)）])?(?: ?[—–―-]{{1,2}} |—)"
)
SIGN = re.compile(r"©|ⓒ|℗|\(c\)", re.IGNORECASE)
YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-–—/,]\s?(?:(?:19|20)\d\d|\d\d))?")
EDGE = " \t.,;:|-–—·•*/()[]<>"
END = re.compile(r"[.;|,]\s|\s[-–—|·]\s|[。]|$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Where a story was filed, and by which agency."""

    place: str
    agency: str


def dateline(text: str) -> Dateline | None:
    """The dateline that a text begins with; it stays in the text.

    >>> dateline("Beijing (ANTARA) - Presiden China …")
    Dateline(place='Beijing', agency='ANTARA')
    >>> dateline("The minister (on the left) - said")
    """
    found = DATELINE.match(text)
    if found is None or not found["place"][0].isupper() or len(found["place"].split()) > 5:
        return None
    words = found["agency"].split()
    if not all(word[0].isupper() or word.islower() for word in words) or len(words) > 4:
        return None
    if words[0].islower() and len(words) > 1:
        return None
    return Dateline(place=found["place"].strip(EDGE), agency=found["agency"])


def filed(text: str, at: int, end: int) -> int:
    """Where the head of a report ends that begins at a place in capitals: perhaps an agency, then a dash; 0: none does.

    >>> filed("SUMENEP, Jawa Timur - Hujan", 0, 27), filed("Rain fell - again", 0, 17)
    (22, 0)
    """
    found = FILED.match(text, at, end)
    if found is None or not all(word[0].isupper() for word in re.findall(WORD, found["place"])):
        return 0
    return found.end()


def holder(line: str) -> str | None:
    """Who holds the right, of a line with a copyright sign; years and what follows the name aside.

    >>> holder("Copyright © ANTARA 2025"), holder("© 2019-2026 The Harbour Ledger. All rights reserved")
    ('ANTARA', 'The Harbour Ledger')
    """
    sign = SIGN.search(line)
    if sign is None:
        return None
    name = YEARS.sub(" ", line[sign.end() :]).strip(EDGE)
    end = END.search(name)
    name = " ".join(name[: end.start() if end else None].split()).strip(EDGE)
    return name if 1 < len(name) <= 60 and not name[0].isdigit() else None
