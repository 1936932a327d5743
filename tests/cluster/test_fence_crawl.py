"""Real crawls with a database between them: one owner for a host, polite together, and honest exit codes."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from scrapy.settings import Settings

from newscrawl.archive import ArchiveAway, ArchiveError
from newscrawl.cluster.lease import Leases
from newscrawl.cluster.postgres_opening import owning
from newscrawl.crawl.commands.crawl import REFUSALS
from newscrawl.crawl.options import OptionError, Options
from tools.cluster import stopped
from tools.cluster.server import running
from tools.cluster.stopped import crawl, said, serving, until

if TYPE_CHECKING:
    from tools.cluster.server import Server


def test_a_crawl_that_was_stopped_and_taken_over_from_asks_and_writes_nothing_more(
    postgres: Server, tmp_path: Path
) -> None:
    _, wrong = stopped.prove(postgres, tmp_path / "archive", ttl=1.5, stories=14)
    assert wrong == []


def test_a_crawl_waits_for_a_database_that_comes_back(tmp_path: Path, postgres: Server) -> None:
    with running() as server:  # of its own: the others' stays
        assert stopped.away(server, tmp_path / "archive", seconds=3.0) == (0, [])


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
        one = crawl(site, tmp_path / "archive", database, "one", ttl=1.5, environment={"NEWSCRAWL_LEASE": str(lease)})
        until(lambda: len(site.hits) > 8, 60, "the crawl is under way")
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE site_lease SET epoch = epoch + 1, owner = 'another'")
        assert one.wait(30) == 75
        assert len(site.hits) < 40, "it did not go on"
    report = json.loads(next((tmp_path / "archive" / "runs").glob("*.json")).read_text())
    assert report["finish_reason"] == "lease_lost"
    assert report["exit_code"] == 75
    words = said(tmp_path / "archive", "one").read_text()
    assert "another owner" in words
    password = database.split(":")[2].partition("@")[0]
    written = [words, *(path.read_text("utf-8", "replace") for path in tmp_path.rglob("*.*") if path.is_file())]
    assert not any(password in text for text in written), "a password is in no log, report or record"


def test_a_host_that_is_held_is_for_later(database: str, tmp_path: Path) -> None:
    with serving(1) as site, Leases(database) as leases:
        leases.take("127.0.0.1", "worker-7", ttl=600)
        held = crawl(site, tmp_path / "archive", database, "one")
        assert held.wait(60) == 75
        assert site.hits == []
    assert "held by worker-7 (epoch 1)" in said(tmp_path / "archive", "one").read_text()


BAD = [
    ("postgresql://me:hush@[::1/x", ArchiveError, 78, "no address of a PostgreSQL database"),
    ("postgresql://me:hush@127.0.0.1:9/x", ArchiveAway, 75, "database x at 127.0.0.1:9"),
]


@pytest.mark.parametrize(("index", "kind", "code", "words"), BAD, ids=[row[3] for row in BAD])
def test_a_database_that_cannot_be_used_is_told_with_its_code(
    tmp_path: Path, index: str, kind: type[ArchiveError], code: int, words: str
) -> None:
    with pytest.raises(kind) as caught:
        owning(index, tmp_path, named="", host="a.example", ttl=60, beat=str)
    assert words in str(caught.value)
    assert "hush" not in str(caught.value)
    assert next(told for kind, told in REFUSALS.items() if isinstance(caught.value, kind))[1] == code


def test_what_is_no_lease_or_lacks_its_tables_is_told(postgres: Server, database: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is no lease"):
        owning(database, tmp_path, named="nonsense", host="", ttl=60, beat=str)
    with pytest.raises(ArchiveError, match="newscrawl cluster init"):
        owning(postgres.database(migrated=False), tmp_path, named="", host="a.example", ttl=60, beat=str)


@pytest.mark.parametrize("value", ["mysql://me:hush@db/x", "hush"])
def test_another_kind_of_database_is_refused_without_being_repeated(value: str) -> None:
    with pytest.raises(OptionError, match="begins with postgresql://") as caught:
        Options.of(Settings({"NEWSCRAWL_INDEX": value}))
    assert "hush" not in str(caught.value)


def test_a_worker_hands_its_lease_on_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCRAWL_INDEX", "postgresql://db/x")
    monkeypatch.setenv("NEWSCRAWL_LEASE", "a.example:w:3")
    monkeypatch.setenv("NEWSCRAWL_LEASE_TTL", "5")
    options = Options.of(Settings())
    assert (options.index, options.lease, options.lease_ttl) == ("postgresql://db/x", "a.example:w:3", 5.0)
    assert Options.of(Settings({"NEWSCRAWL_LEASE_TTL": 7})).lease_ttl == 7.0, "what a project says comes first"
