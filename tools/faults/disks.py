"""Real disks that say no: full, without an inode, with a limit on file sizes, read-only; and a clock that jumps."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from newscrawl.archive import Archive, ArchiveError, ArchiveFull, ArchiveLocked
from tools.faults.processes import Ended, started
from tools.faults.workload import REFUSED, child, entries, key, stored, violations, write


class NoMount(RuntimeError):
    """No file system may be mounted here."""


@contextlib.contextmanager
def mounted(options: str) -> Iterator[Path]:
    """A tmpfs of its own; NoMount where only root may."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NoMount(f"mount: {done.stderr.strip()}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=False, capture_output=True)


def _remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True, capture_output=True)


def _nothing() -> None:
    pass


def _run(
    directory: Path, count: int, before: Callable[[], None] = _nothing, *, size: int = 400, roll: int = 100_000
) -> Ended:
    writing = started(partial(child, directory, entries(count, size=size), size=64, roll=roll), before=before)
    writing.go()
    return writing.ended()


def _refused(directory: Path, ended: Ended, *, count: int, words: tuple[str, ...]) -> list[str]:
    """The run said no with a message that has these words, everything acknowledged is there, and not everything is."""
    wrong = [f"the error lacks {word!r}: {ended.error}" for word in words if word not in ended.error]
    if ended.code != REFUSED:
        wrong.append(f"exit code {ended.code}: {ended.error}")
    have = set(stored(directory)) if directory.exists() else set()
    wrong += [f"{one} acknowledged, not read" for one in sorted(ended.acked - have)[:3]]
    if len(have) >= len(entries(count)):
        wrong.append("the disk was big enough: nothing was tried")
    return wrong


def full() -> list[str]:
    """A disk of 600 kB, then a bigger one."""
    with mounted("size=600k") as folder:
        directory = folder / "archive"
        ended = _run(directory, 2000)
        wrong = _refused(
            directory, ended, count=2000, words=(str(directory), "No space", "free", "not stored", "make room")
        )
        _remount(folder, "size=60m")
        return wrong + violations(directory, ended.acked, entries(2000, size=400))


def no_inode() -> list[str]:
    """A disk with room and no inode for another segment."""
    with mounted("size=60m,nr_inodes=12") as folder:
        directory = folder / "archive"
        ended = _run(directory, 2000)
        wrong = _refused(directory, ended, count=2000, words=(str(directory), "No space left", "0 inodes free"))
        _remount(folder, "nr_inodes=1000")
        return wrong + violations(directory, ended.acked, entries(2000, size=400))


def file_size_limit() -> list[str]:
    """`ulimit -f`: at 60 kB it is SQLite's files that hit it, at 6 MB the segment."""
    wrong: list[str] = []
    for limit, count, size, words in ((60_000, 2000, 400, "ulimit -f"), (6_000_000, 4500, 2000, "raise the limit")):
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder) / "archive"
            set_limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
            ended = _run(directory, count, set_limit, size=size, roll=1 << 30)
            wrong += _refused(directory, ended, count=count, words=(str(directory), words))
            wrong += violations(directory, ended.acked, entries(count, size=size))
    return wrong


def read_only() -> list[str]:
    """A file system that is mounted read-only, with an archive in it and without."""
    wrong: list[str] = []
    with mounted("size=6m") as folder:
        write(folder / "archive", entries(20), lambda _: None)
        _remount(folder, "ro")
        for name in ("archive", "none"):
            try:
                Archive.open(folder / name, run="r", clock=time.time).close()
                wrong.append(f"{name}: it opened")
            except ArchiveError as error:
                if (
                    isinstance(error, ArchiveFull)
                    or str(folder / name) not in str(error)
                    or "writable" not in str(error)
                ):
                    wrong.append(f"{name}: {error}")
        if len(stored(folder / "archive")) != len(entries(20)):
            wrong.append("a reader does not get everything")
    return wrong


def no_permission() -> list[str]:
    """A directory of another user, as a process that is not root meets it."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)

        def nobody() -> None:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)

        directory = Path(folder) / "archive"
        ended = _run(directory, 10, nobody)
        os.chmod(folder, 0o755)
        return _refused(directory, ended, count=10, words=(str(directory), "writable"))


def two_runs() -> list[str]:
    """The second run on a directory is refused, and told who holds it."""
    with tempfile.TemporaryDirectory() as folder:
        with Archive.open(Path(folder), run="first", clock=time.time):
            ended = _run(Path(folder), 10)
        words = (folder, "first", str(os.getpid()), "wait until it has ended")
        wrong = _refused(Path(folder), ended, count=10, words=words)
        try:
            with (
                Archive.open(Path(folder), run="first", clock=time.time),
                Archive.open(Path(folder), run="second", clock=time.time),
            ):
                wrong.append("two runs hold one directory")
        except ArchiveLocked as error:
            wrong += [] if error.run == "first" and error.pid == os.getpid() else [str(error)]
        return wrong + violations(Path(folder), set(), entries(10))


def clock_jumps() -> list[str]:
    """A clock that goes back a year, forward ten, and stands still: nothing waits for ever, nothing is lost."""
    now = [1e9]
    jumps = [-3e7, 3e8, 0.0, -1.0, 0.3, 5000.0]
    every = entries(60)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        with Archive.open(Path(folder), run="w", clock=lambda: now[0], batch=1000, interval=0.25) as archive:
            for number, entry in enumerate(every):
                archive.put(entry)
                jump = jumps[number % len(jumps)]
                now[0] += jump
                if archive.due() != (jump != 0.0 or archive.pending > 1):
                    wrong.append(f"after a jump of {jump} s, due is {archive.due()}")
                if archive.due():
                    archive.commit()
        return wrong + violations(Path(folder), {key(entry) for entry in every}, every)


CASES: dict[str, Callable[[], list[str]]] = {
    "disk full (tmpfs)": full,
    "no inode left (tmpfs)": no_inode,
    "file size limit": file_size_limit,
    "read-only file system": read_only,
    "no permission": no_permission,
    "two runs at once": two_runs,
    "clock jumps": clock_jumps,
}
