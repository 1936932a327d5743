"""Keeps the sites that are crawled, when each is due, and what became of its last runs, by the database's clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from newscrawl import sitebook
from newscrawl.cluster.database import Connection
from newscrawl.cluster.schedule_standing import Outcome, Patience, Standing, after
from newscrawl.cluster.schedule_times import Rhythm, ScheduleError, caught_up, following, place

COLUMNS = "site, host, cron, interval_s, jitter, next_due, fails, last_run, last_ok, last_code, disabled_reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site on the schedule. `site`: a site file's name, or the address of any aggregator."""

    site: str
    host: str
    rhythm: Rhythm
    next_due: datetime | None = None
    fails: int = 0
    last_run: datetime | None = None
    last_ok: datetime | None = None
    last_code: int | None = None
    disabled_reason: str | None = None


def host_of(site: str) -> str:
    """The host whose lease a site's crawl takes: of an address its own, of a site file the first.

    Raises:
        ScheduleError: no such site file, or an address without a host.
    """
    if "://" in site:
        parts = urlsplit(site)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ScheduleError(f"{site!r}: an address begins with https:// or http:// and a host")
        return parts.hostname
    found = next((one for one in sitebook.sites() if one.name == site), None)
    if found is None:
        raise ScheduleError(f"no site file named {site!r}: `scrapy list` shows those there are")
    return found.hosts[0]


def _site(row: Sequence[Any]) -> Site:
    site, host, cron, every, jitter, next_due, fails, last_run, last_ok, last_code, reason = row
    return Site(
        site=site,
        host=host,
        rhythm=Rhythm(cron=cron, every=every, jitter=jitter),
        next_due=next_due,
        fails=fails,
        last_run=last_run,
        last_ok=last_ok,
        last_code=last_code,
        disabled_reason=reason,
    )


def now(connection: Connection) -> datetime:
    """What the database's clock says."""
    found = connection.execute("SELECT clock_timestamp()").fetchone()
    assert found is not None
    return cast(datetime, found[0]).astimezone(UTC)  # cron expressions are read in UTC, wherever the server stands


def add(connection: Connection, site: str, kept: Rhythm, *, host: str | None = None) -> Site:
    """Puts a site on the schedule, or gives it another rhythm. A new one is due within a tenth of its interval."""
    where = host or host_of(site)
    moment = now(connection)
    due = caught_up(kept, moment, site) if kept.every is not None else following(kept, moment, site)
    row = connection.execute(
        "INSERT INTO site_schedule AS s (site, host, cron, interval_s, jitter, next_due) "  # noqa: S608
        "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (site) DO UPDATE SET "
        "host = excluded.host, cron = excluded.cron, interval_s = excluded.interval_s, "
        f"jitter = excluded.jitter, next_due = least(s.next_due, excluded.next_due) RETURNING {COLUMNS}",
        (site, where, kept.cron, kept.every, kept.jitter, due),
    ).fetchone()
    assert row is not None
    return _site(row)


def remove(connection: Connection, site: str) -> bool:
    """Takes a site off the schedule; False where it was not on it."""
    return connection.execute("DELETE FROM site_schedule WHERE site = %s", (site,)).rowcount == 1


def enable(connection: Connection, site: str) -> bool:
    """Lets a site be crawled again, at once; False where it is not on the schedule."""
    return (
        connection.execute(
            "UPDATE site_schedule SET disabled_reason = NULL, fails = 0, next_due = now() WHERE site = %s", (site,)
        ).rowcount
        == 1
    )


def disable(connection: Connection, site: str, reason: str) -> bool:
    """Has a site crawled no more; False where it is not on the schedule. A run under way ends as it would."""
    return (
        connection.execute("UPDATE site_schedule SET disabled_reason = %s WHERE site = %s", (reason, site)).rowcount
        == 1
    )


def listed(connection: Connection) -> tuple[Site, ...]:
    """Every site, the one that is due first before the others."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM site_schedule ORDER BY next_due NULLS FIRST, site").fetchall()  # noqa: S608
    return tuple(_site(row) for row in rows)


def of(connection: Connection, site: str, *, lock: bool = False) -> Site | None:
    """A site as the schedule holds it; `lock` keeps the row until the transaction ends."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM site_schedule WHERE site = %s" + (" FOR UPDATE" if lock else ""),  # noqa: S608
        (site,),
    ).fetchone()
    return _site(row) if row is not None else None


def due(connection: Connection, most: int = 500) -> tuple[Site, ...]:
    """The sites that are due and whose host does not wait on the queue, those that have waited longest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM site_schedule s WHERE disabled_reason IS NULL "  # noqa: S608
        "AND (next_due IS NULL OR next_due <= clock_timestamp()) "
        "AND NOT EXISTS (SELECT FROM procrastinate_jobs j "
        "                WHERE j.queueing_lock = 'crawl:' || s.host AND j.status = 'todo') "
        "ORDER BY next_due NULLS FIRST LIMIT %s",
        (most,),
    ).fetchall()
    return tuple(_site(row) for row in rows)


def dispatched(connection: Connection, sites: Iterable[Site], moment: datetime) -> None:
    """Notes that jobs for some sites wait: when each is due if nobody tells of its end."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE site_schedule SET next_due = %s WHERE site = %s AND next_due IS NOT DISTINCT FROM %s",
            [(following(one.rhythm, moment, one.site), one.site, one.next_due) for one in sites],
        )


def catch_up(connection: Connection, moment: datetime) -> int:
    """Spreads what fell due while nobody ticked: each site once, over a tenth of its interval; how many there were."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM site_schedule WHERE disabled_reason IS NULL AND next_due <= %s FOR UPDATE",  # noqa: S608
        (moment,),
    ).fetchall()
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE site_schedule SET next_due = %s WHERE site = %s",
            [(caught_up(one.rhythm, moment, one.site), one.site) for one in map(_site, rows)],
        )
    return len(rows)


def record(
    connection: Connection,
    site: str,
    outcome: Outcome,
    *,
    code: int | None = None,
    why: str = "",
    patience: Patience | None = None,
    chance: float | None = None,
) -> Site | None:
    """Writes down how a run ended, and so when the site is due again; None where it is off the schedule by now."""
    found = of(connection, site, lock=True)
    if found is None:
        return None
    moment = now(connection)
    was = Standing(
        fails=found.fails,
        next_due=found.next_due or moment,
        last_ok=found.last_ok,
        disabled_reason=found.disabled_reason,
    )
    share = place(f"{site} {moment.isoformat()}") if chance is None else chance
    stands = after(was, outcome, found.rhythm, site=site, now=moment, chance=share, why=why, patience=patience)
    row = connection.execute(
        "UPDATE site_schedule SET next_due = %s, fails = %s, last_ok = %s, last_run = %s, last_code = %s, "  # noqa: S608
        f"disabled_reason = %s WHERE site = %s RETURNING {COLUMNS}",
        (stands.next_due, stands.fails, stands.last_ok, moment, code, stands.disabled_reason, site),
    ).fetchone()
    return _site(row) if row is not None else None
