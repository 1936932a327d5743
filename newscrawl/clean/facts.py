"""Judges what stands beside a label (a name, a date, a title) and lifts it as a fact before the wrapper is cut."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate, takewhile

from newscrawl import rulebook
from newscrawl.clean.phrases import fold
from newscrawl.model import Mark

QUOTES = {
    "'": "'",
    '"': '"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    "《": "》",
    "【": "】",
    "“": "”",
    "‘": "’",
}
EDGE = " \t.,;:|-–—·•*/()[]<>»«›‹→►▶▸…"
END = re.compile(r"[.!?。！？؟।](?:\s|\Z)")
INITIAL = re.compile(
    r"(?:\b[^\W\d_]{1,2}|\b(?:dok|doc|dpt|dr|prof|mr|mrs|ms|jr|sr|st|ph\.d|m\.a|ir|drs|hj|h))\.", re.IGNORECASE
)
NAME = re.compile(r"[\w'’.\-‐@&\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff]+")
CLOCK = r"\d{1,2}(?:[:.h]|時|시|点)\s?\d{0,2}[分분]?"
LETTER = r"(?:(?!\d)[\w\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff])"
DAY = (
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}|\d{4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}|"
    r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?[ -](?:(?:de|of|ngày|tháng) )?(?:"
    + LETTER
    + r"|\.){2,14},?[ -](?:(?:de|του) )?\d{4}|"
    r"[^\W\d]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{4}\. [^\W\d]{3,12} \d{1,2}|"
    r"\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]|"
    r"\d{4}\. \d{1,2}\. \d{1,2}"
)
STAMP = re.compile(
    rf"(?:{LETTER}{{2,12}}(?: {LETTER}{{1,5}})?\.?,? (?:\w{{1,3}} )?)?(?:{DAY})\.?"
    rf"(?P<clock>[ ,|@·•()\-–—]*(?:[^\W\d]{{1,5}}\.? ){{0,2}}{CLOCK}(?::\d{{2}})?)?(?: ?[ap]\.?m\.?)?"
    r"(?:[ (]{1,2}[^\W\d]{1,5}(?:[+-]\d{1,2})?\)?)?",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"\d+\.")
NUMBER = re.compile(r"\d+")
YEAR = re.compile(r"(?:19|20)\d\d")
DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,10}(?:/\S*)?\Z", re.IGNORECASE)


@cache
def _particles(key: str) -> frozenset[str]:
    return frozenset(fold(str(rulebook.table("names/particles")[key])).split())


def cased(text: str) -> bool:
    """Whether the text is in a script that has capitals."""
    return any(one.islower() or one.isupper() for one in text)


def is_name(text: str, *, least: int = 1) -> bool:
    """Whether a text reads like one or more names: capitals throughout, no digits, no end of a sentence.

    least: how many capitalised words there must be at least.

    >>> is_name("Desca Lidya Natalia"), is_name("the numbers"), is_name("Maria von Trapp and J. R. Ewing", least=2)
    (True, False, True)
    """
    text = text.strip(EDGE)
    if not 2 <= len(text) <= 80 or YEAR.search(text) or END.search(INITIAL.sub("", text)):
        return False
    words = NAME.findall(text)
    if not words or len(words) > 9 or any(one[0].isdigit() for one in words) or any(mark in text for mark in '?!;"“”'):
        return False
    if not cased(text):
        return len(text) <= 40 and len(words) <= 6
    article = words[0].isascii() and fold(words[0]) in _particles("never_first")  # "Le", which "Lê" is not
    if article or words[0][0].islower():
        return False
    capitals = [one for one in words if one[0].isupper() or one[0] == "@"]
    rest = [one for one in words if one not in capitals and cased(one)]
    return len(capitals) >= least and all(fold(one).strip(".") in _particles("within") for one in rest)


def is_title(text: str) -> bool:
    """Whether a text is written like a headline in capitals, of at least three words and without a full stop.

    >>> is_title("Zulhas: Tidak Ada Impor Beras Tahun Ini!"), is_title("itu sampai selesai, kata gurunya")
    (True, False)
    """
    words = [one for one in NAME.findall(text) if one[0].isalpha()]
    capitals = sum(one[0].isupper() for one in words)
    return 3 <= len(words) <= 30 and capitals >= 0.6 * len(words) and not text.rstrip().endswith(".")


def is_source(text: str) -> bool:
    """Whether a text may name a source: a name, a domain, a few words that are no sentence."""
    text = text.strip(EDGE)
    if DOMAIN.match(text):
        return True
    return 2 <= len(text) <= 70 and len(text.split()) <= 8 and not END.search(INITIAL.sub("", text)) and "?" not in text


BRIEF = 6
"""Of so few words a line that asks leave is a notice without an object: "Copying without permission is forbidden"."""


@cache
def _matter() -> re.Pattern[str]:
    """The stems of what notices are about: at the beginning of a word, or anywhere in scripts without spaces."""
    told = rulebook.table("names/matter")
    return _stems(" ".join(str(words) for key, words in told.items() if key != "leave"))


@cache
def _leave() -> re.Pattern[str]:
    return _stems(str(rulebook.table("names/matter")["leave"]))


def _stems(told: str) -> re.Pattern[str]:
    stems = {stem.replace("_", " ") for stem in fold(told).split()}
    runs = sorted(one for one in stems if one[0] >= "\u2e80" or "\u0e00" <= one[0] <= "\u0eff")
    words = [re.escape(one) + (r"\b" if len(one) < 4 else "") for one in sorted(stems - set(runs))]
    return re.compile(rf"(?:\b|(?<=ال))(?:{'|'.join(words)})|{'|'.join(map(re.escape, runs))}")


def is_about_matter(folded: str) -> bool:
    """Whether a folded line speaks of articles, contents, pages: what a notice of rights is about.

    >>> is_about_matter("no part of this article may be copied"), is_about_matter("drones are banned")
    (True, False)
    """
    return _matter().search(folded) is not None or (folded.count(" ") < BRIEF and _leave().search(folded) is not None)


def is_credit(text: str) -> bool:
    """Whether a text names who a picture or a story is from, in names and not in a sentence.

    >>> is_credit("Sarah Lee/The Guardian"), is_credit("a man, a dog and a river"), is_credit("dpa")
    (True, False, True)
    """
    if not is_source(text):
        return False
    text = text.strip(EDGE)
    words = [one for one in re.split(r"[\s/,&+|]+", text) if one]
    if not cased(text):
        return len(text) <= 40
    if len(words) <= 2 or DOMAIN.match(text):
        return "," not in text or text[:1].isupper()
    small = [one for one in words if one[0].islower() and fold(one).strip(".") not in _particles("within")]
    return (
        len(small) <= max(1, len(words) // 3)
        and any(one[0].isupper() for one in words)
        and (text[0].isupper() or (len(words) <= 5 and words[-1][0].isupper()))
    )


def is_stamp(text: str, *, clock: bool = False) -> bool:
    """Whether a text is a date, and with `clock` a date with a time of day.

    >>> is_stamp("Senin, 20 Okt 2025 20:39 WIB", clock=True), is_stamp("2024-05-03"), is_stamp("in 2019")
    (True, True, False)
    """
    found = STAMP.fullmatch(text.strip(EDGE))
    return found is not None and (not clock or found["clock"] is not None)


def has_date(text: str) -> bool:
    """Whether a short text that follows a date label is one: a day of the month or a time, and hardly any prose."""
    text = text.strip(EDGE)
    if is_stamp(text):
        return True
    numbers = NUMBER.findall(text)
    words = [one for one in text.split() if not any(map(str.isdigit, one))]
    if len(text) > 60 or len(words) > 6 or len(numbers) < 2 or END.search(INITIAL.sub("", NUMBERED.sub("", text))):
        return False
    return bool(YEAR.search(text) or re.search(CLOCK, text))


def title_in(text: str) -> tuple[int, int]:
    """Where in the text that follows a related label the title stands: within its quotes, or less its edges.

    >>> "x"[0:0] + "'Judul berita' di sini:"[slice(*title_in("'Judul berita' di sini:"))]
    'Judul berita'
    """
    start, end = len(text) - len(text.lstrip(" \t:|-–—>»›→►▶：")), len(text.rstrip(" \t:|-–—>«»›→►▶："))
    quote = QUOTES.get(text[start : start + 1])
    if quote is not None:
        close = max(text.rfind(one, start + 1) for one in {quote, "'", "’", '"', "”"} if one)
        if close > start + 3:
            return start + 1, close
    return start, max(start, end)


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a draft, in order, asked by span."""

    marks: Sequence[Mark]
    host: str
    ends: list[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", list(accumulate((one.end for one in self.marks), max)))

    def over(self, start: int, end: int) -> list[Mark]:
        """The links that share something with a span."""
        first = bisect_right(self.ends, start)
        inside = takewhile(lambda at: self.marks[at].start < end, range(first, len(self.marks)))
        return [self.marks[at] for at in inside if self.marks[at].end > start]

    def cover(self, start: int, end: int) -> float:
        """The share of a span that is link text."""
        shared = sum(min(one.end, end) - max(one.start, start) for one in self.over(start, end))
        return shared / (end - start) if end > start else 0.0

    def target(self, start: int, end: int) -> str | None:
        """Where the first link in a span leads."""
        return next(
            (one.attrs["href"] for one in self.over(start, end) if one.attrs.get("href", "")[:4] == "http"), None
        )

    def outside(self, mark: Mark) -> bool:
        """Whether a link leads to another site than the page's own; without a page address every full address does."""
        host = mark.attrs.get("host", "")
        return bool(host) and (not self.host or not kin(host, self.host))


@lru_cache(maxsize=4096)  # a page of 50,000 links asked a million times
def kin(one: str, other: str) -> bool:
    """Whether two hosts belong to one site, as far as names tell: the same last two labels, or three under "co.id".

    >>> kin("m.news.example", "www.news.example"), kin("a.co.id", "b.co.id"), kin("a.example", "b.example")
    (True, False, False)
    """
    return _site(one) == _site(other)


def _site(host: str) -> str:
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if short else -2 :])
