"""Segments: files of whole lines that are written once, sealed, and never changed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive import disk, lines
from newscrawl.archive.lines import Line
from newscrawl.archive.words import Sealed

NAME = re.compile(
    r"(articles|withheld|cuts)-([0-9]{6,12})-([A-Za-z0-9][A-Za-z0-9_.+-]{0,95})-([A-Za-z0-9_]{1,32})\.jsonl"
)
RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,95}")
WORKER = re.compile(r"[A-Za-z0-9_]{1,32}")
PART = ".part"
TORN = ".torn"
NEW = ".new"
"""A file that is being written, or a rewritten segment between its manifest line and its rename."""
MERGED = "merged"
"""The run that a rewritten segment has in its name."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Name:
    """A segment's name, in parts; they sort in the order in which the segments were begun."""

    stream: str
    number: int
    run: str
    worker: str

    def __str__(self) -> str:
        return f"{self.stream}-{self.number:06d}-{self.run}-{self.worker}.jsonl"


def name_of(file: str) -> Name | None:
    """A segment's name from a file name, with or without `.part`; None for any other file.

    >>> name_of("articles-000007-20261124-0.jsonl.part").number
    7
    """
    match = NAME.fullmatch(file.removesuffix(PART))
    return Name(stream=match[1], number=int(match[2]), run=match[3], worker=match[4]) if match else None


def path_of(directory: Path, name: str) -> Path:
    """Where a listed segment lies: a rewritten one is listed a moment before it gets its name."""
    path = directory / name
    beside = directory / f"{name}{NEW}"
    return beside if not path.exists() and beside.exists() else path


def files(directory: Path) -> tuple[dict[str, Name], dict[str, Name]]:
    """The segments in a directory, sealed and open, by name (the open ones without `.part`)."""
    sealed: dict[str, Name] = {}
    parts: dict[str, Name] = {}
    for file in sorted(os.listdir(directory)):
        name = name_of(file)
        if name is not None:
            (parts if file.endswith(PART) else sealed)[str(name)] = name
    return sealed, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One line of a segment: where it starts, its bytes with the line break, and what it says if it is whole."""

    start: int
    raw: bytes
    line: Line | None


def scan(path: Path, *, start: int = 0, stop: int | None = None) -> Iterator[Scanned]:
    """Every line from a byte offset on, up to another; a line that is not whole comes with None."""
    at = start
    with path.open("rb") as file:
        file.seek(start)
        for raw in file:
            if stop is not None and at + len(raw) > stop:
                return
            yield Scanned(start=at, raw=raw, line=lines.read(raw))
            at += len(raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far an open segment is acknowledged: bytes, items, and the sum of them."""

    size: int
    items: int
    sum: hashlib._Hash


class Writer:
    """One open segment. `size`: the bytes that are durable; what stands after them was never acknowledged."""

    def __init__(self, directory: Path, name: Name, *, opened: float) -> None:
        self.name = name
        self.opened = opened
        self.size = 0
        self.items = 0
        self._directory = directory
        self._sum = hashlib.sha256()
        self._path = directory / f"{name}{PART}"
        self._fd = disk.create(self._path)
        disk.sync_directory(directory)

    def append(self, data: bytes, items: int) -> None:
        """Write whole lines and wait until they are durable; on an OSError the file is cut to its last good size."""
        try:
            disk.write(self._fd, data)
            disk.fsync(self._fd)
        except OSError as error:
            try:
                disk.truncate(self._fd, self.size)
            except OSError as second:
                error.add_note(f"cutting {self._path.name} to {self.size} bytes failed too: {second}")
            raise
        self._sum.update(data)
        self.size += len(data)
        self.items += items

    def standing(self) -> Standing:
        """How far the file is acknowledged."""
        return Standing(size=self.size, items=self.items, sum=self._sum.copy())

    def back(self, standing: Standing) -> None:
        """Cut the file to what it was: what was appended since then was never acknowledged."""
        disk.truncate(self._fd, standing.size)
        self.size, self.items, self._sum = standing.size, standing.items, standing.sum.copy()

    def seal(self, *, sealed: float) -> Sealed:
        """Give the file its public name, durably. The manifest line is the caller's to write."""
        disk.fsync(self._fd)
        self.abandon()
        disk.rename(self._path, self._directory / str(self.name))
        disk.sync_directory(self._directory)
        return Sealed(
            name=str(self.name),
            bytes=self.size,
            items=self.items,
            sha256=self._sum.hexdigest(),
            run=self.name.run,
            worker=self.name.worker,
            sealed=sealed,
        )

    def abandon(self) -> None:
        """Close the file and leave it as it stands."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def summed(path: Path, name: Name, *, sealed: float, replaces: tuple[str, ...] = ()) -> Sealed:
    """The manifest line for a file that is whole, from its bytes."""
    total = hashlib.sha256()
    size = items = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
            size += len(block)
            items += block.count(b"\n")
    return Sealed(
        name=str(name),
        bytes=size,
        items=items,
        sha256=total.hexdigest(),
        run=name.run,
        worker=name.worker,
        sealed=sealed,
        replaces=replaces,
    )
