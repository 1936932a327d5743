"""kill -9 at random moments of a real `scrapy crawl`, then resume, until all is stored: `--kills N --stories N`."""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools.faults.crawl_site import Site, crawling, served, stored, until_written, violations

AT_ONCE = 0.25
"""Share of the kills that may hit while the crawl still starts; the others wait for its first lines."""


@dataclass(slots=True)
class Killed:
    """Kills, rounds that came to their end, stories stored in these, and what did not hold."""

    kills: int = 0
    rounds: int = 0
    stories: int = 0
    wrong: list[str] = field(default_factory=list)


def sweep(
    *, kills: int, stories: int, seconds: float = 1e9, longest: float = 3.0, seed: int = 1, hold: int = 20
) -> Killed:
    """Rounds on one site: a crawl is killed and resumed until it ends by itself, then a new archive is begun."""
    swept, chance, ends = Killed(), random.Random(seed), time.monotonic() + seconds
    with served(stories) as site:
        while swept.kills < kills and time.monotonic() < ends:
            with tempfile.TemporaryDirectory() as folder:
                _round(site, Path(folder), swept, chance, kills, ends, longest, f"NEWSCRAWL_HOLD={hold}")
    return swept


def _round(
    site: Site, folder: Path, swept: Killed, chance: random.Random, kills: int, ends: float, longest: float, hold: str
) -> None:
    archive, said = folder / "archive", folder / "said"
    before = stored(archive)
    while True:
        crawl = crawling(site, archive, said, hold)
        if swept.kills < kills and time.monotonic() < ends:
            if chance.random() > AT_ONCE:
                until_written(archive, 1, crawl)
            time.sleep(chance.uniform(0.0, longest))
            if crawl.poll() is None:
                crawl.send_signal(signal.SIGKILL)
        code = crawl.wait(600)
        after = stored(archive)
        swept.wrong += [f"kill {swept.kills}: stored before, gone: {url}" for url in list(before - after)[:3]]
        swept.wrong += [f"kill {swept.kills}: twice: {url}" for url, number in after.items() if number > 1][:3]
        before = after
        if code == -signal.SIGKILL:
            swept.kills += 1
            continue
        if code != 0:
            swept.wrong.append(f"kill {swept.kills}: exit code {code}: {said.read_text('utf-8', 'replace')[-600:]}")
        break
    swept.rounds += 1
    swept.stories += len(after)
    swept.wrong += violations(site, archive)


def main() -> int:
    """The exit code: 0 where nothing was lost, stored twice or torn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--stories", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no further kill after so many")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    swept = sweep(kills=asked.kills, stories=asked.stories, seconds=asked.seconds, seed=asked.seed)
    print(
        f"kill -9 of a real crawl: {swept.kills} kills, {swept.rounds} rounds of {asked.stories} stories, "
        f"{swept.stories} stored, {len(swept.wrong)} wrong, {time.monotonic() - began:.0f} s"
    )
    print("\n".join(swept.wrong[:20]))
    return 1 if swept.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
