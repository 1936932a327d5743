"""The words of the disk: what is put, what is sealed, what a check found, and how a disk says no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Stream: TypeAlias = Literal["articles", "withheld", "cuts"]

STREAMS: tuple[Stream, ...] = ("cuts", "withheld", "articles")
"""In the order in which a commit makes them durable: what an article needs is on disk before the article is."""


class ArchiveError(Exception):
    """The archive cannot go on: names the path and the remedy. Nothing is accepted after it.

    `unstored` is how many entries were put but are not durable; they have to be fetched again.
    """

    def __init__(self, message: str, *, path: Path, unstored: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.unstored = unstored


class ArchiveFull(ArchiveError):
    """No room, no inode, or a quota or file size limit reached: names the path and what is free."""


class ArchiveLocked(ArchiveError):
    """Another run holds the directory: names the path, that run and its pid, and the remedy."""

    def __init__(self, message: str, *, path: Path, pid: int | None = None, run: str | None = None) -> None:
        super().__init__(message, path=path)
        self.pid = pid
        self.run = run


class ArchiveAway(ArchiveError):
    """The database that holds the index has not answered for longer than is waited: run again later."""


class ArchiveFenced(ArchiveError):
    """Another owner has taken over what this run crawled: it must stop, and nothing more of it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record to keep. `line`: one JSON object as ASCII bytes, no line break, whose `id`, `url`, `site` are these.

    `story` is the key of the canonical URL: all versions of a story share it. `version` names the content.
    """

    stream: Stream
    id: str
    url: str
    site: str
    version: str
    story: str
    line: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A line of the manifest: a segment that will not change any more, and the segments that it took the place of.

    `sealed` is the clock's reading when it was sealed (seconds).
    """

    name: str
    bytes: int
    items: int
    sha256: str
    run: str
    worker: str
    sealed: float
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest version of a story that the archive holds: the id of its article, and the name of its content."""

    id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poison:
    """A story that was started and never finished, so often that it is set aside. `at`: the last start (seconds)."""

    url: str
    starts: int
    at: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCount:
    """How many records of a stream a site has."""

    site: str
    stream: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is not as it should be: its kind, the file, the line (from 1; 0 is the whole file)."""

    kind: str
    name: str
    line: int
    detail: str

    def __str__(self) -> str:
        where = f"{self.name} line {self.line}" if self.line else self.name
        return f"{where}: {self.kind}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `verify` found: sealed segments, open parts, items by stream, bytes, problems, and what is only of note."""

    path: Path
    segments: int
    parts: int
    items: Mapping[str, int]
    bytes: int
    withdrawn: int = 0
    stubs: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True where every sum, line and index entry agrees."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What opening the archive had to mend after a run that died."""

    sealed: tuple[str, ...] = ()
    torn_bytes: int = 0
    replayed: int = 0
    rebuilt: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What `repair` did, and the check before and after it."""

    before: Report
    after: Report
    recovered: Recovered
    rewritten: tuple[str, ...] = ()
    dropped_lines: int = 0
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What `compact` or `prune` did: segments before and after, lines turned into stubs, bytes freed."""

    before: int
    after: int
    stubs: int
    freed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file that was written whole: how many records, how many bytes, and how many were left out as withdrawn."""

    out: Path
    items: int
    bytes: int
    sha256: str
    withdrawn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One record as it stands in the archive, and where."""

    stream: str
    name: str
    line: int
    record: Mapping[str, object] = field(default_factory=dict)
    withdrawn: str | None = None
