"""Writes records to one file, whole or not at all: JSONL, compressed JSONL, or Parquet."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, cast

from newscrawl.archive import disk
from newscrawl.archive.reading import directory_of, standing
from newscrawl.archive.words import ArchiveError, Exported, Stream

Format: TypeAlias = Literal["jsonl", "jsonl.gz", "jsonl.zst", "parquet"]
Day: TypeAlias = date | datetime | None
ROWS = 1000


def export(
    path: Path,
    out: Path,
    *,
    since: Day = None,
    until: Day = None,
    site: str | None = None,
    format: Format = "jsonl",
    stream: Stream = "articles",
) -> Exported:
    """Records fetched in [since, until), of one site or all, without those withdrawn. An old file stays until the end.

    A date without a time is its midnight in UTC. A record without `fetched` counts by when its segment was sealed.
    Parquet has one text column for each key; what is no text is JSON in it. Raises ArchiveError, ArchiveFull.
    """
    directory = directory_of(path)
    out = Path(out)
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    opener = _opener(format, out)
    try:
        counted = _write(directory, part, opener, _window(since, until), site, stream)
        if format == "parquet":
            _to_parquet(part)
        size, digest = _settle(part)
        disk.rename(part, out)
        disk.sync_directory(out.parent)
    except OSError as error:
        raise disk.refusal(out.parent, error, doing=f"cannot export to {out.name}") from error
    finally:
        disk.unlink(part)
    return Exported(out=out, items=counted[0], bytes=size, sha256=digest, withdrawn=counted[1])


def _window(since: Day, until: Day) -> Callable[[bytes, float | None], bool] | None:
    if since is None and until is None:
        return None
    first, last = _moment(since), _moment(until)

    def inside(data: bytes, sealed: float | None) -> bool:
        at = _fetched(data, sealed)
        return at is not None and (first is None or at >= first) and (last is None or at < last)

    return inside


def _moment(day: Day) -> datetime | None:
    if day is None:
        return None
    if not isinstance(day, datetime):
        day = datetime.combine(day, time())
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def _fetched(data: bytes, sealed: float | None) -> datetime | None:
    said = json.loads(data).get("fetched")
    if isinstance(said, str):
        try:
            return _moment(datetime.fromisoformat(said))
        except ValueError:
            pass
    return datetime.fromtimestamp(sealed, UTC) if sealed is not None else None


def _write(
    directory: Path,
    part: Path,
    opener: Callable[[Path], AbstractContextManager[IO[bytes]]],
    inside: Callable[[bytes, float | None], bool] | None,
    site: str | None,
    stream: Stream,
) -> tuple[int, int]:
    items = withdrawn = 0
    with opener(part) as file:
        for raw, data, by in standing(directory, stream):
            if site is not None and json.loads(data).get("site") != site:
                continue
            if inside is not None and not inside(data, raw.sealed):
                continue
            if by is not None:
                withdrawn += 1
                continue
            file.write(data + b"\n")
            items += 1
    return items, withdrawn


def _settle(part: Path) -> tuple[int, str]:
    """Make the file durable; its size and sum."""
    total = hashlib.sha256()
    with part.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
        disk.fsync(file.fileno())
        return file.tell(), total.hexdigest()


def _opener(format: Format, out: Path) -> Callable[[Path], AbstractContextManager[IO[bytes]]]:
    if format in ("jsonl", "parquet"):
        if format == "parquet":
            _needed("pyarrow.parquet", out, "pip install pyarrow")
        return lambda part: part.open("wb")
    if format == "jsonl.gz":
        return _gzip
    if format == "jsonl.zst":
        zstd = _zstd(out)
        return lambda part: zstd.open(part, "wb")
    raise ArchiveError(f"export to {out}: no format {format!r}: use jsonl, jsonl.gz, jsonl.zst or parquet", path=out)


@contextmanager
def _gzip(part: Path) -> Iterator[IO[bytes]]:
    """Without a name and a time in the header: the same records give the same bytes."""
    with part.open("wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
        yield cast("IO[bytes]", packed)


def _zstd(out: Path) -> Any:
    try:
        return importlib.import_module("compression.zstd")
    except ImportError:
        return _needed("backports.zstd", out, "pip install backports.zstd, or use Python 3.14")


def _needed(module: str, out: Path, remedy: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise ArchiveError(f"export to {out}: {module} is not installed: {remedy}", path=out) from None


def _to_parquet(part: Path) -> None:
    """Two passes over the lines: the keys in the order of their first sight, then the rows."""
    pyarrow = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    keys: dict[str, None] = {}
    for row in _rows(part):
        keys.update(dict.fromkeys(row))
    schema = pyarrow.schema([(key, pyarrow.string()) for key in keys])
    beside = part.with_name(f"{part.name}.parquet")
    try:
        with parquet.ParquetWriter(beside, schema) as writer:
            for batch in _batches(part):
                columns = {key: [_cell(row.get(key)) for row in batch] for key in keys}
                writer.write_table(pyarrow.table(columns, schema=schema))
        disk.rename(beside, part)
    finally:
        disk.unlink(beside)


def _rows(part: Path) -> Iterator[dict[str, object]]:
    with part.open("rb") as file:
        for raw in file:
            yield json.loads(raw)


def _batches(part: Path) -> Iterator[list[dict[str, object]]]:
    batch: list[dict[str, object]] = []
    for row in _rows(part):
        batch.append(row)
        if len(batch) == ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _cell(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
