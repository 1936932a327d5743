"""`python -m tools.bench`: what newscrawl costs, as ratios to what others cost, in one run."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

from rich.console import Console

from tools.bench import crawl, disk, memory, page, readers, startup, text
from tools.eval.tables import Table, show

PARTS = {
    "crawl": crawl.bench, "readers": readers.bench, "text": text.bench, "disk": disk.bench, "memory": memory.bench,
    "startup": startup.bench,
}  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Runs the parts and prints their tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: at most two minutes")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), default=tuple(PARTS), help="some parts only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all tables there")
    parser.add_argument("--write-docs", action="store_true", help="write docs/reference/speed.md and its pictures")
    parser.add_argument("--install-peers", action="store_true", help="put the peers into bench/peers, and stop")
    options = parser.parse_args(argv)
    if options.install_peers:
        readers.install_peers()
        return 0
    console = Console(width=None if sys.stdout.isatty() else 140)
    made: list[Table] = []
    for name in options.only:
        started = perf_counter()
        tables = PARTS[name](quick=options.quick)
        made += tables
        for table in tables:
            show(console, table)
        console.print(f"{name}: {perf_counter() - started:.0f} s\n")
    if options.write_docs:
        page.write(made, quick=options.quick)
    if options.json:
        plain = [{"title": t.title, "columns": t.columns, "rows": t.rows, "notes": t.notes} for t in made]
        options.json.write_text(json.dumps(plain, indent=1, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
