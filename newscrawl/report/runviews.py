"""What the pages show of a run report and of an archive's days: tables in order, and their charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from newscrawl.report import charts
from newscrawl.report.charts import Chart
from newscrawl.report.labels import because
from newscrawl.report.runs import OUTCOMES, Figures, number, share
from newscrawl.report.views import Record, is_spam, said

MOST_DAYS = 60
SLOWEST = 20


class SiteTotals(Protocol):
    """What a chart needs of a site."""

    name: str
    found: int
    spam: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run report in tables, each in the order in which it is shown."""

    sites: tuple[tuple[str, Mapping[str, int]], ...]
    why: tuple[tuple[str, int], ...]
    cut: tuple[tuple[str, int], ...]
    cut_by_site: tuple[tuple[str, str, int], ...]
    withheld_by_site: tuple[tuple[str, str, int], ...]
    hosts: tuple[tuple[str, int, float, float], ...]
    coverage_by_site: tuple[tuple[str, Mapping[str, float]], ...]
    settings: tuple[tuple[str, str], ...]
    version: str
    rules: str
    finished: str
    columns: tuple[str, ...]


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _ranked(value: object) -> tuple[tuple[str, int], ...]:
    counted = [(str(name), number(count)) for name, count in _mapping(value).items()]
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0])))


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def run_view(run: Record) -> RunView:
    """The view of a run report, whichever version wrote it."""
    details = {str(site): _mapping(detail) for site, detail in _mapping(run.get("details")).items()}
    hosts = [
        (
            str(host),
            number(pace.get("answers")),
            _seconds(pace.get("mean_seconds")),
            _seconds(pace.get("longest_seconds")),
        )
        for host, pace in ((host, _mapping(pace)) for host, pace in _mapping(run.get("hosts")).items())
    ]
    made_by = _mapping(run.get("newscrawl"))
    sites = tuple(
        (str(site), {what: number(count) for what, count in _mapping(counts).items()})
        for site, counts in sorted(_mapping(run.get("sites")).items())
    )
    return RunView(
        sites=sites,
        columns=tuple(what for what in OUTCOMES if any(counts.get(what) for _, counts in sites)),
        coverage_by_site=_coverage(details, dict(sites)),
        why=_ranked(run.get("withheld")),
        cut=_ranked(run.get("cut_characters")),
        cut_by_site=tuple(
            (site, family, size)
            for site, detail in details.items()
            for family, size in _ranked(detail.get("cut_families"))
        ),
        withheld_by_site=tuple(
            (site, because(why), count)
            for site, detail in details.items()
            for why, count in _ranked(detail.get("withheld"))
        ),
        hosts=tuple(sorted(hosts, key=lambda one: (-one[2], one[0]))[:SLOWEST]),
        settings=tuple((str(name), _shown(value)) for name, value in sorted(_mapping(run.get("settings")).items())),
        version=str(made_by.get("version", "")),
        rules=str(made_by.get("rules", "")),
        finished=str(run.get("finished") or ""),
    )


def _coverage(
    details: Mapping[str, Mapping[str, object]], sites: Mapping[str, Mapping[str, int]]
) -> tuple[tuple[str, Mapping[str, float]], ...]:
    """By site that exported anything: the share of its articles that have a field."""
    made = []
    for site, detail in details.items():
        exported = sites.get(site, {}).get("exported", 0)
        if exported:
            counted = _mapping(detail.get("field_coverage"))
            made.append((site, {str(name): share(number(count), exported) for name, count in counted.items()}))
    return tuple(made)


def _shown(value: object) -> str:
    return (
        ", ".join(f"{name}: {said(one)}" for name, one in value.items()) if isinstance(value, Mapping) else said(value)
    )


def run_charts(run: Record, now: Figures, earlier: Sequence[Figures]) -> list[Chart]:
    """Charts of one run: this spider's runs over time, spam a site, the slowest hosts."""
    drawn = (_runs((now, *earlier)), charts.bars("Characters of spam cut, by site", _spam(run), ""), _hosts(run))
    return [chart for chart in drawn if chart]


def index_charts(
    sites: Iterable[SiteTotals], days: Mapping[str, Mapping[str, int]], shown: Sequence[Figures], newest: Record
) -> list[Chart]:
    """Charts of an archive: its days, its runs, the share of spam a site, the slowest hosts of the newest run."""
    last = sorted(day for day in days if day)[-MOST_DAYS:]
    series = {what: [float(days[day].get(what, 0)) for day in last] for what in ("exported", "withheld")}
    spam = {site.name: 100 * share(site.spam, site.found) for site in sites}
    drawn = (
        charts.over_time("Stories and withheld pages, day by day", last, series) or _runs(shown),
        charts.bars("Share of spam in the text as found, by site", spam, " %"),
        _hosts(newest),
    )
    return [chart for chart in drawn if chart]


def _runs(shown: Sequence[Figures]) -> Chart | None:
    ordered = sorted(shown, key=lambda one: one.started)[-MOST_DAYS:]
    moments = [one.started[5:16].replace("T", " ") for one in ordered]
    series = {what: [float(one.counts[what]) for one in ordered] for what in ("exported", "withheld")}
    return charts.over_time("Stories and withheld pages, run by run", moments, series)


def _hosts(run: Record) -> Chart | None:
    means = {host: 1000 * mean for host, _, mean, _ in run_view(run).hosts}
    return charts.bars("Time to an answer, on average, of the slowest hosts", means, " ms")


def _spam(run: Record) -> dict[str, float]:
    details = _mapping(run.get("details"))
    return {
        str(site): float(sum(size for why, size in _ranked(_mapping(detail).get("cut_characters")) if is_spam(why)))
        for site, detail in details.items()
    }
