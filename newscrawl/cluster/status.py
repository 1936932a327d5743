"""Looks at the whole cluster at one moment: hosts and who holds them, how late sites are, runs, workers, queues."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from newscrawl.cluster.database import Connection

SILENT = 30.0
"""Seconds after which a worker that says nothing is called silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """A site. `lag`: seconds by which it is overdue, or 0; `outcome`, `why`, `took` (seconds) are of its last run."""

    site: str
    host: str
    rhythm: str
    next_due: datetime | None
    lag: float
    fails: int
    last_run: datetime | None
    last_ok: datetime | None
    last_code: int | None
    outcome: str | None
    why: str
    took: float | None
    disabled: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseLine:
    """A host that somebody holds; `left`: seconds, negative where the lease ran out."""

    host: str
    owner: str
    epoch: int
    left: float
    site: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLine:
    """A worker; `silent`: seconds since it was heard of."""

    name: str
    machine: str
    pid: int
    queues: tuple[str, ...]
    slots: int
    began: datetime
    silent: float
    doing: tuple[str, ...]

    @property
    def lives(self) -> bool:
        """Whether it was heard of lately."""
        return self.silent <= SILENT


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A queue: jobs waiting, under way, failed in the last week; `oldest`: seconds that the first has waited."""

    queue: str
    todo: int
    doing: int
    failed: int
    oldest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkLine:
    """A bulk run that is not a week old: parts by state, rows done."""

    run: str
    parts: int
    todo: int
    doing: int
    done: int
    failed: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The cluster at one moment of its database's clock. `ticked`: seconds since the schedule last ticked."""

    at: datetime
    ticked: float | None
    sites: tuple[SiteLine, ...]
    leases: tuple[LeaseLine, ...]
    workers: tuple[WorkerLine, ...]
    queues: tuple[QueueLine, ...]
    bulk: tuple[BulkLine, ...]

    @property
    def lag(self) -> float:
        """Seconds by which the site that has waited longest is overdue."""
        return max((one.lag for one in self.sites), default=0.0)

    @property
    def disabled(self) -> tuple[SiteLine, ...]:
        """The sites that nobody tries any more."""
        return tuple(one for one in self.sites if one.disabled)

    def as_record(self) -> dict[str, Any]:
        """As JSON has it: times in ISO 8601, UTC."""
        found = asdict(self)
        found["lag"] = self.lag
        made: dict[str, Any] = _plain(found)
        return made


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return round(value, 3) if isinstance(value, float) else value


SITES = """
SELECT s.site, s.host, coalesce(s.cron, s.interval_s::bigint || ' s', ''), s.next_due,
       CASE WHEN s.disabled_reason IS NULL AND s.next_due < clock_timestamp()
            THEN extract(epoch FROM clock_timestamp() - s.next_due)::float8 ELSE 0 END,
       s.fails, s.last_run, s.last_ok, s.last_code,
       CASE WHEN r.began IS NOT NULL AND r.ended IS NULL THEN 'under way' ELSE r.outcome END, coalesce(r.why, ''),
       extract(epoch FROM r.ended - r.began)::float8, s.disabled_reason
FROM site_schedule s LEFT JOIN LATERAL (
    SELECT outcome, why, began, ended FROM crawl_run r WHERE r.site = s.site ORDER BY began DESC LIMIT 1) r ON true
ORDER BY s.disabled_reason IS NULL, 5 DESC, s.fails DESC, s.next_due NULLS FIRST, s.site
"""
LEASES = """
SELECT l.host, l.owner, l.epoch, extract(epoch FROM l.expires_at - clock_timestamp())::float8, r.site
FROM site_lease l LEFT JOIN LATERAL (
    SELECT site FROM crawl_run r WHERE r.host = l.host AND r.epoch = l.epoch AND r.ended IS NULL LIMIT 1) r ON true
WHERE l.owner <> '' ORDER BY l.host
"""
WORKERS = """
SELECT name, machine, pid, queues, slots, began, extract(epoch FROM clock_timestamp() - seen)::float8, doing
FROM worker ORDER BY name
"""
QUEUES = """
SELECT j.queue_name, count(*) FILTER (WHERE j.status = 'todo'), count(*) FILTER (WHERE j.status = 'doing'),
       count(*) FILTER (WHERE j.status = 'failed'),
       coalesce(extract(epoch FROM clock_timestamp() - min(e.at) FILTER (WHERE j.status = 'todo'))::float8, 0)
FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.queue_name IN ('crawl', 'clean') GROUP BY 1 ORDER BY 1
"""
BULK = """
SELECT run, count(*), count(*) FILTER (WHERE state = 'todo'), count(*) FILTER (WHERE state = 'doing'),
       count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'failed'),
       coalesce(sum((result->>'rows')::bigint), 0)::bigint
FROM clean_part GROUP BY run HAVING max(changed) > now() - interval '7 days' ORDER BY max(changed) DESC
"""


def look(connection: Connection) -> Status:
    """The cluster now, in one transaction's view; troubled sites first: disabled, late, failing."""
    sites: list[Any] = connection.execute(SITES).fetchall()
    leases: list[Any] = connection.execute(LEASES).fetchall()
    workers: list[Any] = connection.execute(WORKERS).fetchall()
    queues: list[Any] = connection.execute(QUEUES).fetchall()
    bulk: list[Any] = connection.execute(BULK).fetchall()
    ticked: Any = connection.execute(
        "SELECT clock_timestamp(), extract(epoch FROM clock_timestamp() - last)::float8 FROM ticking"
    ).fetchone()
    return Status(
        at=ticked[0].astimezone(UTC),
        ticked=ticked[1],
        sites=tuple(SiteLine(**dict(zip(SiteLine.__slots__, row, strict=True))) for row in sites),
        leases=tuple(LeaseLine(**dict(zip(LeaseLine.__slots__, row, strict=True))) for row in leases),
        workers=tuple(
            WorkerLine(
                name=name,
                machine=machine,
                pid=pid,
                queues=tuple(names),
                slots=slots,
                began=began,
                silent=silent,
                doing=tuple(doing),
            )
            for name, machine, pid, names, slots, began, silent, doing in workers
        ),
        queues=tuple(QueueLine(**dict(zip(QueueLine.__slots__, row, strict=True))) for row in queues),
        bulk=tuple(BulkLine(**dict(zip(BulkLine.__slots__, row, strict=True))) for row in bulk),
    )
