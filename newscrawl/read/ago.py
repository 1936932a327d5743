"""Reads times that are counted back from now ("13 hours ago") and days by their name ("yesterday at 10.30")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from newscrawl import rulebook
from newscrawl.model import Moment, Precision
from newscrawl.read import clocks

NOTHING = r"(?!)"
LETTERS_AROUND = r"[^\W\d_]"
UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
GRAINS: Mapping[int, Precision] = {1: "second", 60: "minute", 3600: "hour", 86400: "day", 604800: "day"}
MOST = 1000
CLOCK_WITHIN = 24
DAY_LEAD = 14
DAY_LINE = 24


def ago(text: str, fetched: datetime) -> Moment | None:
    """The moment that a line counts back from the fetch, or None.

    >>> from datetime import UTC
    >>> ago("il y a 3 heures", datetime(2026, 5, 4, 20, tzinfo=UTC)).at.hour
    17
    """
    folded = text.casefold()
    for pattern, seconds in _counted() if _any_need().search(folded) else ():
        found = pattern.search(folded)
        if found is None:
            continue
        part = {name[:-1]: value.strip() for name, value in found.groupdict().items() if value is not None}
        size = seconds[part.get("two") or part["unit"]]
        counted = part.get("counted", "")
        count = 2 if "two" in part else int(counted) if counted.isdigit() else 1
        if count <= MOST:
            return Moment(at=fetched - timedelta(seconds=count * size), precision=GRAINS[size], raw=text)
    return _by_name(text, folded, fetched)


def is_day(line: str) -> bool:
    """Whether a short line names a day by its place before today, without a digit: "yesterday"."""
    return len(line) < DAY_LINE and _days()[0].search(line.casefold()) is not None


def _by_name(text: str, folded: str, fetched: datetime) -> Moment | None:
    pattern, days = _days()
    found = pattern.search(folded)
    if found is None or found.start() > DAY_LEAD:
        return None
    rest = folded[found.end() :]
    told = clocks.clock(rest, bare_dot=True)
    if len(rest.strip()) > (CLOCK_WITHIN if told else 2):
        return None
    day = (fetched - timedelta(days=days[found[1]])).replace(hour=0, minute=0, second=0, microsecond=0)
    if told is None:
        return Moment(at=day, precision="day", raw=text)
    hour, minute, second, precision = told
    at = day.replace(hour=hour, minute=minute, second=second, tzinfo=clocks.zone_in(text) or fetched.tzinfo)
    return Moment(at=at, precision=precision, raw=text)


@cache
def _days() -> tuple[re.Pattern[str], Mapping[str, int]]:
    table = rulebook.table("reading/relative")["days"]
    rows = table.items() if isinstance(table, dict) else ()
    days = {str(word).casefold(): int(back) for back, words in rows for word in words}
    words = "|".join(re.escape(one) for one in sorted(days, key=len, reverse=True))
    return re.compile(rf"(?<!{LETTERS_AROUND})({words})(?!{LETTERS_AROUND})"), days


@cache
def _counted() -> tuple[tuple[re.Pattern[str], Mapping[str, int]], ...]:
    rows = rulebook.table("reading/relative")["row"]
    return tuple(_row(row) for row in (rows if isinstance(rows, list) else []))


@cache
def _any_need() -> re.Pattern[str]:
    """Any of the words without which nothing is counted back, or a unit that says so itself."""
    rows = rulebook.table("reading/relative")["row"]
    found: set[str] = set()
    for row in rows if isinstance(rows, list) else []:
        units = [word for words, _ in row["units"] for word in words.split()]
        found.update(one for one in row["need"] if one)
        found.update(() if all(row["need"]) else units)
    return re.compile(_alternatives(found))


def _row(row: Mapping[str, Any]) -> tuple[re.Pattern[str], Mapping[str, int]]:
    """One language's pattern, a needed word before or behind number and unit; and its units in seconds."""
    seconds = {word.casefold(): int(size) for words, size in row["units"] for word in words.split()}
    twos = {word.casefold(): int(size) for words, size in row.get("two", ()) for word in words.split()}
    need = _alternatives(row["need"])
    number = _alternatives(row.get("one", ()), r"\d{1,4}")
    units, two = _alternatives(seconds), _alternatives(twos, NOTHING)
    tight = re.search(f"[{UNSPACED}]", need) is not None
    start, end, gap = (r"(?<!\d)", "", r"\s?") if tight else (r"(?<!\w)", r"(?!\w)", r"\s+" if need else "")
    counted = rf"(?:{number})\s?" if not row.get("bare") else rf"(?:(?:{number})\s?)?"
    before = rf"(?:{need})\s+(?:(?P<counted1>{counted})(?P<unit1>{units})|(?P<two1>{two})){end}" if need else NOTHING
    behind = rf"(?:(?P<counted2>{counted})(?P<unit2>{units})|(?P<two2>{two})){gap}(?:{need}){end}"
    turned = rf"(?P<unit3>{units})\s(?P<counted3>{number})\s(?:{need})" if row.get("turned") else NOTHING
    return re.compile(rf"{start}(?:{before}|{behind}|{turned})"), seconds | twos


def _alternatives(words: Iterable[str], first: str = "") -> str:
    listed = sorted((re.escape(one.casefold()) for one in words if one), key=len, reverse=True)
    return "|".join(([first] if first else []) + listed)
