"""Starts one program that dies with its parent: run by its path, `python -I -S children_launch.py …`, never imported.

    children_launch.py PARENT TIES WORD…

PARENT is the process that must live on. TIES: `signal` has the kernel kill us when it dies (Linux, prctl(2)
PR_SET_PDEATHSIG); `pipe` has us wait beside the program and end it when our standard input ends, on any Unix. It knows
nothing of newscrawl, so that it starts within hundredths of a second.
"""

import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1
MERCY = 1.0
"""Seconds between SIGTERM and SIGKILL once the parent is gone: what is committed is durable, the rest is refetched."""
DEAD = 70


def _tie(parent: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(DEAD)


def _begin(words: list[str], tied: bool) -> int:
    us = os.getpid()
    child = os.fork()
    if child:
        return child
    if tied:
        _tie(us)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(words[0], words)  # noqa: S606 - the words are our own
    finally:
        os._exit(127)


def _beside(words: list[str], tied: bool) -> int:
    """Waits for the program's end and for the parent's, whichever comes first; signals are handed on."""
    waking, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    child = _begin(words, tied)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: os.kill(child, number))
    watched, patience = [0, waking], None
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        ready, _, _ = select.select(watched, [], [], patience)
        if not ready and patience is not None:
            os.kill(child, signal.SIGKILL)
        if waking in ready:
            os.read(waking, 4096)
        if 0 in ready and not os.read(0, 4096):
            watched, patience = [waking], MERCY
            os.kill(child, signal.SIGTERM)


def main() -> int:
    """Runs the program; the exit code is its own, or 128 and the number of the signal that killed it."""
    parent, ties, words = int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:]
    if "signal" in ties:
        _tie(parent)
    if "pipe" in ties:
        return _beside(words, "signal" in ties)
    return os.execvp(words[0], words)  # noqa: S606 - the words are our own


if __name__ == "__main__":
    sys.exit(main())
