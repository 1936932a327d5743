"""Measures the wrapper lines: which of the lines that should go do go, and which sentences that should stay are cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from random import Random
from typing import Any

from tools.eval import corpus, data
from tools.eval.cases import Block, Case, Piece, assemble
from tools.eval.cleaners import Cleaner
from tools.eval.runs import Run, run
from tools.eval.score import wilson
from tools.eval.tables import Figure, Table, share

TOP = frozenset({"byline", "time", "date", "source", "counter"})
LAST = frozenset({"read", "feed", "rights", "share", "paywall", "counter"})
LINKED = frozenset({"read", "related"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line in its article: the case's span is the line (or its tail) that should go, or the sentence to keep."""

    case: Case
    gone: bool
    kind: str


def lines() -> Iterator[Line]:
    """Every wrapper line and every sentence that must stay, each in an article of its language where there is one."""
    for row in data.rows("wrappers.jsonl"):
        rng = Random(f"wrapper/{row['id']}")
        same = [host for host in corpus.own_articles() if host.language == row["lang"]]
        host = rng.choice(same or list(corpus.own_articles()))
        kind, gone = str(row["kind"]), bool(row["gone"])
        paragraphs = [Block(pieces=(Piece(text=part),)) for part in host.paragraphs]
        at = 0 if kind in TOP else len(paragraphs) if kind in LAST else rng.randrange(1, len(paragraphs))
        blocks = [*paragraphs[:at], _block(row, linked=gone and kind in LINKED), *paragraphs[at:]]
        text, spans, html = assemble(blocks)
        case = Case(
            id=str(row["id"]), shape=kind, kind="wrapper", language=str(row["lang"]), vocabulary=str(row["lang"]),
            tokens=0, position="", host=host, text=text, spans=spans, html=html, needs_html=gone and kind in LINKED,
        )  # fmt: skip
        yield Line(case=case, gone=gone, kind=kind)


def _block(row: dict[str, Any], *, linked: bool) -> Block:
    text = str(row["text"])
    if tail := row.get("tail"):
        return Block(pieces=(Piece(text=text.removesuffix(tail)), Piece(text=tail, spam=True)))
    link = f'<a href="https://original.example/story">{escape(text)}</a>' if linked else None
    return Block(pieces=(Piece(text=text, spam=True, html=link),))


def evaluate(cleaners: dict[str, Cleaner], *, quick: bool) -> tuple[list[Table], list[Figure]]:
    """Recall by kind and language, precision over all lines that were cut."""
    if "newscrawl" not in cleaners:
        return [], []
    every = list(lines())
    done = [(line, run(cleaners["newscrawl"], [line.case])[0]) for line in every]
    gone = [(line, one) for line, one in done if line.gone]
    stay = [(line, one) for line, one in done if not line.gone]
    hits = sum(_went(one) for _, one in gone)
    wrong = [one for _, one in stay if one.outcome.spam_cut]
    hurt = [one for _, one in done if one.outcome.article_cut]
    precision = hits / (hits + len(wrong) + len(hurt)) if hits else 0.0
    rows = [_line(kind, [p for p in gone if p[0].kind == kind]) for kind in dict.fromkeys(p[0].kind for p in gone)]
    languages = sorted({line.case.language for line, _ in gone})
    by_language = [_line(code, [p for p in gone if p[0].case.language == code]) for code in languages]
    missed = [(one.case.id, line.kind, _said(one)) for line, one in gone if not _went(one)]
    cut = [(one.case.id, "must stay", _said(one)) for one in wrong]
    around = [(one.case.id, f"article -{one.outcome.article_cut}", _said(one)) for one in hurt]
    low, high = wilson(hits, len(gone))
    plow, phigh = wilson(hits, hits + len(wrong) + len(hurt))
    wrong_table = Table(
        title="Wrapper lines missed, and sentences cut",
        columns=("id", "what", "line"),
        rows=(*cut, *around, *missed),
        quotes=True,
    )
    return [
        Table(title="Wrapper lines by kind", columns=("", "lines", "cut", "recall"), rows=tuple(rows)),
        Table(title="Wrapper lines by language", columns=("", "lines", "cut", "recall"), rows=tuple(by_language)),
        wrong_table,
    ], [
        Figure(id="wrap-precision", name=f"wrapper lines: precision ({len(stay)} must stay)", at_least=0.999,
               measured=precision, trials=hits + len(wrong) + len(hurt), low=plow, high=phigh),
        Figure(id="wrap-recall", name="wrapper lines: recall", at_least=0.97, measured=hits / len(gone),
               trials=len(gone), low=low, high=high),
    ]  # fmt: skip


def _went(one: Run) -> bool:
    return one.outcome.spam_cut >= one.outcome.spam - 1


def _said(one: Run) -> str:
    return one.case.text[slice(*one.case.spans[0])][:90]


def _line(name: str, pairs: list[tuple[Line, Run]]) -> tuple[str, ...]:
    hits = sum(_went(one) for _, one in pairs)
    return (name, str(len(pairs)), str(hits), share(hits / len(pairs) if pairs else None))
