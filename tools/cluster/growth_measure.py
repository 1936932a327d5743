"""Measures what each part of a cluster costs on this machine, with a PostgreSQL server of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable

import psycopg

from newscrawl.cluster import schedule
from newscrawl.cluster.database import Database, connect
from newscrawl.cluster.lease import Leases
from newscrawl.cluster.postgres_slots import CLAIM
from newscrawl.cluster.work_engine import asking, job, prepare, settle
from tools.cluster import server
from tools.cluster.growth import Costs
from tools.cluster.sites import Sites
from tools.cluster.working import ROOT

AT_ONCE = 6
SECONDS = 4.0
MILLION = 1_000_000


def _rate(make: Callable[[int], Callable[[], object]], seconds: float = SECONDS) -> float:
    """How often a second some threads, each with a connection of its own, can do a thing."""
    counts = [0] * AT_ONCE
    over = time.monotonic() + seconds

    def work(number: int) -> None:
        do = make(number)
        while time.monotonic() < over:
            do()
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(AT_ONCE)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def _renewals(url: str) -> float:
    def make(number: int) -> Callable[[], object]:
        leases = Leases(url)
        lease = leases.take(f"renew{number}.test", "growth")
        assert lease is not None
        return lambda: leases.renew(lease)

    return _rate(make)


def _turns(url: str) -> float:
    def make(number: int) -> Callable[[], object]:
        connection = connect(url)
        said = {"host": f"turn{number}.test", "delay": 0.0, "far": 300.0}
        return lambda: connection.execute(CLAIM.encode(), said).fetchone()

    return _rate(make)


def _jobs(url: str, waiting: int = 10_000) -> float:
    """A job's way from the queue to its end, while many others wait there."""
    with asking(url) as app:
        made = [job(app, "crawl", f"j{number}.test").job for number in range(waiting)]
        for start in range(0, waiting, 1000):
            app.job_manager.batch_defer_jobs(made[start : start + 1000])
    with psycopg.connect(url, autocommit=True) as connection:
        settle(connection)
        row = connection.execute("SELECT worker_id FROM procrastinate_register_worker_v1()").fetchone()
        assert row is not None

    def make(number: int) -> Callable[[], object]:
        connection = connect(url)

        def once() -> None:
            taken = connection.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['crawl'], %s)", row).fetchone()
            assert taken is not None
            connection.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", taken)

        return once

    return _rate(make)


def _rows(url: str) -> tuple[float, float]:
    """Rows a second in batches of fifty that prove their epoch first; bytes of a row among a million."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO stored (stream, id, story, version, site, number) SELECT 'articles', md5(n::text), "
            "md5((n / 2)::text), left(md5(n::text), 16), 'site' || n %% 1000, n / 5000 FROM generate_series(1, %s) n",
            (MILLION,),
        )
        connection.execute("VACUUM ANALYZE stored")
        size = connection.execute("SELECT pg_total_relation_size('stored')::float8 / count(*) FROM stored").fetchone()
        assert size is not None

    def make(number: int) -> Callable[[], object]:
        connection = connect(url)
        lease = Leases(url).take(f"rows{number}.test", "growth")
        assert lease is not None
        count = 0

        def batch() -> None:
            nonlocal count
            count += 1
            with connection.transaction():
                connection.execute(
                    "SELECT 1 FROM site_lease WHERE host = %s AND epoch = %s FOR SHARE", (lease.host, lease.epoch)
                )
                connection.execute(
                    "INSERT INTO stored (stream, id, story, version, site, number) "
                    "SELECT 'articles', %s || n, %s || n, 'v', 's', 1 FROM generate_series(1, 50) n "
                    "ON CONFLICT DO NOTHING RETURNING id",
                    (f"{number}-{count}-", f"{number}-{count}-"),
                ).fetchall()

        return batch

    return 50 * _rate(make), float(size[0])


def _schedule(url: str) -> tuple[float, float]:
    """Seconds to put one site that is due on the queue; seconds for a look at a million of which five hundred are."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE procrastinate_jobs CASCADE")
        connection.execute(
            "INSERT INTO site_schedule (site, host, interval_s, next_due) SELECT 'http://h' || n || '.test/', "
            "'h' || n || '.test', 3600, now() + (n - 500) * interval '3.6 ms' FROM generate_series(1, %s) n",
            (MILLION,),
        )
        connection.execute("UPDATE site_schedule SET next_due = next_due + interval '1 h' WHERE next_due > now()")
        connection.execute("VACUUM ANALYZE site_schedule")
        began = time.monotonic()
        due = schedule.due(connection)
        look = time.monotonic() - began
        moment = schedule.now(connection)
        began = time.monotonic()
        with asking(url) as app:
            for one in due:
                job(app, "crawl", one.host).defer(site=one.site, host=one.host)
        schedule.dispatched(connection, due, moment)
        return (time.monotonic() - began) / len(due), look


def _crawl(stories: int) -> tuple[float, float]:
    """Processor seconds and megabytes of a crawl of so many stories."""
    with Sites(1, stories=stories, size=40_000) as served, tempfile.TemporaryDirectory() as folder:
        flags = [word for one in served.settings(delay=0.0) for word in ("-s", one)]
        words = [sys.executable, "-m", "scrapy", "crawl", "aggregator", "-a", f"url={served.address(served.hosts[0])}"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [*words, "-s", f"NEWSCRAWL_ARCHIVE={folder}/data", *flags], cwd=ROOT, check=True, timeout=300,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "NEWSCRAWL_INDEX": ""},
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, after.ru_maxrss / 1024


def measured() -> Costs:
    """The costs on this machine; a minute or two. fsync is on, as in a database that is to be trusted.

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """
    few, _ = _crawl(2)
    many, memory = _crawl(52)
    page = (many - few) / 50
    with server.running() as running:
        with psycopg.connect(running.url(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = on")
            connection.execute("SELECT pg_reload_conf()")
        url = running.database()
        database = Database(url)
        prepare(database)
        database.close()
        renewals, turns, jobs = _renewals(url), _turns(url), _jobs(url)
        rows, row = _rows(url)
        dispatch, look = _schedule(url)
    return Costs(
        renewals=round(renewals),
        turns=round(turns),
        jobs=round(jobs),
        rows=round(rows),
        dispatch=round(dispatch, 5),
        look=round(look, 4),
        row=round(row),
        start=round(few - 2 * page, 2),
        page=round(page, 4),
        memory=round(memory),
    )
