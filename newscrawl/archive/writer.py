"""The archive as a crawl holds it: entries go in, and are seen only once their lines are durable."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from newscrawl.archive import copies, disk, lines, recovery, segments, sqlite, takeover
from newscrawl.archive.index import Backing, CopyIndex, Facts, Index, Shared
from newscrawl.archive.store import ROLL_BYTES, ROLL_SECONDS, Alone, Guard, Place, Store
from newscrawl.archive.together import Together
from newscrawl.archive.words import (
    ArchiveError,
    Entry,
    Latest,
    Poison,
    Recovered,
    SiteCount,
    Stream,
)

BATCH = 64
INTERVAL = 0.25
"""Seconds. 64 entries or a quarter of a second: above 10,000 entries a second, far beyond any polite crawl."""
BATCH_BYTES = 4 << 20
"""Entries wait in memory until they are committed: this is the most that may wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What an archive holds; `shared` is the index once more, where others write too."""

    lock: disk.Lock
    index: Index
    facts: Facts
    copies: CopyIndex | None
    recovered: Recovered
    shared: Shared | None = None


class Archive:
    """One run's hold on an archive directory. Use it as a context manager, or call `close` in the end.

    An entry is pending after `put` and durable after the `commit` that follows; a process that dies in between has
    never called it seen, so it is fetched again: at least once on the wire, exactly once in the files.
    """

    def __init__(
        self,
        place: Place,
        opened: _Opened,
        *,
        batch: int,
        interval: float,
    ) -> None:
        self.path = place.path
        self.run = place.run
        self.worker = place.worker
        self.recovered = opened.recovered
        self._lock = opened.lock
        self._index = opened.index
        self._facts = opened.facts
        self._copies = opened.copies
        self._clock = place.clock
        self._batch = batch
        self._interval = interval
        guard: Guard = self._guard
        self._store: Store = (
            Together(place, opened.shared, guard) if opened.shared else Alone(place, opened.index, guard)
        )
        self._pending: dict[tuple[Stream, str], tuple[Entry, bytes]] = {}
        self._latest: dict[str, Latest] = {}
        self._waiting = 0
        self._since = 0.0
        self._broken: str | None = None
        self._kind: type[ArchiveError] = ArchiveError
        self._closed = False

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        run: str,
        clock: Callable[[], float],
        worker: str = "0",
        batch: int = BATCH,
        interval: float = INTERVAL,
        roll_bytes: int = ROLL_BYTES,
        roll_seconds: float = ROLL_SECONDS,
        link: bool = False,
        index: Callable[[Path], Index] = sqlite.SqliteIndex,
        shared: Backing | None = None,
    ) -> Self:
        """Take the directory, mend what a dead run left, and be ready. `clock` gives seconds (time.time).

        link: keep an index of the articles' texts, so that `original` finds what a text is a copy of.
        shared: the database in which index, facts and copies are kept, in place of SQLite files; then others may
        write into the directory at the same time, with the same database.

        ArchiveLocked where another run holds it, ArchiveFull and ArchiveError where the disk says no, ValueError for
        a run or worker that cannot be part of a file name.
        """
        if not segments.RUN.fullmatch(run) or run == segments.MERGED or not segments.WORKER.fullmatch(worker):
            raise ValueError(
                f"run {run!r}, worker {worker!r}: they become part of file names: letters, digits and ._+- for the "
                f"run (not {segments.MERGED!r}), letters, digits and _ for the worker"
            )
        path = Path(path)
        place = Place(path=path, run=run, worker=worker, clock=clock, roll_bytes=roll_bytes, roll_seconds=roll_seconds)
        with contextlib.ExitStack() as undo, _refusing(path, "cannot open it"):
            path.mkdir(parents=True, exist_ok=True)
            if shared is not None:
                opened = _together(place, shared, undo, link=link)
            else:
                opened = _alone(place, index, undo, link=link)
            disk.sync_directory(path)
            undo.pop_all()
        return cls(place, opened, batch=batch, interval=interval)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pending(self) -> int:
        """How many entries wait for the next commit."""
        return len(self._pending)

    def seen(self, id_: str, stream: Stream = "articles") -> bool:
        """Is this record durable, or pending in this run?"""
        with self._guard("cannot read the index"):
            return (stream, id_) in self._pending or self._index.seen(stream, id_)

    def latest(self, story: str) -> Latest | None:
        """The newest article of a story, durable or pending: what a changed one supersedes."""
        with self._guard("cannot read the index"):
            return self._latest.get(story) or self._index.latest(story)

    def original(self, text: str, *, story: str) -> str | None:
        """The id of the first article, durable or pending, that a text is a copy of; None where it is none.

        Never an article of the same story, nor a copy of one. None, too, in an archive that was opened without `link`.
        """
        if self._copies is None:
            return None
        with self._guard("cannot read the index of copies"):
            return self._copies.original(text, story=story)

    def put(self, entry: Entry, *, withdraws: str | None = None) -> bool:
        """Take an entry; False if its id is durable or pending already. Commits by itself when a batch is full.

        `withdraws`: the id of an article that this entry (of the stream withheld) takes back: it is in no export or
        read from the commit on. ValueError for a line that could not be read back.
        """
        if self.seen(entry.id, entry.stream):
            return False
        raw = lines.kept(entry, withdraws=withdraws)
        if not self._pending:
            self._since = self._clock()
        self._pending[entry.stream, entry.id] = (entry, raw)
        self._waiting += len(raw)
        if entry.stream == "articles":
            self._latest[entry.story] = Latest(id=entry.id, version=entry.version)
            if self._copies is not None:
                with self._guard("cannot add to the index of copies", unstored=len(self._pending)):
                    copies.take(self._copies, raw)
        if len(self._pending) >= self._batch or self._waiting >= BATCH_BYTES:
            self.commit()
        return True

    def due(self) -> bool:
        """Is it time to commit? A clock that jumped, either way, makes it time."""
        now = self._clock()
        if self._pending and not 0 <= now - self._since < self._interval:
            return True
        return self._store.due(now)

    def commit(self) -> int:
        """Make what is pending durable, then seen; how many entries it was. Old or big segments are sealed."""
        with self._guard("cannot go on"):
            pass
        done = len(self._pending)
        if self._pending:
            marks = self._store.commit(tuple(self._pending.values()))
            if self._copies is not None:
                with self._guard("the entries are stored, but cannot update the index of copies", unstored=0):
                    self._copies.commit({name: size for name, size in marks.items() if name.startswith("articles-")})
            self._forget_pending()
        self._store.roll(self._clock())
        return done

    def _forget_pending(self) -> None:
        self._pending.clear()
        self._latest.clear()
        self._waiting = 0

    def close(self) -> None:
        """Commit, seal, let go. After an error it only lets go; what was not stored the error has said."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._broken is None:
                self.commit()
                self._store.seal()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        self._store.abandon()
        try:
            doing = "every entry is stored, but cannot close the index and the facts"
            with _refusing(self.path, doing), contextlib.ExitStack() as last:
                last.callback(self._index.close)
                if self._copies is not None:
                    last.callback(self._copies.close)
                self._facts.close()
        except ArchiveError:
            if self._broken is None:
                raise
        finally:
            self._broken = self._broken or "it is closed"
            self._lock.release()

    def start(self, url: str) -> bool:
        """A story is about to be worked on. False: it is poison (twice it took the process down), leave it."""
        with self._guard("cannot note an attempt"):
            return self._facts.start(url)

    def finish(self, url: str) -> None:
        """The story was worked on, with whatever result."""
        with self._guard("cannot note an attempt"):
            self._facts.finish(url)

    def poison(self, url: str, reason: str) -> None:
        """Set a story aside at once, durably: for a watchdog that is about to end the process."""
        with self._guard("cannot note a poison page"):
            self._facts.poison(url, reason)

    def poisoned(self) -> tuple[Poison, ...]:
        """The stories that are set aside."""
        with self._guard("cannot read the facts"):
            return self._facts.poisoned()

    def retry(self, url: str | None = None) -> int:
        """Give one story, or all, another chance; how many there were."""
        with self._guard("cannot note a retry"):
            return self._facts.retry(url)

    def state(self, kind: str, key: str) -> object:
        """A JSON value that was kept and has not expired, or None."""
        with self._guard("cannot read the facts"):
            return self._facts.state(kind, key)

    def states(self, kind: str) -> Mapping[str, object]:
        """All values of a kind that have not expired, by key."""
        with self._guard("cannot read the facts"):
            return self._facts.states(kind)

    def keep(self, kind: str, key: str, value: object, *, expires: float | None = None) -> None:
        """Keep a JSON value, durably, until a reading of the clock (None: until it is dropped)."""
        with self._guard("cannot keep a fact"):
            self._facts.keep(kind, key, value, expires=expires)

    def drop(self, kind: str, key: str) -> None:
        """Keep it no longer."""
        with self._guard("cannot drop a fact"):
            self._facts.drop(kind, key)

    def count(self, stream: Stream = "articles") -> int:
        """How many records of a stream are durable."""
        with self._guard("cannot read the index"):
            return self._index.count(stream)

    def sites(self) -> tuple[SiteCount, ...]:
        """Durable records by site and stream."""
        with self._guard("cannot read the index"):
            return self._index.sites()

    @contextlib.contextmanager
    def _guard(self, doing: str, *, unstored: int | None = None) -> Iterator[None]:
        """Nothing after a failure; and a failure in here is told with what is lost by it."""
        if self._broken is not None:
            raise self._kind(f"archive {self.path}: nothing more is accepted: {self._broken}", path=self.path)
        try:
            with _refusing(self.path, doing, unstored=len(self._pending) if unstored is None else unstored):
                yield
        except ArchiveError as error:
            self._broken, self._kind = str(error), type(error)
            raise


@contextlib.contextmanager
def _refusing(path: Path, doing: str, *, unstored: int = 0) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise disk.refusal(path, error, doing=doing, unstored=unstored) from error


def _alone(place: Place, index: Callable[[Path], Index], undo: contextlib.ExitStack, *, link: bool) -> _Opened:
    takeover.alone(place.path)
    lock = disk.Lock(place.path, run=place.run)
    undo.callback(lock.release)
    opened, recovered = recovery.recover(place.path, clock=place.clock, index=index)
    undo.callback(opened.close)
    facts, notes = _facts(place.path, place.clock)
    undo.callback(facts.close)
    copied = copies.opened(place.path) if link else None
    if copied is not None:
        undo.callback(copied.close)
    recovered = replace(recovered, notes=(*recovered.notes, *notes))
    return _Opened(lock=lock, index=opened, facts=facts, copies=copied, recovered=recovered)


def _together(place: Place, backing: Backing, undo: contextlib.ExitStack, *, link: bool) -> _Opened:
    number, lock = takeover.entered(place.path, run=place.run)
    undo.callback(lock.release)
    index = backing.index(place.path, number)
    undo.callback(index.close)
    recovered = takeover.recover(place.path, clock=place.clock, index=index)
    facts = backing.facts(place.path, clock=place.clock)
    undo.callback(facts.close)
    copied = backing.copies(place.path) if link else None
    if copied is not None:
        undo.callback(copied.close)
    return _Opened(lock=lock, index=index, facts=facts, copies=copied, recovered=recovered, shared=index)


def _facts(path: Path, clock: Callable[[], float]) -> tuple[sqlite.SqliteFacts, tuple[str, ...]]:
    try:
        return sqlite.SqliteFacts(path, clock=clock), ()
    except sqlite3.DatabaseError as error:
        if not sqlite.broken(error):
            raise
        moved = sqlite.set_aside(path / sqlite.FACTS)
        note = f"{sqlite.FACTS}: {error}: set aside as {', '.join(moved)}; back-off, robots and attempts begin anew"
    return sqlite.SqliteFacts(path, clock=clock), (note,)
