"""Stands for a crawl where only the engine is measured: says that it lives, and ends as its site's address asks.

`python tools/cluster/stub.py http://HOST/?seconds=3&code=0&kill=1&deaf=1`: `kill` kills the worker that started it. It
writes a line `HOST PID SECONDS` each 20 ms to the file of STUB_LOG, so that two of one host at once can be seen.
"""

import os
import signal
import sys
import time
from urllib.parse import parse_qsl, urlsplit

PAUSE = 0.02


def ancestors(pid: int) -> list[int]:
    """The processes above one, the nearest first."""
    found = []
    while pid > 1:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            pid = int(file.read().rsplit(")", 1)[1].split()[1])
        found.append(pid)
    return found


def main() -> int:
    """Lives for as long as it is asked to."""
    parts = urlsplit(sys.argv[-1])
    asked = dict(parse_qsl(parts.query))
    if asked.get("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    log = os.open(os.environ["STUB_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    until = time.monotonic() + float(asked.get("seconds", 1))
    while time.monotonic() < until:
        os.write(log, f"{parts.hostname} {os.getpid()} {time.time():.3f}\n".encode())
        if asked.get("kill") and time.monotonic() > until - float(asked.get("seconds", 1)) / 2:
            os.kill(ancestors(os.getpid())[1], signal.SIGKILL)  # above us stands the launcher
            time.sleep(60)
        time.sleep(PAUSE)
    return int(asked.get("code", 0))


if __name__ == "__main__":
    sys.exit(main())
