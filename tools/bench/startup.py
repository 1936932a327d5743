"""Measures how long it takes to start: the interpreter alone, `import newscrawl`, and the command's help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter

from tools.eval.score import quantile
from tools.eval.tables import Table

ROOT = Path(__file__).parents[2]
STARTS = (
    ("python alone", ["-c", "pass"], ""),
    ("import newscrawl", ["-c", "import newscrawl"], "150 ms"),
    ("newscrawl.process at hand", ["-c", "import newscrawl; newscrawl.process"], ""),
    ("newscrawl --help", ["-m", "newscrawl", "--help"], "250 ms"),
    ("import scrapy", ["-c", "import scrapy"], ""),
    ("import trafilatura", ["-c", "import trafilatura"], ""),
)


def bench(*, quick: bool) -> list[Table]:
    """Medians over some starts, warm disk."""
    rows = []
    for name, words, goal in STARTS:
        times = [_start(words) for _ in range(5 if quick else 15)]
        failed = any(time is None for time in times)
        said = "not built yet" if failed else f"{1000 * quantile([time or 0 for time in times], 0.5):.0f}"
        rows.append((name, said, goal))
    return [Table(title="(f) Starting", columns=("", "ms (median)", "goal"), rows=tuple(rows))]


def _start(words: list[str]) -> float | None:
    started = perf_counter()
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, check=False)
    return None if done.returncode else perf_counter() - started
