"""Reads moments: machine dates at once, people's dates and relative times with the date library, behind a gate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache

from newscrawl import rulebook
from newscrawl.model import Moment, Precision

ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{2})(?:-(?P<d>\d{2}))?"
    r"(?:[T\s]\s?(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d{1,9})?)?\s?(?P<z>Z|[A-Z]{3,4}|(?:GMT|UTC)?[+-]\d{1,2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
BASIC = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<z>Z|[+-]\d{2}:?\d{2})?)?\Z"
)
NUMERIC = re.compile(
    r"(?<!\d)(?P<a>\d{1,4})(?P<s>[./\-\s年년]{1,3})\s?(?P<b>\d{1,2})(?:(?P=s)|[.月월]\s{0,2})\s?(?P<c>\d{1,4})(?!\d)"
)
CLOCK = re.compile(
    r"(?<![\d.:/+-])(?P<H>[01]?\d|2[0-3])(?::|h|時|시\s?|\.(?=\d{2}(?:\s*(?:uhr|wib|wita|wit)\b)))(?P<M>[0-5]\d)?(?::(?P<S>[0-5]\d))?\s*(?P<half>[ap]\.?\s?m\.?\b)?",
    re.IGNORECASE,
)
OFFSET = re.compile(r"(?:GMT|UTC)?\s?(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<m>\d{2})?\Z", re.IGNORECASE)
OFFSET_AT = re.compile(r"\s?([+-]\d{1,2}(?::?\d{2})?)")
ZONE_WORD = re.compile(r"\b([A-Z]{3,4})\b")
PARTS = re.compile(r"\s[|•·–—-]\s|,\s(?=\d{1,2}\.?\s)|:\s")
TRAILING_COUNT = re.compile(r"(?<=\D)\s+\d{1,6}\Z")
DIGITS = re.compile(r"\d+")
LETTERS = re.compile(r"[^\W\d_]")
DATED = re.compile(
    r"(?<![\d.:/])\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s(?:de\s)?[^\s\d,.|:]{2,14}\.?,?\s(?:de\s)?\d{4}(?!\d)"
    r"|(?<!\S)[^\s\d,.|:]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}(?!\d)"
)
ASIDE = re.compile(r"\((?=[^\W\d_])")  # "4 marzo 2026 (modifica il 4 marzo 2026 | 18:02)"
BUDDHIST = re.compile(r"(?<!\d)25[5-9]\d(?!\d)")
THAI = re.compile(r"[\u0e00-\u0e7f]")
EARLIEST, LATEST = 1990, 2100
LEADING_WORDS = 3
SHORT, LONG = 6, 90
MAX_CHARACTERS = 200
MONTH_FIRST = frozenset(("en-us", "en", "en-ph"))


def moment(raw: str, *, fetched: datetime | None = None, language: str | None = None) -> Moment | None:
    """The moment that a stretch of text names, or None. A text without a zone is taken as UTC.

    raw: a machine date, a date as people write it, or a time relative to `fetched` ("13 hours ago").
    language: BCP 47, as declared; helps to read month names and the order of day and month.

    >>> moment("2026-05-04T10:30+07:00").at.isoformat()
    '2026-05-04T10:30:00+07:00'
    >>> moment("13 jam lalu", fetched=datetime(2026, 5, 4, 20, tzinfo=UTC), language="id").at.hour
    7
    """
    text = " ".join(raw[:MAX_CHARACTERS].split())
    if not text:
        return None
    found = machine(text)
    if found is not None or len(text) > LONG:
        return found
    return _numeric(text, language) or _written(text, fetched, language)


def machine(raw: str) -> Moment | None:
    """A machine's date: ISO 8601 and its sloppy kin, RFC 5322, seconds or milliseconds since 1970."""
    text = raw[:MAX_CHARACTERS].strip()
    found = ISO.match(text) or BASIC.match(text)
    if found:
        return _from_parts(found, raw)
    if text.isdigit() and len(text) in (10, 13):
        at = datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
        return _sane(Moment(at=at, precision="second", raw=raw))
    if "," in text[:5] or text[:2].strip().isdigit():
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return (
            _sane(Moment(at=at if at.tzinfo else at.replace(tzinfo=UTC), precision="second", raw=raw))
            if text.count(":")
            else None
        )
    return None


def zoned(raw: str) -> bool:
    """Whether a machine date names its zone."""
    found = ISO.match(raw.strip()) or BASIC.match(raw.strip())
    return bool(found["z"]) if found else True


def _from_parts(found: re.Match[str], raw: str) -> Moment | None:
    part = found.groupdict()
    precision: Precision = "month" if not part["d"] else "day" if not part["H"] else "second" if part["S"] else "minute"
    try:
        at = datetime(
            int(part["y"]), int(part["m"]), int(part["d"] or 1), int(part["H"] or 0), int(part["M"] or 0),
            int(part["S"] or 0), tzinfo=zone(part["z"] or "") or UTC,
        )  # fmt: skip
    except ValueError:
        return None
    return _sane(Moment(at=at, precision=precision, raw=raw))


def _sane(found: Moment) -> Moment | None:
    return found if EARLIEST <= found.at.year < LATEST else None


@cache
def _named_offsets() -> Mapping[str, float]:
    hours = rulebook.table("reading/zones")["hours"]
    return {str(name): float(value) for name, value in hours.items()} if isinstance(hours, dict) else {}


def zone(text: str) -> timezone | None:
    """A zone by its offset or its usual short name; None where it is neither."""
    known = _named_offsets().get(text.strip().lower())
    if known is not None:
        return timezone(timedelta(hours=known))
    found = OFFSET.match(text.strip())
    if not found:
        return None
    minutes = int(found["h"]) * 60 + int(found["m"] or 0)
    return timezone(timedelta(minutes=-minutes if found["sign"] == "-" else minutes)) if minutes < 24 * 60 else None


def _clock(text: str) -> tuple[int, int, int, Precision] | None:
    found = CLOCK.search(text)
    if not found or (found["M"] is None and not found["half"] and "時" not in found[0] and "시" not in found[0]):
        return None
    hour, half = int(found["H"]), (found["half"] or "").lower()[:1]
    hour = hour % 12 + 12 if half == "p" else hour % 12 if half == "a" else hour
    return (
        hour,
        int(found["M"] or 0),
        int(found["S"] or 0),
        "second" if found["S"] else "minute" if found["M"] else "hour",
    )


def _numeric(text: str, language: str | None) -> Moment | None:
    """Dates in digits: 22.04.2024, 06:00 · 2026/01/29 18:40 · 2025年1月13日 21時37分 · 05/04/2025."""
    found = NUMERIC.search(text)
    if not found or (LETTERS.search(found["s"]) and len(found["a"]) != 4):
        return None
    first, second, third = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4:
        year, month, day = first, second, third
    elif len(found["c"]) in (2, 4) and len(found["a"]) <= 2:
        year = third if third > 99 else 2000 + third
        month_first = (language or "").lower() in MONTH_FIRST and "/" in found["s"] and first <= 12
        month, day = (first, second) if month_first or second > 12 else (second, first)
    else:
        return None
    rest = text[: found.start()] + " \0 " + text[found.end() :]
    clock = _clock(rest)
    hour, minute, second_, precision = clock or (0, 0, 0, "day")
    try:
        at = datetime(year, month, day, hour, minute, second_, tzinfo=_zone_in(rest) or UTC)
    except ValueError:
        return None
    return _sane(Moment(at=at, precision=precision, raw=text))


def _zone_in(text: str) -> timezone | None:
    for word in ZONE_WORD.findall(text):
        if word.lower() in _named_offsets():
            tail = OFFSET_AT.match(text[text.index(word) + len(word) :])
            return (zone(tail[1]) if tail else None) or zone(word)
    return None


def _written(text: str, fetched: datetime | None, language: str | None) -> Moment | None:
    """What the date library makes of people's words; only for short texts that hold a letter, and a digit or a base."""
    if not LETTERS.search(text) or (fetched is None and not DIGITS.search(text)):
        return None
    text = BUDDHIST.sub(lambda one: str(int(one[0]) - 543), text) if THAI.search(text) else text
    amid = _amid(text, language)
    if amid is not None:
        return amid
    parts = [one for one in PARTS.split(text) if DIGITS.search(one)]
    words = text.split(" ")
    later = [" ".join(words[at:]) for at in range(1, min(len(words) - 1, LEADING_WORDS + 1))]  # "Published on May 4 …"
    later = [one for one in later if DIGITS.search(one)]
    for one in dict.fromkeys((text, TRAILING_COUNT.sub("", text), *parts, *later)):
        if len(one) < SHORT - 2:
            continue
        found = _library(one, fetched or datetime(2000, 1, 1, tzinfo=UTC), _primary(language), fetched is not None)
        if found is not None:
            return replace(found, raw=text)
    return None


def _amid(text: str, language: str | None) -> Moment | None:
    """A day with its month's name and its year in the midst of other words, and the clock that stands behind it."""
    found = DATED.search(text)
    if found is None or found[0] == text:
        return None
    day = _library(found[0], datetime(2000, 1, 1, tzinfo=UTC), _primary(language), False)
    if day is None or day.precision != "day":
        return None
    rest = ASIDE.split(text[found.end() : found.end() + 40])[0]
    hour, minute, second, precision = _clock(rest) or (0, 0, 0, "day")
    at = day.at.replace(hour=hour, minute=minute, second=second, tzinfo=_zone_in(rest) or UTC)
    return replace(day, at=at, precision=precision, raw=text)


def _primary(language: str | None) -> str | None:
    return language.replace("_", "-").partition("-")[0].lower() if language else None


@lru_cache(maxsize=2000)
def _library(text: str, base: datetime, language: str | None, relative: bool) -> Moment | None:
    first = _ask(text, base, language)
    if first is None:
        return None
    moved = _ask(text, base - timedelta(days=400, minutes=17), language)
    if moved is not None and first - moved == timedelta(days=400, minutes=17):
        if not relative or first > base + timedelta(days=1):
            return None
        return Moment(at=first, precision=_grain(text, base - first), raw=text)
    clock = _clock(text)
    precision: Precision = clock[3] if clock else "day" if len(DIGITS.findall(text)) > 1 else "month"
    if not re.search(r"\d{4}|[०-९۰-۹٠-٩๐-๙]{4}|'\d\d", text):
        if moved is None or moved.year == first.year or not relative:
            return None  # no year, and the library guessed it
        if first > base + timedelta(days=2):
            first = first.replace(year=first.year - 1)
        precision = clock[3] if clock else "day"
    if not clock:
        first = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return _sane(Moment(at=first.replace(microsecond=0), precision=precision, raw=text))


def _grain(text: str, gone: timedelta) -> Precision:
    """How exact a relative time is: the unit that its number counts."""
    seconds = gone.total_seconds()
    number = int((DIGITS.findall(text) or ["1"])[0]) or 1
    units: tuple[tuple[float, Precision], ...] = (
        (1, "second"), (60, "minute"), (3600, "hour"), (86400, "day"), (7 * 86400, "day"),
    )  # fmt: skip
    for size, name in units:
        if abs(seconds - number * size) < 1:
            return name
    return (
        "minute"
        if seconds < 3600
        else "hour"
        if seconds < 86400
        else "day"
        if seconds < 27 * 86400
        else "month"
        if seconds < 360 * 86400
        else "year"
    )


def _ask(text: str, base: datetime, language: str | None) -> datetime | None:
    import warnings

    import dateparser

    settings = {
        "RELATIVE_BASE": base.astimezone(UTC).replace(tzinfo=None),
        "RETURN_AS_TIMEZONE_AWARE": True,
        "TIMEZONE": "UTC",
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        digits = bool(DIGITS.search(text))  # without one, asking every language costs a second and finds nothing
        asked: list[list[str] | None] = [[language] if language else ["en"], ["en"]]
        for languages in [*asked, None] if digits and language is None else asked:
            try:
                found = dateparser.parse(text, languages=languages, settings=settings)
            except (ValueError, OverflowError, TypeError, KeyError, RecursionError):
                continue
            if found is not None:
                return found
    return None
