"""The list of sealed segments: one JSON line each, appended and made durable when a segment is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from newscrawl.archive import disk
from newscrawl.archive.words import Sealed

NAME = "manifest.jsonl"


def _line(row: Sealed) -> bytes:
    fields = asdict(row)
    if not row.replaces:
        del fields["replaces"]
    return json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n"


def _row(raw: bytes) -> Sealed | None:
    try:
        said = json.loads(raw)
        return Sealed(
            name=str(said["name"]),
            bytes=int(said["bytes"]),
            items=int(said["items"]),
            sha256=str(said["sha256"]),
            run=str(said["run"]),
            worker=str(said["worker"]),
            sealed=float(said.get("sealed", 0.0)),
            replaces=tuple(str(name) for name in said.get("replaces", ())),
        )
    except (ValueError, KeyError, TypeError):
        return None


def parse(data: bytes) -> tuple[tuple[Sealed, ...], tuple[int, ...]]:
    """The rows that are whole, and the numbers (from 1) of the lines that are not."""
    rows: list[Sealed] = []
    bad: list[int] = []
    for number, raw in enumerate(data.splitlines(keepends=True), 1):
        row = _row(raw) if raw.endswith(b"\n") else None
        if row is None:
            bad.append(number)
        else:
            rows.append(row)
    return tuple(rows), tuple(bad)


def load(directory: Path) -> tuple[Sealed, ...]:
    """Every row that is whole, in the order in which they were written."""
    try:
        return parse((directory / NAME).read_bytes())[0]
    except FileNotFoundError:
        return ()


def live(rows: Iterable[Sealed]) -> dict[str, Sealed]:
    """The segments that count: listed, and not replaced by a later row."""
    standing: dict[str, Sealed] = {}
    for row in rows:
        for name in row.replaces:
            standing.pop(name, None)
        standing[row.name] = row
    return standing


def replaced(rows: Iterable[Sealed]) -> frozenset[str]:
    """The names that a later row took the place of, and that are not live themselves."""
    rows = tuple(rows)
    return frozenset(name for row in rows for name in row.replaces) - frozenset(live(rows))


def append(directory: Path, rows: Iterable[Sealed]) -> None:
    """Add rows and wait until they are durable; a write that fails is cut off again before it is raised."""
    data = b"".join(_line(row) for row in rows)
    fd = disk.append_to(directory / NAME)
    try:
        size = os.fstat(fd).st_size
        if size and not _ends_whole(directory / NAME):
            data = b"\n" + data
        try:
            disk.write(fd, data)
            disk.fsync(fd)
        except OSError:
            disk.truncate(fd, size)
            raise
    finally:
        os.close(fd)
    if not size:
        disk.sync_directory(directory)


def _ends_whole(path: Path) -> bool:
    """False where another writer died in the middle of its line: ours begins on a new one."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def mend(directory: Path) -> int:
    """Take lines that are not whole out of the file; the number of bytes that went."""
    path = directory / NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0
    rows, bad = parse(data)
    if not bad:
        return 0
    disk.write_new(path, b"".join(_line(row) for row in rows))
    return len(data) - path.stat().st_size


def rewrite(directory: Path, rows: Iterable[Sealed]) -> None:
    """The whole list anew, whole or not at all."""
    disk.write_new(directory / NAME, b"".join(_line(row) for row in rows))
