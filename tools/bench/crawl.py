"""Measures a whole crawl: pages a second and CPU a page, newscrawl's spider beside bare Scrapy on the same pages."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tools.eval.cleaners import wing
from tools.eval.tables import Table

ROOT = Path(__file__).parents[2]
FAST = (
    "-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS=16", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16",
    "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "LOG_LEVEL=WARNING",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """One crawl: wall and CPU seconds of its process, records written, what it complained of."""

    wall: float
    cpu: float
    records: int
    complaint: str = ""


@contextmanager
def served(stories: int, size: int) -> Iterator[str]:
    """The address of a server with so many stories of that size; it is stopped by its own process id."""
    words = [sys.executable, "-m", "tools.bench.server", str(stories), str(size)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
        finally:
            server.terminate()


def _run(words: list[str], out: Path, folder: Path) -> Took:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    started = perf_counter()
    with subprocess.Popen(
        words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read().decode("utf-8", "replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    records = len(out.read_bytes().splitlines()) if out.exists() else 0
    complaint = said.strip().split("\n")[-1][:160] if process.returncode else ""
    return Took(
        wall=perf_counter() - started, cpu=usage.ru_utime + usage.ru_stime, records=records, complaint=complaint
    )


def _words(kind: str, url: str, out: Path, stories: int, folder: Path) -> list[str]:
    scrapy = [sys.executable, "-m", "scrapy"]
    feed = ["-O", f"{out}:jsonlines"]
    if kind in ("trivial", "parsel"):
        spider = str(Path(__file__).with_name("bare_spider.py"))
        return [*scrapy, "runspider", spider, *FAST, "-a", f"url={url}", "-a", f"mode={kind}", *feed]
    budget = ["-a", f"stories={stories}", "-a", "pages=1000", "-a", f"url={url}"]
    archive = ["-s", f"NEWSCRAWL_ARCHIVE={folder / 'archive'}"]
    if kind == "site":
        spider = str(Path(__file__).with_name("site_spider.py"))
        return [*scrapy, "runspider", spider, *FAST, *archive, *budget, *feed]
    return [*scrapy, "crawl", "aggregator", *FAST, *archive, *budget, *feed]


KINDS = (
    ("trivial", "bare Scrapy, trivial item"),
    ("parsel", "bare Scrapy, parsel title and paragraphs"),
    ("site", "newscrawl, site layout, archive and feed"),
    ("aggregator", "newscrawl aggregator, archive and feed"),
)


def _counts(kind: str, size: int, *, quick: bool) -> tuple[int, int]:
    """Stories of the short and the long crawl: bare Scrapy is so fast that it needs more of them to be measured."""
    many = {(True, True): 900, (True, False): 250, (False, True): 100, (False, False): 40}
    count = many[kind in ("trivial", "parsel"), size < 50_000]
    return (10, count) if quick else (25, 4 * count)


def bench(*, quick: bool) -> list[Table]:
    """Two crawls of each kind and size: their difference leaves out what a start costs."""
    tables = []
    for size in (14_000, 170_000):
        rows: list[tuple[str, ...]] = []
        base: float | None = None
        for kind, name in KINDS:
            if kind in ("site", "aggregator") and wing("crawl.spiders.aggregator", "Aggregator") is None:
                rows.append((name, "not built yet"))
                continue
            took = [_crawl(kind, stories, size) for stories in _counts(kind, size, quick=quick)]
            pages = took[1].records - took[0].records
            if pages <= 0 or took[1].complaint:
                rows.append((name, f"no records: {took[1].complaint}"))
                continue
            cpu, wall = (took[1].cpu - took[0].cpu) / pages, (took[1].wall - took[0].wall) / pages
            base = cpu if kind == "parsel" else base
            ratio = f"{cpu / base:.2f}" if base else ""
            rows.append(
                (name, str(took[1].records), f"{1000 * cpu:.2f}", ratio, f"{1 / wall:.0f}" if wall > 0 else "–")
            )
        columns = ("", "records", "CPU ms a page", "beside parsel", "pages/s")
        tables.append(
            Table(
                title=f"(a) A whole crawl of pages of {size // 1000} KB on loopback",
                columns=columns,
                rows=tuple((*row, *[""] * (len(columns) - len(row))) for row in rows),
                notes=("Goal: site layout, 14 KB: at most 1.25 times the CPU of bare Scrapy with parsel.",),
            )
        )
    return tables


def _crawl(kind: str, stories: int, size: int) -> Took:
    with tempfile.TemporaryDirectory() as name, served(stories, size) as url:
        folder = Path(name)
        out = folder / "out.jsonl"
        # Outside the project there is no scrapy.cfg: the bare run knows nothing of newscrawl's settings.
        bare = kind in ("trivial", "parsel")
        return _run(_words(kind, url, out, stories, folder), out, folder if bare else ROOT)
