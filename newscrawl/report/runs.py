"""What a run report says, in figures: of the run, of each site, and beside the runs before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from newscrawl.report.views import Record, is_spam

OUTCOMES = (
    "seen", "known", "new", "changed", "unchanged", "duplicate", "exported", "withheld", "unknown", "refused",
    "not_stored", "failed",
)  # fmt: skip
TITLES = {
    "seen": "stories read", "known": "known before", "not_modified": "listings not modified", "refused": "not fetched",
    "not_stored": "not stored", "duplicate": "duplicates",
}  # fmt: skip
"""What an outcome is called where its key would tell little."""
HISTORY = 10
"""Runs that did the same that a run is held against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A run in figures. `coverage`: share of exported articles that have a field; `spam`: characters cut as such."""

    name: str
    started: str
    spider: str
    reason: str
    exit_code: int | None
    counts: Mapping[str, int]
    spam: int
    coverage: Mapping[str, float]
    sites: Mapping[str, Mapping[str, int]]
    unreachable: frozenset[str]
    alerts: tuple[str, ...] = ()
    task: str = ""

    @property
    def withheld_share(self) -> float:
        """Of the pages that were judged, the share that was withheld."""
        return share(self.counts["withheld"], self.counts["withheld"] + self.counts["exported"])

    @property
    def error_share(self) -> float:
        """Of the pages that were read, the share that one of our own rooms failed on."""
        return share(self.counts["failed"], self.counts["seen"] + self.counts["failed"])


def share(part: float, whole: float) -> float:
    """A part of a whole; of nothing it is 0.

    >>> share(1, 4), share(1, 0)
    (0.25, 0.0)
    """
    return part / whole if whole else 0.0


def number(value: object) -> int:
    """A count as a run report has it; what is none counts 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def stem(run: Record) -> str:
    """A run's name: when, and which spider; the stem of its file.

    >>> stem({"started": "2026-05-04T12:30:01.5+00:00", "spider": "demo"})
    '20260504T123001Z-demo'
    """
    moment = str(run.get("started", ""))[:19].replace("-", "").replace(":", "")
    return f"{moment}Z-{run.get('spider', '')}"


def figures(run: Record) -> Figures:
    """The figures of a run report, whichever version wrote it: what it lacks counts 0."""
    sites = {
        str(site): {what: number(count) for what, count in _table(counts).items()}
        for site, counts in _table(run.get("sites")).items()
    }
    counts = Counter({what: sum(one.get(what, 0) for one in sites.values()) for what in OUTCOMES})
    counts |= {what: number(run.get(what)) for what in ("known", "not_modified")}
    covered = {name: number(count) for name, count in _table(run.get("field_coverage")).items()}
    code = run.get("exit_code")
    unreachable = run.get("robots_unreachable")
    told = run.get("alerts")
    return Figures(
        name=stem(run),
        started=str(run.get("started", "")),
        spider=str(run.get("spider", "")),
        reason=str(run.get("finish_reason", "")),
        exit_code=code if isinstance(code, int) else None,
        counts=counts,
        spam=sum(number(size) for why, size in _table(run.get("cut_characters")).items() if is_spam(str(why))),
        coverage={name: share(count, counts["exported"]) for name, count in covered.items()},
        sites=sites,
        unreachable=frozenset(str(host) for host in unreachable) if isinstance(unreachable, list) else frozenset(),
        alerts=tuple(str(_table(one).get("line", "")) for one in told) if isinstance(told, list) else (),
        task=str(run.get("task", "")),
    )


def before(run: Figures, history: Iterable[Figures], most: int = HISTORY) -> tuple[Figures, ...]:
    """The runs before a run that did the same, newest first; one that does not say what it did may have."""
    earlier = [
        one
        for one in history
        if one.spider == run.spider
        and one.started < run.started
        and (one.task == run.task or not one.task or not run.task)
    ]
    return tuple(sorted(earlier, key=lambda one: one.started, reverse=True)[:most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a comparison: now, in the run before, and usually (the median of the last runs)."""

    name: str
    now: float
    last: float | None
    usual: float | None
    percent: bool = False


def comparison(run: Figures, earlier: Sequence[Figures]) -> tuple[Line, ...]:
    """A run beside those before it."""

    def line(name: str, of: str) -> Line:
        values = [float(one.counts[of]) for one in earlier]
        return Line(name=name, now=run.counts[of], last=first(values), usual=middle(values))

    def shares(name: str, of: str) -> Line:
        values = [float(getattr(one, of)) for one in earlier]
        return Line(name=name, now=getattr(run, of), last=first(values), usual=middle(values), percent=True)

    named = ("seen", "known", "not_modified", "new", "exported", "withheld", "refused", "failed")
    lines = [line(TITLES.get(name, name), name) for name in named]
    values = [float(one.spam) for one in earlier]
    spam = Line(name="characters of spam cut", now=run.spam, last=first(values), usual=middle(values))
    return (*lines, spam, shares("withheld share", "withheld_share"), shares("error share", "error_share"))


def first(values: Sequence[float]) -> float | None:
    """The first of some values, if there are any."""
    return values[0] if values else None


def middle(values: Sequence[float]) -> float | None:
    """The median of some values, if there are any."""
    return median(values) if values else None
