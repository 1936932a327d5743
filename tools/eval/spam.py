"""Measures what cleaners do to spam: by shape, language and length, on cold pages and on sites that are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from tools.eval import grid
from tools.eval.cases import Case
from tools.eval.cleaners import Cleaner, wing
from tools.eval.score import Outcome, bootstrap, mean, outcome, quantile, wilson
from tools.eval.tables import Figure, Table, share

BUCKETS = ((4, 8), (8, 24), (24, 64), (64, 128), (128, 10_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One case with what became of it."""

    case: Case
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    behaviour: str = ""


def run(cleaner: Cleaner, cases: Iterable[Case], *, memory: Any = None, behaviour: str = "") -> list[Run]:
    """Puts the cases through a cleaner."""
    done = []
    for case in cases:
        cut = cleaner(case, memory)
        done.append(
            Run(
                case=case,
                outcome=outcome(
                    case.text, case.spans, cut.cuts, suspects=cut.suspects, flagged=cut.flagged, seconds=cut.seconds
                ),
                reasons=cut.reasons,
                behaviour=behaviour,
            )
        )
    return done


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
    low, high = bootstrap([(one.case.host.site, one.outcome.recall) for one in runs])
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


def retention(runs: Sequence[Run]) -> float:
    """Share of all article characters that were kept."""
    total = sum(one.outcome.article for one in runs)
    return 1 - sum(one.outcome.article_cut for one in runs) / total if total else 1.0


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
            rows=tuple(sorted(_grouped(runs, lambda one: bucket(one.case.tokens)), key=lambda r: int(r[0].split("–")[0].split("+")[0]))),
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
    return Table(title="Examples", columns=("", "case", "article", "recall", "spam"), rows=tuple(rows))


KEYWORDS = frozenset({"keywords"})


def recall_figure(name: str, title: str, goal: float, runs: Sequence[Run], *, flags: bool = False) -> Figure:
    """Mean spam-character recall as a figure; `flags` counts what was flagged as found."""

    def found(one: Run) -> float:
        return one.outcome.spam_flagged / one.outcome.spam if flags and one.outcome.spam else one.outcome.recall

    values = [(one.case.host.site, found(one)) for one in runs]
    low, high = bootstrap(values)
    measured = mean(value for _, value in values) if values else None
    return Figure(id=name, name=title, at_least=goal, measured=measured, trials=len(runs), low=low, high=high)


def _of(runs: Sequence[Run], kinds: Iterable[str], low: int = 0, high: int = 10_000) -> list[Run]:
    wanted = set(kinds)
    return [one for one in runs if one.case.kind in wanted and low <= one.case.tokens < high]


GOALS = (
    ("blocks", "keyword blocks ≥ 24 tokens: spam-character recall", ("keywords",), 24, 10_000, 0.98, 0.998),
    ("spans", "keyword spans of 8–24 tokens: recall", ("keywords",), 8, 24, 0.85, 0.98),
    ("lines", "single lines between paragraphs: recall", ("lines",), 0, 10_000, 0.60, 0.95),
    ("disguised", "disguised blocks, all kinds: recall", ("disguised",), 8, 10_000, 0.95, 0.99),
    ("prose", "grammatical promotion in an unrelated article: recall", ("prose",), 0, 10_000, 0.70, 0.95),
)


def figures(heat: str, runs: Sequence[Run]) -> list[Figure]:
    """The figures of a cold or warm run."""
    warm = heat == "warm"
    found = []
    for name, title, kinds, low, high, cold_goal, warm_goal in GOALS:
        chosen = [one for one in _of(runs, kinds, low, high) if one.case.vocabulary != "real"]
        found.append(recall_figure(f"{name}-{heat}", f"{title} ({heat})", warm_goal if warm else cold_goal, chosen))
    found.append(
        recall_figure(
            f"gambling-news-{heat}",
            f"promotion inside news about gambling: recall{'' if warm else ', or flagged'} ({heat})",
            0.90 if warm else 0.30,
            _of(runs, ("gambling news",)),
            flags=not warm,
        )
    )
    low, high = bootstrap([(one.case.host.site, one.outcome.retention) for one in runs])
    found.append(
        Figure(
            id=f"kept-{heat}", name=f"article characters kept ({heat})", at_least=0.9995,
            measured=retention(runs) if runs else None, trials=len(runs), low=low, high=high,
        )
    )  # fmt: skip
    exact = _of(runs, KEYWORDS)
    hits = sum(one.outcome.exact for one in exact)
    low, high = wilson(hits, len(exact))
    found.append(
        Figure(
            id=f"exact-{heat}", name=f"documents exactly clean, keyword shapes ({heat})",
            at_least=0.98 if warm else 0.93, measured=hits / len(exact) if exact else None, trials=len(exact),
            low=low, high=high,
        )
    )  # fmt: skip
    return found


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


def speed(cleaner: Cleaner, half: str, *, rounds: int = 60) -> list[Figure]:
    """Milliseconds for an article of 3 KB (median), and how time grows from n to 4n characters."""
    stories = [host for host in grid.hosts_of(half) if len(host.text) > 600]
    cases = []
    for start in range(min(rounds, len(stories))):
        parts: list[str] = []
        for host in islice((stories[(start + n) % len(stories)] for n in range(40)), 40):
            parts += host.paragraphs
        cases.append((_upto(parts, 3000), _upto(parts, 12_000), stories[start]))
    small = [_time(cleaner, text, host) for text, _, host in cases]
    large = [_time(cleaner, text, host) for _, text, host in cases]
    return [
        Figure(
            id="speed-ms", name="sanitize_text, article of 3 KB, p50 in ms", at_most=1.0,
            measured=1000 * quantile(small, 0.5), trials=len(small),
        ),
        Figure(
            id="speed-growth", name="sanitize_text, time at 4n over time at n", at_most=4.4,
            measured=sum(large) / sum(small), trials=len(small),
        ),
    ]  # fmt: skip


def _upto(parts: Sequence[str], size: int) -> tuple[str, ...]:
    chosen: list[str] = []
    length = 0
    for part in parts:
        chosen.append(part[: size - length])
        length += len(part) + 2
        if length >= size:
            break
    return tuple(chosen)


def _time(cleaner: Cleaner, paragraphs: tuple[str, ...], host: Any) -> float:
    from dataclasses import replace

    case = grid.bare(replace(host, paragraphs=paragraphs))
    return min(cleaner(case, None).seconds for _ in range(2))
