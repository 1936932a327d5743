"""A long real `scrapy crawl`: does its memory grow, do its files stay open? `--stories 50000`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools.faults.crawl_site import crawling, served, stored, violations, written

WARM = 0.3
"""Share of the crawl that is warm-up: caches fill."""
WARM_STORIES = 10_000
"""No less than these, or half of a short crawl: then the page cache of the index of copies is as full as it gets."""
MOST_SLOPE = 1.0
MOST_FILES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What one look at the process showed: bytes in the archive, resident MiB, open files."""

    bytes: int
    resident: float
    files: int


def look(pid: int, archive: Path) -> Moment | None:
    """None where the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        files = len(os.listdir(f"/proc/{pid}/fd"))
        resident = int(status.partition("VmRSS:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        return None
    return Moment(bytes=written(archive), resident=resident, files=files)


def warm(moments: list[Moment], stories: int) -> list[Moment]:
    """What was seen after the warm-up."""
    share = max(WARM, min(0.5, WARM_STORIES / stories)) if stories else WARM
    return [one for one in moments if one.bytes > share * moments[-1].bytes]


def tenths(moments: list[Moment]) -> str:
    """The resident MiB at each tenth of the crawl."""
    last = moments[-1].bytes
    return " ".join(f"{next(m.resident for m in moments if m.bytes >= n * last / 10):.0f}" for n in range(1, 11))


def slope(moments: list[Moment], stories: int) -> float:
    """MiB by which the process grows in 10,000 stories after the warm-up, by least squares."""
    last = moments[-1].bytes
    points = [(one.bytes / last * stories, one.resident) for one in warm(moments, stories)]
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    across = sum((x - middle_x) ** 2 for x, _ in points)
    return 10_000 * sum((x - middle_x) * (y - middle_y) for x, y in points) / across if across else 0.0


def soak(*, stories: int, size: int = 6000) -> tuple[str, list[str]]:
    """A crawl of so many stories: its figures in words, and what did not hold."""
    moments: list[Moment] = []
    with served(stories, size=size) as site, tempfile.TemporaryDirectory() as folder:
        archive, said = Path(folder) / "archive", Path(folder) / "said"
        began = time.monotonic()
        crawl = crawling(site, archive, said)
        while crawl.poll() is None:
            moment = look(crawl.pid, archive)
            moments += [moment] if moment else []
            time.sleep(0.5)
        seconds = time.monotonic() - began
        wrong = violations(site, archive)
        found = len(stored(archive))
        wrong += [] if crawl.returncode == 0 else [f"exit code {crawl.returncode}: {said.read_text()[-600:]}"]
    grows, files = slope(moments, found), [one.files for one in warm(moments, found)]
    wrong += [f"memory grows by {grows:.2f} MiB in 10,000 stories"] if grows > MOST_SLOPE else []
    wrong += [f"open files {min(files)} to {max(files)}"] if max(files) - min(files) > MOST_FILES else []
    told = (
        f"{found:,} of {stories:,} stories, {found / seconds:.0f} a second, resident at most "
        f"{max(one.resident for one in moments):.0f} MiB (at each tenth: {tenths(moments)}), slope {grows:.2f} MiB "
        f"in 10,000, open files {min(files)} to {max(files)}"
    )
    return told, wrong


def main() -> int:
    """The exit code: 0 where memory and open files stay flat and nothing is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=50_000)
    parser.add_argument("--size", type=int, default=6000, help="bytes of a page")
    asked = parser.parse_args()
    told, wrong = soak(stories=asked.stories, size=asked.size)
    print(f"soak: {told}, {len(wrong)} wrong")
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
