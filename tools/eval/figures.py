"""Turns runs into the figures that have a goal: recall by kind of spam, what was kept, exactly clean pages, speed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tools.eval import grid
from tools.eval.cleaners import Cleaner
from tools.eval.corpus import Host
from tools.eval.runs import Run, retention
from tools.eval.score import bootstrap, mean, quantile, wilson
from tools.eval.tables import Figure

KEYWORDS = frozenset({"keywords"})


def recall_figure(name: str, title: str, goal: float, runs: Sequence[Run], *, flags: bool = False) -> Figure:
    """Mean spam-character recall as a figure; `flags` counts what was flagged as found."""

    def found(one: Run) -> float:
        return one.outcome.spam_flagged / one.outcome.spam if flags and one.outcome.spam else one.outcome.recall

    values = [(one.case.host.site, found(one), 1.0) for one in runs]
    low, high = bootstrap(values)
    measured = mean(value for _, value, _ in values) if values else None
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
    found: list[Figure] = []
    for name, title, kinds, short, long, cold_goal, warm_goal in GOALS:
        chosen = [one for one in _of(runs, kinds, short, long) if one.case.vocabulary != "real"]
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
    low, high = bootstrap([(one.case.host.site, one.outcome.retention, one.outcome.article) for one in runs])
    found.append(
        Figure(
            id=f"kept-{heat}", name=f"article characters kept ({heat})", at_least=0.9995,
            measured=retention(runs) if runs else None, trials=len(runs), low=low, high=high,
        )
    )  # fmt: skip
    exact = _of(runs, KEYWORDS)
    hits = sum(one.outcome.exact for one in exact)
    least, most = wilson(hits, len(exact))
    found.append(
        Figure(
            id=f"exact-{heat}", name=f"documents exactly clean, keyword shapes ({heat})",
            at_least=0.98 if warm else 0.93, measured=hits / len(exact) if exact else None, trials=len(exact),
            low=least, high=most,
        )
    )  # fmt: skip
    return found


def speed(cleaner: Cleaner, half: str, *, rounds: int = 60) -> list[Figure]:
    """Milliseconds for an article of 3 KB (median), and how time grows from n to 4n characters."""
    stories = [host for host in grid.hosts_of(half) if len(host.text) > 600]
    cases = []
    for start in range(min(rounds, len(stories))):
        parts: list[str] = []
        for host in (stories[(start + n) % len(stories)] for n in range(40)):
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


def _time(cleaner: Cleaner, paragraphs: tuple[str, ...], host: Host) -> float:
    case = grid.bare(replace(host, paragraphs=paragraphs))
    return min(cleaner(case, None).seconds for _ in range(2))
