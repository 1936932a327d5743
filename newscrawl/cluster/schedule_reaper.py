"""Ends jobs whose worker is gone: failed, never tried again by the engine; what follows is the schedule's to say.

A job is over when its worker has not been heard of for a while, or when it has been under way for longer than any
may, and nobody renews its lease: a worker that renews is alive, whatever the engine's heartbeat says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from newscrawl.cluster import schedule, work_runs
from newscrawl.cluster.database import Connection
from newscrawl.cluster.schedule_standing import Outcome, Patience
from newscrawl.cluster.work_engine import CLEAN, CRAWL, QUEUES
from newscrawl.cluster.work_runs import Ending

HEARTBEAT = 30.0
"""Seconds of silence after which a worker is taken for dead."""
LONGEST = 24 * 3600.0
"""Seconds after which a job is over whose worker lives, but which nobody renews."""
ATTEMPTS = 3
"""Times that a part may take its worker down before it is set aside."""
GONE = "its worker died with it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled:
    """A job whose worker is gone, as the engine has it."""

    job: int
    queue: str
    args: dict[str, Any]
    why: str


def stalled(connection: Connection, *, heartbeat: float = HEARTBEAT, longest: float = LONGEST) -> tuple[Stalled, ...]:
    """The jobs that are over without having ended, oldest first. A tick is none of them: the next makes up for it."""
    rows = connection.execute(
        "SELECT j.id, j.queue_name, j.args, w.id IS NULL OR w.last_heartbeat < clock_timestamp() - %s * interval '1 s' "
        "FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id "
        "LEFT JOIN crawl_run r ON r.job = j.id "
        "LEFT JOIN LATERAL (SELECT max(e.at) AS at FROM procrastinate_events e "
        "                   WHERE e.job_id = j.id AND e.type = 'started') began ON true "
        "WHERE j.status = 'doing' AND j.queue_name = ANY(%s) "
        "AND (w.id IS NULL OR w.last_heartbeat < clock_timestamp() - %s * interval '1 s' "
        "     OR began.at < clock_timestamp() - %s * interval '1 s') "
        "AND NOT EXISTS (SELECT FROM site_lease l WHERE l.host = r.host AND l.epoch = r.epoch "
        "                AND l.owner = r.worker AND l.expires_at > clock_timestamp()) ORDER BY j.id",
        (heartbeat, list(QUEUES), heartbeat, longest),
    ).fetchall()
    return tuple(
        Stalled(
            job=cast(int, job),
            queue=cast(str, queue),
            args=cast(dict[str, Any], args),
            why=GONE if silent else f"it ran for more than {longest:g} s",
        )
        for job, queue, args, silent in rows
    )


def let_go(connection: Connection, host: str, owner: str, epoch: int) -> None:
    """Ends the lease of a run that is proved to be over, so that nobody waits for it to run out."""
    connection.execute(
        "UPDATE site_lease SET owner = '', expires_at = clock_timestamp() "
        "WHERE host = %s AND owner = %s AND epoch = %s",
        (host, owner, epoch),
    )


def bury(connection: Connection, one: Stalled, patience: Patience) -> None:
    """Finishes a job as failed, and says what follows: once, whoever else buries it at the same time."""
    gone = connection.execute(
        "SELECT status = 'doing' FROM procrastinate_jobs WHERE id = %s FOR UPDATE", (one.job,)
    ).fetchone()
    if gone is not None and gone[0]:
        connection.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", (one.job,))
    elif gone is not None:
        return
    if one.queue == CRAWL:
        site, ending = str(one.args.get("site")), Ending(outcome=Outcome.STALLED, why=one.why)
        if not _begun(connection, one.job):
            schedule.record(connection, site, Outcome.STALLED, why=one.why, patience=patience)
        else:
            work_runs.end(connection, one.job, site, ending, patience)
    elif one.queue == CLEAN:
        connection.execute(
            "UPDATE clean_part SET state = CASE WHEN attempts >= %s THEN 'failed' ELSE 'todo' END, job = NULL, "
            "reason = %s, changed = clock_timestamp() WHERE run = %s AND part = %s AND job = %s AND state = 'doing'",
            (ATTEMPTS, one.why, one.args.get("run"), one.args.get("part"), one.job),
        )


def _begun(connection: Connection, job: int) -> bool:
    return connection.execute("SELECT 1 FROM crawl_run WHERE job = %s", (job,)).fetchone() is not None
