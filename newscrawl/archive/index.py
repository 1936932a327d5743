"""What the archive asks of an index: which lines are durable, told from the segments and never the other way round.

Any index that keeps these promises can stand here: `add` is one transaction, and everything in it can be deleted
and built again from the segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from newscrawl.archive.words import Latest, Poison, SiteCount


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
