"""Real crawls with a database between them: one owner for a host, polite together, and honest exit codes."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from newscrawl.cluster.lease import Leases
from tools.cluster import stopped
from tools.cluster.stopped import crawl, said, serving, until

if TYPE_CHECKING:
    from tools.cluster.server import Server

ROOT = Path(__file__).parents[2]


def test_a_crawl_that_was_stopped_and_taken_over_from_asks_and_writes_nothing_more(
    postgres: Server, tmp_path: Path
) -> None:
    _, wrong = stopped.prove(postgres, tmp_path / "archive", ttl=1.5, stories=14)
    assert wrong == []


def test_two_crawls_that_meet_at_one_host_keep_its_delay_between_them(database: str, tmp_path: Path) -> None:
    with serving(6) as site:
        names = dict.fromkeys(("a.test", "b.test", "source.test"), "127.0.0.1")
        at = {name: f"http://{name}:{site.port}/" for name in names}
        options = (f"NEWSCRAWL_HOSTS={json.dumps(names)}", "DOWNLOAD_DELAY=0.2")
        crawls = [
            crawl(site, tmp_path / "archive", database, own, *options, starts=f"{at[own]},{at['source.test']}")
            for own in ("a.test", "b.test")
        ]
        assert [one.wait(60) for one in crawls] == [0, 0], said(tmp_path / "archive", "a.test").read_text()[-3000:]
        hits = [hit for hit in site.hits if hit.host == "source.test"]
    assert {hit.agent for hit in hits} == {"a.test", "b.test"}
    gaps = [later.at - earlier.at for earlier, later in itertools.pairwise(hits)]
    assert len(gaps) > 12
    assert min(gaps) > 0.1, gaps
    assert sum(gap < 0.17 for gap in gaps) <= len(gaps) / 10, gaps
    with psycopg.connect(database) as connection:
        rows = dict(connection.execute("SELECT stream, count(*) FROM stored GROUP BY stream").fetchall())
    assert rows["articles"] == 6 * 3, "each story of three hosts, once"


def test_a_crawl_whose_lease_is_lost_stops_at_once_with_75(database: str, tmp_path: Path) -> None:
    with serving(60) as site, Leases(database) as leases:
        lease = leases.take("127.0.0.1", "worker-1", ttl=30)
        running = crawl(
            site, tmp_path / "archive", database, "one", ttl=1.5, environment={"NEWSCRAWL_LEASE": str(lease)}
        )
        until(lambda: len(site.hits) > 8, 60, "the crawl is under way")
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE site_lease SET epoch = epoch + 1, owner = 'another'")
        assert running.wait(30) == 75
        assert len(site.hits) < 40, "it did not go on"
    report = json.loads(next((tmp_path / "archive" / "runs").glob("*.json")).read_text())
    assert report["finish_reason"] == "lease_lost"
    assert report["exit_code"] == 75
    words = said(tmp_path / "archive", "one").read_text()
    assert "another owner" in words
    password = database.split(":")[2].partition("@")[0]
    written = [words, *(path.read_text("utf-8", "replace") for path in tmp_path.rglob("*.*") if path.is_file())]
    assert not any(password in text for text in written), "a password is in no log, report or record"


def refused(folder: Path, index: str, *, more: dict[str, str] | None = None) -> tuple[int, str]:
    """A crawl that cannot begin: its exit code, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "aggregator", "-a", "url=http://127.0.0.1:9/", "--loglevel=WARNING",
         "-s", f"NEWSCRAWL_ARCHIVE={folder / 'archive'}"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "NEWSCRAWL_INDEX": index, **(more or {})},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_host_that_is_held_is_for_later(database: str, tmp_path: Path) -> None:
    with Leases(database) as leases:
        leases.take("127.0.0.1", "worker-7", ttl=600)
        code, words = refused(tmp_path, database)
        assert code == 75
        assert "held by worker-7 (epoch 1)" in words
        code, words = refused(tmp_path, database, more={"NEWSCRAWL_LEASE": "127.0.0.1:worker-7:9"})
        assert code == 75


BAD = [
    ("mysql://me:hush@db/x", 78, "begins with postgresql://"),
    ("postgresql://me:hush@[::1/x", 78, "no address of a PostgreSQL database"),
    ("postgresql://me:hush@127.0.0.1:9/x", 75, "database x at 127.0.0.1:9"),
]


@pytest.mark.parametrize(("index", "code", "words"), BAD, ids=[row[2] for row in BAD])
def test_a_database_that_cannot_be_used_is_told_with_its_code(
    tmp_path: Path, index: str, code: int, words: str
) -> None:
    ended, told = refused(tmp_path, index)
    assert (ended, words in told, "hush" in told) == (code, True, False), told


def test_without_its_package_or_its_tables_the_remedy_is_named(postgres: Server, tmp_path: Path) -> None:
    (tmp_path / "psycopg").mkdir()
    (tmp_path / "psycopg" / "__init__.py").write_text("raise ImportError('No module named psycopg')\n")
    code, words = refused(tmp_path, "postgresql://me@db/x", more={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"})
    assert (code, "pip install 'newscrawl[cluster]'" in words) == (78, True), words
    code, words = refused(tmp_path, postgres.database(migrated=False))
    assert (code, "newscrawl cluster init" in words) == (78, True), words
