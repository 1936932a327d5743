"""A loopback site of many stories and a real `scrapy crawl` of it, for sweeps that kill, fill and soak."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive import read, verify
from tools.bench import pages

ROOT = Path(__file__).parents[2]
SIZE = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site that is being served: where, and the addresses of its stories."""

    url: str
    stories: frozenset[str]


@contextlib.contextmanager
def served(stories: int, *, size: int = SIZE) -> Iterator[Site]:
    """The site, in a process of its own that is stopped by its own number."""
    words = [sys.executable, "-m", "tools.bench.server", str(stories), str(size)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            yield Site(url=f"{url}/", stories=frozenset(url + pages.path(number) for number in range(stories)))
        finally:
            server.terminate()


def crawling(
    site: Site, archive: Path, said: Path, *options: str, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """A crawl that runs; what it says is added to a file. `options`: settings as NAME=VALUE."""
    settings = (
        f"NEWSCRAWL_ARCHIVE={archive}", "DOWNLOAD_DELAY=0", "CONCURRENT_REQUESTS_PER_DOMAIN=16", "LOG_LEVEL=WARNING",
        *options,
    )  # fmt: skip
    flags = [part for setting in settings for part in ("-s", setting)]
    limits = ["-a", f"url={site.url}", "-a", "stories=1000000", "-a", "pages=100000"]
    with said.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "aggregator", *limits, *flags],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}, stdout=log, stderr=log,
        )  # fmt: skip


def written(archive: Path) -> int:
    """Bytes of the articles' segments, sealed and open."""
    total = 0
    for path in archive.glob("articles-*"):
        with contextlib.suppress(FileNotFoundError):  # sealed by rename just now
            total += path.stat().st_size
    return total


def until_written(archive: Path, more: int, crawl: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
    """Waits until the archive has grown by some bytes, or the crawl has ended."""
    goal, ends = written(archive) + more, time.monotonic() + seconds
    while written(archive) < goal and crawl.poll() is None and time.monotonic() < ends:
        time.sleep(0.02)


def stored(archive: Path) -> Counter[str]:
    """The addresses of the articles in an archive."""
    return Counter(str(record["url"]) for record in read(archive, "articles")) if archive.exists() else Counter()


def violations(site: Site, archive: Path) -> list[str]:
    """What does not hold of an archive that should have each story of the site once."""
    found = stored(archive)
    wrong = [f"lost: {url}" for url in sorted(site.stories - found.keys())[:3]]
    wrong += [f"stored {number} times: {url}" for url, number in found.items() if number > 1][:3]
    wrong += [f"not of the site: {url}" for url in sorted(found.keys() - site.stories)[:3]]
    return wrong + [f"verify: {problem}" for problem in verify(archive).problems[:3]]
