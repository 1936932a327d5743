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


def evaluate(*, quick: bool) -> tuple[list[Table], list[Figure]]:
    """Own sentences and the corpus's, by language; each alone and at the foot of an article."""
    if wing("rights", "notices_in") is None:
        return [Table(title="Notices", columns=("",), notes=("newscrawl.rights.notices_in is not built yet",))], []
    tables: list[Table] = []
    figures: list[Figure] = []
    for name, rows in (("own", list(data.rows("notices.jsonl"))), ("corpus", list(corpus.rows("notices.jsonl")))):
        if not rows:
            tables.append(Table(title=f"Notices: {name}", columns=("",), notes=("skipped, no corpus",)))
            continue
        answers = {id(row): _reserves(str(row["text"])) for row in rows}
        languages = sorted({str(row["lang"]) for row in rows})
        lines = [
            _row(code, [row for row in rows if row["lang"] == code], lambda row: answers[id(row)]) for code in languages
        ]
        lines.append(_row("all", rows, lambda row: answers[id(row)]))
        wrong = [
            f"{'missed' if row['kind'] == 'reservation' else 'false alarm'} [{row['lang']}] {str(row['text'])[:150]}"
            for row in rows
            if answers[id(row)] != (row["kind"] == "reservation")
        ]
        tables.append(
            Table(
                title=f"Notices: {name}",
                columns=("", "reservations", "found", "recall", "innocent", "false alarms"),
                rows=tuple(lines),
                notes=tuple(wrong),
            )
        )
        kept = [row for row in rows if row["kind"] == "reservation"]
        innocent = [row for row in rows if row["kind"] != "reservation"]
        hits, alarms = sum(answers[id(row)] for row in kept), sum(answers[id(row)] for row in innocent)
        low, high = wilson(hits, len(kept))
        figures.append(
            Figure(id=f"notices-{name}", name=f"notices found, {name} sentences", at_least=1.0 if name == "corpus" else 0.95,
                   measured=hits / len(kept), trials=len(kept), low=low, high=high)
        )  # fmt: skip
        low, high = wilson(alarms, len(innocent))
        figures.append(
            Figure(id=f"notices-{name}-alarms", name=f"notices, false alarms, {name} sentences", at_most=0.02,
                   measured=alarms / len(innocent), trials=len(innocent), low=low, high=high)
        )  # fmt: skip
    alarms, count = _false_alarms_in_articles()
    low, high = wilson(alarms, count)
    figures.append(
        Figure(id="notices-articles", name="articles without a notice that raise an alarm", at_most=0.005,
               measured=alarms / count, trials=count, low=low, high=high)
    )  # fmt: skip
    return tables, figures


def _false_alarms_in_articles() -> tuple[int, int]:
    hosts = corpus.hosts()
    return sum(_reserves(host.text) for host in hosts), len(hosts)
