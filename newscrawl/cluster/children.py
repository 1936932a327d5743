"""Runs a program as a child that cannot outlive us, and ends it when it must end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from newscrawl.cluster import children_launch

LAUNCHER = Path(children_launch.__file__)
TIES = ("signal", "pipe")
FORCED = 15.0
"""Seconds from SIGTERM to SIGKILL: what a crawl has under way gets ten."""
LIMIT = 1 << 26
"""Bytes of a line that a child may write: a result, never a text."""


class Child:
    """A program under way, in a session of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def begin(
        cls,
        words: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        ties: Sequence[str] = TIES,
        keep: Sequence[int] = (),
        talks: bool = False,
        log: Path | None = None,
    ) -> Child:
        """Starts a program. It must be called in the main thread, whose end is what the kernel tells of.

        Args:
            environment: added to ours.
            ties: what makes it die with us: see `children_launch`.
            keep: open files that the program shall hold for as long as it lives.
            talks: it reads lines and answers in lines; its input is then ours to write, and ends when we do.
            log: file for what it prints, else where we print.
        """
        told = [tie for tie in ties if not (talks and tie == "pipe")]
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), ",".join(told), *words]
        pipe = asyncio.subprocess.PIPE
        with contextlib.ExitStack() as files:
            out = files.enter_context(log.open("ab")) if log is not None else None
            process = await asyncio.create_subprocess_exec(
                *launch,
                stdin=pipe,
                stdout=pipe if talks else out,
                stderr=out,
                env={**os.environ, **(environment or {})},
                pass_fds=tuple(keep),
                start_new_session=True,
                limit=LIMIT,
            )
        return cls(process)

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.returncode is None

    async def wait(self) -> int:
        """Its exit code; 128 and more, or below 0, for one that a signal ended."""
        return await self.process.wait()

    def tell(self) -> None:
        """Asks it to end (SIGTERM)."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it and all that it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    async def stop(self, within: float = FORCED) -> int:
        """Asks it to end, and ends it by force if it has not within some seconds; its exit code."""
        self.tell()
        try:
            return await asyncio.wait_for(asyncio.shield(self.process.wait()), within)
        except TimeoutError:
            self.kill()
            return await self.process.wait()

    async def ask(self, line: bytes) -> bytes:
        """Writes a line and reads one; empty where it ended instead of answering."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(ConnectionError):
            self.process.stdin.write(line + b"\n")
            await self.process.stdin.drain()
            return await self.process.stdout.readline()
        return b""
