"""The table of all sweeps: what was tried, the figure, the goal; the newest of each is kept, and makes the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "artefacts" / "faults.jsonl"
PAGE = ROOT / "docs" / "reference" / "durability.md"
HEAD = """# Durability, measured

What the sweeps tried to make a crawl lose, and what they found. `make faults` runs them all (hours), prints this table
and writes this page; `python -m tools.faults PART … --write-docs` measures some
anew. A part of them runs in every `make test`. The design is
in [Durability](../why/005-durability.md).

| what | figure | goal | held | measured |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one sweep came to. `day`: when, as an ISO date."""

    part: str
    what: str
    figure: str
    goal: str
    held: bool
    day: str


def keep(results: Iterable[Result]) -> None:
    """Adds results to those of earlier runs."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="ascii") as file:
        file.writelines(json.dumps(asdict(one)) + "\n" for one in results)


def newest(parts: Sequence[str]) -> tuple[Result, ...]:
    """The newest result of each sweep that was ever run here, in the order of the parts."""
    found: dict[tuple[str, str], Result] = {}
    if KEPT.exists():
        for line in KEPT.read_text("ascii").splitlines():
            one = Result(**json.loads(line))
            found[one.part, one.what] = one
    return tuple(sorted(found.values(), key=lambda one: parts.index(one.part) if one.part in parts else len(parts)))


def table(results: Iterable[Result]) -> str:
    """For a terminal: one line a sweep."""
    rows = [
        ("what", "figure", "goal", ""),
        *((r.what, r.figure, r.goal, "" if r.held else "NOT HELD") for r in results),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join("  ".join((*(f"{row[n]:<{widths[n]}}" for n in range(3)), row[3])).rstrip() for row in rows)


def page(results: Iterable[Result]) -> str:
    """The page of the reference."""
    rows = (f"| {r.what} | {r.figure} | {r.goal} | {'yes' if r.held else '**no**'} | {r.day} |\n" for r in results)
    return HEAD + "".join(rows)
