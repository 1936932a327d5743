"""Names what the engine is asked for: two queues and a tick; jobs that are never tried again by the engine.

Procrastinate delivers each job to one worker, and keeps two jobs of one host from running at once; that is a courtesy.
What must hold is held by our own tables: the lease and its epoch, the schedule, the list of parts.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import procrastinate
from procrastinate import exceptions
from procrastinate.schema import SchemaManager

from newscrawl.cluster.database import ALIVE, CONNECT_SECONDS, Away, Connection, Database, checked

CRAWL, CLEAN, TICK = "crawl", "clean", "tick"
QUEUES = (CRAWL, CLEAN)
TASKS = {CRAWL: "newscrawl.crawl", CLEAN: "newscrawl.clean", TICK: "newscrawl.tick"}
STEP = re.compile(r"(\d+)\.(\d+)\.(\d+)_")
MANY = 200
"""Jobs put on the queue at once, after which the database is told."""
KEY = 7_355_609
"""Key of the advisory lock under which the engine's tables are made."""


def engine(url: str, *, connections: int = 4, wait: float = 10.0) -> procrastinate.App:
    """The engine on a database; open it before use. At most so many connections, and one that listens."""
    kept: dict[str, object] = {**ALIVE, "connect_timeout": CONNECT_SECONDS, "application_name": "newscrawl engine"}
    connector = procrastinate.PsycopgConnector(
        conninfo=checked(url), min_size=1, max_size=connections, timeout=wait, reconnect_timeout=wait, kwargs=kept
    )
    return procrastinate.App(connector=connector)


@contextlib.contextmanager
def asking(url: str) -> Iterator[procrastinate.App]:
    """The engine for a command that only puts jobs on its queues.

    Raises:
        Away: the database does not answer.
    """
    kept: dict[str, object] = {"connect_timeout": CONNECT_SECONDS, "application_name": "newscrawl"}
    connector = procrastinate.SyncPsycopgConnector(
        conninfo=checked(url), min_size=1, max_size=1, timeout=10.0, kwargs=kept
    )
    try:
        with procrastinate.App(connector=connector).open() as app:
            yield app
    except exceptions.ConnectorException as error:
        raise Away(f"the engine's database: {' '.join(str(error.__cause__ or error).split())}") from error


def job(app: procrastinate.App, queue: str, lock: str) -> procrastinate.jobs.JobDeferrer:
    """A job to be deferred: one may wait and one may run for each lock."""
    return app.configure_task(TASKS[queue], queue=queue, lock=f"{queue}:{lock}", queueing_lock=f"{queue}:{lock}")


def settle(connection: Connection) -> None:
    """Has the database look at the queue again after many jobs came at once.

    As long as it takes the queue for empty, each job that is fetched costs the square of those that wait: with 10,000
    of them 2 seconds, measured, instead of less than a thousandth of one; by itself it looks again within a minute.
    """
    connection.execute("ANALYZE procrastinate_jobs")


def once(app: procrastinate.App, site: str, host: str) -> bool:
    """Asks for a crawl now, whatever the schedule says; False where the host waits on the queue already."""
    try:
        job(app, CRAWL, host).defer(site=site, host=host, asked=True)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def _version(name: str) -> tuple[int, ...]:
    found = STEP.match(name)
    return tuple(int(part) for part in found.groups()) if found else ()


def prepare(database: Database) -> str:
    """Makes the engine's tables, or brings them to the engine that is installed here; its version.

    Raises:
        Away, Unready: as `Database.using`; `newscrawl cluster init` makes our own tables first.
    """
    here = ".".join(procrastinate.__version__.split(".")[:3])
    with database.transaction(lock_seconds=60.0) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (KEY,))
        found = connection.execute("SELECT version FROM engine_schema").fetchone()
        there = str(found[0]) if found else None
        if there is None:
            connection.execute(SchemaManager.get_schema().encode())
        else:
            for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
                if _version(f"{there}_") < _version(path.name) <= _version(f"{here}_"):
                    connection.execute(path.read_bytes())
        connection.execute(
            "INSERT INTO engine_schema (version) VALUES (%s) "
            "ON CONFLICT (one) DO UPDATE SET version = excluded.version",
            (here,),
        )
    return here
