"""Which article is a copy of which, in a third SQLite file that can be deleted and is built again from the segments.

What a run puts is in an open transaction: lookups see it, and a process that dies takes it along. Since the segments
have it all, it is written only now and then: the keys of one batch touch as many pages as those of thirty.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from newscrawl import twins
from newscrawl.archive import disk, lines, manifest, segments
from newscrawl.archive.index import CopyIndex
from newscrawl.archive.segments import Name
from newscrawl.archive.sqlite import broken, files_of

COPIES = "copies.sqlite"
TABLES = """
CREATE TABLE IF NOT EXISTS article (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE, story TEXT, first TEXT, first_story TEXT, sketch BLOB);
CREATE TABLE IF NOT EXISTS key (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS algorithm (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
CROWD = 64
"""Articles that may share a key: what more of them share is a template's phrase and finds nothing."""
CANDIDATES = 12
"""Articles that are compared with a new one: those that share most keys with it."""
CACHE = -4_096  # KiB: a negative number is a size (SQLite, PRAGMA cache_size); eight times it saves 0.04 ms a story
EVERY = 2000
"""Articles to a write: what a start after a kill has to read again, in a second or two."""


class Copies:
    """Signatures of the articles of an archive, or (without a directory) of one run, in a file that is gone after it.

    Memory is bounded: everything is in the file. Each call may raise sqlite3.Error.
    """

    def __init__(self, directory: Path | None) -> None:
        self._marks: dict[str, int] = {}
        self._loose = 0
        self._waiting = 0
        self._db = sqlite3.connect(directory / COPIES if directory else "", isolation_level=None, timeout=5)
        try:
            self._db.execute(f"PRAGMA cache_size={CACHE}")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(TABLES)
            if [name for (name,) in self._db.execute("SELECT name FROM algorithm")] != [twins.ALGORITHM]:
                self.clear()
        except BaseException:
            self._db.close()
            raise

    def original(self, text: str, *, story: str) -> str | None:
        """The id of the first article that a text is a copy of; never one of the same story, nor a copy of that."""
        signed = twins.signature(text)
        if not signed.keys:
            return None
        found = self._db.execute(
            "SELECT first, sketch FROM article WHERE number IN (SELECT number FROM key JOIN article USING (number) "
            "WHERE key IN (SELECT value FROM json_each(?)) AND story<>? AND first_story<>? "
            "GROUP BY number ORDER BY count(*) DESC, number LIMIT ?) ORDER BY number",
            (json.dumps(signed.keys), story, story, CANDIDATES),
        )
        return twins.best(signed.sketch, found)

    def put(self, *, id_: str, text: str, story: str, first: str | None) -> None:
        """Take an article; lookups find it from now on. `first`: the id of the one that it is a copy of."""
        self._begin()
        self._loose += 1
        if self._db.execute("SELECT 1 FROM article WHERE id=?", (id_,)).fetchone():
            return
        signed = twins.signature(text)
        of = self._db.execute("SELECT story FROM article WHERE id=?", (first,)).fetchone() if first else None
        number = self._db.execute(
            "INSERT INTO article (id, story, first, first_story, sketch) VALUES (?,?,?,?,?)",
            (id_, story, first or id_, of[0] if of else story, signed.sketch),
        ).lastrowid
        self._db.executemany(
            "INSERT INTO key SELECT ?1, ?2 WHERE (SELECT count(*) FROM key WHERE key=?1)<?3",
            [(key, number, CROWD) for key in set(signed.keys)],
        )

    def marks(self) -> Mapping[str, int]:
        """Segment name to the bytes of it that are taken in."""
        return dict(self._db.execute("SELECT name, bytes FROM mark"))

    def commit(self, marks: Mapping[str, int]) -> None:
        """What was put is durable up to these marks; it is written here when it has become enough, or at the close."""
        self._marks |= marks
        self._waiting += self._loose
        self._loose = 0
        if self._waiting >= EVERY:
            self._write()

    def forget(self, names: Iterable[str]) -> None:
        """Forget the marks of segments that are no more."""
        self._begin()
        self._db.executemany("DELETE FROM mark WHERE name=?", [(name,) for name in names])
        self._write()

    def _write(self) -> None:
        self._begin()
        self._db.executemany("INSERT OR REPLACE INTO mark VALUES (?,?)", list(self._marks.items()))
        self._db.execute("COMMIT")
        self._marks.clear()
        self._waiting = 0

    def clear(self) -> None:
        """Forget everything."""
        self._begin()
        for table in ("article", "key", "mark", "algorithm"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self._db.execute("INSERT INTO algorithm VALUES (?)", (twins.ALGORITHM,))
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file. Where something was put that never became durable, what was not written is dropped."""
        try:
            if self._waiting and not self._loose:
                self._write()
        finally:
            self._db.close()

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")


def opened(directory: Path) -> Copies:
    """The copies of a directory, whose lock the caller holds, brought up to its sealed segments; a broken file anew."""
    try:
        return _current(directory)
    except sqlite3.DatabaseError as error:
        if not broken(error):
            raise
    for file in files_of(directory / COPIES):
        disk.unlink(file)
    return _current(directory)


def follow(directory: Path) -> None:
    """Where there is such a file, bring it up to rewritten segments, while the manifest still tells of what."""
    if (directory / COPIES).exists():
        opened(directory).close()


def _current(directory: Path) -> Copies:
    copies = Copies(directory)
    try:
        _bring_up(directory, copies)
    except BaseException:
        copies.close()
        raise
    return copies


def _bring_up(directory: Path, copies: Copies) -> None:
    rows = manifest.load(directory)
    named = [(name, row) for row in manifest.live(rows).values() if (name := segments.name_of(row.name)) is not None]
    named = [(name, row) for name, row in named if name.stream == "articles" and (directory / row.name).is_file()]
    standing = {row.name: row.bytes for _, row in named}
    marks = copies.marks()
    gone = tuple(name for name in marks if name not in standing)
    if set(gone) - manifest.replaced(rows) or any(marks[name] > standing.get(name, 0) for name in marks.keys() - gone):
        copies.clear()
        marks, gone = {}, ()
    for name in sorted((name for name, _ in named), key=lambda one: (one.number, one)):
        if marks.get(str(name), 0) < standing[str(name)]:
            _replay(directory, copies, name, start=marks.get(str(name), 0))
    if gone:
        copies.forget(gone)


def _replay(directory: Path, copies: Copies, name: Name, *, start: int) -> None:
    for one in segments.scan(directory / str(name), start=start):
        if one.line is not None:
            take(copies, one.raw)
        copies.commit({str(name): one.start + len(one.raw)})


def fill(directory: Path, copies: CopyIndex) -> None:
    """Put every article of the listed segments into an index that knows of none."""
    rows = manifest.live(manifest.load(directory)).values()
    names = sorted(
        (name for row in rows if (name := segments.name_of(row.name)) is not None and name.stream == "articles"),
        key=lambda one: (one.number, one),
    )
    for name in names:
        path = segments.path_of(directory, str(name))
        for count, one in enumerate(segments.scan(path) if path.exists() else (), 1):
            if one.line is not None:
                take(copies, one.raw)
            if count % EVERY == 0:
                copies.commit({})
        copies.commit({})


def take(copies: CopyIndex, raw: bytes) -> None:
    """Put the article of a line as the archive keeps it; a stub, whose text was taken out, is found by no text."""
    record, story = json.loads(raw), lines.tail(raw).get("story")
    text, first = record.get("text"), record.get("duplicate_of")
    if story:
        copies.put(
            id_=record["id"],
            text=text if isinstance(text, str) else "",
            story=story,
            first=first if isinstance(first, str) else None,
        )
