"""Reads records back: only lines that are durable, without disturbing the run that may be writing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newscrawl.archive import lines, manifest, recovery, segments
from newscrawl.archive.segments import PART, Name
from newscrawl.archive.words import STREAMS, ArchiveError, Found, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A durable line as it stands: its segment, its line number (from 1), its bytes, when the segment was sealed."""

    name: str
    number: int
    data: bytes
    sealed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    name: Name
    stop: int
    sealed: float | None


def directory_of(path: Path) -> Path:
    """The path, if there is an archive to read; ArchiveError if not."""
    path = Path(path)
    if not path.is_dir():
        raise ArchiveError(f"archive {path}: no such directory: name the one that a crawl wrote", path=path)
    return path


def _sources(directory: Path, stream: Stream) -> list[_Source]:
    """Files are looked at before the manifest: one that is sealed in between is then found there.

    What a run sealed and died before it listed it counts as far as it was committed, as an open part does.
    """
    marks = recovery.marks_of(directory)
    sealed, parts = segments.files(directory)
    rows = manifest.load(directory)
    standing = manifest.live(rows)
    known = standing.keys() | manifest.replaced(rows)
    found: list[_Source] = []
    for text, row in standing.items():
        name = segments.name_of(text)
        if name is not None and name.stream == stream:
            found.append(_Source(name=name, stop=row.bytes, sealed=row.sealed))
    for text, name in (sealed | parts).items():
        if name.stream == stream and text not in known and marks.get(text):
            found.append(_Source(name=name, stop=marks[text], sealed=None))
    return sorted(found, key=lambda one: (one.name.number, one.name))


def raw_lines(directory: Path, stream: Stream) -> Iterator[Raw]:
    """The durable lines of a stream, oldest segment first. A listed segment that is missing is an ArchiveError."""
    with recovery.reading(directory):
        for source in _sources(directory, stream):
            path = segments.path_of(directory, str(source.name))
            try:
                for number, data in enumerate(_bytes_of(path, source), 1):
                    yield Raw(name=str(source.name), number=number, data=data, sealed=source.sealed)
            except OSError as error:
                raise ArchiveError(
                    f"archive {directory}: {path.name}: {error.strerror}: `newscrawl verify`, then `newscrawl repair`",
                    path=directory,
                ) from error


def _bytes_of(path: Path, source: _Source) -> Iterator[bytes]:
    at = 0
    with _opened(path, part=source.sealed is None) as file:
        for raw in file:
            at += len(raw)
            if at > source.stop:
                return
            yield raw


def _opened(path: Path, *, part: bool) -> BinaryIO:
    if part:
        with contextlib.suppress(FileNotFoundError):
            return path.with_name(f"{path.name}{PART}").open("rb")
    return path.open("rb")


def withdrawn(directory: Path) -> dict[str, str]:
    """The ids of articles that were taken back, with the id of the line that says so."""
    back: dict[str, str] = {}
    for raw in raw_lines(directory, "withheld"):
        if b'"withdraws":' in raw.data:
            line = lines.read(raw.data)
            if line is not None and line.withdraws is not None:
                back[line.withdraws] = line.id
    return back


def standing(directory: Path, stream: Stream) -> Iterator[tuple[Raw, bytes, str | None]]:
    """Each record that has its text: where it stands, its bytes, and the id of what withdrew it, if anything did."""
    back = withdrawn(directory) if stream != "withheld" else {}
    for raw in raw_lines(directory, stream):
        if b',"gone":' in raw.data[-4096:] and "gone" in lines.tail(raw.data):
            continue
        data = lines.record(raw.data)
        by = None
        if back:
            line = lines.read(raw.data)
            by = back.get(line.id) if line is not None else None
        yield raw, data, by


def read(path: Path, stream: Stream) -> Iterator[dict[str, object]]:
    """The records of a stream, oldest first: sealed and committed ones, without those withdrawn or pruned."""
    for raw, data, by in standing(directory_of(path), stream):
        if by is None:
            try:
                yield json.loads(data)
            except ValueError as error:
                raise ArchiveError(
                    f"archive {path}: {raw.name} line {raw.number}: {error}: run `newscrawl repair`", path=Path(path)
                ) from error


def find(path: Path, id_: str) -> tuple[Found, ...]:
    """Every record with an id, in all streams: the article, its cuts, what was withheld; with what withdrew it."""
    directory = directory_of(path)
    mark = b'"id":' + json.dumps(id_).encode("ascii")
    spaced = b'"id": ' + json.dumps(id_).encode("ascii")
    back = withdrawn(directory)
    found: list[Found] = []
    for stream in STREAMS:
        for raw in raw_lines(directory, stream):
            if mark not in raw.data and spaced not in raw.data:
                continue
            line = lines.read(raw.data)
            if line is not None and line.id == id_:
                found.append(
                    Found(
                        stream=stream,
                        name=raw.name,
                        line=raw.number,
                        record=json.loads(lines.record(raw.data)),
                        withdrawn=(back.get(id_) if stream != "withheld" else None) or line.gone,
                    )
                )
    return tuple(found)
