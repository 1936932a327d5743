"""Cleans corpora over the workers: the list of parts, the queue, the wait until all is done, the sums at the end."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import procrastinate
from procrastinate import exceptions

from newscrawl.bulk import Part
from newscrawl.cluster import bulk_parts, schedule_reaper
from newscrawl.cluster.bulk_parts import Totals
from newscrawl.cluster.database import Away, Database
from newscrawl.cluster.schedule_standing import Patience
from newscrawl.cluster.work_engine import CLEAN, MANY, asking, job, settle

LOOK = 0.5
REAP = 5.0
LEFT = 3600.0
"""Seconds after which a file that nobody finished is taken for left behind."""
BATCH = 500


def run_of(parts: Iterable[Part]) -> str:
    """The name of a run: the same parts are the same run, so that it goes on where it was."""
    names = "\n".join(sorted(part.final for part in parts))
    return hashlib.sha256(names.encode()).hexdigest()[:12]


def sweep(folder: Path, *, now: float, older: float = LEFT) -> int:
    """Removes what dead workers left half written (`*.tmp.*`), an hour after it was last written; how many."""
    removed = 0
    for path in folder.glob("*.tmp*"):
        try:
            if now - path.stat().st_mtime > older:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed


def enqueue(app: procrastinate.App, run: str, parts: Sequence[str]) -> int:
    """Puts parts on the queue; those that wait there already are left as they are."""
    put = 0
    for start in range(0, len(parts), BATCH):
        some = parts[start : start + BATCH]
        try:
            jobs = [
                job(app, CLEAN, f"{run}:{part}").job.evolve(task_kwargs={"run": run, "part": part}) for part in some
            ]
            app.job_manager.batch_defer_jobs(jobs)
            put += len(some)
        except exceptions.AlreadyEnqueued:
            put += sum(_put(app, run, part) for part in some)
    return put


def _put(app: procrastinate.App, run: str, part: str) -> bool:
    try:
        job(app, CLEAN, f"{run}:{part}").defer(run=run, part=part)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def clean(
    url: str,
    parts: Sequence[Part],
    *,
    told: Callable[[Totals], None] = lambda totals: None,
    run: str | None = None,
    heartbeat: float = schedule_reaper.HEARTBEAT,
    wait: bool = True,
) -> Totals:
    """Has the workers clean parts, and waits for all of them; where the run stands in the end.

    Killed, and called again with the same parts, it goes on where it was. `told` is called with the state of the run,
    twice a second. `wait=False` only puts the parts on the queue.

    Raises:
        Away: the database does not answer at the start; later it is waited for.
        Unready: `newscrawl cluster init` was not run.
    """
    name = run or run_of(parts)
    database = Database(url, name="newscrawl clean")
    try:
        with database.transaction() as connection:
            bulk_parts.plan(connection, name, parts)
        for folder in {Path(part.final).parent for part in parts}:
            sweep(folder, now=time.time())
        while True:
            try:
                with asking(url) as app:
                    return _wait(app, database, name, told, heartbeat, wait)
            except Away:
                time.sleep(2 * LOOK)
    finally:
        database.close()


def _wait(
    app: procrastinate.App,
    database: Database,
    run: str,
    told: Callable[[Totals], None],
    heartbeat: float,
    wait: bool,
) -> Totals:
    reaped = time.monotonic()
    while True:
        with database.transaction() as connection:
            missing = bulk_parts.waiting(connection, run)
            found = bulk_parts.totals(connection, run)
        if enqueue(app, run, missing) >= MANY:
            with database.transaction() as connection:
                settle(connection)
        told(found)
        if not wait or not (found.todo or found.doing):
            return found
        if time.monotonic() - reaped > REAP:
            reaped = time.monotonic()
            _reap(database, heartbeat)
        time.sleep(LOOK)


def _reap(database: Database, heartbeat: float) -> None:
    """Gives back the parts of dead workers, where no schedule runs that would."""
    with database.transaction() as connection:
        over = [one for one in schedule_reaper.stalled(connection, heartbeat=heartbeat) if one.queue == CLEAN]
    for one in over:
        with database.transaction() as connection:
            schedule_reaper.bury(connection, one, Patience())
