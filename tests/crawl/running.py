"""Runs a real `scrapy crawl` in a process of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """How a crawl ended, and what it left."""

    code: int
    said: str
    folder: Path

    def lines(self, stream: str) -> list[dict[str, Any]]:
        """The records of a stream of the archive, as they stand in the segments."""
        found = []
        for path in sorted(self.folder.glob(f"archive/{stream}-*.jsonl")):
            found += [json.loads(line) for line in path.read_text("ascii").splitlines()]
        return found

    def feed(self, name: str = "out.jsonl") -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_text("ascii").splitlines()]

    def run_report(self) -> dict[str, Any]:
        newest = sorted(self.folder.glob("archive/runs/*.json"), key=lambda path: path.stat().st_mtime)[-1]
        found: dict[str, Any] = json.loads(newest.read_text("ascii"))
        return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def crawl(folder: Path, *args: str, timeout: float = 240, settings: dict[str, object] | None = None) -> Ran:
    """`scrapy crawl` with its archive in `folder`/archive."""
    chosen = {"NEWSCRAWL_ARCHIVE": folder / "archive", "DOWNLOAD_DELAY": 0, **(settings or {})}
    flags = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", *args, *flags],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "PYTHONWARNINGS": "default",
        },
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(code=done.returncode, said=done.stdout + done.stderr, folder=folder)


def words(folder: Path, spider: str, *args: str, settings: dict[str, object] | None = None) -> list[str]:
    """The command of a crawl whose archive is `folder`/archive."""
    chosen = {"NEWSCRAWL_ARCHIVE": folder / "archive", "DOWNLOAD_DELAY": 0, **(settings or {})}
    flags = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", spider, *args, *flags]


def started(
    folder: Path, hostile: Any, *args: str, spider: str = "aggregator", settings: dict[str, object] | None = None
) -> subprocess.Popen[bytes]:
    """A crawl of a hostile web that runs on; what it says goes to `folder`/said."""
    chosen: dict[str, object] = {"NEWSCRAWL_HOSTS": json.dumps(hostile.hosts), "RETRY_TIMES": 0, **(settings or {})}
    if spider.startswith("tests."):
        chosen |= {"SPIDER_MODULES": f"tests.crawl.{spider[6:]}"}
    given = words(folder, spider, "-a", f"url={hostile.starts[0]}", *args, settings=chosen)
    with open(folder / "said", "wb") as said:
        return subprocess.Popen(given, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=said, stderr=said)


def told_to_stop(crawling: subprocess.Popen[bytes], *, times: int = 1, apart: float = 0.5) -> tuple[int, float]:
    """SIGTERM, once or more; the exit code and the seconds until the end."""
    began = time.monotonic()
    for number in range(times):
        if number:
            time.sleep(apart)
        crawling.terminate()
    return crawling.wait(60), time.monotonic() - began
