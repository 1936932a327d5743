"""Runs Scrapy alone and newscrawl into the same troubles, and tells how each ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

from newscrawl.archive import read
from newscrawl.demo.expected import expected
from newscrawl.demo.server import DemoServer
from tools.bench.readers import ROOT
from tools.eval.tables import Table
from tools.faults.disks import NoMount, mounted

HERE = Path(__file__).parent
KILL_AFTER = 30


def _alone(folder: Path, urls: list[str], feed: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Scrapy alone, with its robots.txt switched on and a feed of lines."""
    file = folder / "urls.txt"
    file.write_text("\n".join(urls), "ascii")
    call = [
        sys.executable, "-m", "scrapy", "runspider", str(HERE / "alone.py"), "-a", f"urls={file}",
        "-o", f"{feed}:jsonlines", "-s", "CONCURRENT_REQUESTS=1", "-s", "RETRY_ENABLED=False", *more,
    ]  # fmt: skip
    env = os.environ | {"PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": ""}
    return subprocess.run(call, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


def _ours(archive: Path, demo: DemoServer, *more: str) -> list[str]:
    hosts = json.dumps(dict.fromkeys(demo.names(), "127.0.0.1"))
    return [
        sys.executable, "-m", "scrapy", "crawl", "aggregator", "--loglevel", "ERROR",
        "-s", f"NEWSCRAWL_ARCHIVE={archive}", "-s", f"NEWSCRAWL_HOSTS={hosts}",
        "-s", "DOWNLOAD_DELAY=0", "-s", "NEWSCRAWL_HOLD=0", *more,
    ]  # fmt: skip


def _code(call: list[str]) -> int:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(call, cwd=ROOT, env=env, capture_output=True, timeout=120, check=False).returncode


def _lines(feed: Path) -> tuple[int, bool]:
    """Whole lines of a feed, and whether its last is torn."""
    data = feed.read_bytes() if feed.exists() else b""
    whole = 0
    for line in data.split(b"\n"):
        try:
            json.loads(line)
            whole += 1
        except ValueError:
            pass
    return whole, bool(data) and not data.endswith(b"\n")


def _fetched(demo: DemoServer, host: str, before: int) -> int:
    """Pages of a host that were asked for since, beside its robots.txt and other files of rights."""
    asked = [path for name, path, _ in demo.requests[before:] if name == host]
    return sum(not path.endswith((".txt", ".json")) for path in asked)


def unreachable(demo: DemoServer, folder: Path) -> tuple[str, str]:
    """robots.txt answers 503: how many pages of that host are fetched."""
    url = f"http://sakit.test:{demo.port}/"
    before = len(demo.requests)
    _alone(folder, [url], folder / "ill.jsonl")
    alone, before = _fetched(demo, "sakit.test", before), len(demo.requests)
    _code(_ours(folder / "ill", demo, "-a", f"url={url}"))
    return f"{alone} page fetched", f"{_fetched(demo, 'sakit.test', before)} fetched"


def nothing(demo: DemoServer, folder: Path) -> tuple[str, str]:
    """A listing that leads nowhere."""
    url = f"http://kabarkilat.test:{demo.port}/no-such-page"
    alone = _alone(folder, [url], folder / "none.jsonl").returncode
    ours = _code(_ours(folder / "none", demo, "-a", f"url={url}"))
    return f"exit code {alone}", f"exit code {ours}"


def full(demo: DemoServer, folder: Path) -> tuple[str, str]:
    """A disk that has room for a few stories."""
    urls = [one.url for one in expected(demo.port) if one.outcome == "exported"] * 3
    try:
        with mounted("size=16k") as small:
            alone = _alone(
                folder, urls, small / "out.jsonl", "-s", "DUPEFILTER_CLASS=scrapy.dupefilters.BaseDupeFilter"
            )
            _, torn = _lines(small / "out.jsonl")
        with mounted("size=600k") as small:
            ours = _code(_ours(small / "archive", demo, "-a", f"url={','.join(demo.starts)}"))
            whole = all(not _lines(path)[1] for path in (small / "archive").glob("*.jsonl"))
    except NoMount:
        return "not tried", "not tried: nothing may be mounted here"
    reason = "finished" if "'finish_reason': 'finished'" in alone.stderr else "not finished"
    left = "a torn last line" if torn else "whole lines"
    return (
        f"exit code {alone.returncode}, {reason!r}, {left}",
        f"exit code {ours}, {'whole lines' if whole else 'torn'}",
    )


def killed(demo: DemoServer, folder: Path) -> tuple[str, str]:
    """kill -9 in the middle; newscrawl then runs again."""
    urls = [one.url for one in expected(demo.port) if one.outcome == "exported"]
    _alone(folder, urls, folder / "killed.jsonl", "-a", f"kill={KILL_AFTER}")
    whole, torn = _lines(folder / "killed.jsonl")
    archive = folder / "killed"
    call = _ours(archive, demo, "-a", f"url={','.join(demo.starts)}")
    paths = {one.path for one in expected(demo.port) if one.outcome == "exported"}
    before = len(demo.requests)
    process = subprocess.Popen(
        [*call, "-s", "DOWNLOAD_DELAY=0.3"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while len({path for _, path, _ in demo.requests[before:]} & paths) < KILL_AFTER and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    process.wait()
    first = sum(_lines(path)[0] for path in archive.glob("articles-*.jsonl"))
    _code(call)
    found = [str(row["url"]) for row in read(archive, "articles")]
    wanted = len({one.url for one in expected(demo.port) if one.outcome == "exported"})
    alone = f"{KILL_AFTER - whole} of {KILL_AFTER} items lost" + (", a torn last line" if torn else "")
    there = len(set(found))
    ours = f"killed with {first} written; the next run has {there} of {wanted}, {len(found) - there} twice"
    return alone, ours


def table(demo: DemoServer, folder: Path) -> Table:
    """A line a trouble: how Scrapy alone ends, and how newscrawl does."""
    troubles = {
        "robots.txt answers 503": unreachable, "no story at all": nothing, "disk full": full, "kill -9": killed,
    }  # fmt: skip
    rows = tuple((name, *(try_it(demo, folder))) for name, try_it in troubles.items())
    return Table(
        title=f"Scrapy {metadata.version('scrapy')} alone (ROBOTSTXT_OBEY, a feed of lines), and newscrawl",
        columns=("trouble", "Scrapy alone", "newscrawl"),
        rows=rows,
    )
