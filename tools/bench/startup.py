"""Measures what it costs to start: the interpreter alone, `import newscrawl`, the command's help, the first page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.eval.tables import Table

ROOT = Path(__file__).parents[2]
PAGE = (
    "import newscrawl as n; p = n.Page.from_html('<html lang=en><h1>Rain ends the drought</h1>"
    "<p>It rained in Tarn on Monday, after nine dry weeks; no AI model had said so.', url='https://h.example/a'); "
)
STARTS = (
    ("python alone", ["-c", "pass"], ""),
    ("import newscrawl", ["-c", "import newscrawl"], "150 ms"),
    ("newscrawl --help", ["-m", "newscrawl", "--help"], "250 ms"),
    ("newscrawl.process at hand", ["-c", "import newscrawl; newscrawl.process"], ""),
    ("its first page: every rule read and proved", ["-c", PAGE + "n.process(p)"], ""),
    ("import scrapy", ["-c", "import scrapy"], ""),
    ("import trafilatura", ["-c", "import trafilatura"], ""),
)


def bench(*, quick: bool) -> list[Table]:
    """CPU of the cheapest of some starts, warm disk: what else the machine does is left out."""
    rows = []
    for name, words, goal in STARTS:
        times = [_start(words) for _ in range(5 if quick else 15)]
        known = [time for time in times if time is not None]
        said = f"{1000 * min(known):.0f}" if len(known) == len(times) else "not built yet"
        rows.append((name, said, goal))
    return [Table(title="(f) Starting", columns=("", "CPU ms", "goal"), rows=tuple(rows))]


def _start(words: list[str]) -> float | None:
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return None if process.returncode else usage.ru_utime + usage.ru_stime
