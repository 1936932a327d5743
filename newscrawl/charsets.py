"""Tells the encoding of a page that names none, or one that its octets are not in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from newscrawl import rulebook

DECLARED = re.compile(rb"<html\b[^>]{0,300}?\blang\s*=\s*[\"']?([a-z]{2,3})", re.IGNORECASE)
SAMPLE = 60_000  # octets: a story's worth behind a long head
FEW = 3
ACCENTED = 0.4
"""Of the letters: more accents than any language in Latin letters writes."""

SURE = 8
"""Letters of UTF-8 that stand in no other encoding by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    languages: frozenset[str]
    letters: frozenset[str]
    least: float
    sparse: bool


@cache
def _rows() -> tuple[_Row, ...]:
    rows = rulebook.table("reading/encodings")["encodings"]
    return tuple(
        _Row(
            name=str(one["name"]),
            languages=frozenset(str(one["languages"]).split()),
            letters=frozenset(str(one["letters"])),
            least=float(one["least"]),
            sparse=bool(one.get("sparse")),
        )
        for one in (rows if isinstance(rows, list) else [])
    )


def is_utf8(body: bytes) -> bool:
    """Whether octets that are called something else are UTF-8, and not by chance.

    >>> is_utf8("Größe, Maß, Übung, Öl, Ärger, süß".encode()), is_utf8("Größe".encode("cp1252"))
    (True, False)
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(1 for one in text[:SAMPLE] if one > "\x7f") >= SURE


def is_misread(text: str) -> bool:
    """Whether text decoded as UTF-8 was none: more signs of what could not be read than letters beyond ASCII."""
    bad = text.count("\ufffd")
    return bad >= FEW and 2 * bad > len(text) - len(text.encode("ascii", "ignore"))


def guess(body: bytes) -> str | None:
    """The encoding whose letters a page of an unnamed one is made of; None where none fits.

    >>> guess("Паром снова пойдёт в понедельник, сообщили в порту.".encode("koi8-r"))
    'koi8-u'
    """
    declared = DECLARED.search(body[:4096])
    language = declared[1].decode("ascii").lower() if declared else ""
    sample = bytes(body[:SAMPLE])
    fits: list[tuple[bool, float, int, str]] = []
    for at, row in enumerate(_rows()):
        text = sample.decode(row.name, "replace")
        beyond = [one for one in text if one > "\x7f"]
        share = sum(1 for one in beyond if one in row.letters) / max(len(beyond), 1)
        crowded = row.sparse and len(beyond) > ACCENTED * sum(map(str.isalpha, text))
        if share >= row.least and not crowded:
            fits.append((language in row.languages, share, -at, row.name))
    return max(fits)[3] if fits else None
