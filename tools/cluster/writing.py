"""Writers of one archive on one database, that die where they are told to, and the check of what must hold after it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg

from newscrawl.archive import STREAMS, Archive, ArchiveAway, ArchiveError, ArchiveFenced, Entry, read, takeover, verify
from newscrawl.archive.together import Together
from newscrawl.cluster.database import Away
from newscrawl.cluster.lease import Lease, Leases
from newscrawl.cluster.postgres import Postgres
from newscrawl.cluster.postgres_index import PostgresBatch, PostgresTurn
from tools.faults.workload import Key, entries, key

TTL = 0.25
POINTS: dict[str, tuple[type | Any, str, bool]] = {
    "rows in, no line yet": (PostgresBatch, "add", True),
    "lines written, no mark": (PostgresBatch, "mark", False),
    "marked, not committed": (PostgresBatch, "mark", True),
    "committed, not told": (Together, "commit", True),
    "sealed, not entered": (PostgresTurn, "sealed", False),
    "taken over, not listed": (takeover, "_list", False),
    "cut, the old file not gone": (takeover, "_cut", True),
}
"""Where a writer dies: in which call, and whether after it (or before)."""
BETWEEN = ("lines written, no mark", "marked, not committed")
"""Those that lie between the append and the commit."""


def dying(point: str, nth: int) -> mock._patch[Any]:
    """While this lasts, the n-th call of a point ends the process as kill -9 does."""
    owner, name, after = POINTS[point]
    real = getattr(owner, name)
    calls = 0

    def call(*words: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*words, **more)
        if calls == nth and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return mock.patch.object(owner, name, call)


def taken(url: str, host: str, owner: str, *, ttl: float = TTL, within: float = 60) -> Lease:
    """The lease of a host, as soon as it is free."""
    until = time.monotonic() + within
    with Leases(url) as leases:
        while time.monotonic() < until:
            with contextlib.suppress(Away):
                lease = leases.take(host, owner, ttl)
                if lease is not None:
                    return lease
            time.sleep(0.05)
    raise TimeoutError(f"{host}: its lease does not come free")


def write(
    url: str,
    folder: Path,
    host: str,
    batch: Iterable[Entry],
    *,
    owner: str = "w",
    size: int = 3,
    roll: int = 2500,
    pause: float = 0.0,
    wait: float = 20.0,
) -> None:
    """One writer: takes its host, takes over what another left, puts what is not there yet."""
    lease = taken(url, host, owner)
    backing = Postgres(url, lease=lambda: lease, wait=wait)
    with Archive.open(
        folder, run=f"{host}-{os.getpid()}", worker=f"e{lease.epoch}", clock=time.time, batch=size, roll_bytes=roll,
        shared=backing,
    ) as archive:  # fmt: skip
        for entry in batch:
            archive.put(entry)
            if pause:
                time.sleep(pause)


def forked(work: Callable[[], None]) -> int:
    """Do some work in a child; how it ended: its exit code, or minus the signal. 75: fenced, or the database away."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        except (ArchiveAway, ArchiveFenced):
            code = 75
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def made(count: int, host: str) -> tuple[Entry, ...]:
    """The records of one host."""
    return tuple(
        replace(
            one,
            id=f"{host}-{one.id}",
            story=f"{host}-{one.story}",
            line=one.line.replace(b'"id":"', f'"id":"{host}-'.encode()),
        )
        for one in entries(count)
    )


def lines(folder: Path) -> Counter[Key]:
    """Every line that a reader gets."""
    return Counter((stream, str(one["id"])) for stream in STREAMS for one in read(folder, stream))


def rows(url: str) -> Counter[Key]:
    """Every row of the index."""
    with psycopg.connect(url) as connection:
        return Counter((str(stream), str(id_)) for stream, id_ in connection.execute("SELECT stream, id FROM stored"))


def settled(url: str, folder: Path, hosts: Iterable[str]) -> None:
    """Take each host once more, so that what the last of its owners left is settled."""
    for host in hosts:
        write(url, folder, host, (), owner="last")


def violations(url: str, folder: Path, every: Iterable[Entry]) -> list[str]:
    """What does not hold: lines and rows are the same, each once, all of them there, and the archive is sound."""
    wanted = {key(entry) for entry in every}
    known = rows(url)
    try:
        there = lines(folder)
    except ArchiveError as error:
        return [str(error)]
    wrong = [f"{one} stands {times} times" for one, times in there.items() if times > 1]
    wrong += [f"{one}: a row without a line: lost" for one in sorted(known.keys() - there.keys())]
    wrong += [f"{one}: a line without a row: it will come twice" for one in sorted(there.keys() - known.keys())]
    wrong += [f"{one} is missing" for one in sorted(wanted - there.keys())]
    wrong += [f"{part.name} is not settled" for part in folder.glob("*.part")]
    return wrong + [str(problem) for problem in verify(folder).problems]
