"""Writes the figures of a run into the documentation: the tables, and a picture of those that compare."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.eval.tables import Table, markdown

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "speed.md"
PICTURES = ROOT / "docs" / "pictures"
PLOTS = (
    ("(a) A whole crawl of pages of 14 KB on loopback", 2, "crawl-14", "CPU ms a page of 14 KB, the whole crawl"),
    ("(a) A whole crawl of pages of 170 KB on loopback", 2, "crawl-170", "CPU ms a page of 170 KB, the whole crawl"),
    ("(b) Reading a page", 1, "readers", "CPU ms a page, by reader"),
    ("(d) Stories of 2.5 KB written", 1, "disk", "Stories a second"),
)
"""The beginning of a table's title, the column that is drawn, the name of the picture, what stands above it."""
SCRIPT = re.compile(rb"<script\b[^>]*>.*?</script>", re.DOTALL)
HEAD = """# Speed, measured

Written by `python -m tools.bench --write-docs` (`make bench`) on {day}: {python} on {machine}{quick}. Everything was
measured in one run on one machine, which had other work to do: times are CPU time of a process of its own (least of
some where it says so), pages a second are wall time and suffer from neighbours. Compare the rows of a table, not two
days. A crawl is run twice, short and long, and the difference divided by the pages, so that no start is in it. The
made pages are newspaper pages whose sentences do not repeat; `NEWSCRAWL_CORPUS` names real ones for (b).

Why the ratios are what they are, and what was tried: [Speed](../why/008-speed.md).
"""


def write(tables: Iterable[Table], *, quick: bool) -> None:
    """Writes docs/reference/speed.md and its pictures."""
    parts = [
        HEAD.format(
            day=f"{datetime.now(UTC):%Y-%m-%d}",
            python=f"Python {platform.python_version()}",
            machine=f"{platform.system()} {platform.machine()}",
            quick=", the quick run" if quick else "",
        )
    ]
    for table in tables:
        parts.append(markdown(table))
        for begin, column, name, title in PLOTS:
            if table.title.startswith(begin) and (drawn := _drawn(table, column, title)):
                (PICTURES / f"speed-{name}.svg").write_bytes(drawn)
                parts.append(f"![{title}](../pictures/speed-{name}.svg)\n")
    PAGE.write_text("\n".join(parts), "utf-8")


def _drawn(table: Table, column: int, title: str) -> bytes:
    """Lying bars of one column, as SVG without a script; empty where there is no figure."""
    rows = [(row[0], float(row[column].replace(",", ""))) for row in table.rows if _is_number(row[column])]
    if not rows:
        return b""
    chart = _pygal().HorizontalBar(
        js=(), no_prefix=True, show_legend=False, print_values=True, width=900, height=80 + 40 * len(rows),
        title=title, x_labels=[name for name, _ in reversed(rows)], margin=12, truncate_label=60,
    )  # fmt: skip
    chart.value_formatter = lambda value: f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
    chart.add("", [{"value": value, "color": _colour(name)} for name, value in reversed(rows)])
    drawn: bytes = chart.render()
    return SCRIPT.sub(b"", drawn)


def _colour(name: str) -> str:
    return "#1f6f8b" if name.startswith("newscrawl") else "#b9b9b9"


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "", 1).isdigit()


def _pygal() -> Any:
    """The library, without the hook for its maps, which warns at each import that fails anywhere in the process."""
    import pygal

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]
    return pygal
