"""The commands that look after an archive find its index in the database, and touch nothing without it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from newscrawl import archive as disk
from newscrawl.__main__ import cli
from newscrawl.cluster.lease import Leases
from newscrawl.cluster.postgres import Postgres
from tools.cluster.writing import lines, made, rows, taken, violations, write

EVERY = made(60, "h")


@pytest.fixture
def archive(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSCRAWL_INDEX", database)
    write(database, tmp_path / "data", "h", EVERY)
    with Leases(database) as leases:
        for held in leases.held():
            time.sleep(max(0.0, held.left))
    return tmp_path / "data"


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_segments_are_merged_verified_and_known_as_before(database: str, archive: Path) -> None:
    before = rows(database)
    assert run("verify", archive).exit_code == 0
    assert run("compact", archive).exit_code == 0
    assert len(list(archive.glob("*.jsonl"))) == 4, "one for each stream, and the manifest"
    assert rows(database) == before
    assert violations(database, archive, EVERY) == []
    assert run("verify", archive).exit_code == 0
    write(database, archive, "h", EVERY)
    assert violations(database, archive, EVERY) == []


def test_an_index_that_lies_is_found_and_built_anew(database: str, archive: Path) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM stored WHERE id = %s AND stream = 'cuts'", (EVERY[0].id,))
        connection.execute("INSERT INTO stored VALUES ('articles', 'ghost', 's', '1', 'x', 1)")
    told = run("verify", archive)
    assert told.exit_code == 3
    assert "ghost" in told.output
    assert EVERY[0].id in told.output
    assert run("repair", archive).exit_code == 0
    assert run("verify", archive).exit_code == 0
    assert violations(database, archive, EVERY) == []


def test_old_texts_go_and_their_ids_stay(database: str, archive: Path) -> None:
    before = rows(database)
    assert run("prune", archive, "--keep", "0").exit_code == 0
    assert rows(database) == before
    assert lines(archive).keys() == {one for one in before if one[0] == "withheld"}


def test_poison_stories_get_another_chance(database: str, archive: Path) -> None:
    lease = taken(database, "x", "tests", ttl=60)
    with disk.Archive.open(archive, run="r", clock=time.time, shared=Postgres(database, lease=lambda: lease)) as held:
        held.poison("https://example.org/bad", "hangs")
    told = run("retry", archive)
    assert (told.exit_code, "1 stories" in told.output) == (0, True), told.output


@pytest.mark.parametrize("words", [("compact",), ("repair",), ("prune", "--keep", "1"), ("retry",)])
def test_without_the_database_nothing_is_touched(
    archive: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSCRAWL_INDEX")
    before = sorted((path.name, path.stat().st_size) for path in archive.glob("*.jsonl*"))
    told = run(words[0], archive, *words[1:])
    assert (told.exit_code, "NEWSCRAWL_INDEX" in told.output) == (3, True), told.output
    assert sorted((path.name, path.stat().st_size) for path in archive.glob("*.jsonl*")) == before
    assert not list(archive.glob("*.sqlite"))
    assert "in PostgreSQL" in run("verify", archive).output


def test_nothing_is_merged_under_a_crawl(database: str, archive: Path) -> None:
    lease = taken(database, "x", "tests", ttl=60)
    held = disk.Archive.open(archive, run="r", clock=time.time, shared=Postgres(database, lease=lambda: lease))
    held.put(made(1, "x")[0])
    held.commit()
    told = run("compact", archive)
    assert told.exit_code == 75, "the lock of this machine"
    held._lock.release()
    told = run("compact", archive)
    assert (told.exit_code, "crawls of x write to it" in told.output) == (75, True), "another machine's crawl"
    held.close()
    assert run("compact", archive).exit_code == 0


def test_a_package_that_is_missing_is_named(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "newscrawl.cluster.postgres", None)
    told = run("verify", archive)
    assert (told.exit_code, "newscrawl[cluster]" in told.output) == (3, True), told.output
