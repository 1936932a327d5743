"""Reads the time of day and the time zone out of a line, in the ways that people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newscrawl import rulebook
from newscrawl.model import Precision

OFFSET = re.compile(r"(?:GMT|UTC)?\s?(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<m>\d{2})?\Z", re.IGNORECASE)
OFFSET_AT = re.compile(r"\s?([+-]\d{1,2}(?::?\d{2})?)")
ZONE_WORD = re.compile(r"\b([A-ZА-Я]{3,4})\b")
PLACE = re.compile(r"\b([A-Z][a-z]+/[A-Z][A-Za-z_]{2,30})")
HALF_MARKS = 12  # hours between the halves of the day


@cache
def named_offsets() -> Mapping[str, float]:
    """Short names of zones, lower case, and their hours east of UTC."""
    hours = rulebook.table("reading/zones")["hours"]
    return {str(name): float(value) for name, value in hours.items()} if isinstance(hours, dict) else {}


def _words(table: str, key: str) -> str:
    part = rulebook.table("reading/calendars")[table]
    words = part[key] if isinstance(part, dict) else []
    return "|".join(re.escape(str(one)) for one in sorted(words, key=lambda one: -len(one)))


@cache
def _clock() -> re.Pattern[str]:
    halves = rf"(?:{_words('halves', 'morning')}|{_words('halves', 'evening')})"
    zones = "|".join(sorted((re.escape(one) for one in named_offsets()), key=len, reverse=True))
    return re.compile(
        rf"(?P<first>(?<!\w){halves}\s?)?(?P<led>(?<!\w)(?:{_words('clock', 'before')})\s)?(?<![\d.:/+-])"
        rf"(?P<H>[01]?\d|2[0-3])(?::|h|時|时\s?|点|點|시\s?|\.(?=\d{{2}}(?!\d)(?P<dotted>\s*(?:uhr|h|{zones})\b)?))"
        rf"(?P<M>[0-5]\d)?(?:분|分)?(?::(?P<S>[0-5]\d))?\s*(?P<last>{halves}(?!\w))?",
        re.IGNORECASE,
    )


@cache
def _is(half: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_words('halves', half)})\Z", re.IGNORECASE)


def clock(text: str, *, bare_dot: bool = False) -> tuple[int, int, int, Precision] | None:
    """Hour, minute, second and how exact they are; None where the text names no time of day.

    bare_dot: whether "10.30" is a time although nothing beside it says so.

    >>> clock("at 10:30 p.m."), clock("下午3:30"), clock("10.30"), clock("kl 10.30")
    ((22, 30, 0, 'minute'), (15, 30, 0, 'minute'), None, (10, 30, 0, 'minute'))
    """
    for found in _clock().finditer(text):
        mark = found[0][found.start("H") - found.start() :][len(found["H"]) : len(found["H"]) + 1]
        if mark == "." and not (found["led"] or found["dotted"] or found["last"] or found["first"] or bare_dot):
            continue
        half = (found["first"] or found["last"] or "").strip()
        if found["M"] is None and not half and mark not in "時时点點시":
            continue
        hour = int(found["H"])
        if half and _is("evening").match(half):
            hour = hour % HALF_MARKS + HALF_MARKS
        elif half and _is("morning").match(half):
            hour = hour % HALF_MARKS
        precision: Precision = "second" if found["S"] else "minute" if found["M"] else "hour"
        return hour, int(found["M"] or 0), int(found["S"] or 0), precision
    return None


def zone(text: str) -> timezone | None:
    """A zone by its offset or its usual short name; None where it is neither."""
    known = named_offsets().get(text.strip().lower())
    if known is not None:
        return timezone(timedelta(hours=known))
    found = OFFSET.match(text.strip())
    if not found:
        return None
    minutes = int(found["h"]) * 60 + int(found["m"] or 0)
    return timezone(timedelta(minutes=-minutes if found["sign"] == "-" else minutes)) if minutes < 24 * 60 else None


def zone_in(text: str, at: datetime | None = None) -> timezone | None:
    """The zone that a line names: "WIB", "GMT+7", or, where the day is known, "Europe/Berlin"."""
    for word in ZONE_WORD.findall(text):
        if word.lower() in named_offsets():
            tail = OFFSET_AT.match(text[text.index(word) + len(word) :])
            return (zone(tail[1]) if tail else None) or zone(word)
    place = PLACE.search(text) if at is not None else None
    if place is None or at is None:
        return None
    try:
        gone = at.replace(tzinfo=ZoneInfo(place[1])).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return timezone(gone) if gone is not None else None
