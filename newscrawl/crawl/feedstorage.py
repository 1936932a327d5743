"""Feeds on disk (`-o`, `-O`, FEEDS) that are whole or not there: what Scrapy's own storage does not promise.

Measured with Scrapy 2.19: `-O` empties the old file at once, so that a run that dies leaves neither; a full disk ends
"finished" with torn lines and exit code 0; the next `-o` glues its first record to a torn one.

    FEED_STORAGES = {"": "newscrawl.crawl.feedstorage.FeedStorage", "file": "newscrawl.crawl.feedstorage.FeedStorage"}
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import logging
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, cast

from scrapy.utils.defer import deferred_from_coro
from w3lib.url import file_uri_to_path

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from scrapy import Spider
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

REASON = "feed_write_error"
"""The finish reason of a crawl whose feed could not be written."""
FAILED = "newscrawl/feed/write_errors"
"""The statistic that says so even where the spider was closing already: a crawl command should exit 3."""
TORN = "newscrawl/feed/torn_tails"
BUFFER = 1 << 16
LINES = frozenset({"jsonlines", "jsonl", "jl"})
ROWS = frozenset({"csv"})
NUMBERS = count()


class FeedPathError(ValueError):
    """A feed that could never be written: names the path and the remedy, before the crawl begins."""


class FeedFile(io.RawIOBase):
    """What exporters write to. A write that fails is told once, to `failed`; what comes after it goes nowhere.

    Exporters run in a signal handler, where Scrapy logs an exception and goes on: raising there would be one error
    for each item and a feed called stored in the end.
    """

    def __init__(self, fd: int, *, failed: Callable[[OSError], None]) -> None:
        super().__init__()
        self.error: OSError | None = None
        self.size = 0
        self._fd = fd
        self._failed = failed
        self._buffer = bytearray()

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The file descriptor, for fsync."""
        return self._fd

    def tell(self) -> int:
        """Bytes written in this run."""
        return self.size

    def write(self, data: ReadableBuffer, /) -> int:
        """Take all of the bytes."""
        view = memoryview(data).cast("B")
        self.size += len(view)
        if self.error is None:
            self._buffer += view
            if len(self._buffer) >= BUFFER:
                self.drain()
        return len(view)

    def flush(self) -> None:
        """Exporters flush at every turn: bytes go out when there are enough, or at the end (see `drain`)."""

    def drain(self) -> None:
        """Hand the bytes to the system, all of them: near a limit it takes a part without a word."""
        try:
            while self._buffer:
                del self._buffer[: os.write(self._fd, self._buffer)]
        except OSError as error:
            self.fail(error)

    def fail(self, error: OSError) -> None:
        """Note the first error, and tell it."""
        self._buffer.clear()
        if self.error is None:
            self.error = error
            self._failed(error)

    def close(self) -> None:
        """Close the file as it stands; only `FeedStorage.store` makes it a feed."""
        if not self.closed and self._fd >= 0:
            os.close(self._fd)
        super().close()


class FeedStorage:
    """A feed as a local file: written beside its place as `.part`, made durable, then put there in one step.

    Overwriting (`-O`) keeps the old file until then. Appending (`-o`) puts old and new records together in a new
    file, so that no reader ever sees half of them and two runs that end at once lose nothing; a torn last line that
    another program left goes to a `.torn` file. What is no regular file (a pipe, /dev/stdout) is written directly.
    """

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None, crawler: Crawler | None = None) -> None:
        options = feed_options or {}
        self.path = _target(Path(file_uri_to_path(uri) if uri.startswith("file:") else uri))
        self.overwrite = bool(options.get("overwrite", False))
        self.format = str(options.get("format", "")) if not options.get("postprocessing") else ""
        self._crawler = crawler
        self._part: Path | None = None
        _check(self.path)

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """As Scrapy builds it. FeedPathError where the place cannot be written to."""
        return cls(uri, feed_options=feed_options, crawler=crawler)

    def open(self, spider: Spider) -> IO[bytes]:
        """The file for the exporter. A place that has become unwritable closes the spider, too."""
        try:
            fd = self._opened()
        except OSError as error:
            file = FeedFile(-1, failed=self._failed)
            file.fail(error)
        else:
            file = FeedFile(fd, failed=self._failed)
        return cast("IO[bytes]", file)

    def _opened(self) -> int:
        if self._direct():
            return os.open(self.path, os.O_WRONLY | os.O_CLOEXEC)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for part in _dead_parts(self.path):
            logger.warning("%s is what a run left that died, %d bytes", part, part.stat().st_size)
        self._part = self.path.with_name(f"{self.path.name}.{os.getpid()}-{next(NUMBERS)}.part")
        return _created(self._part, like=self.path)

    def _direct(self) -> bool:
        return self.path.exists() and not self.path.is_file()

    def store(self, file: IO[bytes]) -> None:
        """Make it durable and put it in its place. On an OSError the old feed stays, and the part beside it."""
        feed = cast("FeedFile", file)
        feed.drain()
        try:
            if feed.error is None and self._part is not None:
                try:
                    os.fsync(feed.fileno())
                    self._place(self._part)
                except OSError as error:
                    feed.fail(error)
        finally:
            feed.close()
        if feed.error is not None:
            raise feed.error

    def _place(self, part: Path) -> None:
        parent = self.path.parent
        with _held(parent) as directory:
            if not self.overwrite and self.path.exists() and self.path.stat().st_size:
                whole = part.with_name(f"{part.name[:-5]}-whole.part")
                try:
                    self._join(whole, part)
                    os.replace(whole, self.path)
                finally:
                    whole.unlink(missing_ok=True)
                part.unlink()
            else:
                os.replace(part, self.path)
            os.fsync(directory)
        for dead in _dead_parts(self.path):
            dead.unlink(missing_ok=True)

    def _join(self, whole: Path, part: Path) -> None:
        fd = _created(whole, like=self.path)
        with os.fdopen(fd, "wb") as out:
            with self.path.open("rb") as old:
                end, patch = self._end_of(old)
                old.seek(0)
                shutil.copyfileobj(_Limited(old, end), out, BUFFER)
            out.write(patch)
            with part.open("rb") as new:
                shutil.copyfileobj(new, out, BUFFER)
            out.flush()
            os.fsync(out.fileno())

    def _end_of(self, old: IO[bytes]) -> tuple[int, bytes]:
        """Up to where the old feed is whole, and what is missing there before a new record may follow."""
        size = old.seek(0, os.SEEK_END)
        if self.format not in LINES | ROWS:
            return size, b""
        last = _last_line(old, size)
        if last.endswith(b"\n"):
            return size, b""
        if self.format in ROWS:
            return size, b"\r\n"
        try:
            json.loads(last)
        except (ValueError, RecursionError):
            self._set_aside(last)
            return size - len(last), b""
        return size, b"\n"

    def _set_aside(self, torn: bytes) -> None:
        aside = self.path.with_name(f"{self.path.name}.torn")
        with aside.open("ab") as file:
            file.write(torn + b"\n")
            file.flush()
            os.fsync(file.fileno())
        logger.warning("%s ended in a torn line (%d bytes), which is now in %s", self.path, len(torn), aside)
        self._count(TORN)

    def _count(self, name: str) -> None:
        if self._crawler is not None and self._crawler.stats is not None:
            self._crawler.stats.inc_value(name)

    def _failed(self, error: OSError) -> None:
        self._count(FAILED)
        what = "the old file is as it was" if self.path.is_file() else "no file is there"
        rest = f"; what there is of the new one is in {self._part}" if self._part and self._part.exists() else ""
        logger.critical(
            "feed %s: %s (%s): %s%s: make room, or name another place, and run again",
            self.path,
            error.strerror or error,
            _room(self.path.parent),
            what,
            rest,
        )
        engine = self._crawler.engine if self._crawler is not None else None
        if engine is not None and engine.spider is not None:
            closing = deferred_from_coro(engine.close_spider_async(reason=REASON))
            closing.addErrback(lambda failure: logger.error("closing the spider: %s", failure.value))


class _Limited:
    """The first bytes of a file, for copying."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._left = size

    def read(self, size: int = BUFFER, /) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


def _target(path: Path) -> Path:
    """The file that is replaced: a link stays a link. A pipe or a device has no other name than the one given."""
    return path if path.exists() and not path.is_file() else Path(os.path.realpath(path))


def _check(path: Path) -> None:
    if path.is_dir():
        raise FeedPathError(f"feed {path}: that is a directory: name a file in it")
    above = next(parent for parent in path.parents if parent.exists())
    if not above.is_dir():
        raise FeedPathError(f"feed {path}: {above} is a file, not a directory: name another place")
    if not os.access(above, os.W_OK | os.X_OK) and not (path.exists() and not path.is_file()):
        raise FeedPathError(
            f"feed {path}: no writing in {above}: make it writable for this user, or name another place"
        )


def _created(path: Path, *, like: Path) -> int:
    """A new file, held by flock while it is written, with the mode of the one whose place it will take."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    fcntl.flock(fd, fcntl.LOCK_EX)
    with contextlib.suppress(OSError):
        old = like.stat()
        os.fchmod(fd, stat.S_IMODE(old.st_mode))
        os.fchown(fd, old.st_uid, old.st_gid)
    return fd


def _dead_parts(path: Path) -> Iterator[Path]:
    """Parts of the same feed whose run is no more: nobody holds them, and no process has the number."""
    name = re.compile(re.escape(path.name) + r"\.([0-9]+)-[0-9]+(?:-whole)?\.part")
    for file in sorted(path.parent.iterdir()):
        found = name.fullmatch(file.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            with contextlib.suppress(OSError):
                fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                finally:
                    os.close(fd)
                yield file


@contextlib.contextmanager
def _held(directory: Path) -> Iterator[int]:
    """One run at a time puts a feed into a directory: two that append at once would lose one's records."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield fd
    finally:
        os.close(fd)


def _last_line(file: IO[bytes], size: int) -> bytes:
    """The bytes after the last line break but one, that is, the last line with its break, if it has one."""
    last = b""
    at = size
    while at > 0:
        step = min(BUFFER, at)
        at -= step
        file.seek(at)
        last = file.read(step) + last
        cut = last.rfind(b"\n", 0, len(last) - 1)
        if cut >= 0:
            return last[cut + 1 :]
    return last


def _room(path: Path) -> str:
    try:
        room = os.statvfs(path)
    except OSError:
        return "free space unknown"
    return f"{room.f_bavail * room.f_frsize:,} bytes free"
