"""Measures what cleaners do to spam: by shape, language and length, on cold pages and on sites that are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tools.eval import grid
from tools.eval.cleaners import Cleaner, wing
from tools.eval.figures import figures
from tools.eval.runs import Run, retention, run
from tools.eval.score import bootstrap, mean, wilson
from tools.eval.tables import Figure, Table, share

BUCKETS = ((4, 8), (8, 24), (24, 64), (64, 128), (128, 10_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRuns:
    """The same pages of the simulated sites without and with a memory, and their clean twins with it."""

    cold: list[Run]
    warm: list[Run]
    untouched: list[Run]
    sites: int
    pages: int


def run_sites(cleaner: Cleaner, half: str, seed: int, *, per_shape: int, pages: int, held: int) -> SiteRuns:
    """Learns each site from its other pages, then cleans the pages that were held back."""
    memory_of: Callable[[], Any] = wing("clean", "SiteMemory").SiteMemory  # type: ignore[union-attr]
    cold: list[Run] = []
    warm: list[Run] = []
    untouched: list[Run] = []
    count = total = 0
    for site in grid.sites(half, seed, per_shape=per_shape, pages=pages, held=held):
        memory = memory_of()
        for case in site.learn:
            memory.learn(case.text, site=site.name, story=case.id)
        count, total = count + 1, total + len(site.learn) + len(site.clean)
        cold += run(cleaner, site.clean, behaviour=site.behaviour)
        warm += run(cleaner, site.clean, memory=memory, behaviour=site.behaviour)
        untouched += run(cleaner, site.untouched, memory=memory, behaviour=site.behaviour)
    return SiteRuns(cold=cold, warm=warm, untouched=untouched, sites=count, pages=total)


COLUMNS = (
    "", "docs", "recall", "95 %", "worst vocabulary", "kept", "worst doc kept", "exact", "edge", "flagged", "ms",
)  # fmt: skip


def row(name: str, runs: Sequence[Run]) -> tuple[str, ...]:
    """A line of the big tables: means beside worsts."""
    outcomes = [one.outcome for one in runs]
    low, high = bootstrap([(one.case.host.site, one.outcome.recall, 1.0) for one in runs])
    by_words: dict[str, list[float]] = {}
    for one in runs:
        by_words.setdefault(one.case.vocabulary, []).append(one.outcome.recall)
    worst = min(by_words.items(), key=lambda item: mean(item[1]), default=("", [0.0]))
    edges = [edge for one in outcomes for edge in one.edges]
    return (
        name,
        str(len(runs)),
        share(mean(one.recall for one in outcomes)),
        f"{share(low)}–{share(high)}",
        f"{share(mean(worst[1]), 2)} {worst[0]}",
        share(retention(runs), 5),
        share(min((one.retention for one in outcomes), default=1.0)),
        share(mean(one.exact for one in outcomes)),
        f"{mean(edges):.1f}",
        share(mean(one.flagged for one in outcomes)),
        f"{1000 * mean(one.seconds for one in outcomes):.2f}",
    )


def _grouped(runs: Sequence[Run], key: Callable[[Run], str]) -> list[tuple[str, ...]]:
    groups: dict[str, list[Run]] = {}
    for one in runs:
        groups.setdefault(key(one), []).append(one)
    return [row(name, group) for name, group in groups.items()]


def bucket(tokens: int) -> str:
    """The length bucket of so many tokens."""
    for low, high in BUCKETS:
        if tokens < high:
            return f"{low}–{high - 1} tokens" if high < 10_000 else f"{low}+ tokens"
    return ""


def _least(cells: tuple[str, ...]) -> int:
    return int(cells[0].split("–")[0].split("+")[0])


def by_everything(name: str, runs: Sequence[Run]) -> list[Table]:
    """A cleaner's tables: by shape, by language of the spam, by length, by position."""
    if not runs:
        return []
    total = row("all", runs)
    return [
        Table(title=f"{name}: by shape", columns=COLUMNS, rows=(*_grouped(runs, lambda one: one.case.shape), total)),
        Table(
            title=f"{name}: by language of the spam",
            columns=COLUMNS,
            rows=tuple(sorted(_grouped(runs, lambda one: one.case.language))),
        ),
        Table(
            title=f"{name}: by length",
            columns=COLUMNS,
            rows=tuple(sorted(_grouped(runs, lambda one: bucket(one.case.tokens)), key=_least)),
        ),
        Table(title=f"{name}: by position", columns=COLUMNS, rows=tuple(_grouped(runs, lambda one: one.case.position))),
    ]  # fmt: skip


def misses(runs: Sequence[Run], *, count: int = 12) -> Table:
    """A few of the misses and of the damages, for the one who mends."""
    rows = []
    bad = [one for one in runs if one.outcome.recall < 0.5]
    hurt = sorted((one for one in runs if one.outcome.article_cut), key=lambda one: -one.outcome.article_cut)
    for label, group in (("missed", Random(3).sample(bad, min(count, len(bad)))), ("damaged", hurt[:count])):
        for one in group:
            said = " / ".join(one.case.inserted)[:90]
            rows.append((label, one.case.id, f"-{one.outcome.article_cut}", share(one.outcome.recall, 2), said))
    return Table(title="Examples", columns=("", "case", "article", "recall", "spam"), rows=tuple(rows), quotes=True)


def evaluate(cleaners: dict[str, Cleaner], half: str, seed: int, *, quick: bool) -> tuple[list[Table], list[Figure]]:
    """The spam evaluation: newscrawl in full, the baselines on a sample."""
    per_pair = 2 if quick else 12
    cases = [
        *grid.cold(half, seed, per_pair),
        *grid.gambling_news(half, seed, 40 if quick else 240),
        *grid.real(half, seed, 60 if quick else 400),
    ]
    tables: list[Table] = []
    found: list[Figure] = []
    if "newscrawl" in cleaners:
        cold = run(cleaners["newscrawl"], cases)
        tables += [*by_everything("newscrawl, cold pages", cold), misses(cold)]
        found += figures("cold", cold)
        known = run_sites(
            cleaners["newscrawl"], half, seed, per_shape=3 if quick else 6, pages=30, held=6 if quick else 10
        )
        tables += by_everything(f"newscrawl, warm ({known.sites} sites, {known.pages} pages)", known.warm)[:2]
        tables.append(_warmth(known))
        tables.append(misses(known.warm))
        found += figures("warm", known.warm)
        touched = sum(bool(one.outcome.article_cut) for one in known.untouched)
        low, high = wilson(touched, len(known.untouched))
        found.append(
            Figure(
                id="clean-warm", name="clean documents of known spammy sites touched (warm)", at_most=0.001,
                measured=touched / len(known.untouched), trials=len(known.untouched), low=low, high=high,
            )
        )  # fmt: skip
    sample = Random(seed).sample(cases, min(len(cases), 300 if quick else 1500))
    rows = []
    for name, cleaner in cleaners.items():
        done = run(cleaner, sample)
        rows.append(row(name, done))
        if name != "newscrawl":
            tables += by_everything(f"{name}, sample", done)[:1]
    tables.append(
        Table(title=f"All cleaners on the same {len(sample)} cold documents", columns=COLUMNS, rows=tuple(rows))
    )
    return tables, found


def _warmth(known: SiteRuns) -> Table:
    rows = []
    for behaviour in grid.BEHAVIOURS:
        for label, runs in (("cold", known.cold), ("warm", known.warm)):
            chosen = [one for one in runs if one.behaviour == behaviour]
            if chosen:
                rows.append(row(f"{behaviour} blocks, {label}", chosen))
    rows.append(row("their clean twins, warm", known.untouched))
    return Table(title="The same pages of simulated sites, cold and warm", columns=COLUMNS, rows=tuple(rows))
