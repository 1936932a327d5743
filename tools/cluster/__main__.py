"""Tries what many machines promise and prints one table: `python -m tools.cluster [--quick] [PART …]`.

Exits with 1 where a goal was not reached. A PostgreSQL server of its own is started on a loopback port.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools.cluster import fence, proof, proof_bulk, server, stopped
from tools.cluster.proof import Row


def fenced(running: server.Server, *, kills: int = 100, crashes: int = 3, away: float = 60.0) -> Iterator[Row]:
    """The fence: kills before the commit, a database that crashes or is away, a crawl stopped for twice its lease."""
    parts = (
        (f"{kills} kills between append and commit", partial(fence.kills, count=kills)),
        (f"{crashes} crashes of the database under several writers", partial(fence.crashes, count=crashes)),
        ("a crawl stopped for twice its lease, then continued", partial(stopped.prove, ttl=3.0)),
        (f"the database taken from a crawl for {away:g} s", partial(fence.without, seconds=away)),
    )
    for what, prove in parts:
        with tempfile.TemporaryDirectory(prefix="newscrawl-fence-") as folder:
            tried, wrong = prove(running, Path(folder) / "data")
        told = f"{tried} tried, {len(wrong)} wrong{': ' + wrong[0] if wrong else ''}"
        yield Row(what=f"{what}: lines = rows, none lost, none twice", figure=told, goal="0 wrong", holds=not wrong)


Part = Callable[[server.Server], Iterator[Row]]
QUICK: dict[str, Part] = {
    "sites": partial(proof.many_sites, sites=12, longest=3.0),
    "kill": partial(proof.killed_worker, heartbeat=9.0, period=5, ttl=20.0),
    "bad": proof.bad_sites,
    "duplicates": proof.duplicates,
}
WHOLE: dict[str, Part] = {
    "sites": proof.many_sites,
    "real": proof.real_sites,
    "kill": proof.killed_worker,
    "machine": partial(proof.killed_worker, proof=False),
    "ties": partial(proof.killed_worker, ties=False),
    "bad": proof.bad_sites,
    "duplicates": proof.duplicates,
    "bulk": proof_bulk.in_bulk,
    "away": proof.database_away,
    "fence": fenced,
}


def rows(parts: dict[str, Part], asked: list[str]) -> Iterator[tuple[str, Row, float]]:
    """Each line of the table as it comes, with the seconds since the last; a part that breaks is a line, too."""
    with server.running() as running:
        for name, part in parts.items():
            if asked and name not in asked:
                continue
            began = time.monotonic()
            try:
                for row in part(running):
                    yield name, row, time.monotonic() - began
            except Exception as error:
                traceback.print_exc()
                told = f"{type(error).__name__}: {error}"
                yield name, Row(what=name, figure=told, goal="it runs", holds=False), time.monotonic() - began
                if running.process is None:
                    running.begin()


def main() -> int:
    """Runs the parts, the quick ones or all."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*WHOLE, []], help="only these")
    parser.add_argument("--quick", action="store_true", help="the part that `make test` runs")
    given = parser.parse_args()
    if server.binaries() is None:
        print("no PostgreSQL here: install it (Debian: apt-get install postgresql)", file=sys.stderr)
        return 1
    table = Table(title="Many machines", title_justify="left", box=None)
    for head in ("", "what", "figure", "goal"):
        table.add_column(head, overflow="fold")
    held = True
    for name, row, took in rows(QUICK if given.quick else WHOLE, list(given.parts)):
        print(f"{name} ({took:.0f} s): {row.what}: {row.figure} (goal {row.goal})", file=sys.stderr, flush=True)
        table.add_row("ok" if row.holds else "MISSED", row.what, row.figure, row.goal)
        held = held and row.holds
    console = Console()
    (console if console.is_terminal else Console(width=150)).print(table)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
