"""Reads moments: machine dates at once, people's dates and relative times with the date library, behind a gate."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache

from newscrawl.model import Moment, Precision
from newscrawl.read import ago, calendars, clocks
from newscrawl.read.blocks import DENSE

ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2})(?!\d))?"
    r"(?:[T\s]\s?(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d{1,9})?)?\s?(?P<z>Z|[A-Z]{3,4}(?![a-z/])|(?:GMT|UTC)?[+-]\d{1,2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
BASIC = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<z>Z|[+-]\d{2}:?\d{2})?)?\Z"
)
NUMERIC = re.compile(
    r"(?<!\d)(?P<a>\d{1,4})(?P<s>[./\-\s年년]{1,3})\s?(?P<b>\d{1,2})(?:(?P=s)|[.月월]\s{0,2})\s?(?P<c>\d{1,4})(?!\d)"
)
PARTS = re.compile(r"\s[|•·–—-]\s|,\s(?=\d{1,2}\.?\s)|:\s")
TRAILING_COUNT = re.compile(r"(?<=\D)\s+\d{1,6}\Z")
SHIFTED = re.compile(r"(?:GMT|UTC)\s?[+-]\d", re.IGNORECASE)  # which the mail library takes for GMT itself
DIGITS = re.compile(r"\d+")
LETTERS = re.compile(r"[^\W\d_]")
ASIDE = re.compile(r"\((?=[^\W\d_][^()]{8})")  # "4 marzo 2026 (modifica il 4 marzo 2026 | 18:02)"
BARE_COUNT = re.compile(r"\d+\s?[^\W\d_]+\.?\Z")  # "5 Minuten": how long to read
WORD = re.compile(r"[^\W\d_]{3}")
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
    plain = _plain(text)
    numeric = _numeric(plain, language)
    return replace(numeric, raw=text) if numeric is not None else _written(plain, text, fetched, language)


def _plain(text: str) -> str:
    """A line with the digits of any script as ASCII, Japanese years as ours, and marks of an era left out."""
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
        text = calendars.era(text)
    return text


def machine(raw: str) -> Moment | None:
    """A machine's date: ISO 8601 and its sloppy kin, RFC 5322, seconds or milliseconds since 1970."""
    text = raw[:MAX_CHARACTERS].strip()
    found = ISO.match(text) or BASIC.match(text)
    if found:
        return _from_parts(found, raw, text[found.end() :])
    if text.isdigit() and len(text) in (10, 13):
        at = datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
        return _sane(Moment(at=at, precision="second", raw=raw))
    if ("," in text[:5] or text[:2].strip().isdigit()) and not SHIFTED.search(text):
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


def _from_parts(found: re.Match[str], raw: str, rest: str) -> Moment | None:
    part = found.groupdict()
    precision: Precision = "month" if not part["d"] else "day" if not part["H"] else "second" if part["S"] else "minute"
    year, month, day = int(part["y"]), int(part["m"]), int(part["d"] or 1)
    try:
        if not part["H"] and rest and year >= EARLIEST:
            return _timed(raw, date(year, month, day), (rest, ""), bare_dot=False) if part["d"] else None
        at = datetime(year, month, day, int(part["H"] or 0), int(part["M"] or 0), int(part["S"] or 0), tzinfo=UTC)
    except ValueError:
        return None
    zone = clocks.zone(part["z"] or "") or clocks.zone_in(rest, at) or UTC
    return _sane(Moment(at=at.replace(tzinfo=zone), precision=precision, raw=raw))


def _sane(found: Moment) -> Moment | None:
    return found if EARLIEST <= found.at.year < LATEST else None


@cache
def _worded() -> re.Pattern[str]:
    """Dates in digits with words between them: "ngày 4 tháng 5 năm 2026", "2026 оны 5 сарын 4"."""
    word = rf"\s?(?:{'|'.join(map(re.escape, calendars.joints()))})\s{{0,2}}"
    return re.compile(
        rf"(?<!\d)(?P<a>\d{{1,4}})(?P<s>{word})(?P<b>\d{{1,2}}){word}(?P<c>\d{{1,4}})(?!\d)", re.IGNORECASE
    )


def _numeric(text: str, language: str | None) -> Moment | None:
    """Dates in digits: 22.04.2024, 06:00 · 2026/01/29 18:40 · 2025年1月13日 21時37分 · 05/04/2025 · ۱۴۰۵/۰۲/۱۴."""
    found = NUMERIC.search(text) or _worded().search(text)
    if found and LETTERS.search(found["s"]) and 4 not in (len(found["a"]), len(found["c"])):
        return None  # "5月4日 10:30"
    if not found or (found["s"].isspace() and not found[0][found.end("b") - found.start() :][:1].isspace()):
        return None  # "2026 10.30" is a year and a time
    first, second, third = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4:
        year, month, day = first, second, third
    elif len(found["c"]) in (2, 4) and len(found["a"]) <= 2:
        year = third if third > 99 else 2000 + third
        month_first = (language or "").lower() in MONTH_FIRST and "/" in found["s"] and first <= 12
        month, day = (first, second) if month_first or second > 12 else (second, first)
    else:
        return None
    calendar = calendars.numbered_calendar(_primary(language), year) or "gregorian"
    on = calendars.in_calendar(calendar, year, month, day)
    return _timed(text, on, _rest(text, found.start(), found.end()), bare_dot=False) if on is not None else None


def _rest(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands behind a date, up to the next date or aside, and what stands before it."""
    behind = ASIDE.split(text[end : end + 60])[0]
    other = NUMERIC.search(behind)
    return behind[: other.start()] if other else behind, text[max(start - 40, 0) : start]


def _timed(text: str, day: date, rest: tuple[str, str], *, bare_dot: bool) -> Moment | None:
    """A day with the clock and the zone that stand beside it."""
    hour, minute, second, precision = next(
        (told for one in rest if (told := clocks.clock(one, bare_dot=bare_dot))), (0, 0, 0, "day")
    )
    at = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
    zone = next((found for one in rest if (found := clocks.zone_in(one, at))), UTC)
    return _sane(Moment(at=at.replace(tzinfo=zone), precision=precision, raw=text))


def _written(text: str, raw: str, fetched: datetime | None, language: str | None) -> Moment | None:
    """A day by its month's name, a time counted back, and else what the date library makes of people's words."""
    if not LETTERS.search(text):
        return None
    primary = _primary(language)
    day = calendars.named(text, primary) if DIGITS.search(text) else None
    found = _timed(text, day.day, _rest(text, day.start, day.end), bare_dot=True) if day else None
    if found is None and fetched is not None:
        found = ago.ago(text, fetched)
    return replace(found, raw=raw) if found is not None else _guessed(text, raw, fetched, primary)


def _guessed(text: str, raw: str, fetched: datetime | None, language: str | None) -> Moment | None:
    """Only for texts that hold a digit: without one the library takes a word such as "may" or "sat" for a day."""
    if not DIGITS.search(text):
        return None
    parts = [one for one in PARTS.split(text) if DIGITS.search(one)]
    words = text.split(" ")
    later = [" ".join(words[at:]) for at in range(1, min(len(words) - 1, LEADING_WORDS + 1))]  # "Published on May 4 …"
    later = [one for one in later if DIGITS.search(one)]
    for one in dict.fromkeys((text, TRAILING_COUNT.sub("", text), *parts, *later)):
        if len(one) < SHORT - 2 or BARE_COUNT.match(one) or not (WORD.search(one) or DENSE.search(one)):
            continue
        found = _library(one, fetched or datetime(2000, 1, 1, tzinfo=UTC), language, fetched is not None)
        if found is not None:
            return replace(found, raw=raw)
    return None


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
    clock = clocks.clock(text)
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
        asked: list[list[str] | None] = [[calendars.of_library(language)] if language else ["en"], ["en"]]
        for languages in [*asked, None] if digits and language is None else asked:
            try:
                found = dateparser.parse(text, languages=languages, settings=settings)
            except (ValueError, OverflowError, TypeError, KeyError, RecursionError):
                continue
            if found is not None:
                return found
    return None
