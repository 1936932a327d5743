"""Makes pending entries durable, then seen, where this run is the only writer of its directory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from newscrawl.archive import manifest, recovery
from newscrawl.archive.index import Index, Row
from newscrawl.archive.segments import Name, Writer
from newscrawl.archive.words import STREAMS, Entry, Stream

Lined: TypeAlias = tuple[Entry, bytes]
"""An entry and its line as it is written."""
ROLL_BYTES = 64 << 20
ROLL_SECONDS = 3600.0


class Guard(Protocol):
    """Turns a failure in its block into an ArchiveError that says what was being done and what is not stored."""

    def __call__(self, doing: str, *, unstored: int | None = None) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run writes, under which name, and when a segment is full."""

    path: Path
    run: str
    worker: str
    clock: Callable[[], float]
    roll_bytes: int = ROLL_BYTES
    roll_seconds: float = ROLL_SECONDS

    def name(self, stream: Stream, number: int) -> Name:
        """What this run calls a segment."""
        return Name(stream=stream, number=number, run=self.run, worker=self.worker)

    def over(self, writer: Writer, now: float) -> bool:
        """Is a segment so old that it is to be sealed? A clock that jumped, either way, makes it so."""
        return not 0 <= now - writer.opened < self.roll_seconds


class Store(Protocol):
    """What an archive writes through. Every call may raise ArchiveError."""

    def commit(self, pending: Sequence[Lined]) -> Mapping[str, int]:
        """Make entries durable, then seen; the committed length of each segment that grew."""
        ...

    def due(self, now: float) -> bool:
        """Is there a segment to be sealed?"""
        ...

    def roll(self, now: float) -> None:
        """Seal what is old or big."""
        ...

    def seal(self) -> None:
        """Seal everything."""
        ...

    def abandon(self) -> None:
        """Close the files as they stand."""
        ...


def by_stream(pending: Sequence[Lined]) -> dict[Stream, list[Lined]]:
    """Entries by stream, in the order in which a commit makes the streams durable."""
    batches = {stream: [one for one in pending if one[0].stream == stream] for stream in STREAMS}
    return {stream: batch for stream, batch in batches.items() if batch}


def rows_of(name: Name, batch: Sequence[Lined]) -> list[Row]:
    """What the index keeps of entries that go into a segment."""
    return [recovery.row_of(name, one.id, one.story, one.version, one.site) for one, _ in batch]


class Segments(ABC):
    """The open segments of a store, one a stream: begun when a stream has its first line, sealed when old or big."""

    def __init__(self, place: Place, guard: Guard) -> None:
        self._place = place
        self._guard = guard
        self._writers: dict[Stream, Writer] = {}

    def _writer(self, stream: Stream) -> Writer:
        if stream not in self._writers:
            self._writers[stream] = Writer(self._place.path, self._begin(stream), opened=self._place.clock())
        return self._writers[stream]

    @abstractmethod
    def _begin(self, stream: Stream) -> Name:
        """The name of a new segment."""

    @abstractmethod
    def _seal(self, stream: Stream) -> None:
        """Seal a stream's segment, and list it."""

    def due(self, now: float) -> bool:
        return any(self._place.over(writer, now) for writer in self._writers.values())

    def roll(self, now: float) -> None:
        for stream in STREAMS:
            writer = self._writers.get(stream)
            if writer is not None and (writer.size >= self._place.roll_bytes or self._place.over(writer, now)):
                self._seal(stream)

    def seal(self) -> None:
        for stream in tuple(self._writers):
            self._seal(stream)

    def abandon(self) -> None:
        for writer in self._writers.values():
            writer.abandon()


class Alone(Segments):
    """The store of a directory with one writer: first the lines, then the index, which the lines can give back."""

    def __init__(self, place: Place, index: Index, guard: Guard) -> None:
        super().__init__(place, guard)
        self._index = index

    def commit(self, pending: Sequence[Lined]) -> Mapping[str, int]:
        marks: dict[str, int] = {}
        rows: list[Row] = []
        left = len(pending)
        for stream, batch in by_stream(pending).items():
            with self._guard(f"cannot write {stream}", unstored=left):
                writer = self._writer(stream)
                writer.append(b"".join(raw for _, raw in batch), len(batch))
            left -= len(batch)
            marks[str(writer.name)] = writer.size
            rows += rows_of(writer.name, batch)
        doing = "the entries are stored, but cannot update the index, which the next start does"
        with self._guard(doing, unstored=0):
            self._index.add(rows, marks)
        return marks

    def _begin(self, stream: Stream) -> Name:
        number = recovery.next_number(self._place.path, stream)
        return self._place.name(stream, number)

    def _seal(self, stream: Stream) -> None:
        with self._guard(f"the entries are stored, but cannot seal {stream}, which the next start does"):
            row = self._writers[stream].seal(sealed=self._place.clock())
            del self._writers[stream]
            manifest.append(self._place.path, [row])
