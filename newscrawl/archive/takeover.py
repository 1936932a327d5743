"""Opens a directory for many writers: who we are in the index, and what dead owners left, cut to what was committed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import UUID, uuid4

from newscrawl.archive import disk, manifest, recovery, segments
from newscrawl.archive.index import Part, Shared, Turn
from newscrawl.archive.recovery import Found
from newscrawl.archive.segments import NEW, PART, Name
from newscrawl.archive.words import ArchiveError, ArchiveLocked, Recovered, Sealed

MARK = ".shared"
"""Holds the number under which a shared index knows this directory, wherever it is mounted."""
SHARING = "sharing"
"""What holds a directory for as long as it gets its number."""
ENTERING = 5.0
BLOCK = 1 << 20


def is_shared(directory: Path) -> bool:
    """Does a directory have its index in a database?"""
    return (directory / MARK).exists()


def alone(directory: Path) -> None:
    """Refuse a directory whose index is a shared one: its open segments are other writers'.

    Raises:
        ArchiveError: names the remedy.
    """
    if is_shared(directory):
        raise ArchiveError(
            f"archive {directory}: its index is in PostgreSQL: name it in NEWSCRAWL_INDEX, as the crawls do that "
            "write here",
            path=directory,
        )


def number_of(directory: Path) -> UUID:
    """The number of a directory, which it gets now if it has none; while it gets one, nobody else may hold it.

    Raises:
        ArchiveLocked: a run that knows of no other writers is at work in it.
        ArchiveError: what stands there is no number.
    """
    mark = directory / MARK
    if not mark.exists():
        lock = disk.Lock(directory, run=SHARING)
        try:
            if not mark.exists():
                disk.write_new(mark, f"{uuid4()}\n".encode("ascii"))
        finally:
            lock.release()
    try:
        return UUID(mark.read_text("ascii").strip())
    except ValueError:
        raise ArchiveError(f"archive {directory}: {MARK} is damaged: restore it from a copy", path=directory) from None


def entered(directory: Path, *, run: str) -> tuple[UUID, disk.Lock]:
    """The number of a directory and a hold on it; waits for others that enter it for the first time at this moment.

    Raises:
        ArchiveLocked: a run that knows of no other writers is at work in it.
        ArchiveError: what stands there is no number.
    """
    until = time.monotonic() + ENTERING
    while True:
        try:
            return number_of(directory), disk.Lock(directory, run=run, together=True)
        except ArchiveLocked as error:
            if error.run != SHARING or time.monotonic() > until:
                raise
            time.sleep(0.05)


def recover(directory: Path, *, clock: Callable[[], float], index: Shared) -> Recovered:
    """Settle what dead owners left; build the index where it knows nothing of the directory. OSError from the disk."""
    found = Found()
    with index.turn() as turn:
        if not turn.known():  # it has never heard of this directory, which may have had another index
            _whole(directory, clock, index, found)
        _parts(directory, turn, clock, found)
    return found.told()


def rest(directory: Path, turn: Turn, *, clock: Callable[[], float], index: Shared) -> Recovered:
    """The same for works on the whole directory, whose lock the caller holds: nobody may be writing to it.

    Raises:
        ArchiveLocked: somebody, on another machine, is.
    """
    busy = turn.busy()
    if busy:
        raise ArchiveLocked(
            f"archive {directory}: crawls of {', '.join(busy[:5])} write to it: wait until they have ended",
            path=directory,
        )
    found = Found()
    _parts(directory, turn, clock, found)
    _whole(directory, clock, index, found)
    return found.told()


def _parts(directory: Path, turn: Turn, clock: Callable[[], float], found: Found) -> None:
    parts = turn.parts()
    listed = manifest.live(manifest.load(directory)) if parts else {}
    for part in parts:
        _settle(directory, part, turn, listed, clock, found)


def _whole(directory: Path, clock: Callable[[], float], index: Shared, found: Found) -> None:
    manifest.mend(directory)
    recovery.remove_replaced(directory)
    recovery.adopt(directory, clock, found)
    recovery.bring_up(directory, index, found)


def _settle(
    directory: Path,
    part: Part,
    turn: Turn,
    listed: Mapping[str, Sealed],
    clock: Callable[[], float],
    found: Found,
) -> None:
    name = segments.name_of(part.path)
    open_, sealed = directory / f"{part.path}{PART}", directory / part.path
    source = open_ if open_.exists() else sealed
    if name is None or not source.exists() or not part.committed:
        disk.unlink(open_)
        turn.forget(part.path)
        if part.committed:
            found.notes.append(f"{part.path}: {part.committed:,} bytes were acknowledged, the file is gone")
        return
    size = source.stat().st_size
    if source is open_ or size != part.committed:
        _cut(source, sealed, part.committed)
        disk.unlink(open_)
        disk.sync_directory(directory)
        found.torn += max(0, size - part.committed)
    if size < part.committed:
        found.notes.append(f"{part.path}: {part.committed:,} bytes were acknowledged, {size:,} are there")
    _list(directory, sealed, name, turn, listed, clock, found)


def _cut(source: Path, target: Path, size: int) -> None:
    """A new file with the first bytes of another, in its place: who still holds the old one writes into nothing.

    A process that was stopped in the middle of a write goes on with it when it is woken, whoever owns the host then.
    """
    beside = target.with_name(f"{target.name}{NEW}")
    disk.unlink(beside)
    fd = disk.create(beside)
    try:
        with source.open("rb") as file:
            while size > 0 and (block := file.read(min(BLOCK, size))):
                disk.write(fd, block)
                size -= len(block)
        disk.fsync(fd)
    finally:
        os.close(fd)
    disk.rename(beside, target)


def _list(
    directory: Path,
    path: Path,
    name: Name,
    turn: Turn,
    listed: Mapping[str, Sealed],
    clock: Callable[[], float],
    found: Found,
) -> None:
    if str(name) not in listed:
        manifest.append(directory, [segments.summed(path, name, sealed=clock())])
        found.sealed.append(str(name))
    turn.sealed(str(name), path.stat().st_size)
