"""Measures the reading of notices: which reservations are found, and which sentences raise a false alarm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from tools.eval import corpus, data
from tools.eval.cleaners import wing
from tools.eval.score import wilson
from tools.eval.tables import Figure, Table, share


def _reserves(text: str) -> bool:
    rights = import_module("newscrawl.rights")
    return any(str(signal.says) == "reserved" for signal in rights.notices_in(text))


def _row(name: str, rows: Sequence[dict[str, Any]], found: Callable[[dict[str, Any]], bool]) -> tuple[str, ...]:
    kept = [row for row in rows if row["kind"] == "reservation"]
    innocent = [row for row in rows if row["kind"] != "reservation"]
    hits, alarms = sum(map(found, kept)), sum(map(found, innocent))
    return (
        name, str(len(kept)), str(hits), share(hits / len(kept)) if kept else "–", str(len(innocent)), str(alarms),
    )  # fmt: skip


def _set(name: str, rows: Sequence[dict[str, Any]]) -> tuple[Table, list[Figure]]:
    """The table and figures of one set of sentences."""
    answers = {id(row): _reserves(str(row["text"])) for row in rows}

    def found(row: dict[str, Any]) -> bool:
        return answers[id(row)]

    languages = sorted({str(row["lang"]) for row in rows})
    lines = [_row(code, [row for row in rows if row["lang"] == code], found) for code in languages]
    wrong = [
        f"{'missed' if row['kind'] == 'reservation' else 'false alarm'} [{row['lang']}] {str(row['text'])[:150]}"
        for row in rows
        if found(row) != (row["kind"] == "reservation")
    ]
    kept = [found(row) for row in rows if row["kind"] == "reservation"]
    alarms = [found(row) for row in rows if row["kind"] != "reservation"]
    table = Table(
        title=f"Notices: {name}",
        columns=("", "reservations", "found", "recall", "innocent", "false alarms"),
        rows=(*lines, _row("all", rows, found)),
        notes=tuple(wrong),
    )
    goal = 1.0 if name == "corpus" else 0.95
    return table, [
        _rate(f"notices-{name}", f"notices found, {name} sentences", kept, at_least=goal),
        _rate(f"notices-{name}-alarms", f"notices, false alarms, {name} sentences", alarms, at_most=0.02),
    ]


def _rate(name: str, title: str, answers: Sequence[bool], **goal: float) -> Figure:
    low, high = wilson(sum(answers), len(answers))
    measured = sum(answers) / len(answers) if answers else None
    return Figure(id=name, name=title, measured=measured, trials=len(answers), low=low, high=high, **goal)


def evaluate(*, quick: bool) -> tuple[list[Table], list[Figure]]:
    """Own sentences and the corpus's, by language; then articles that hold no notice."""
    if wing("rights", "notices_in") is None:
        return [Table(title="Notices", columns=("",), notes=("newscrawl.rights.notices_in is not built yet",))], []
    tables: list[Table] = []
    figures: list[Figure] = []
    for name, rows in (("own", list(data.rows("notices.jsonl"))), ("corpus", list(corpus.rows("notices.jsonl")))):
        if not rows:
            tables.append(Table(title=f"Notices: {name}", columns=("",), notes=("skipped, no corpus",)))
            continue
        table, found = _set(name, rows)
        tables.append(table)
        figures += found
    alarms = [_reserves(host.text) for host in corpus.hosts()]
    figures.append(_rate("notices-articles", "articles without a notice that raise an alarm", alarms, at_most=0.005))
    return tables, figures
