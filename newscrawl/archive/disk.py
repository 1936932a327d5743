"""The file calls whose order makes a line durable, each in one place so that a test can lose power between two."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sqlite3
import time
from pathlib import Path

from newscrawl.archive.words import ArchiveError, ArchiveFull, ArchiveLocked

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
LOCK = ".lock"
NAMING = 5
"""Looks at who holds a lock, 50 ms apart, until it is a process that lives."""


def create(path: Path) -> int:
    """A new file to append to; one that is there already is an error."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)


def append_to(path: Path) -> int:
    """A file to append to, made if it is not there."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)


def write(fd: int, data: bytes) -> None:
    """All of the bytes: a file near a limit takes a part of them without a word, and only the next call fails."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def fsync(fd: int) -> None:
    """Wait until the file's bytes and size would survive a loss of power."""
    os.fsync(fd)


def sync_directory(path: Path) -> None:
    """Wait until the names in a directory would survive a loss of power."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def truncate(fd: int, size: int) -> None:
    """Cut the file to its first `size` bytes."""
    os.ftruncate(fd, size)


def rename(old: Path, new: Path) -> None:
    """Give a file its new name in one step, in place of a file that has it."""
    os.replace(old, new)


def unlink(path: Path) -> None:
    """Take the name away; a name that is gone already is none the worse."""
    path.unlink(missing_ok=True)


def write_new(path: Path, data: bytes) -> None:
    """A small file, whole or not at all: written beside, made durable, renamed."""
    beside = path.with_name(f"{path.name}.new")
    unlink(beside)
    fd = create(beside)
    try:
        write(fd, data)
        fsync(fd)
    finally:
        os.close(fd)
    rename(beside, path)
    sync_directory(path.parent)


def free(path: Path) -> str:
    """What the file system has left, in words; it never fails."""
    try:
        room = os.statvfs(path)
    except OSError:
        return "free space unknown"
    inodes = f", {room.f_favail:,} inodes" if room.f_files else ""
    return f"{room.f_bavail * room.f_frsize:,} bytes{inodes} free"


def refusal(path: Path, error: OSError | sqlite3.Error, *, doing: str, unstored: int = 0) -> ArchiveError:
    """The error to raise for one of the operating system's or of SQLite's: what, where, what is free, what to do."""
    lost = f"; {unstored} entries are not stored and will be fetched again" if unstored else ""
    code = error.errno if isinstance(error, OSError) else None
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    if code in NO_ROOM or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return ArchiveFull(
            f"archive {path}: {doing}: {said} ({free(path)}){lost}: make room or raise the limit, then run again",
            path=path,
            unstored=unstored,
        )
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        remedy = "make the directory writable for this user, or name another one"
    elif code in (errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ENOENT):
        remedy = "name a directory, or a place where one can be made"
    else:
        remedy = "check the disk and the file size limit (ulimit -f), then run again; `newscrawl verify` tells the rest"
    return ArchiveError(f"archive {path}: {doing}: {said} ({free(path)}){lost}: {remedy}", path=path, unstored=unstored)


class Lock:
    """One writer for a directory: held by flock, so that it ends with the process, however the process ends.

    together: one of several writers, each with segments of its own, of a directory whose index is a shared one.
    """

    def __init__(self, directory: Path, *, run: str, together: bool = False) -> None:
        self._fd = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._take(directory, run, fcntl.LOCK_SH if together else fcntl.LOCK_EX)
        except BaseException:
            os.close(self._fd)
            raise

    def _take(self, directory: Path, run: str, how: int) -> None:
        try:
            fcntl.flock(self._fd, how | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, holder = self._told()
            raise ArchiveLocked(
                f"archive {directory}: held by run {holder or 'unknown'} (process {pid or 'unknown'}): "
                f"wait until it has ended, or stop it (kill -TERM {pid or 'PID'}); it lets go by itself, "
                f"so never delete {LOCK}",
                path=directory,
                pid=pid,
                run=holder,
            ) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, json.dumps({"pid": os.getpid(), "run": run}).encode(), 0)

    def _told(self) -> tuple[int | None, str | None]:
        """Who holds it; one that took it a moment ago may not have written its name over that of an earlier run."""
        for _ in range(NAMING):
            pid, holder = _holder(os.pread(self._fd, 4096, 0))
            if pid is not None and _lives(pid):
                return pid, holder
            time.sleep(0.05)
        return _holder(os.pread(self._fd, 4096, 0))

    def release(self) -> None:
        """Let go. The file stays: deleting it would let two runs hold two files of one name."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass  # another user's
    return True


def _holder(data: bytes) -> tuple[int | None, str | None]:
    try:
        said = json.loads(data)
        return int(said["pid"]), str(said["run"])
    except (ValueError, KeyError, TypeError):
        return None, None
