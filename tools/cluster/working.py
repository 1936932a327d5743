"""Starts workers and a schedule as processes of their own, and looks at what they did."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from newscrawl.cluster.database import Database
from newscrawl.cluster.schedule import add
from newscrawl.cluster.schedule_times import Rhythm
from newscrawl.cluster.work_engine import prepare

ROOT = Path(__file__).parents[2]
STUB = (sys.executable, str(Path(__file__).with_name("stub.py")))


def until(true: Callable[[], object], within: float, what: str = "it") -> float:
    """Waits until something is true; seconds it took. TimeoutError after `within` seconds."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > within:
            raise TimeoutError(f"{what} did not come true within {within:g} s")
        time.sleep(0.02)
    return time.monotonic() - began


@dataclass(slots=True)
class Cluster:
    """Processes on one database; all of them are killed at the end of the `with`."""

    url: str
    folder: Path
    log: Path = field(init=False)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "stub.log"
        self.log.touch()
        database = Database(self.url)
        prepare(database)
        database.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()

    def start(
        self, name: str, words: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Starts a process; what it prints is in a file of its name."""
        told = {
            **os.environ, "STUB_LOG": str(self.log), "RUNTIME_DIRECTORY": str(self.folder / "run"), "PYTHONPATH": ".",
            **(environment or {}),
        }  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "tools.cluster.process", *words], stdout=out, stderr=out, env=told, cwd=ROOT
            )
        self.processes[name] = process
        return process

    def worker(self, name: str, **terms: object) -> subprocess.Popen[bytes]:
        """A worker; its terms as those of `work_terms.Terms`, quick ones where nothing is said."""
        given: dict[str, object] = {"program": STUB, "beat": 2.0, "sweep": 1.0, "grace": 5.0, "queues": ("crawl",)}
        runtime = terms.pop("runtime", None)
        environment = {"RUNTIME_DIRECTORY": str(runtime)} if runtime else {}
        given |= {"url": self.url, "name": name} | terms
        return self.start(name, ["worker", json.dumps(given, default=str)], environment)

    def schedule(self, name: str = "schedule", **ticking: object) -> subprocess.Popen[bytes]:
        """A schedule; its terms as those of `schedule_tick.Ticking`."""
        given = {"url": self.url, "period": 1, "heartbeat": 6.0} | ticking
        return self.start(name, ["schedule", json.dumps(given)])

    def sites(self, sites: Sequence[str], *, every: float = 86400.0) -> None:
        """Puts sites on the schedule, due now."""
        with psycopg.connect(self.url) as connection:
            for site in sites:
                add(connection, site, Rhythm(every=every))
            connection.execute("UPDATE site_schedule SET next_due = now() WHERE site = ANY(%s)", (list(sites),))

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return list(connection.execute(query.encode(), values or None).fetchall())

    def one(self, query: str, *values: object) -> object:
        """The one thing that the database says; None for no row."""
        found = self.rows(query, *values)
        return found[0][0] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One crawl of a host, as it said itself: when it was first and last heard of."""

    host: str
    pid: int
    first: float
    last: float


def lives(log: Path) -> tuple[Lived, ...]:
    """Every crawl that a stub wrote down."""
    found: dict[tuple[str, int], list[float]] = {}
    for line in log.read_text().splitlines():
        host, pid, moment = line.split(" ")
        found.setdefault((host, int(pid)), []).append(float(moment))
    return tuple(Lived(host=host, pid=pid, first=min(at), last=max(at)) for (host, pid), at in found.items())


def overlap(log: Path) -> float:
    """Seconds for which two crawls of one host lived at once."""
    total = 0.0
    everyone = lives(log)
    for one in everyone:
        for other in everyone:
            if one.host == other.host and one.pid < other.pid:
                total += max(0.0, min(one.last, other.last) - max(one.first, other.first))
    return total


def ended(process: subprocess.Popen[bytes], how: int = signal.SIGTERM, within: float = 60.0) -> int:
    """Sends a signal and waits; the exit code."""
    process.send_signal(how)
    return process.wait(within)


@contextlib.contextmanager
def cluster(url: str, folder: Path) -> Iterator[Cluster]:
    """A cluster without workers yet."""
    with Cluster(url, folder) as made:
        yield made
