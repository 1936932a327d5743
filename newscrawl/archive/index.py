"""What the archive asks of an index: which lines are durable, told from the segments and never the other way round.

Any index that keeps these promises can stand here: `add` is one transaction, and everything in it can be deleted
and built again from the segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from newscrawl.archive.words import ArchiveAway, Latest, Poison, SiteCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One durable line, as the index knows it. `number` is its segment's, and orders the versions of a story."""

    stream: str
    id: str
    story: str
    version: str
    site: str
    number: int


class Index(Protocol):
    """The derivable part: deleted at any time, it is built again from the segments."""

    def seen(self, stream: str, id_: str) -> bool:
        """Is this record durable?"""
        ...

    def latest(self, story: str) -> Latest | None:
        """The newest article of a story."""
        ...

    def marks(self) -> Mapping[str, int]:
        """Segment name to the bytes of it that this index has taken in."""
        ...

    def add(self, rows: Iterable[Row], marks: Mapping[str, int], *, gone: Iterable[str] = ()) -> None:
        """Take in rows, move marks, and forget the marks of segments that are no more: all of it or nothing."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...

    def count(self, stream: str) -> int:
        """How many records of a stream are durable."""
        ...

    def sites(self) -> tuple[SiteCount, ...]:
        """Records by site and stream."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class Facts(Protocol):
    """The part that no segment holds: attempts, and what the crawl has learnt of hosts. Values are JSON."""

    def start(self, url: str) -> bool:
        """A story is about to be worked on; False: it is poison, leave it."""
        ...

    def finish(self, url: str) -> None:
        """It was worked on, with whatever result."""
        ...

    def poison(self, url: str, reason: str) -> None:
        """Set a story aside at once."""
        ...

    def poisoned(self) -> tuple[Poison, ...]:
        """The stories that are set aside."""
        ...

    def retry(self, url: str | None = None) -> int:
        """Give one story, or all, another chance; how many there were."""
        ...

    def state(self, kind: str, key: str) -> object:
        """A value that was kept and has not expired, or None."""
        ...

    def states(self, kind: str) -> Mapping[str, object]:
        """All that was kept of a kind and has not expired."""
        ...

    def keep(self, kind: str, key: str, value: object, *, expires: float | None = None) -> None:
        """Keep a value, durably, until a reading of the clock."""
        ...

    def drop(self, kind: str, key: str) -> None:
        """Keep it no longer."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A segment that nobody will add to any more, and that is not sealed: its name, the bytes that count."""

    path: str
    committed: int


class Batch(Protocol):
    """An open transaction of a shared index, in which this run is known to be the owner, and stays so to its end."""

    ends: Mapping[str, int]
    """The committed length of each segment that the batch is for, whatever became of an earlier try."""

    def add(self, rows: Iterable[Row]) -> frozenset[tuple[str, str]]:
        """Take in rows; the stream and id of those that nobody had stored before: only their lines are written."""
        ...

    def mark(self, ends: Mapping[str, int]) -> None:
        """Move the committed lengths."""
        ...


class Turn(Protocol):
    """The one process that may change the list of a folder's segments just now."""

    def parts(self) -> tuple[Part, ...]:
        """What dead owners left unsealed; from now on they can acknowledge nothing more."""
        ...

    def busy(self) -> tuple[str, ...]:
        """Hosts whose owners have segments open in the folder, and live."""
        ...

    def known(self) -> bool:
        """Does the index know of any segment of the folder?"""
        ...

    def sealed(self, path: str, size: int) -> None:
        """A segment of so many bytes stands in the manifest."""
        ...

    def forget(self, path: str) -> None:
        """A segment holds nothing and is gone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What an index holds at one moment: marks, ids by stream, and whether they are of this directory alone."""

    marks: Mapping[str, int]
    ids: Callable[[str], Iterable[str]]
    alone: bool = True


class Shared(Index, Protocol):
    """An index of many writers, each the owner of what it crawls; what a database is needed for."""

    def begin(self, name: Callable[[int], str]) -> int:
        """Enter a segment of this owner, before its file is made; its number, from which `name` gives its file's.

        Raises:
            ArchiveFenced: another owner came.
            ArchiveAway: the database is away for too long.
        """
        ...

    def batch(self, paths: Iterable[str]) -> AbstractContextManager[Batch]:
        """One transaction for lines of these segments: committed at the end of the block, or nothing of it.

        Raises:
            ArchiveFenced: another owner came; on entry only, so that no line of it is written.
            ArchiveAway: the database went away; nobody knows whether it was committed. `again` says whether to go on.
        """
        ...

    def again(self, error: ArchiveAway, tried: int) -> None:
        """Wait before the next try, longer each time; raise the error where it has been long enough."""
        ...

    def turn(self, *, fenced: bool = False, long: bool = False) -> AbstractContextManager[Turn]:
        """One transaction in which nobody else seals or lists. `fenced`: and this run is known to be the owner; `long`:
        it may take its time.

        Raises: as `batch`.
        """
        ...

    def believed(self) -> AbstractContextManager[Believed]:
        """What it holds, as of one moment."""
        ...


class CopyIndex(Protocol):
    """Which article is a copy of which; it may lag behind the segments, and is built again from them."""

    def original(self, text: str, *, story: str) -> str | None:
        """The id of the first article that a text is a copy of; never one of the same story, nor a copy of that."""
        ...

    def put(self, *, id_: str, text: str, story: str, first: str | None) -> None:
        """Take an article; lookups find it from now on."""
        ...

    def commit(self, marks: Mapping[str, int]) -> None:
        """What was put is durable up to these marks."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class Backing(Protocol):
    """A database that many writers share, for index, facts and copies. Each call may raise ArchiveError."""

    def index(self, path: Path, number: UUID) -> Shared:
        """The index, for a directory by its number."""
        ...

    def facts(self, path: Path, *, clock: Callable[[], float]) -> Facts:
        """What is known of hosts and stories."""
        ...

    def copies(self, path: Path) -> CopyIndex:
        """What is a copy of what."""
        ...
