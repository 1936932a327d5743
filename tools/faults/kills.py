"""kill -9 at random moments of a writing process, again and again, until everything is stored."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tools.faults.processes import started
from tools.faults.workload import child, entries, key, stored, violations


@dataclass(slots=True)
class Kills:
    """How many kills there were, how many rounds came to their end before one, and what did not hold."""

    kills: int = 0
    rounds: int = 0
    acked: int = 0
    wrong: list[str] = field(default_factory=list)


def sweep(*, kills: int = 200, stories: int = 3000, seconds: float = 1e9, seed: int = 1) -> Kills:
    """Rounds of `stories` each; a round is resumed after each kill, and a new one begun when it is whole."""
    random_ = random.Random(seed)
    every = entries(stories, size=400)
    swept = Kills()
    ends = time.monotonic() + seconds
    while swept.kills < kills and time.monotonic() < ends:
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder) / "archive"
            acked: set[tuple[str, str]] = set()
            while swept.kills < kills and time.monotonic() < ends:
                writing = started(partial(child, directory, every, run=f"r{swept.kills}", size=64, roll=200_000))
                writing.go()
                time.sleep(random_.uniform(0.0, 0.12))
                os.kill(writing.pid, signal.SIGKILL)
                ended = writing.ended()
                acked |= ended.acked
                if ended.code == 0:
                    break
                swept.kills += ended.code == -signal.SIGKILL
                if ended.code != -signal.SIGKILL:
                    swept.wrong.append(f"kill {swept.kills}: exit code {ended.code}: {ended.error[:300]}")
                lost = acked - set(stored(directory)) if directory.exists() else acked
                swept.wrong += [f"kill {swept.kills}: {one} acknowledged, not read" for one in sorted(lost)[:3]]
            swept.rounds += 1
            swept.acked += len(acked)
            directory.mkdir(exist_ok=True)
            swept.wrong += violations(directory, acked, every)[:3]
            if not set(map(key, every)) <= set(stored(directory)):
                swept.wrong.append("not everything is stored after the last resume")
    return swept
