"""Measures memory over many stories: `python -m tools.bench.memory STORIES` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from time import process_time

from tools.bench import pages
from tools.eval.cleaners import wing
from tools.eval.tables import Table

ROOT = Path(__file__).parents[2]


SECONDS = 900
"""Processor seconds after which it stops where it stands; 20,000 stories of 5 kB take 340 of them."""


def memory_of(what: str) -> float:
    """MB of this process alone: VmRSS as it is, VmHWM at most (`ru_maxrss` begins with the parent's)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(f"{what}:")[2].split()[0]) * 1024 / 1e6


def watch(stories: int) -> None:
    """Processes and learns stories of 20 sites; prints stories, resident MB and the most so far, ten times."""
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
            print(number + 1, f"{memory_of('VmRSS'):.1f}", f"{memory_of('VmHWM'):.1f}", flush=True)
            if process_time() > SECONDS:
                break


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
    rows = tuple((f"{int(stories):,}", size, most) for stories, size, most in points)
    if points and int(points[-1][0]) < count:
        notes = (*notes, f"stopped after {SECONDS} s of the processor")
    return [Table(title=title, columns=("stories", "resident MB", "at most"), rows=rows, notes=notes)]


if __name__ == "__main__":
    watch(int(sys.argv[1]))
