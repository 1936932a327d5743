"""What a report of a large archive costs: `python -m tools.bench.report --stories 1000 100000`; a process for each."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from newscrawl.report import build
from tools.bench.memory import memory_of
from tools.eval.tables import Table, show

PARAGRAPH = "The council of Tarn voted on Monday to repair the old bridge before winter, after nine years of argument. "
SPAM = "slot gacor hari ini link alternatif daftar akun pro situs judi bola poker kasino toto togel jackpot bandar "
SITES = 40


def _story(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A story of 2,500 characters behind a keyword block of 700, with its ledger line."""
    text = f"Story {number}. " + PARAGRAPH * 24
    spam = SPAM * 6
    site = f"site-{number % SITES}.example"
    article = {
        "id": f"{number:016x}-{number:08x}", "url": f"https://{site}/{number}", "site": site,
        "title": f"The old bridge of Tarn, part {number}", "text": text, "fetched": "2026-05-04T12:30:00+00:00",
        "removals": [{}], "suspect_spans": [], "language": "en",
        "rights": {"status": "none_found", "asked": ["train"], "uses": {"train": "none_found"}, "signals": []},
    }  # fmt: skip
    cut = {
        "start": 0, "end": len(spam), "text": spam, "rule": "spam/block", "reason": "SPAM_KWBLOCK",
        "evidence": [{"kind": "STRUCT", "strength": 1.0, "detail": "5% small words"}],
    }  # fmt: skip
    return article, {"removals": [cut], "fields": [], "original_length": len(text) + len(spam)}


def _stories(number: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    yield from map(_story, range(number))


def measure(number: int) -> dict[str, float]:
    """Builds a report twice, in this process: seconds of processor time of each, and the most memory it had."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        build(Path(folder), _stories(number), (), ())
        first = time.process_time()
        build(Path(folder), _stories(number), (), ())
        again = time.process_time()
        pages = sum(1 for path in Path(folder).rglob("*.html"))
    most = memory_of("VmHWM") * 1e6
    return {"pages": pages, "first": first - began, "again": again - first, "mebibytes": most / (1 << 20)}


def main() -> None:
    """Prints a line for each number of stories."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.report", description=__doc__)
    parser.add_argument("--stories", nargs="+", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure(options.one)))
        return
    rows = []
    for number in options.stories:
        call = [sys.executable, "-m", "tools.bench.report", "--one", str(number)]
        told = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
        rows.append(
            (
                f"{number:,}",
                f"{told['pages']:,}",
                f"{told['first']:.1f}",
                f"{told['again']:.1f}",
                f"{told['mebibytes']:.0f}",
            )
        )
    columns = ("stories", "pages", "CPU s, first build", "CPU s, again", "most memory, MiB (RSS)")
    table = Table(title="newscrawl report", columns=columns, rows=tuple(rows))
    show(Console(width=None if sys.stdout.isatty() else 140), table)


if __name__ == "__main__":
    main()
