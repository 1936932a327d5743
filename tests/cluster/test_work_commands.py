"""The walk-through of the docs, command by command: a bare database, a site, a schedule, a worker, its end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.crawl.running import ROOT
from tools.cluster import server
from tools.cluster.sites import Sites
from tools.cluster.working import until

pytestmark = pytest.mark.skipif(server.binaries() is None, reason="no PostgreSQL here: the commands were NOT run")
SLOW = 90.0


def test_from_a_bare_database_to_stories_in_the_archive(tmp_path: Path) -> None:
    with server.running() as running, Sites(2, stories=3) as served:
        url = running.database(migrated=False)
        told = {
            **os.environ,
            "NEWSCRAWL_INDEX": url,
            "RUNTIME_DIRECTORY": str(tmp_path / "run"),
            "PYTHONPATH": str(ROOT),
        }

        def words(*given: str) -> list[str]:
            return [sys.executable, "-m", "newscrawl", *given]

        def run(*given: str) -> str:
            done = subprocess.run(words(*given), env=told, cwd=ROOT, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
            return done.stdout

        def one(query: str) -> object:
            with psycopg.connect(url) as connection:
                row = connection.execute(query.encode()).fetchone()
                return row[0] if row else None

        assert "steps taken: 0001" in run("cluster", "init")
        assert "up to date" in run("cluster", "init")
        run("schedule", "add", *map(served.address, served.hosts), "--every", "1d")
        run("schedule", "run-now", served.address(served.hosts[0]))
        settings = [part for one in served.settings() for part in ("-s", one)]
        archive = tmp_path / "data"
        worker = subprocess.Popen(
            words("worker", "--archive", str(archive), "--name", "w1", *settings), env=told, cwd=ROOT
        )  # fmt: skip
        schedule = subprocess.Popen(words("schedule", "run", "--period", "1"), env=told, cwd=ROOT)
        try:
            until(
                lambda: one("SELECT count(*) FROM crawl_run WHERE outcome = 'good'") == 1,
                SLOW,
                "a run that was asked for",
            )
            with psycopg.connect(url) as connection:
                connection.execute("UPDATE site_schedule SET next_due = now() WHERE last_run IS NULL")
            until(lambda: one("SELECT count(*) FROM crawl_run WHERE outcome = 'good'") == 2, SLOW, "a run that was due")
            shown = run("cluster", "status")
            assert "2 sites, 0 disabled" in shown
            assert "1 of 1 workers heard of" in shown
        finally:
            for process in (worker, schedule):
                process.send_signal(signal.SIGTERM)
        assert [process.wait(60) for process in (worker, schedule)] == [0, 0]
        assert one("SELECT count(*) FROM stored WHERE stream = 'articles'") == 6
        out = tmp_path / "articles.jsonl"
        run("export", str(archive), "--out", str(out))
        assert len(out.read_text().splitlines()) == 6
        assert one("SELECT count(*) FROM worker") == 0
