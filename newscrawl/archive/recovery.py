"""What has to happen before a line may be added: mend what a dead run left, and bring the index up to the segments."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from newscrawl.archive import disk, manifest, segments
from newscrawl.archive.index import Index, Row
from newscrawl.archive.segments import NEW, PART, TORN, Name, Scanned
from newscrawl.archive.sqlite import INDEX, SqliteIndex, broken, files_of
from newscrawl.archive.words import Recovered, Sealed

READERS = ".readers"
MEND = ".mend"
BATCH = 2000


@dataclass(slots=True)
class Found:
    """What a recovery has come upon so far."""

    sealed: list[str] = field(default_factory=list)
    torn: int = 0
    replayed: int = 0
    rebuilt: bool = False
    notes: list[str] = field(default_factory=list)

    def told(self) -> Recovered:
        """As the archive tells it."""
        return Recovered(
            sealed=tuple(self.sealed),
            torn_bytes=self.torn,
            replayed=self.replayed,
            rebuilt=self.rebuilt,
            notes=tuple(self.notes),
        )


def recover(
    directory: Path, *, clock: Callable[[], float], index: Callable[[Path], Index] = SqliteIndex
) -> tuple[Index, Recovered]:
    """Bring a directory, whose lock the caller holds, to where a line may be added. OSError where the disk says no."""
    found = Found()
    cut = manifest.mend(directory)
    if cut:
        found.notes.append(f"{manifest.NAME}: {cut} torn bytes cut; the segments they told of are listed again")
    remove_replaced(directory)
    adopt(directory, clock, found)
    opened = _index(directory, index, found)
    return opened, found.told()


def remove_replaced(directory: Path) -> None:
    """Finish a rewrite that was listed, throw away files that were never finished, and delete what was replaced.

    What a reader is at stays until the next time.
    """
    rows = manifest.load(directory)
    standing = manifest.live(rows)
    stale = manifest.replaced(rows)
    sealed, _ = segments.files(directory)
    for file in os.listdir(directory):
        name = file.removesuffix(NEW)
        if file != name and name in standing and name not in sealed:
            disk.rename(directory / file, directory / name)
            disk.sync_directory(directory)
        elif file.endswith((NEW, MEND)):
            disk.unlink(directory / file)
    doomed = [name for name in sealed if name in stale]
    if doomed and _alone(directory):
        for name in doomed:
            disk.unlink(directory / name)


def _alone(directory: Path) -> bool:
    fd = os.open(directory / READERS, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
    return True


def next_number(directory: Path, stream: str) -> int:
    """The number of the next segment of a stream: above every one that is there or was ever listed."""
    sealed, parts = segments.files(directory)
    rows = manifest.load(directory)
    listed = [segments.name_of(name) for row in rows for name in (row.name, *row.replaces)]
    every = [*sealed.values(), *parts.values(), *(name for name in listed if name is not None)]
    return 1 + max((name.number for name in every if name.stream == stream), default=0)


def adopt(directory: Path, clock: Callable[[], float], found: Found) -> None:
    """Seal the parts of a dead run, and list what was sealed but not listed."""
    rows = manifest.load(directory)
    known = manifest.live(rows).keys() | manifest.replaced(rows)
    sealed, parts = segments.files(directory)
    new: list[Sealed] = []
    for text, name in sorted(parts.items(), key=lambda one: one[1]):
        path = directory / f"{text}{PART}"
        found.torn += mend(path)
        if not path.stat().st_size:
            disk.unlink(path)
            continue
        if text in sealed or text in known:
            name = replace(name, number=next_number(directory, name.stream))
        disk.rename(path, directory / str(name))
        new.append(segments.summed(directory / str(name), name, sealed=clock()))
    for text, name in sealed.items():
        if text not in known:
            found.torn += mend(directory / text)
            new.append(segments.summed(directory / text, name, sealed=clock()))
    if new:
        disk.sync_directory(directory)
        manifest.append(directory, new)
        found.sealed += [row.name for row in new]


def mend(path: Path) -> int:
    """Keep every line that is whole, durably; the rest goes to a .torn file beside it. How many bytes went."""
    bad = [one for one in segments.scan(path) if one.line is None]
    size = path.stat().st_size
    torn = sum(len(one.raw) for one in bad)
    if bad:
        keep_evidence(path, bad)
    if bad and bad[0].start + torn == size:
        size = bad[0].start
    elif bad:
        _rewrite(path)
        return torn
    fd = disk.append_to(path)
    try:
        if torn:
            disk.truncate(fd, size)
        disk.fsync(fd)
    finally:
        os.close(fd)
    return torn


def keep_evidence(path: Path, bad: list[Scanned]) -> None:
    """Put lines that are to go from a segment into the .torn file beside it, durably."""
    target = path.with_name(f"{path.name.removesuffix(PART)}{TORN}")
    fd = disk.append_to(target)
    try:
        for one in bad:
            disk.write(fd, one.raw)
        disk.fsync(fd)
    finally:
        os.close(fd)


def _rewrite(path: Path) -> None:
    beside = path.with_name(f"{path.name}{MEND}")
    disk.unlink(beside)
    fd = disk.create(beside)
    try:
        for one in segments.scan(path):
            if one.line is not None:
                disk.write(fd, one.raw)
        disk.fsync(fd)
    finally:
        os.close(fd)
    disk.rename(beside, path)
    disk.sync_directory(path.parent)


def _index(directory: Path, opener: Callable[[Path], Index], found: Found) -> Index:
    try:
        return _current(directory, opener(directory), found)
    except sqlite3.DatabaseError as error:
        if not broken(error):
            raise
        found.notes.append(f"{INDEX}: {error}: built again from the segments")
    for file in files_of(directory / INDEX):
        disk.unlink(file)
    return _current(directory, opener(directory), found)


def _current(directory: Path, index: Index, found: Found) -> Index:
    try:
        bring_up(directory, index, found)
    except BaseException:
        index.close()
        raise
    return index


def bring_up(directory: Path, index: Index, found: Found) -> None:
    """Take into an index what the listed segments have beyond its marks; all of it where it knows of lines too many."""
    rows = manifest.load(directory)
    standing = manifest.live(rows)
    sizes = {name: size for name in standing if (size := _size(directory / name)) is not None}
    marks = index.marks()
    gone = [name for name in marks if name not in sizes]
    foreign = [name for name in gone if name not in manifest.replaced(rows)]
    if foreign or any(marks[name] > size for name, size in sizes.items() if name in marks):
        found.rebuilt = True
        found.notes.append(f"{INDEX}: it knew of lines that are in no segment: built again")
        index.clear()
        marks, gone = {}, []
    elif not marks and sizes:
        found.rebuilt = True
    order = sorted((name for name in map(segments.name_of, sizes) if name), key=lambda one: (one.number, one))
    for name in order:
        found.replayed += replay(directory, index, name, start=marks.get(str(name), 0))
    if gone:
        index.add((), {}, gone=gone)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def replay(directory: Path, index: Index, name: Name, *, start: int = 0) -> int:
    """Take the lines of a sealed segment from an offset on into the index; how many there were."""
    rows: list[Row] = []
    total = 0
    at = start
    for one in segments.scan(directory / str(name), start=start):
        at = one.start + len(one.raw)
        if one.line is None:
            continue
        rows.append(row_of(name, one.line.id, one.line.story, one.line.version, one.line.site))
        if len(rows) >= BATCH:
            index.add(rows, {str(name): at})
            total += len(rows)
            rows = []
    if at > start:
        index.add(rows, {str(name): at})
    return total + len(rows)


def row_of(name: Name, id_: str, story: str, version: str, site: str) -> Row:
    """What the index keeps of a line that stands in a segment."""
    return Row(stream=name.stream, id=id_, story=story, version=version, site=site, number=name.number)


@contextlib.contextmanager
def reading(directory: Path) -> Iterator[None]:
    """While a reader is in here, no segment is deleted under it. In a directory that cannot be written, as it is."""
    try:
        fd = os.open(directory / READERS, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        yield
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_SH)
        yield
    finally:
        os.close(fd)


def marks_of(directory: Path) -> Mapping[str, int]:
    """How much of each segment is committed, read without touching the index; empty where it cannot be read."""
    try:
        with looking_at(directory / INDEX) as database:
            return dict(database.execute("SELECT name, bytes FROM mark"))
    except sqlite3.Error:
        return {}


@contextlib.contextmanager
def looking_at(path: Path) -> Iterator[sqlite3.Connection]:
    """A database that is only read. On a disk that takes no new file, one without a writer is read as it lies there."""
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(contextlib.closing(_look(path, "mode=ro")))
        try:
            database.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            if not path.exists() or path.with_name(f"{path.name}-wal").exists():
                raise
            database = stack.enter_context(contextlib.closing(_look(path, "immutable=1")))
        yield database


def _look(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
