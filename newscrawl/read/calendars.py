"""Reads days with the month's name, in the calendars and languages that papers write them in."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from newscrawl import rulebook

NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
ORDINAL = r"(?:st|nd|rd|th|er|º|ª|°|-?(?:го|ша|я)|ה)?"
DAY_BEFORE = re.compile(
    rf"(?<![\d:.])(\d{{1,2}}){ORDINAL}[.,،]?[\s\-–/]*(?:de\s|del\s|of\s|di\s|d[’']\s?)?\Z", re.IGNORECASE
)
YEAR_BEHIND = re.compile(r"[.,،]?[\s\-–/]*(?:de\s|del\s|di\s|d[’']\s?)?(\d{4})(?!\d)", re.IGNORECASE)
SHORT_YEAR = re.compile(r"[.,]?[\s\-–/]*(?:['’](\d\d)|(\d\d)(?=\s*(?:\Z|[,|]|\d{1,2}[:.]\d\d)))(?!\d)")
DAY_AND_YEAR = re.compile(rf"[.,]?\s*(\d{{1,2}}){ORDINAL}[,،.]?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})[.,]?\s*(?:[^\W\d_]{1,4}\.?\s)?(?:(\d{1,2})\.\s*)?\Z")
DAY_BEHIND = re.compile(r"[.,]?\s*(\d{1,2})(?![\d:])")
MONTH_LETTER = r"[^\W\d_]"
OLDEST = 1990
BUDDHA = 543
PERSIAN, HIJRI = "persian", "hijri"
OTHER_YEARS = {PERSIAN: range(1300, 1500), HIJRI: range(1400, 1501)}
DAYS_IN_33_YEARS = 12053
MONTHS = 12
SHORTEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A day that stands in a line with its month's name, and where: from its first to behind its last character."""

    day: date
    start: int
    end: int


def named(text: str, language: str | None) -> Named | None:
    """The first day of a line that is written with its month's name and its year; None where there is none.

    text: digits of ASCII, as `dates.moment` hands it on. language: its primary subtag.

    >>> named("Montag, 4. Mai 2026, 10.30 Uhr", "de").day
    datetime.date(2026, 5, 4)
    """
    pattern, numbers = _months(language or "en")
    for found in pattern.finditer(text):
        calendar, month = numbers[found[0].casefold().rstrip(".")]
        behind = text[found.end() :]
        before = text[max(found.start() - 24, 0) : found.start()]
        for year, day, start, length in _readings(before, behind):
            made = in_calendar(calendar, year, month, day)
            if made is not None:
                return Named(day=made, start=found.start() - start, end=found.end() + length)
    return None


def _readings(before: str, behind: str) -> list[tuple[int, int, int, int]]:
    """What could be year and day around a month's name, with how far they reach before and behind it."""
    found: list[tuple[int, int, int, int]] = []
    day = DAY_BEFORE.search(before)
    if day:
        for year in (YEAR_BEHIND.match(behind), SHORT_YEAR.match(behind)):
            if year:
                short = next(one for one in year.groups() if one)
                found.append((int(short), int(day[1]), len(before) - day.start(), year.end()))
    turned = DAY_AND_YEAR.match(behind)
    if turned:
        found.append((int(turned[2]), int(turned[1]), 0, turned.end()))
    first = YEAR_BEFORE.search(before)
    last = DAY_BEHIND.match(behind)
    if first and first[2]:
        found.append((int(first[1]), int(first[2]), len(before) - first.start(), 0))
    elif first and last:
        found.append((int(first[1]), int(last[1]), len(before) - first.start(), last.end()))
    return found


def in_calendar(calendar: str, year: int, month: int, day: int) -> date | None:
    """A day of the Gregorian (also with Buddhist years), Persian or Hijri calendar; None where there is no such day.

    >>> in_calendar("persian", 1405, 2, 14), in_calendar("hijri", 1447, 11, 17), in_calendar("gregorian", 2569, 5, 4)
    (datetime.date(2026, 5, 4), datetime.date(2026, 5, 4), datetime.date(2026, 5, 4))
    """
    try:
        if calendar == PERSIAN:
            return persian(year, month, day) if year in OTHER_YEARS[PERSIAN] else None
        if calendar == HIJRI:
            return _hijri(year, month, day) if year in OTHER_YEARS[HIJRI] else None
        year = year if year > 99 else year + (2000 if year < 60 else 2500)  # Thai papers write 69 for 2569
        return date(year - BUDDHA if 2500 < year < 2600 else year, month, day)
    except (ValueError, OverflowError):
        return None


def persian(year: int, month: int, day: int) -> date | None:
    """A day of the Persian calendar by its 33-year cycle, which holds for the years 1178 to 1633."""
    longest = 31 if month < 7 else 30
    if not (1 <= month <= MONTHS and 1 <= day <= longest):
        return None
    years = year - 979
    gone = 365 * years + years // 33 * 8 + (years % 33 + 3) // 4
    gone += (month - 1) * 31 - max(month - 7, 0) + day - 1
    return date(1600, 3, 20) + timedelta(days=gone)  # 1 Farvardin 979


def _hijri(year: int, month: int, day: int) -> date | None:
    from hijridate import Hijri  # Umm al-Qura: exact from 1343 to 1500

    found = Hijri(year, month, day).to_gregorian()
    return date(found.year, found.month, found.day)


def numbered_calendar(language: str | None, year: int) -> str | None:
    """The calendar of a date in digits, by its language and year: Persian and Arabic papers have their own years."""
    known = _table("digits").get(language or "", "")
    return str(known) if known and year in OTHER_YEARS.get(str(known), ()) else None


def era(text: str) -> str:
    """A line with Japanese years as years of our era ("令和8年" is 2026年), and without the name of an era."""
    for word in _rows("joints")["drop"]:
        text = text.replace(word, " ")
    return _era().sub(lambda one: str(int(_table("eras")[one[1]]) + (int(one[2]) if one[2].isdigit() else 1)), text)


@cache
def _era() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(map(re.escape, _table('eras')))})(\d{{1,2}}|元)(?=年)")  # 元年: the first year


@cache
def joints() -> tuple[str, ...]:
    """The words that stand between year, month and day in digits."""
    return tuple(_rows("joints")["between"])


@cache
def _table(name: str) -> Mapping[str, int | str]:
    found = rulebook.table("reading/calendars")[name]
    return dict(found) if isinstance(found, dict) else {}


def of_library(language: str) -> str:
    """The date library's name for a language."""
    return str(_table("languages").get(language, language))


@lru_cache(maxsize=64)
def _months(language: str) -> tuple[re.Pattern[str], Mapping[str, tuple[str, int]]]:
    """Every name of a month in a language and in English, and which calendar and month it is."""
    numbers: dict[str, tuple[str, int]] = {}
    for spoken in ("en", of_library(language), f"{language}-Latn"):
        for month, names in enumerate(_library_names(spoken), 1):
            numbers |= {name.casefold().rstrip("."): ("gregorian", month) for name in names if _is_name(name)}
    for calendar in ("gregorian", PERSIAN, HIJRI):
        for month, more in rulebook_months(calendar).items():
            for name in more:
                numbers.setdefault(name.casefold(), (calendar, month))
    longest = sorted(numbers, key=len, reverse=True)
    words = "|".join(re.escape(one) for one in longest)
    prefix = "ב?" if language in ("he", "iw") else ""
    pattern = rf"(?<!{MONTH_LETTER}){prefix}(?:{words})\.?(?!{MONTH_LETTER})"
    if prefix:
        numbers |= {f"ב{name}": value for name, value in list(numbers.items())}
    return re.compile(pattern, re.IGNORECASE), numbers


def _is_name(name: str) -> bool:
    return not any(one.isdigit() for one in name) and len(name) > (SHORTEST if name.isascii() else 1)


def rulebook_months(calendar: str) -> dict[int, tuple[str, ...]]:
    """The names of a calendar's months in rules/reading/calendars.toml, by number."""
    return {int(key): tuple(map(str, value)) for key, value in _rows(calendar).items()}


def _rows(name: str) -> dict[str, list[str]]:
    found = rulebook.table("reading/calendars")[name]
    return found if isinstance(found, dict) else {}


def _library_names(language: str) -> tuple[tuple[str, ...], ...]:
    try:
        module = importlib.import_module(f"dateparser.data.date_translation_data.{language}")
    except ImportError:
        return ()
    return tuple(tuple(module.info[name]) for name in NAMES)
