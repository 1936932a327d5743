"""Tells one writing system from another: where a stretch is written in letters that the story does not use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

CLASSES = {
    "latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff",
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "hebrew": "\u0590-\u05ff",
    "indic": "\u0900-\u0dff",
    "thai": "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "han": "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff",
}
"""Letters by writing system, as far as news and spam are written in them."""
_OTHER = re.compile(f"[{''.join(value for name, value in CLASSES.items() if name != 'latin')}]")


@cache
def _letters(name: str) -> re.Pattern[str]:
    return re.compile(f"[{CLASSES[name]}]+")


@cache
def _run(name: str) -> re.Pattern[str]:
    """A stretch of letters, marks and spaces without one letter of a writing system."""
    others = "".join(value for key, value in CLASSES.items() if key != name)
    return re.compile(f"[{others}][^{CLASSES[name]}\n]*")


def mixed(text: str) -> bool:
    """True where letters of more than the Latin alphabet stand in a text."""
    return not text.isascii() and _OTHER.search(text) is not None


def main(text: str) -> str:
    """The writing system that most letters of a text belong to.

    >>> main("Привет, hello, мир и все")
    'cyrillic'
    """
    counts = {name: sum(map(len, _letters(name).findall(text))) for name in CLASSES}
    return max(counts, key=lambda name: counts[name])


_ONTO = re.compile("[A-Za-z0-9]{1,12}(?![A-Za-z0-9])")


def alien_runs(text: str, start: int, end: int, own: str) -> Iterator[tuple[int, int]]:
    """Stretches of text[start:end] written in other letters than the story's own, from first letter to last.

    Where the story is in Latin letters, a name in them that is written onto foreign ones is foreign: "北京pk10".
    """
    low = high = -1
    for match in _run(own).finditer(text, start, end):
        stop = match.end()
        while stop > match.start() and not text[stop - 1].isalnum():
            stop -= 1
        if own == "latin" and stop == match.end():
            onto = _ONTO.match(text, stop, end)
            stop = onto.end() if onto else stop
        if low >= 0 and not any(map(str.isalnum, text[high : match.start()])):
            high = stop
            continue
        if high - low > 6:
            yield low, high
        low, high = match.start(), stop
    if low >= 0 and high - low > 6:
        yield low, high
