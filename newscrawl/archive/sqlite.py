"""The index and the facts in two SQLite files, for one process and no server."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from newscrawl.archive.index import Row
from newscrawl.archive.words import Latest, Poison, SiteCount

INDEX = "index.sqlite"
FACTS = "facts.sqlite"
LAYOUT = 1
STARTS = 2
"""A story that was started so often and never finished is poison: it took the process down each time."""

CACHE = -1_024
"""KiB of a database's pages that are kept in memory; the rest is in the system's cache."""

INDEX_TABLES = """
CREATE TABLE IF NOT EXISTS seen (stream TEXT, id TEXT, site TEXT, PRIMARY KEY (stream, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS story (story TEXT PRIMARY KEY, id TEXT, version TEXT, number INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
"""
FACTS_TABLES = """
CREATE TABLE IF NOT EXISTS attempt (url TEXT PRIMARY KEY, starts INTEGER, at REAL, reason TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (kind TEXT, key TEXT, value TEXT, expires REAL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
"""


def _connect(path: Path, *, synchronous: str, tables: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA cache_size={CACHE}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        if connection.execute("PRAGMA user_version").fetchone()[0] != LAYOUT:
            connection.executescript(f"BEGIN; {tables} PRAGMA user_version={LAYOUT}; COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


WORLD = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
    }
)
"""Results that speak of the world around a database; any other says that its file is not what it was."""


def broken(error: sqlite3.Error) -> bool:
    """Is it the file itself that cannot be read, so that a new one is the cure? (Low byte: the primary result code.)"""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF not in WORLD


def _check(database: sqlite3.Connection) -> None:
    """Read every page once: half an index that answers "not seen" would have stories stored twice."""
    for (said,) in database.execute("PRAGMA quick_check(1)"):
        if said != "ok":
            error = sqlite3.DatabaseError(said)
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error


def files_of(path: Path) -> tuple[Path, ...]:
    """A database and the two files that SQLite keeps beside it."""
    return (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))


class SqliteIndex:
    """The derivable part. synchronous=NORMAL: what a loss of power takes from it, the segments give back."""

    def __init__(self, directory: Path) -> None:
        self._db = _connect(directory / INDEX, synchronous="NORMAL", tables=INDEX_TABLES)
        try:
            _check(self._db)
        except BaseException:
            self._db.close()
            raise

    def seen(self, stream: str, id_: str) -> bool:
        """Is this record durable?"""
        found = self._db.execute("SELECT 1 FROM seen WHERE stream=? AND id=?", (stream, id_)).fetchone()
        return found is not None

    def latest(self, story: str) -> Latest | None:
        """The newest article of a story."""
        found = self._db.execute("SELECT id, version FROM story WHERE story=?", (story,)).fetchone()
        return Latest(id=found[0], version=found[1]) if found else None

    def marks(self) -> Mapping[str, int]:
        """Segment name to the bytes of it that are taken in."""
        return dict(self._db.execute("SELECT name, bytes FROM mark"))

    def add(self, rows: Iterable[Row], marks: Mapping[str, int], *, gone: Iterable[str] = ()) -> None:
        """One transaction. A row that is there already is left; an older segment never hides a newer version."""
        rows = tuple(rows)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?,?,?)", [(r.stream, r.id, r.site) for r in rows])
            self._db.executemany(
                "INSERT INTO story VALUES (?,?,?,?) ON CONFLICT (story) DO UPDATE SET id=excluded.id, "
                "version=excluded.version, number=excluded.number WHERE excluded.number >= story.number",
                [(r.story, r.id, r.version, r.number) for r in rows if r.stream == "articles"],
            )
            self._db.executemany("DELETE FROM mark WHERE name=?", [(name,) for name in gone])
            self._db.executemany("INSERT OR REPLACE INTO mark VALUES (?,?)", list(marks.items()))
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def clear(self) -> None:
        """Forget everything."""
        self._db.executescript("BEGIN; DELETE FROM seen; DELETE FROM story; DELETE FROM mark; COMMIT;")

    def count(self, stream: str) -> int:
        """How many records of a stream are durable."""
        return int(self._db.execute("SELECT count(*) FROM seen WHERE stream=?", (stream,)).fetchone()[0])

    def sites(self) -> tuple[SiteCount, ...]:
        """Records by site and stream."""
        found = self._db.execute("SELECT site, stream, count(*) FROM seen GROUP BY site, stream ORDER BY site, stream")
        return tuple(SiteCount(site=site, stream=stream, items=items) for site, stream, items in found)

    def close(self) -> None:
        """Let go of the files."""
        self._db.close()


class SqliteFacts:
    """What no segment holds. Kept values use synchronous=FULL; attempts must outlive the process, not the power."""

    def __init__(self, directory: Path, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full = _connect(directory / FACTS, synchronous="FULL", tables=FACTS_TABLES)
        try:
            self._quick = _connect(directory / FACTS, synchronous="NORMAL", tables=FACTS_TABLES)
        except BaseException:
            self._full.close()
            raise
        self._working: dict[str, int] = {}

    def start(self, url: str) -> bool:
        """False: poison. A second start in this process, before the end of the first, does not count."""
        if url in self._working:
            return True
        found = self._quick.execute("SELECT starts FROM attempt WHERE url=?", (url,)).fetchone()
        starts = found[0] if found else 0
        if starts >= STARTS:
            return False
        self._quick.execute(
            "INSERT INTO attempt VALUES (?,?,?,'') ON CONFLICT (url) "
            "DO UPDATE SET starts=excluded.starts, at=excluded.at",
            (url, starts + 1, self._clock()),
        )
        self._working[url] = starts
        return True

    def finish(self, url: str) -> None:
        """It was worked on, with whatever result."""
        if self._working.pop(url, None) is not None:
            self._quick.execute("DELETE FROM attempt WHERE url=?", (url,))

    def poison(self, url: str, reason: str) -> None:
        """Set a story aside at once (a watchdog, before it ends the process), durably."""
        self._working.pop(url, None)
        self._full.execute("INSERT OR REPLACE INTO attempt VALUES (?,?,?,?)", (url, STARTS, self._clock(), reason))

    def poisoned(self) -> tuple[Poison, ...]:
        """The stories that are set aside, the newest first; not those that are being worked on just now."""
        found = self._quick.execute(
            "SELECT url, starts, at, reason FROM attempt WHERE starts>=? ORDER BY at DESC", (STARTS,)
        )
        why = f"started {STARTS} times without finishing"
        return tuple(
            Poison(url=url, starts=starts, at=at, reason=reason or why)
            for url, starts, at, reason in found
            if url not in self._working
        )

    def retry(self, url: str | None = None) -> int:
        """Give one story, or all, another chance; how many there were."""
        chosen = [one.url for one in self.poisoned() if url is None or one.url == url]
        for one in chosen:
            self._full.execute("DELETE FROM attempt WHERE url=?", (one,))
        return len(chosen)

    def state(self, kind: str, key: str) -> object:
        """A value that was kept and has not expired, or None."""
        found = self._full.execute("SELECT value, expires FROM state WHERE kind=? AND key=?", (kind, key)).fetchone()
        if found is None or (found[1] is not None and found[1] <= self._clock()):
            return None
        value: object = json.loads(found[0])
        return value

    def states(self, kind: str) -> Mapping[str, object]:
        """All that was kept of a kind and has not expired, by key."""
        found = self._full.execute("SELECT key, value, expires FROM state WHERE kind=? ORDER BY key", (kind,))
        now = self._clock()
        return {key: json.loads(value) for key, value, expires in found if expires is None or expires > now}

    def keep(self, kind: str, key: str, value: object, *, expires: float | None = None) -> None:
        """Keep a JSON value, durably, until a reading of the clock (None: until it is dropped)."""
        said = json.dumps(value, allow_nan=False, separators=(",", ":"))
        self._full.execute("INSERT OR REPLACE INTO state VALUES (?,?,?,?)", (kind, key, said, expires))

    def drop(self, kind: str, key: str) -> None:
        """Keep it no longer."""
        self._full.execute("DELETE FROM state WHERE kind=? AND key=?", (kind, key))

    def close(self) -> None:
        """Let go of the files. What is still being worked on was stopped in good order, which is no poison."""
        try:
            for url, starts in self._working.items():
                if starts:
                    self._quick.execute("UPDATE attempt SET starts=? WHERE url=?", (starts, url))
                else:
                    self._quick.execute("DELETE FROM attempt WHERE url=?", (url,))
            self._full.execute("DELETE FROM state WHERE expires IS NOT NULL AND expires<=?", (self._clock(),))
        finally:
            self._working.clear()
            self._quick.close()
            self._full.close()


def set_aside(path: Path) -> tuple[str, ...]:
    """Move a database that cannot be read out of the way, as evidence; the names that it went to."""
    moved: list[str] = []
    for file in files_of(path):
        if file.exists():
            target = file.with_name(f"{file.name}.torn")
            os.replace(file, target)
            moved.append(target.name)
    return tuple(moved)
