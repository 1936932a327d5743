"""Writes down each run of a crawl: that it began, how it ended, and what follows for its site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newscrawl.cluster import schedule
from newscrawl.cluster.database import Connection
from newscrawl.cluster.schedule_standing import Outcome, Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended. `code`: of the crawl, where it came to one."""

    outcome: Outcome
    code: int | None = None
    why: str = ""


def begin(connection: Connection, job: int, site: str, host: str, worker: str, epoch: int) -> None:
    """A crawl begins."""
    connection.execute(
        "INSERT INTO crawl_run (job, site, host, worker, epoch) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (job) DO NOTHING",
        (job, site, host, worker, epoch),
    )


def end(connection: Connection, job: int, site: str, ending: Ending, patience: Patience) -> bool:
    """A crawl ended; False where somebody has written down another end of it before."""
    done = connection.execute(
        "UPDATE crawl_run SET ended = clock_timestamp(), code = %s, outcome = %s, why = %s "
        "WHERE job = %s AND ended IS NULL",
        (ending.code, ending.outcome.value, ending.why, job),
    ).rowcount
    if done:
        schedule.record(connection, site, ending.outcome, code=ending.code, why=ending.why, patience=patience)
    return done == 1


def beat(
    connection: Connection,
    name: str,
    machine: str,
    pid: int,
    queues: Sequence[str],
    slots: int,
    doing: Sequence[str],
    engines: Sequence[int],
) -> None:
    """A worker lives. Its engine's own heartbeat ends as soon as it drains, so it is kept up from here."""
    connection.execute(
        "INSERT INTO worker (name, machine, pid, queues, slots, doing) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (name) DO UPDATE SET machine = excluded.machine, pid = excluded.pid, queues = excluded.queues, "
        "slots = excluded.slots, doing = excluded.doing, seen = clock_timestamp()",
        (name, machine, pid, list(queues), slots, list(doing)),
    )
    if engines:
        connection.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp() WHERE id = ANY(%s)", (list(engines),)
        )


def leave(connection: Connection, name: str) -> None:
    """A worker ended as it should."""
    connection.execute("DELETE FROM worker WHERE name = %s", (name,))
