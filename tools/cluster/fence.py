"""Proves the fence: `python -m tools.cluster.fence [kills crashes stopped away] [--kills 100] [--crashes 3]`.

Kills a writer at every point between the rows and the commit; stops the database at once under several writers; stops a
crawl for twice its lease and wakes it up again; takes the database away from a crawl for a minute. Exits with 1 where
anything does not hold.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tools.cluster import stopped
from tools.cluster.server import Server, running
from tools.cluster.writing import BETWEEN, POINTS, dying, forked, made, rows, settled, violations, write


def kills(server: Server, folder: Path, count: int) -> tuple[int, list[str]]:
    """So many kills between the append and the commit, and one for every six of them elsewhere; then to the end."""
    url, every = server.database(), made(12 * count, "host")
    elsewhere = itertools.cycle(point for point in POINTS if point not in BETWEEN)
    between = killed = 0
    for run in range(2 * count + 20):
        inside = run % 7 < 6
        point = BETWEEN[run % 2] if inside else next(elsewhere)

        def work(point: str = point, nth: int = 1 + run % 3 if inside else 1, most: int = 12 * (run + 1)) -> None:
            with dying(point, nth):
                write(url, folder, "host", every[:most], roll=1200)  # a little more to write each time

        code = forked(work)
        if code not in (0, -signal.SIGKILL):
            return killed, [f"{point}: ended with {code}"]
        killed += code == -signal.SIGKILL
        between += code == -signal.SIGKILL and inside
        if between == count:
            break
    else:
        return killed, [f"only {between} kills between the append and the commit"]
    write(url, folder, "host", every)
    settled(url, folder, ["host"])
    return killed, violations(url, folder, every)


def crashes(server: Server, folder: Path, count: int, *, writers: int = 3, stories: int = 300) -> tuple[int, list[str]]:
    """Immediate stops of the database under several writers of one folder; all come to their end by themselves."""
    url = server.database()
    hosts = [f"host{number}" for number in range(writers)]
    batches = {host: made(stories, host) for host in hosts}
    children = []
    for host in hosts:
        pid = os.fork()
        if not pid:
            code = 1
            try:
                write(url, folder, host, batches[host], size=4, pause=0.01 + 0.02 * count / stories)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.append(pid)
    for number in range(count):
        _until_rows(url, (number + 1) * 40)
        server.crash()
        time.sleep(0.7)
        server.begin()
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    wrong = [f"writer {host} ended with {code}" for host, code in zip(hosts, codes, strict=True) if code]
    settled(url, folder, hosts)
    return count, wrong + violations(url, folder, [entry for host in hosts for entry in batches[host]])


def without(server: Server, folder: Path, *, seconds: float) -> tuple[int, list[str]]:
    """The database is away from a crawl for so long: it ends well or asks to come again, and nothing is wrong."""
    code, wrong = stopped.away(server, folder, seconds=seconds)
    return 1, wrong + [f"it ended with {code}, not with 0 or 75"] * (code not in (0, 75))


def _until_rows(url: str, count: int) -> None:
    """Wait until the writers are under way."""
    ends = time.monotonic() + 60
    while sum(rows(url).values()) < count and time.monotonic() < ends:
        time.sleep(0.05)


def main() -> int:
    """Run what was asked for, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["kills", "crashes", "stopped", "away"])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--crashes", type=int, default=3)
    parser.add_argument("--away", type=float, default=60.0, help="seconds")
    parser.add_argument("--ttl", type=float, default=3.0)
    asked = parser.parse_args()
    bad = 0
    with running() as server, tempfile.TemporaryDirectory() as root:
        for part in asked.parts:
            began, folder = time.monotonic(), Path(root) / part
            if part == "kills":
                tried, wrong = kills(server, folder, asked.kills)
            elif part == "crashes":
                tried, wrong = crashes(server, folder, asked.crashes)
            elif part == "away":
                tried, wrong = without(server, folder, seconds=asked.away)
            else:
                tried, wrong = stopped.prove(server, folder, ttl=asked.ttl)
            print(f"{part}: {tried} tried, {len(wrong)} wrong, {time.monotonic() - began:.0f} s")
            for one in wrong[:20]:
                print(f"  {one}")
            bad += bool(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
