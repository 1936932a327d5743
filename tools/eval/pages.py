"""Takes every real page of the corpus through newscrawl.process, and counts what came of it."""

from __future__ import annotations

import gzip
import importlib.util
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

from tools.eval import corpus
from tools.eval.cleaners import wing
from tools.eval.tables import Figure, Table


def evaluate(*, quick: bool) -> tuple[list[Table], list[Figure]]:
    """Stories, withheld pages, pages without a story, exceptions; then the reading scores where their tool stands."""
    place = corpus.folder()
    if place is None:
        return [Table(title="Real pages", columns=("",), notes=("skipped, no corpus",))], []
    if wing("", "process", "Page") is None or wing("desk", "process") is None:
        return [Table(title="Real pages", columns=("",), notes=("newscrawl.process is not built yet",))], []
    counts: Counter[str] = Counter()
    notes: list[str] = []
    found: list[tuple[str, ...]] = []
    spent = 0.0
    rows = list(corpus.rows("pages.jsonl"))
    for row in rows:
        started = process_time()
        try:
            result = _process(place, row)
        except Exception as error:
            counts["exception"] += 1
            notes.append(f"exception {row['page']}: {type(error).__name__}: {error}")
            continue
        spent += process_time() - started
        kind = "story" if type(result).__name__ == "Article" else str(result.reason)
        counts[kind] += 1
        if kind == "no_story":
            notes.append(f"no story: {row['page']}")
        elif kind != "story":
            quotes = " ¦ ".join(
                dict.fromkeys(f"{one.protocol}: {one.quote[:80]}" for one in result.verdict.because[:3])
            )
            found.append((str(row["page"]).split("/")[-1], kind, quotes))
    counted = tuple((kind, str(counts[kind])) for kind in ("story", "reserved", "unknown", "no_story", "exception"))
    tables = [
        Table(
            title=f"Real pages ({len(rows)})",
            columns=("", "pages"),
            rows=(*counted, ("CPU ms a page", f"{1000 * spent / len(rows):.1f}")),
            notes=tuple(notes),
        ),
        Table(
            title="Reservations found on real pages",
            columns=("page", "verdict", "because"),
            rows=tuple(found),
            quotes=True,
        ),
    ]
    figures = [
        Figure(
            id=f"pages-{name}", name=f"real pages {said}", at_most=0.0, measured=float(counts[kind]), trials=len(rows)
        )
        for name, said, kind in (("exceptions", "that raise", "exception"), ("no-story", "without a story", "no_story"))
    ]
    if not quick:
        tables.append(_reading())
    return tables, figures


def _process(place: Path, row: dict[str, Any]) -> Any:
    newscrawl = import_module("newscrawl")
    body = gzip.decompress((place / str(row["page"])).read_bytes())
    fetched = datetime.fromisoformat(str(row["crawled"]))
    page = newscrawl.Page(
        url=row["url"],
        headers={"Content-Type": "text/html; charset=utf-8"},
        body=body,
        fetched=fetched if fetched.tzinfo else fetched.replace(tzinfo=UTC),
    )
    return newscrawl.process(page)


def _reading() -> Table:
    title = "Reading: body, title, authors, date"
    if importlib.util.find_spec("tools.eval_reading") is None:
        return Table(title=title, columns=("",), notes=("tools/eval_reading.py is not there",))
    done = subprocess.run(
        [sys.executable, "-m", "tools.eval_reading"], capture_output=True, text=True, timeout=600, check=False
    )
    said = (done.stdout or done.stderr).strip().split("\n")
    return Table(title=title, columns=("as tools.eval_reading prints it",), rows=tuple((line,) for line in said[-60:]))
