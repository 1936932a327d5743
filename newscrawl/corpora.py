"""Opens the files that corpora come in: JSONL, plain or packed by gzip or zstd, Parquet and WARC; row after row."""

from __future__ import annotations

import gzip
import importlib
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, cast

from newscrawl.model import Page

Kind: TypeAlias = Literal["jsonl", "parquet", "warc"]
Packing: TypeAlias = Literal["", "gzip", "zstd"]
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
ENDINGS: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jl": "jsonl", ".parquet": "parquet", ".warc": "warc",
}  # fmt: skip
PACKINGS: dict[str, Packing] = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
LONGEST = 64 << 20
"""A line, or the body of a page, of more bytes than this is no story."""
BATCH = 256


class CorpusError(ValueError):
    """A file that cannot be read as what its name says, or a package that it needs: names the file and the remedy."""


class RowError(ValueError):
    """One row that is none: why, and what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it stood in a file: its number in what was read (from 1), where it began, its bytes or its values.

    `at` is a byte offset in a plain file, else the number of the row less one. Exactly one of `raw`, `values` and
    `page` is set, or `error`, where there is no row to be had.
    """

    number: int
    at: int
    raw: bytes = b""
    values: Mapping[str, object] | None = None
    page: Page | None = None
    error: str = ""


def kind_of(path: Path) -> Kind | None:
    """What a file's name says that it is, its packing aside.

    >>> kind_of(Path("news.jsonl.zst")), kind_of(Path("CC-NEWS-1.warc.gz")), kind_of(Path("page.html"))
    ('jsonl', 'warc', None)
    """
    name = Path(path.stem) if path.suffix in PACKINGS else path
    return ENDINGS.get(name.suffix.lower())


def packing_of(path: Path) -> Packing:
    """How a file is packed, by its first bytes: names lie."""
    with path.open("rb") as file:
        head = file.read(4)
    return "gzip" if head.startswith(GZIP) else "zstd" if head == ZSTD else ""


def needed(module: str, path: Path, remedy: str) -> Any:
    """A package that only some files need.

    Raises:
        CorpusError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise CorpusError(f"{path}: {module} is not installed: {remedy}") from None


def zstd(path: Path) -> Any:
    """The module that reads and writes zstd: Python's own from 3.14 on."""
    try:
        return importlib.import_module("compression.zstd")
    except ImportError:
        return needed("backports.zstd", path, "pip install 'newscrawl[zstd]'")


@contextmanager
def unpacked(path: Path, file: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked as they are read; `file` is it, if it is open already.

    Raises:
        CorpusError: the packing is broken, or ends too soon.
    """
    own = path.open("rb") if file is None else file
    buffered = own if isinstance(own, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", own))
    head = buffered.peek(4)[:4]
    broken: tuple[type[Exception], ...] = (gzip.BadGzipFile, EOFError, zlib.error)
    stream: IO[bytes] = buffered
    if head.startswith(GZIP):
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=buffered))
    elif head == ZSTD:
        module = zstd(path)
        broken += (module.ZstdError,)
        stream = module.ZstdFile(buffered)
    try:
        yield stream
    except broken as error:
        raise CorpusError(f"{path}: broken packing ({error}): fetch the file again") from error
    finally:
        if file is None:
            own.close()


@contextmanager
def packed(path: Path, like: Path) -> Iterator[IO[bytes]]:
    """A file to write, packed as the name `like` says; no time in it: the same rows give the same file."""
    packing = PACKINGS.get(like.suffix, "")
    with path.open("wb") as file:
        if packing == "gzip":
            with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as out:
                yield cast("IO[bytes]", out)
        elif packing == "zstd":
            with zstd(like).ZstdFile(file, "wb") as out:
                yield out
        else:
            yield file


def lines(stream: IO[bytes], *, at: int = 0, end: int | None = None, first: int = 1) -> Iterator[Row]:
    """The lines of a stream from byte `at`, where it stands, to byte `end`; one that is too long is a row in error."""
    number = first - 1
    while end is None or at < end:
        raw = stream.readline(LONGEST)
        if not raw:
            return
        number += 1
        size = len(raw)
        if size == LONGEST and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST)
                size += len(raw)
            yield Row(number=number, at=at, error=f"a line of {size:,} bytes: split it")
        else:
            yield Row(number=number, at=at, raw=raw)
        at += size


def table_rows(path: Path, start: int, end: int | None) -> Iterator[Row]:
    """The rows of a Parquet file's row groups from `start` to `end`.

    Raises:
        CorpusError: pyarrow is missing, or cannot read the file.
    """
    parquet = needed("pyarrow.parquet", path, "pip install 'newscrawl[parquet]'")
    arrow = importlib.import_module("pyarrow")
    try:
        with parquet.ParquetFile(path) as file:
            groups = list(range(start, file.num_row_groups if end is None else end))
            number = 0
            for batch in file.iter_batches(batch_size=BATCH, row_groups=groups) if groups else ():
                for values in batch.to_pylist():
                    number += 1
                    yield Row(number=number, at=number - 1, values={key: plain(one) for key, one in values.items()})
    except (arrow.ArrowException, OSError) as error:
        raise CorpusError(f"{path}: no Parquet that can be read ({error}): fetch the file again") from error


def row_groups(path: Path) -> list[int]:
    """The bytes of each row group of a Parquet file, unpacked."""
    parquet = needed("pyarrow.parquet", path, "pip install 'newscrawl[parquet]'")
    arrow = importlib.import_module("pyarrow")
    try:
        told = parquet.read_metadata(path)
    except (arrow.ArrowException, OSError) as error:
        raise CorpusError(f"{path}: no Parquet that can be read ({error}): fetch the file again") from error
    return [told.row_group(number).total_byte_size for number in range(told.num_row_groups)]


def plain(value: object) -> object:
    """A value of a table as JSON has it.

    >>> plain({"at": datetime(2025, 3, 14), "raw": b"x", "n": [1]})
    {'at': '2025-03-14T00:00:00', 'raw': 'x', 'n': [1]}
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def values_of(row: Row) -> dict[str, Any]:
    """What a row of JSON says.

    Raises:
        RowError: no JSON, or no object.
    """
    if row.error:
        raise RowError(row.error)
    if row.values is not None:
        return dict(row.values)
    try:
        said = json.loads(row.raw)
    except (ValueError, RecursionError) as error:
        raise RowError(f"no JSON ({error}): mend or remove it") from error
    if not isinstance(said, dict):
        raise RowError(f'a {type(said).__name__}, not an object: a row is {{"text": …}}')
    return said


def pages(path: Path) -> Iterator[Row | None]:
    """The HTML pages of a WARC file (ISO 28500), each as it came over the wire; None for each record of another kind.

    Raises:
        CorpusError: warcio is missing, or the file breaks off.
    """
    iterator = needed("warcio.archiveiterator", path, "pip install 'newscrawl[warc]'")
    broken = importlib.import_module("warcio.exceptions").ArchiveLoadFailed
    number = 0
    with path.open("rb") as file:
        records = iterator.ArchiveIterator(file)
        try:
            for record in records:
                number += 1
                page = _page(record)
                yield None if page is None else Row(number=number, at=records.get_record_offset(), page=page)
        except (broken, EOFError, zlib.error) as error:
            yield Row(number=number + 1, at=file.tell(), error=f"the file breaks off ({error}): fetch it again")


def _page(record: Any) -> Page | None:
    said = record.http_headers
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if record.rec_type != "response" or said is None or "html" not in (said.get_header("content-type") or "").lower():
        return None
    status = said.get_statuscode()
    if status != "200" or not url.startswith(("http://", "https://")):
        return None
    told = record.rec_headers.get_header("WARC-Date")
    try:
        fetched = datetime.fromisoformat(told).replace(tzinfo=UTC) if told else None  # WARC-Date is in UTC (§5.4)
    except ValueError:
        fetched = None
    body = record.content_stream().read(LONGEST)
    return Page(url=url, status=int(status), headers=said.headers, body=body, fetched=fetched)
