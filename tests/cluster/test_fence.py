"""The fence: of two owners of a host one writes, and whatever dies in between, lines and rows stay the same."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest

from newscrawl.archive import Archive, ArchiveAway, ArchiveError, ArchiveFenced, ArchiveLocked, takeover
from newscrawl.archive.segments import Writer
from newscrawl.cluster.database import Away, Connection
from newscrawl.cluster.lease import Lease, Leases
from newscrawl.cluster.postgres import Postgres
from newscrawl.cluster.postgres_index import PostgresBatch
from tools.cluster.writing import made, rows, settled, taken, violations, write
from tools.faults.workload import key

ROOT = Path(__file__).parents[2]
EVERY = made(40, "h")


def owned(url: str, folder: Path, lease: Lease, *, wait: float = 5.0, **more: Any) -> tuple[Archive, Postgres]:
    """An archive that a lease writes to, and its way to the database."""
    backing = Postgres(url, lease=lambda: lease, wait=wait)
    archive = Archive.open(
        folder, run=f"run-{lease.host}", worker=f"e{lease.epoch}", clock=time.time, shared=backing, **more
    )
    return archive, backing


def test_two_owners_write_into_one_folder_and_what_both_find_stands_once(database: str, tmp_path: Path) -> None:
    one, _ = owned(database, tmp_path, taken(database, "a", "one", ttl=60), batch=1000)
    two, _ = owned(database, tmp_path, taken(database, "b", "two", ttl=60), batch=1000)
    for entry in EVERY:
        assert one.put(entry)
        assert two.put(entry), "neither has committed: neither can know"
    assert one.commit() > 0
    two.commit()
    assert not two.put(EVERY[0])
    one.close()
    two.close()
    assert violations(database, tmp_path, EVERY) == []
    assert len({path.name.rsplit("-", 1)[1] for path in tmp_path.glob("articles-*")}) == 1, "the second had nothing new"


def test_whoever_was_taken_over_from_writes_nothing_more(database: str, tmp_path: Path) -> None:
    first, _ = owned(database, tmp_path, taken(database, "h", "one", ttl=0.1))
    for entry in EVERY[:20]:
        first.put(entry)
    first.commit()
    for entry in EVERY[20:30]:
        first.put(entry)
    second, _ = owned(database, tmp_path, taken(database, "h", "two", ttl=60))
    assert sum(name.startswith("articles") for name in second.recovered.sealed) == 1
    with pytest.raises(ArchiveFenced, match="epoch 1 of h is over"):
        first.commit()
    with pytest.raises(ArchiveFenced, match="nothing more is accepted"):
        first.put(EVERY[35])
    first.close()
    assert rows(database).keys() == {key(entry) for entry in EVERY[:20]}
    for entry in EVERY:
        second.put(entry)
    second.close()
    assert violations(database, tmp_path, EVERY) == []


def test_a_writer_that_is_stopped_in_the_middle_of_a_write_goes_on_with_it_into_nothing(
    database: str, tmp_path: Path
) -> None:
    """Between the check of its lease and its write a process may be stopped for as long as anyone likes."""
    first, _ = owned(database, tmp_path, taken(database, "h", "one", ttl=0.1))
    for entry in EVERY[:10]:
        first.put(entry)
    first.commit()
    for entry in EVERY[10:20]:
        first.put(entry)
    real = PostgresBatch.add

    def stopped(self: PostgresBatch, told: Any) -> Any:
        new = real(self, told)
        stops.stop()
        with psycopg.connect(database, autocommit=True) as other:  # the server ends what sits idle in a transaction
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' "
                "AND datname = current_database()"
            )
        write(database, tmp_path, "h", EVERY[30:])
        return new

    stops = mock.patch.object(PostgresBatch, "add", stopped)
    stops.start()
    with pytest.raises(ArchiveFenced):
        first.commit()
    first.close()
    settled(database, tmp_path, ["h"])
    assert rows(database).keys() == {key(entry) for entry in (*EVERY[:10], *EVERY[30:])}
    assert violations(database, tmp_path, ()) == []


def test_a_process_that_sits_in_a_transaction_does_not_hold_its_host_for_ever(database: str, tmp_path: Path) -> None:
    archive, backing = owned(database, tmp_path, taken(database, "h", "one", ttl=0.1))
    with backing.database.transaction(idle_seconds=0.5) as it:
        it.execute("SELECT 1 FROM site_lease FOR SHARE")
        began = time.monotonic()
        assert taken(database, "h", "two", within=10).epoch == 2
        assert time.monotonic() - began > 0.3
        with contextlib.suppress(psycopg.Error):
            it.execute("SELECT 1")
        it.close()
    with pytest.raises(ArchiveFenced):
        archive.put(EVERY[0]), archive.commit()
    archive.close()


@contextlib.contextmanager
def _lost(backing: Postgres, nth: int, how: str) -> Iterator[list[int]]:
    """The n-th transaction of a connection ends without an answer: it was committed, or not, or will be in a while."""
    real = backing.database.transaction
    calls = [0]

    @contextlib.contextmanager
    def transaction(**more: Any) -> Iterator[Connection]:
        calls[0] += 1
        if calls[0] != nth:
            with real(**more) as it:
                yield it
            return
        if how == "late":
            late: Connection = psycopg.connect(backing.database._url or "")
            yield late

            def end() -> None:
                late.commit()
                late.close()

            threading.Timer(0.7, end).start()
        else:
            with contextlib.suppress(ZeroDivisionError), real(**more) as it:
                yield it
                if how == "undone":
                    raise ZeroDivisionError
        backing.database.drop()
        raise Away("no answer")

    with mock.patch.object(backing.database, "transaction", transaction):
        yield calls


@pytest.mark.parametrize("how", ["done", "undone", "late"])
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_a_commit_of_which_nobody_knows_is_asked_after_and_neither_lost_nor_doubled(
    database: str, tmp_path: Path, how: str, nth: int
) -> None:
    archive, backing = owned(database, tmp_path, taken(database, "h", "one", ttl=60), batch=1000)
    for entry in EVERY[:10]:
        archive.put(entry)
    archive.commit()  # the segments have begun: from now on a commit is one transaction
    with _lost(backing, nth, how) as calls:
        for at in range(10, 40, 6):
            for entry in EVERY[at : at + 6]:
                archive.put(entry)
            archive.commit()
    assert calls[0] > nth, "it was tried again"
    for entry in EVERY[40:]:
        archive.put(entry)
    archive.close()
    assert violations(database, tmp_path, EVERY) == []


@pytest.mark.parametrize("how", ["done", "undone"])
def test_a_segment_is_sealed_once_although_nobody_knows_of_the_first_time(
    database: str, tmp_path: Path, how: str
) -> None:
    archive, backing = owned(database, tmp_path, taken(database, "h", "one", ttl=60), batch=1000)
    for entry in EVERY:
        archive.put(entry)
    archive.commit()
    with _lost(backing, 2, how) as calls:
        archive.close()
    assert calls[0] > 3, "it was tried again"
    assert violations(database, tmp_path, EVERY) == []
    listed = [one for one in (tmp_path / "manifest.jsonl").read_text().splitlines() if one]
    assert len(listed) == 3
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM segment WHERE sealed_len IS NULL").fetchone() == (0,)


def _interrupted(database: str, folder: Path) -> list[str]:
    """Batches that are acknowledged, one whose transaction is undone, and more after it."""
    archive, backing = owned(database, folder, taken(database, "h", "one", ttl=60), batch=1000)
    for entry in EVERY[:20]:
        archive.put(entry)
    archive.commit()
    with _lost(backing, 1, "undone"):
        for entry in EVERY[20:30]:
            archive.put(entry)
        archive.commit()
    for entry in EVERY[30:]:
        archive.put(entry)
    archive.close()
    return violations(database, folder, EVERY)


def test_a_segment_is_cut_to_what_was_last_acknowledged(database: str, tmp_path: Path) -> None:
    assert _interrupted(database, tmp_path) == []


def _to_the_start(real: Callable[..., None]) -> Callable[..., None]:
    def back(self: Writer, standing: Any) -> None:
        real(self, replace(standing, size=0))

    return back


def _too_little(real: Callable[..., None]) -> Callable[..., None]:
    def back(self: Writer, standing: Any) -> None:
        """Leaves what was not acknowledged."""

    return back


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(_to_the_start, "a row without a line: lost|wrong offset|records|bytes"), (_too_little, "stands 2 times")],
)
def test_a_cut_at_the_wrong_place_would_be_seen(
    database: str, tmp_path: Path, wrong: Callable[..., Any], words: str
) -> None:
    """Cut to the wrong offset, a prototype kept 597 lines for 600 rows."""
    with mock.patch.object(Writer, "back", wrong(Writer.back)):
        found = _interrupted(database, tmp_path)
    assert any(re.search(words, one) for one in found), found


@pytest.mark.parametrize("off", [-1, -400, 1])
def test_a_takeover_that_cuts_at_the_wrong_place_would_be_seen(database: str, tmp_path: Path, off: int) -> None:
    real = takeover._cut
    archive, _ = owned(database, tmp_path, taken(database, "h", "one", ttl=0.1), batch=1000)
    for entry in EVERY[:20]:
        archive.put(entry)
    archive.commit()
    for part in tmp_path.glob("*.part"):
        with part.open("ab") as file:
            file.write(b'{"torn')
    with mock.patch.object(takeover, "_cut", lambda source, target, size: real(source, target, size + off)):
        settled(database, tmp_path, ["h"])
    with contextlib.suppress(ArchiveError):
        archive.close()
    assert violations(database, tmp_path, EVERY[:20]) != []


def test_a_full_disk_takes_back_all_streams_of_a_batch(database: str, tmp_path: Path) -> None:
    archive, _ = owned(database, tmp_path, taken(database, "h", "one", ttl=60), batch=1000)
    for entry in EVERY[:10]:
        archive.put(entry)
    archive.commit()
    real = Writer.append

    def full(self: Writer, data: bytes, items: int) -> None:
        if self.name.stream == "articles":
            raise OSError(28, "No space left on device")
        real(self, data, items)

    for entry in EVERY[10:]:
        archive.put(entry)
    with mock.patch.object(Writer, "append", full), pytest.raises(ArchiveError, match="No space left"):
        archive.commit()
    archive.close()
    with Leases(database) as leases:
        leases.release(Lease(host="h", owner="one", epoch=1))
    write(database, tmp_path, "h", EVERY)
    assert violations(database, tmp_path, EVERY) == []


def test_a_database_that_stays_away_ends_a_run_with_nothing_lost(database: str, tmp_path: Path) -> None:
    archive, backing = owned(database, tmp_path, taken(database, "h", "one", ttl=0.1), wait=0.5)
    for entry in EVERY[:10]:
        archive.put(entry)
    archive.commit()
    for entry in EVERY[10:20]:
        archive.put(entry)
    url, backing.database._url = backing.database._url, "postgresql://me:hush@127.0.0.1:9/gone"
    backing.database.drop()
    with pytest.raises(ArchiveAway, match="does not answer") as caught:
        archive.commit()
    assert caught.value.unstored == 10
    assert "hush" not in str(caught.value)
    archive.close()
    backing.database._url = url
    write(database, tmp_path, "h", EVERY)
    assert violations(database, tmp_path, EVERY) == []


def test_a_folder_that_had_sqlite_files_is_taken_along_with_all_it_holds(database: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="before", clock=time.time, roll_bytes=1200) as archive:
        for entry in EVERY[:30]:
            archive.put(entry)
    write(database, tmp_path, "h", EVERY)
    assert violations(database, tmp_path, EVERY) == []
    numbers = [int(path.name.split("-")[1]) for path in sorted(tmp_path.glob("*-h-*.jsonl"))]
    old = [int(path.name.split("-")[1]) for path in tmp_path.glob("*-before-*.jsonl")]
    assert min(numbers) > max(old), "later segments count as later"


def test_an_index_that_was_lost_is_built_from_the_segments(postgres: Any, database: str, tmp_path: Path) -> None:
    write(database, tmp_path, "h", EVERY[:30])
    another = postgres.database()
    write(another, tmp_path, "h", EVERY)
    assert violations(another, tmp_path, EVERY) == []


def test_nobody_opens_a_shared_folder_as_if_he_were_alone_in_it(database: str, tmp_path: Path) -> None:
    write(database, tmp_path, "h", EVERY[:4])
    with pytest.raises(ArchiveError, match="NEWSCRAWL_INDEX"):
        Archive.open(tmp_path, run="alone", clock=time.time)


def test_a_folder_is_not_shared_under_a_run_that_is_alone_in_it(database: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path, run="alone", clock=time.time), pytest.raises(ArchiveLocked, match="alone"):
        owned(database, tmp_path, taken(database, "h", "one"))
    owned(database, tmp_path, taken(database, "h2", "one"))[0].close()


def test_a_manifest_line_that_its_writer_did_not_finish_spoils_no_other(database: str, tmp_path: Path) -> None:
    write(database, tmp_path, "h", EVERY[:10])
    with (tmp_path / "manifest.jsonl").open("ab") as file:
        file.write(b'{"name":"articles-0')
    write(database, tmp_path, "h", EVERY)
    found = violations(database, tmp_path, EVERY)
    assert [one for one in found if "manifest" not in one] == []
    assert len(found) == 1


def test_kills_and_a_crash_of_the_database_lose_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.cluster.fence", "kills", "crashes", "--kills", "14", "--crashes", "1"],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
