"""Writing processes that are killed, or whose calls fail: forked, so that a sweep of a thousand takes a minute."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tools.faults.workload import told

Work = Callable[[int], int]
"""What a process does: it is given a pipe to tell what is durable, and comes back with its exit code."""
PR_SET_PTRACER = 0x59616D61
CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "ftruncate", "unlink")
BROKEN = 70


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a writing process ended: its exit code (negative: the signal), what it acknowledged, the error it told."""

    code: int
    acked: set[tuple[str, str]]
    error: str


@dataclass(slots=True)
class Writing:
    """A forked process that waits for `go`, then writes."""

    pid: int
    gate: int
    pipe: int

    def go(self) -> None:
        """Let it begin."""
        os.write(self.gate, b"g")
        os.close(self.gate)

    def ended(self, *, within: float = 30.0) -> Ended:
        """Wait for its end, at most so many seconds; then it is killed."""
        data = b""
        ends = time.monotonic() + within
        while True:
            ready, _, _ = select.select([self.pipe], [], [], max(0.0, ends - time.monotonic()))
            if not ready:
                os.kill(self.pid, signal.SIGKILL)
            got = os.read(self.pipe, 1 << 16)
            if not got:
                break
            data += got
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        acked, error = told(data)
        return Ended(code=os.waitstatus_to_exitcode(status), acked=acked, error=error)


def started(work: Work, *, before: Callable[[], None] = _nothing) -> Writing:
    """Fork a process that waits, then works. It lets any process trace it, which an strace beside it needs."""
    gate_in, gate = os.pipe()
    pipe, pipe_in = os.pipe()
    pid = os.fork()
    if pid:
        os.close(gate_in)
        os.close(pipe_in)
        return Writing(pid=pid, gate=gate, pipe=pipe)
    code = BROKEN
    try:
        os.close(gate)
        os.close(pipe)
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
        os.read(gate_in, 1)
        before()
        code = work(pipe_in)
    except BaseException:
        os.writev(pipe_in, [f"! {traceback.format_exc()!r}\n".encode()])
    finally:
        os._exit(code)


class NoStrace(RuntimeError):
    """There is no strace here, or it may not attach."""


def traced(work: Work, *options: str) -> tuple[Ended, str]:
    """Run it under strace from its first call on; how it ended, and the log. NoStrace where that is refused."""
    strace = shutil.which("strace")
    if strace is None:
        raise NoStrace("strace is not installed (Debian: apt install strace)")
    writing = started(work)
    with tempfile.NamedTemporaryFile("r", prefix="strace-") as log:
        command = [strace, "-p", str(writing.pid), "-o", log.name, *options]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr is not None
        try:
            said = tracer.stderr.readline()
            writing.go()
            ended = writing.ended()
            with contextlib.suppress(subprocess.TimeoutExpired):
                tracer.wait(10)
        finally:
            if tracer.poll() is None:
                tracer.kill()
                tracer.wait()
            tracer.stderr.close()
        if "attached" not in said:
            raise NoStrace(f"strace may not attach here: {said.strip()}")
        return ended, log.read()


def calls_in(log: str) -> dict[str, int]:
    """Calls by name in a log of strace."""
    names = Counter(re.findall(r"^(\w+)\(", log, re.MULTILINE))
    return {name: names[name] for name in CALLS}
