"""Tables and figures: how the evaluation's results look in the terminal, in JSON and in the documentation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

FLOORS = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: a title, columns, rows of cells that are already text, and lines to say below it.

    `quotes`: it quotes the material, some of which is not ours to publish: it is shown, and never written into docs.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    quotes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure with its goal: `at_least` a share or `at_most` one, and what was measured (None: could not be)."""

    id: str
    name: str
    measured: float | None
    at_least: float | None = None
    at_most: float | None = None
    trials: int = 0
    low: float | None = None
    high: float | None = None

    @property
    def passes(self) -> bool | None:
        """Whether the goal is reached; None where nothing was measured."""
        if self.measured is None:
            return None
        if self.at_least is not None:
            return self.measured >= self.at_least
        return self.at_most is None or self.measured <= self.at_most

    @property
    def goal(self) -> str:
        """The goal in words."""
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


@dataclass(slots=True, kw_only=True)
class Results:
    """All tables and figures of a run, in the order in which they were measured."""

    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def add(self, tables: Iterable[Table], figures: Iterable[Figure] = ()) -> None:
        """Puts further tables and figures at the end."""
        self.tables.extend(tables)
        self.figures.extend(figures)

    def as_json(self) -> dict[str, object]:
        """The results as plain JSON values."""
        return {
            "figures": {
                one.id: {
                    "name": one.name, "goal": one.goal, "measured": one.measured, "passes": one.passes,
                    "trials": one.trials, "low": one.low, "high": one.high,
                }
                for one in self.figures
            },
            "tables": [
                {"title": one.title, "columns": one.columns, "rows": one.rows, "notes": one.notes, "quotes": one.quotes}
                for one in self.tables
            ],
        }  # fmt: skip


def share(value: float | None, places: int = 3) -> str:
    """A share as the tables show it: `.985`, `1`, or `–` for none."""
    if value is None:
        return "–"
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if value in (0, 1) else text.lstrip("0")


def figures_table(figures: Sequence[Figure]) -> Table:
    """The figures as a table: goal, measured, interval, verdict."""
    rows = tuple(
        (
            one.name,
            one.goal,
            "not measured" if one.measured is None else f"{one.measured:.4g}",
            "" if one.low is None or one.high is None else f"{share(one.low, 4)}–{share(one.high, 4)}",
            str(one.trials or ""),
            {True: "pass", False: "short", None: "–"}[one.passes],
        )
        for one in figures
    )
    return Table(title="Figures", columns=("figure", "goal", "measured", "95 % interval", "of", ""), rows=rows)


def show(console: Console, table: Table) -> None:
    """Prints a table."""
    grid = Grid(title=table.title, title_justify="left", title_style="bold", header_style="bold", pad_edge=False)
    for number, name in enumerate(table.columns):
        grid.add_column(name, justify="left" if number == 0 else "right", overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(cell, style={"short": "red", "pass": "green"}.get(cell, "")) for cell in row))
    console.print(grid)
    for note in table.notes:
        console.print(Text("  " + note))
    console.print()


def markdown(table: Table) -> str:
    """The table in Markdown."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    head = [line(table.columns), line(["---"] * len(table.columns))]
    return "\n".join([f"## {table.title}", "", *head, *map(line, table.rows), "", *table.notes, ""])


SETS = ("corpus", "own")
"""Floors are held apart for runs with the corpus and for runs on own-written material alone."""


def floors(material: str) -> Mapping[str, float]:
    """The floors of one of the SETS by figure id: what was once reached and may not be lost."""
    written = tomllib.loads(FLOORS.read_text("utf-8"))
    return {key: float(value) for key, value in written.get(material, {}).items()}


def write_floors(material: str, held: Mapping[str, float]) -> None:
    """Writes one set of floors, and the other as it stands."""
    lines = ["# What was reached once and may not be lost: floors only rise."]
    for name in SETS:
        values = held if name == material else floors(name)
        lines += ["", f"[{name}]", *(f'"{key}" = {value:g}' for key, value in values.items())]
    FLOORS.write_text("\n".join([*lines, ""]), "utf-8")


def below(figures: Iterable[Figure], held: Mapping[str, float], *, lenient: bool = False) -> list[str]:
    """What fell below its floor, in words that say how far and where the floor is written.

    `lenient`, for a quick run of few cases: only what is below with its whole interval.
    """
    said = []
    for one in figures:
        wanted = held.get(one.id)
        if wanted is None or one.measured is None:
            continue
        best = one.high if one.at_least is not None else one.low
        value = best if lenient and best is not None else one.measured
        fell = value < wanted if one.at_least is not None else value > wanted
        if fell:
            said.append(
                f"{one.id}: measured {one.measured:.4g}, floor {wanted:g} in tools/eval/floors.toml: "
                "mend what changed; a floor is lowered only in a commit of its own that says why"
            )
    return said


MACHINE = frozenset({"speed-ms", "speed-growth", "robots-lookup"})
"""Figures that depend on the machine and its load: they have goals and no floors."""


def raised(figures: Iterable[Figure], held: Mapping[str, float]) -> dict[str, float]:
    """The floors with every one that this run reached less a small margin, none lower than before."""
    found = dict(held)
    for one in figures:
        if one.measured is None or one.id in MACHINE:
            continue
        if one.at_least is not None:
            margin = 0.0005 if one.at_least >= 0.99 else 0.003
            found[one.id] = max(held.get(one.id, 0.0), floor((one.measured - margin) * 10_000) / 10_000)
        else:
            margin = 0.001 if one.at_most else 0.0
            reached = ceil((one.measured + margin) * 10_000) / 10_000
            found[one.id] = min(held.get(one.id, reached), reached)
    return found
