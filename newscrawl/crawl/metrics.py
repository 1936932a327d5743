"""Leaves the figures of a run as a textfile for Prometheus' node exporter, written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from newscrawl.report.runs import figures
from newscrawl.report.runviews import run_view
from newscrawl.report.views import Record

OUTCOMES = (
    "seen", "known", "new", "changed", "unchanged", "duplicate", "exported", "withheld", "unknown", "refused", "failed",
)  # fmt: skip
NAME = re.compile(r"[^A-Za-z0-9_-]+")
Key = TypeVar("Key", bound=tuple[str, ...])


def path_of(where: Path, spider: str) -> Path:
    """A file that ends in .prom is taken as it is; anything else is a folder, with a file for each spider.

    >>> path_of(Path("/var/lib/node"), "demo").name, path_of(Path("one.prom"), "demo").name
    ('newscrawl-demo.prom', 'one.prom')
    """
    return where if where.suffix == ".prom" else where / f"newscrawl-{NAME.sub('-', spider)}.prom"


def _epoch(moment: object) -> float:
    try:
        return datetime.fromisoformat(str(moment)).timestamp()
    except ValueError:
        return 0.0


def text(run: Record, earlier: tuple[Record, ...] = ()) -> bytes:
    """The metrics of a run report: gauges, since each file tells of the last run of its spider."""
    registry = CollectorRegistry()
    now, view = figures(run), run_view(run)

    def gauge(name: str, meaning: str, labels: tuple[str, ...], values: Mapping[Key, float]) -> None:
        made = Gauge(f"newscrawl_{name}", meaning, ("spider", *labels), registry=registry)
        for key, value in values.items():
            made.labels(now.spider, *key).set(value)

    started, finished = _epoch(run.get("started")), _epoch(run.get("finished"))
    good = max((_epoch(one.get("finished")) for one in (run, *earlier) if one.get("exit_code") == 0), default=0.0)
    gauge("run_end_timestamp_seconds", "When the last run ended.", (), {(): finished or started})
    gauge("run_success_timestamp_seconds", "When the last run with exit code 0 ended.", (), {(): good} if good else {})
    gauge("run_duration_seconds", "How long the last run took.", (), {(): max(finished - started, 0.0)})
    gauge(
        "run_exit_code", "Exit code of the last run.", (), {(): float(-1 if now.exit_code is None else now.exit_code)}
    )
    stories = {(site, what): float(counts.get(what, 0)) for site, counts in view.sites for what in OUTCOMES}
    gauge("run_stories", "Stories of the last run, by what became of them.", ("site", "outcome"), stories)
    why = {(reason,): float(count) for reason, count in view.why}
    gauge("run_withheld_pages", "Pages withheld or not fetched in the last run, by reason.", ("reason",), why)
    cut = {(reason,): float(count) for reason, count in view.cut}
    gauge("run_cut_characters", "Characters cut in the last run, by reason.", ("reason",), cut)
    covered = {(name,): part for name, part in now.coverage.items()}
    gauge("run_field_coverage_ratio", "Share of articles that have a field.", ("field",), covered)
    hosts = {(host,): mean for host, _, mean, _ in view.hosts}
    gauge("run_host_latency_seconds", "Mean time to an answer, of the slowest hosts.", ("host",), hosts)
    gauge("run_robots_unreachable_hosts", "Hosts without a readable robots.txt.", (), {(): float(len(now.unreachable))})
    gauge("run_alerts", "Thresholds that the last run crossed.", (), {(): float(len(now.alerts))})
    return generate_latest(registry)


def write(where: Path, run: Record, earlier: tuple[Record, ...] = ()) -> Path:
    """Writes the metrics of a run. OSError where the disk refuses; what stood there before then still stands."""
    path = path_of(where, str(run.get("spider", "")))
    part = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_bytes(text(run, earlier))
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return path
