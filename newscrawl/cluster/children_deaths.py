"""Proves that a run is over: a file is locked for as long as any process of it lives, and no longer.

The lock (flock(2)) hangs on an open file that the worker hands to the children it starts: when the kernel has closed
the last of them, whoever looks on the same machine gets the lock, and may act without waiting for a heartbeat or a
lease to run out. Elsewhere the file cannot be seen, so nothing follows from its absence.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


def folder() -> Path:
    """Where the files of this machine lie: what systemd gives the service, else a folder of this user's.

    OSError where it is not ours: in a shared /tmp anybody may have made it.
    """
    given = os.environ.get("RUNTIME_DIRECTORY")
    path = Path(given.split(":")[0]) if given else Path(tempfile.gettempdir()) / f"newscrawl-{os.getuid()}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path}: belongs to another user: set RUNTIME_DIRECTORY to a folder of your own")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A run's open file: `fd` is for the children, too."""

    path: Path
    fd: int

    def end(self) -> None:
        """The run ended as it should: there is nothing to prove. Only while the lock is held by nobody else."""
        self.path.unlink(missing_ok=True)
        os.close(self.fd)


def begun(where: Path, name: str, told: Mapping[str, object]) -> Life:
    """Opens and locks the file of a run; `told` is what whoever finds it dead shall know."""
    path = where / f"{name}.life"
    part = where / f".{name}.{os.getpid()}"
    fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.write(fd, json.dumps(told).encode())
    part.rename(path)  # locked and written before anybody sees it
    return Life(path=path, fd=fd)


def dead(where: Path) -> Iterator[dict[str, object]]:
    """What was told of each run that is over without having ended as it should.

    The file is removed once the caller asks for the next one: a caller that fails finds it again.
    """
    for path in sorted(where.glob("*.life")):
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            continue
        try:
            told = json.loads(os.read(fd, 65536) or b"{}")
            if path.exists():
                yield told
                path.unlink(missing_ok=True)
        finally:
            os.close(fd)
