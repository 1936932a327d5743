"""Leaves the cluster's figures as a textfile for Prometheus' node exporter, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from newscrawl.cluster.status import Status

Key = TypeVar("Key", bound=tuple[str, ...])
METRICS = {
    "sites": "Sites on the schedule, by state.",
    "lag_seconds": "By how much the site that has waited longest is overdue.",
    "overdue_sites": "Sites that are due and have not begun.",
    "site_fails": "Failures in a row, of the sites that have any.",
    "site_disabled": "1 for each site that was disabled.",
    "leases": "Hosts that a worker holds, by whether the lease still runs.",
    "workers": "Workers, by whether they were heard of lately.",
    "slots": "Jobs that the living workers can do at once.",
    "jobs": "Jobs on a queue, by state.",
    "queue_wait_seconds": "How long the first job of a queue has waited.",
    "parts": "Parts of a bulk run, by state.",
    "tick_age_seconds": "Seconds since the schedule ticked.",
    "status_timestamp_seconds": "When these figures were taken.",
}


def text(status: Status) -> bytes:
    """The metrics of a cluster, as gauges named `newscrawl_cluster_…`."""
    registry = CollectorRegistry()

    def gauge(name: str, labels: tuple[str, ...], values: Mapping[Key, float]) -> None:
        made = Gauge(f"newscrawl_cluster_{name}", METRICS[name], labels, registry=registry)
        for key, value in values.items():
            (made.labels(*key) if labels else made).set(value)

    enabled = [one for one in status.sites if not one.disabled]
    states = {
        ("disabled",): float(len(status.disabled)),
        ("failing",): float(sum(one.fails > 0 for one in enabled)),
        ("good",): float(sum(one.fails == 0 for one in enabled)),
    }
    gauge("sites", ("state",), states)
    gauge("lag_seconds", (), {(): status.lag})
    gauge("overdue_sites", (), {(): float(sum(one.lag > 0 for one in status.sites))})
    gauge("site_fails", ("site",), {(one.site,): float(one.fails) for one in status.sites if one.fails})
    gauge("site_disabled", ("site",), {(one.site,): 1.0 for one in status.disabled})
    running = sum(one.left > 0 for one in status.leases)
    gauge("leases", ("state",), {("held",): running, ("run_out",): len(status.leases) - running})
    living = [one for one in status.workers if one.lives]
    gauge("workers", ("state",), {("living",): len(living), ("silent",): len(status.workers) - len(living)})
    gauge("slots", (), {(): float(sum(one.slots for one in living))})
    jobs = {(one.queue, state): float(getattr(one, state)) for one in status.queues for state in _STATES}
    gauge("jobs", ("queue", "state"), jobs)
    gauge("queue_wait_seconds", ("queue",), {(one.queue,): one.oldest for one in status.queues})
    parts = {(one.run, state): float(getattr(one, state)) for one in status.bulk for state in (*_STATES, "done")}
    gauge("parts", ("run", "state"), parts)
    gauge("tick_age_seconds", (), {(): status.ticked} if status.ticked is not None else {})
    gauge("status_timestamp_seconds", (), {(): status.at.timestamp()})
    return generate_latest(registry)


_STATES = ("todo", "doing", "failed")


def write(where: Path, status: Status) -> Path:
    """Writes the metrics; a folder gets `newscrawl-cluster.prom`. OSError where the disk refuses."""
    path = where if where.suffix == ".prom" else where / "newscrawl-cluster.prom"
    part = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_bytes(text(status))
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return path
