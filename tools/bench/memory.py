"""Measures memory over many stories: `python -m tools.bench.memory STORIES` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tools.bench import pages
from tools.eval.cleaners import wing
from tools.eval.tables import Table

ROOT = Path(__file__).parents[2]


def _resident() -> float:
    fields = Path("/proc/self/statm").read_text("ascii").split()
    return int(fields[1]) * 4096 / 1e6


def watch(stories: int) -> None:
    """Processes and learns stories of 20 sites; prints stories and resident MB ten times on the way."""
    newscrawl, clean = import_module("newscrawl"), import_module("newscrawl.clean")
    memory = clean.SiteMemory()
    step = max(1, stories // 10)
    for number in range(stories):
        host = f"site{number % 20}.example"
        html = pages.story(number, 5000)
        result = newscrawl.process(
            newscrawl.Page.from_html(html, url=f"https://{host}{pages.path(number)}"), memory=memory
        )
        if hasattr(result, "cleaned"):
            memory.learn(result.cleaned.original, site=host, story=result.url)
        if number % step == step - 1:
            print(number + 1, f"{_resident():.1f}", flush=True)


def bench(*, quick: bool) -> list[Table]:
    """The resident size at ten points."""
    title = "(e) Memory over stories of 20 sites, with their site memories"
    if wing("desk", "process") is None or wing("clean", "SiteMemory") is None:
        return [Table(title=title, columns=("",), notes=("not built yet",))]
    count = 600 if quick else 20_000
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.memory", str(count)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    points = [line.split() for line in done.stdout.splitlines()]
    notes = (done.stderr.strip().split("\n")[-1],) if done.returncode else ()
    rows = tuple((f"{int(stories):,}", size) for stories, size in points)
    return [Table(title=title, columns=("stories", "resident MB"), rows=rows, notes=notes)]


if __name__ == "__main__":
    watch(int(sys.argv[1]))
