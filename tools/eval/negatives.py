"""Measures what a cleaner does to texts that hold no spam: clean articles, and hard negatives that look like spam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from tools.eval import corpus, data, grid
from tools.eval.cases import Block, Case, Piece, assemble
from tools.eval.cleaners import Cleaner
from tools.eval.corpus import Host
from tools.eval.runs import Run, run
from tools.eval.score import wilson
from tools.eval.tables import Figure, Table, share


def clean_documents(*, quick: bool) -> Iterator[Case]:
    """Articles as they are, whole and in excerpts, and comments that promote nothing."""
    for host in corpus.hosts():
        yield replace(grid.bare(host), kind="article")
        for part in corpus.excerpts(host, 2 if not quick else 5):
            yield replace(grid.bare(part), kind="excerpt")
    for number, row in enumerate(corpus.rows("gambling_comments.jsonl")):
        if row["label"] == 0 and (not quick or number % 5 == 0):
            text = " ".join(str(row["text"]).split())
            host = Host(id=f"comment/{number}", site="comments", language="id", title="", paragraphs=(text,))
            yield replace(grid.bare(host), kind="comment")


def hard_negatives(place: str) -> Iterator[Case]:
    """Each hard negative `alone`, or `inside` an article of its language."""
    own = list(data.rows("hard_negatives.jsonl"))
    for number, row in enumerate([*own, *corpus.rows("hard_negatives.jsonl")]):
        text, language = str(row["text"]), str(row["lang"])
        set_name = "own" if number < len(own) else "corpus"
        alone = Host(id=str(row["id"]), site=set_name, language=language, title="", paragraphs=(text,))
        if place == "inside":
            rng = Random(f"inside/{row['id']}")
            same = [host for host in corpus.hosts() if host.language == language and not host.gambling]
            around = rng.choice(same or list(corpus.own_articles()))
            at = rng.randrange(1, len(around.paragraphs))
            parts = (*around.paragraphs[:at], text, *around.paragraphs[at:])
            alone = replace(around, id=str(row["id"]), site=set_name, paragraphs=parts)
        case = grid.bare(alone)
        blocks = [Block(pieces=(Piece(text=part, spam=part == text),)) for part in alone.paragraphs]
        _, spans, _ = assemble(blocks)
        about = str(row.get("about") or "the corpus's set")
        yield replace(case, spans=spans, shape=str(row["kind"]), kind=about, language=language, position=place)


def _by_half(runs: Sequence[Run], name: str, *, hard: bool = False) -> tuple[tuple[str, ...], ...]:
    """The same, apart for the half that was looked at while rules were written and the half that was not."""
    halves: dict[str, list[Run]] = {"tune": [], "test": []}
    for one in runs:
        halves[corpus.half_of(one.case.host.id if hard else one.case.host.site)].append(one)
    return tuple(_line(f"{name}, {half} half", halves[half], hard=hard) for half in ("tune", "test") if halves[half])


def _touched(runs: Sequence[Run], *, hard: bool = False) -> int:
    return sum(bool(one.outcome.spam_cut if hard else one.outcome.article_cut) for one in runs)


def _examples(runs: Sequence[Run], *, hard: bool = False) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in runs:
        lost = one.outcome.spam_cut if hard else one.outcome.article_cut
        if lost:
            rows.append((one.case.id, one.case.position or one.case.kind, str(lost), ", ".join(one.reasons)[:40],
                         (one.case.text[slice(*one.case.spans[0])] if hard else one.case.text)[:70]))  # fmt: skip
    return rows


def _line(name: str, runs: Sequence[Run], *, hard: bool = False) -> tuple[str, ...]:
    touched = _touched(runs, hard=hard)
    low, high = wilson(touched, len(runs))
    lost = sum(one.outcome.spam_cut if hard else one.outcome.article_cut for one in runs)
    flagged = sum(one.outcome.flagged for one in runs) / len(runs) if runs else 0
    return (
        name, str(len(runs)), str(touched), share(touched / len(runs) if runs else 0, 4),
        f"{share(low, 4)}–{share(high, 4)}", str(lost), share(flagged),
    )  # fmt: skip


def _by_language(runs: Sequence[Run], *, hard: bool = False) -> tuple[tuple[str, ...], ...]:
    codes = sorted({one.case.language for one in runs})
    return tuple(_line(code, [one for one in runs if one.case.language == code], hard=hard) for code in codes)


LINE = ("", "documents", "touched", "share", "95 %", "characters lost", "flagged")
EXAMPLE = ("document", "where", "characters", "reasons", "text")


def _rate(name: str, title: str, goal: float, touched: int, count: int) -> Figure:
    low, high = wilson(touched, count)
    measured = touched / count if count else None
    return Figure(id=name, name=title, at_most=goal, measured=measured, trials=count, low=low, high=high)


def evaluate(cleaners: dict[str, Cleaner], *, quick: bool) -> tuple[list[Table], list[Figure]]:
    """Clean documents and hard negatives through newscrawl in full; the baselines on the hard negatives."""
    tables: list[Table] = []
    figures: list[Figure] = []
    if "newscrawl" in cleaners:
        done = run(cleaners["newscrawl"], clean_documents(quick=quick))
        # A comment may end in a word that is a wrapper of its page: there only spam rules count as wrong.
        for number, one in enumerate(done):
            if one.case.kind == "comment" and all(reason.startswith("WRAP") for reason in one.reasons):
                done[number] = replace(one, outcome=replace(one.outcome, article_cut=0))
        kinds = {kind: [one for one in done if one.case.kind == kind] for kind in ("article", "excerpt", "comment")}
        rows = [_line(f"{kind}s", runs) for kind, runs in kinds.items() if runs]
        rows += _by_half(done, "all")
        tables.append(Table(title="Clean documents", columns=LINE, rows=(*rows, _line("all", done))))
        tables.append(Table(title="Clean documents by language", columns=LINE, rows=_by_language(done)))
        tables.append(
            Table(title="Clean documents touched", columns=EXAMPLE, rows=tuple(_examples(done)[:40]), quotes=True)
        )
        figures.append(_rate("clean-cold", "clean documents touched wrongly (cold)", 0.001, _touched(done), len(done)))
    rows = []
    for name, cleaner in cleaners.items():
        for place in ("alone", "inside"):
            runs = run(cleaner, hard_negatives(place))
            rows.append(_line(f"{name}, {place}", runs, hard=True))
            if name != "newscrawl":
                continue
            rows += _by_half(runs, "  newscrawl", hard=True)
            for about in sorted({one.case.kind for one in runs}):
                rows.append(_line(f"  {about}"[:34], [one for one in runs if one.case.kind == about], hard=True))
            tables.append(
                Table(title=f"Hard negatives by language, {place}", columns=LINE, rows=_by_language(runs, hard=True))
            )
            tables.append(
                Table(
                    title=f"Hard negatives touched, {place}",
                    columns=EXAMPLE,
                    rows=tuple(_examples(runs, hard=True)),
                    quotes=True,
                )
            )
            figures.append(
                _rate(f"hard-{place}", f"hard negatives touched, {place}", 0.02, _touched(runs, hard=True), len(runs))
            )
    tables.append(Table(title="Hard negatives", columns=LINE, rows=tuple(rows)))
    return tables, figures
