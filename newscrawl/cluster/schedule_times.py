"""Says when a site is due: by a cron expression or an interval, each site at a place of its own within it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from croniter import CroniterBadCronError, croniter

SPREAD = 0.1
"""Share of the time between two runs over which the sites are spread, so that a full hour does not start them all."""
CRON_SPREAD = 300.0
"""Seconds at most that a site with a cron expression may be late for the sake of the spread."""
LEAST = 60.0
MOST = 366 * 86400.0
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LENGTH = re.compile(r"(?:\d{1,6}[smhdw])+\Z")
PIECE = re.compile(r"(\d{1,6})([smhdw])")


class ScheduleError(ValueError):
    """A rhythm that cannot be: says what was given, and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a site is crawled: a cron expression of five fields in UTC, or seconds between two runs.

    jitter: share of the time between two runs over which the sites are spread.
    """

    cron: str | None = None
    every: float | None = None
    jitter: float = SPREAD


def seconds(text: str) -> float:
    """A length of time as people write it.

    Raises:
        ScheduleError: it is none, or below a minute, or above a year.

    >>> seconds("90m"), seconds("1h30m"), seconds("1d")
    (5400.0, 5400.0, 86400.0)
    """
    plain = text.strip().lower()
    if not LENGTH.match(plain):
        raise ScheduleError(f"{text!r} is no length of time: write it as 15m, 1h30m or 2d")
    total = float(sum(int(number) * UNITS[unit] for number, unit in PIECE.findall(plain)))
    if not LEAST <= total <= MOST:
        raise ScheduleError(f"{text!r}: from one minute to a year")
    return total


def rhythm(*, cron: str | None = None, every: float | None = None, jitter: float = SPREAD) -> Rhythm:
    """A rhythm, checked: exactly one of the two.

    Raises:
        ScheduleError: none or both, a jitter that is no share, no cron
            expression of five fields, or one that never comes (30 February).
    """
    if not 0 <= jitter <= 0.5:
        raise ScheduleError(f"jitter {jitter:g}: a share of the time between two runs, from 0 to 0.5")
    if (cron is None) == (every is None):
        raise ScheduleError("give a cron expression or an interval, one of the two")
    if every is not None:
        if not LEAST <= every <= MOST:
            raise ScheduleError(f"every {every:g} s: from one minute to a year")
        return Rhythm(every=every, jitter=jitter)
    assert cron is not None
    fields = " ".join(cron.split())
    if len(fields.split(" ")) != 5 and not fields.startswith("@"):
        raise ScheduleError(f"{cron!r}: five fields: minute hour day month weekday, such as '17 * * * *'")
    try:
        croniter(fields, datetime(2026, 1, 1, tzinfo=UTC)).get_next(datetime)
    except (CroniterBadCronError, ValueError) as error:
        raise ScheduleError(f"{cron!r} is no cron expression: {error}") from error
    return Rhythm(cron=fields, jitter=jitter)


def place(site: str) -> float:
    """Where a site stands within any spread: from 0 up to 1, the same on every machine and in every year."""
    return int.from_bytes(sha256(site.encode()).digest()[:6]) / 2**48


def slot(kept: Rhythm, after: datetime) -> datetime:
    """The next moment of a rhythm, before any spread."""
    if kept.every is not None:
        return after + timedelta(seconds=kept.every)
    assert kept.cron is not None
    found: datetime = croniter(kept.cron, after).get_next(datetime)
    return found


def gap(kept: Rhythm, after: datetime) -> float:
    """Seconds between the next two moments of a rhythm."""
    first = slot(kept, after)
    return (slot(kept, first) - first).total_seconds()


def following(kept: Rhythm, after: datetime, site: str) -> datetime:
    """When a site that has just run is due again.

    An interval lasts between 95 and 105 hundredths of itself with the usual jitter: always the same for a
    site, so that sites that began together drift apart. A cron expression is kept to, and at most five minutes late.

    >>> now = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    >>> 3420 <= (following(Rhythm(every=3600), now, "mdr") - now).total_seconds() <= 3780
    True
    >>> str(following(Rhythm(cron="0 6 * * *"), now, "mdr"))[:12]
    '2026-05-05 0'
    """
    if kept.every is not None:
        return after + timedelta(seconds=kept.every * (1 + kept.jitter * (place(site) - 0.5)))
    late = place(site) * min(kept.jitter * gap(kept, after), CRON_SPREAD)
    return slot(kept, after - timedelta(seconds=late)) + timedelta(seconds=late)


def caught_up(kept: Rhythm, now: datetime, site: str) -> datetime:
    """When a site that fell due while nobody was there to see it runs: once, and not all sites at once."""
    return now + timedelta(seconds=place(site) * kept.jitter * gap(kept, now))
