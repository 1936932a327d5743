"""`python -m tools.eval`: all quality figures of newscrawl in one run, beside what others reach."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from rich.console import Console

from tools.eval import cleaners, corpus, fields, figures, negatives, notices, pages, robots, spam, tables, wrappers
from tools.eval.tables import Figure, Results, Table

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "quality.md"
PARTS = ("spam", "negatives", "wrappers", "notices", "robots", "pages", "fields", "speed")
Part = Callable[[], tuple[list[Table], list[Figure]]]


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.eval", description=__doc__)
    parser.add_argument("--half", choices=("test", "tune"), default="test", help="the half of vocabularies and sites")
    parser.add_argument("--seed", type=int, default=20260603, help="same seed, same cases")
    parser.add_argument("--quick", action="store_true", help="fewer cases: at most two minutes")
    parser.add_argument("--check", action="store_true", help="fail where a figure is below its floor")
    parser.add_argument("--raise-floors", action="store_true", help="write what was reached into floors.toml")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some parts only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all tables and figures there")
    parser.add_argument("--write-docs", action="store_true", help=f"write {DOCS.name} of the documentation")
    return parser.parse_args(argv)


def parts(options: argparse.Namespace) -> dict[str, Part]:
    """The parts of the evaluation by name."""
    ready = cleaners.available()
    quick, half, seed = options.quick, options.half, options.seed
    return {
        "spam": lambda: spam.evaluate(ready, half, seed, quick=quick),
        "negatives": lambda: negatives.evaluate(ready, quick=quick),
        "wrappers": lambda: wrappers.evaluate(ready, quick=quick),
        "notices": lambda: notices.evaluate(quick=quick),
        "robots": lambda: robots.evaluate(quick=quick),
        "pages": lambda: pages.evaluate(quick=quick),
        "fields": lambda: fields.evaluate(half, seed, quick=quick),
        "speed": lambda: ([], figures.speed(ready["newscrawl"], half) if "newscrawl" in ready else []),
    }


def document(results: Results, options: argparse.Namespace) -> str:
    """The results as a page of the documentation: figures first, then the tables without examples."""
    day = datetime.now(UTC).date().isoformat()
    head = (
        "# Quality, measured\n\n"
        f"Written by `python -m tools.eval --write-docs` on {day} ({options.half} half, seed {options.seed}"
        f"{', quick' if options.quick else ''}). The vocabularies, sites and hard negatives are the evaluation's own; "
        "the tune half was looked at while rules were written, the test half was not. "
        "`docs` counts documents, `recall` is the share of the spam's "
        "characters that were cut (mean over documents), `kept` the share of the article's characters that stayed, "
        "`exact` the share of documents that are the article again to the character.\n\n"
    )
    wanted = [replace(one, notes=()) for one in results.tables if one.rows and not one.quotes]
    return head + "\n".join(map(tables.markdown, [tables.figures_table(results.figures), *wanted]))


def main(argv: list[str] | None = None) -> int:
    """Runs the parts, prints their tables, and says what is below its floor."""
    options = _arguments(argv)
    console = Console(width=None if sys.stdout.isatty() else 170)
    results = Results()
    place = corpus.folder()
    console.print(f"corpus: {place or 'skipped, no corpus'} · half {options.half} · seed {options.seed}")
    for name in ("newscrawl", *cleaners.BASELINES):
        if name not in cleaners.available():
            console.print(f"{name}: {'not built yet' if name == 'newscrawl' else 'not installed'}")
    for name, part in parts(options).items():
        if name not in options.only:
            continue
        started = perf_counter()
        made, measured = part()
        results.add(made, measured)
        for table in made:
            tables.show(console, table)
        console.print(f"{name}: {perf_counter() - started:.0f} s\n")
    tables.show(console, tables.figures_table(results.figures))
    material = "corpus" if place else "own"
    held = tables.floors(material)
    fallen = tables.below(results.figures, held, lenient=options.quick)
    if options.json:
        options.json.write_text(json.dumps(results.as_json(), indent=1, ensure_ascii=False), "utf-8")
    if options.write_docs:
        DOCS.parent.mkdir(parents=True, exist_ok=True)
        DOCS.write_text(document(results, options), "utf-8")
    if options.raise_floors:
        tables.write_floors(material, tables.raised(results.figures, held))
    for line in fallen:
        console.print(line)
    return 1 if options.check and fallen else 0


if __name__ == "__main__":
    sys.exit(main())
