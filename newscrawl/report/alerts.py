"""Holds a run against thresholds and against the runs before it; each thing that is out of the ordinary is a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newscrawl.report.runs import Figures, middle, share

DEFAULTS: Mapping[str, float] = {
    "zero": 1,
    "fewer": 0.5,
    "withheld": 0.3,
    "coverage": 0.3,
    "errors": 0.05,
    "robots": 3,
}
MEANINGS: Mapping[str, str] = {
    "zero": "a run in which no story was found, new or known",
    "fewer": "a site with less than this share of the stories, new or known, it usually has (median of ten runs)",
    "withheld": "a site whose share of withheld pages is higher than usual by this much",
    "coverage": "a field whose share of articles that have it is lower than usual by this much",
    "errors": "a higher share than this of pages that newscrawl itself failed on",
    "robots": "a host whose robots.txt could not be read in this many runs one after the other",
}
ENOUGH = 3
"""Runs and stories below which nothing is called usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something out of the ordinary: which threshold, where, and a line that says what."""

    name: str
    where: str
    line: str


def found(run: Figures, history: Sequence[Figures], thresholds: Mapping[str, float]) -> tuple[Alert, ...]:
    """What a run crossed. `history`: the runs of the same spider before it, newest first; a threshold of 0 is off."""
    checks = (_zero, _fewer, _withheld, _coverage, _errors, _robots)
    limits = {name: float(thresholds.get(name, 0)) for name in DEFAULTS}
    return tuple(alert for check in checks for alert in check(run, history, limits))


def _zero(run: Figures, history: Sequence[Figures], limits: Mapping[str, float]) -> Iterator[Alert]:
    if limits["zero"] and not run.counts["seen"] and not run.counts["known"] and not run.counts["not_modified"]:
        yield Alert(name="zero", where=run.spider, line=f"{run.spider}: no story was found")


def _found(counts: Mapping[str, int]) -> int:
    """Stories of a site that a run came across, whether it read them or knew them."""
    return counts.get("seen", 0) + counts.get("known", 0)


def _judged(counts: Mapping[str, int]) -> float:
    return share(counts.get("withheld", 0), counts.get("withheld", 0) + counts.get("exported", 0))


def _fewer(run: Figures, history: Sequence[Figures], limits: Mapping[str, float]) -> Iterator[Alert]:
    for site in sorted({site for one in history for site in one.sites}):
        earlier = [float(count) for one in history if (count := _found(one.sites.get(site, {})))]
        usual = middle(earlier) or 0.0
        now = _found(run.sites.get(site, {}))
        if not now and run.counts["not_modified"]:
            continue  # its listing may be one of those that had not changed
        if len(earlier) >= ENOUGH and usual >= ENOUGH and now < limits["fewer"] * usual:
            yield Alert(name="fewer", where=site, line=f"{site}: {now} stories, usually {usual:g}")


def _withheld(run: Figures, history: Sequence[Figures], limits: Mapping[str, float]) -> Iterator[Alert]:
    for site, counts in sorted(run.sites.items()):
        earlier = [_judged(one.sites[site]) for one in history if _some(one.sites.get(site, {}))]
        usual = middle(earlier)
        if not limits["withheld"] or usual is None or len(earlier) < ENOUGH or not _some(counts):
            continue
        now = _judged(counts)
        if now - usual > limits["withheld"]:
            yield Alert(name="withheld", where=site, line=f"{site}: {now:.0%} withheld, usually {usual:.0%}")


def _some(counts: Mapping[str, int]) -> bool:
    return counts.get("withheld", 0) + counts.get("exported", 0) >= ENOUGH


def _coverage(run: Figures, history: Sequence[Figures], limits: Mapping[str, float]) -> Iterator[Alert]:
    filled = [one for one in history if one.counts["exported"] >= ENOUGH]
    if not limits["coverage"] or len(filled) < ENOUGH or run.counts["exported"] < ENOUGH:
        return
    for name in sorted({name for one in filled for name in one.coverage}):
        usual = middle([one.coverage.get(name, 0.0) for one in filled]) or 0.0
        now = run.coverage.get(name, 0.0)
        if usual - now > limits["coverage"]:
            yield Alert(name="coverage", where=name, line=f"{name}: {now:.0%} of articles have it, usually {usual:.0%}")


def _errors(run: Figures, history: Sequence[Figures], limits: Mapping[str, float]) -> Iterator[Alert]:
    if limits["errors"] and run.error_share > limits["errors"]:
        failed = run.counts["failed"]
        yield Alert(name="errors", where=run.spider, line=f"{failed} pages failed, {run.error_share:.0%} of those read")


def _robots(run: Figures, history: Sequence[Figures], limits: Mapping[str, float]) -> Iterator[Alert]:
    runs = int(limits["robots"])
    if not runs or len(history) < runs - 1:
        return
    for host in sorted(run.unreachable):
        if all(host in one.unreachable for one in history[: runs - 1]):
            line = f"{host}: its robots.txt could not be read in {runs} runs one after the other"
            yield Alert(name="robots", where=host, line=line)
