"""Runs the sweeps and prints one table: `python -m tools.faults [PART …] [--full] [--write-docs]`.

Exits with 1 where anything did not hold. Without --full, power loss tries 12,000 of its states (all: ~12 minutes) and
a kill sweep makes 200 kills; the calls are swept whole (5,485 points, ~7 minutes on a quiet machine) unless --sample
says how many. The parts that begin with `crawl-` run a real `scrapy crawl` of a loopback site, and take the longest.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tools.faults import crawl_disk, crawl_kill, crawl_soak, disks, kills, powerloss, report, speed, syscalls
from tools.faults.crawl_site import served
from tools.faults.processes import NoStrace

STATES = 12_000
ARCHIVE = ("powerloss", "kills", "syscalls", "disks", "speed")
PARTS = (*ARCHIVE, "crawl-kill", "crawl-disk", "crawl-soak")
GOALS = {
    "powerloss": "≥ 10,000 states, nothing acknowledged lost",
    "kills": "200 kills, 0 lost, 0 twice, 0 torn",
    "syscalls": "every point, 0 violations; non-zero exit wherever an entry was not stored",
    "disks": "told by name, the next run completes",
    "speed": "≥ 10,000 entries/s, and 3 times an fsync a line",
    "crawl-kill": "200 kills, 0 lost, 0 twice, 0 torn",
    "crawl-disk": "exit code 3 with path and free bytes, resume completes",
    "crawl-soak": "slope < 1 MiB in 10,000, open files flat, nothing lost",
}
NAMES = {
    "syscalls": "kill -9, ENOSPC, EIO at every file call of the archive",
    "disks": "disks that say no, and clocks that jump",
    "speed": "speed of the archive, entries of 3 kB",
    "crawl-disk": "a full disk under a real crawl",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    what: str
    tried: str
    wrong: tuple[str, ...] = ()
    said: str = ""


def _powerloss(asked: argparse.Namespace) -> Iterator[Row]:
    swept = powerloss.sweep(sample=None if asked.full else asked.sample or STATES, seconds=asked.seconds)
    yield Row(what="power loss, states", tried=f"{swept.tried} of {swept.of}", wrong=tuple(swept.wrong))


def _kills(asked: argparse.Namespace) -> Iterator[Row]:
    swept = kills.sweep(kills=asked.sample or 200, seconds=asked.seconds)
    said = f"{swept.rounds} rounds of 3,000 stories, {swept.acked} records acknowledged"
    yield Row(what="kill -9 at random", tried=str(swept.kills), wrong=tuple(swept.wrong), said=said)


def _syscalls(asked: argparse.Namespace) -> Iterator[Row]:
    try:
        swept = syscalls.sweep(sample=asked.sample, seconds=asked.seconds)
    except NoStrace as error:
        yield Row(what="every file call", tried="0", said=f"skipped: {error}")
        return
    for (scene, fault), points in swept.items():
        said = "" if fault == "kill -9" else f"non-zero exit {points.refused}, all stored {points.whole}"
        tried = f"{points.tried} of {points.of}"
        yield Row(what=f"{scene}: {fault}", tried=tried, wrong=tuple(points.wrong), said=said)


def _disks(asked: argparse.Namespace) -> Iterator[Row]:
    for name, case in disks.CASES.items():
        try:
            yield Row(what=name, tried="1", wrong=tuple(case()))
        except disks.NoMount as error:
            yield Row(what=name, tried="0", said=f"skipped: {error}")


def _speed(asked: argparse.Namespace) -> Iterator[Row]:
    rates = speed.best()
    slow: list[str] = []
    if rates[speed.OURS] < speed.GOAL:
        slow.append(f"{rates[speed.OURS]:,.0f} entries/s in the best of {speed.TRIES} tries, not {speed.GOAL:,}")
    if rates[speed.OURS] < speed.TIMES * rates[speed.CAREFUL]:
        slow.append(f"not {speed.TIMES} times as fast as {speed.CAREFUL}")
    for name, rate in rates.items():
        wrong = tuple(slow) if name == speed.OURS else ()
        yield Row(what=f"speed: {name}", tried="1", wrong=wrong, said=f"{name} {rate:,.0f} entries/s")


def _crawl_kill(asked: argparse.Namespace) -> Iterator[Row]:
    swept = crawl_kill.sweep(kills=asked.sample or 200, stories=3000, seconds=asked.seconds)
    said = f"{swept.rounds} rounds of 3,000 stories, {swept.stories:,} stored"
    yield Row(what="kill -9 of a real crawl", tried=str(swept.kills), wrong=tuple(swept.wrong), said=said)


def _crawl_disk(asked: argparse.Namespace) -> Iterator[Row]:
    with served(crawl_disk.STORIES) as site:
        for name, wrong in crawl_disk.cases(site):
            tried = "0" if wrong is None else "1"
            yield Row(what=name, tried=tried, wrong=tuple(wrong or ()), said="skipped" if wrong is None else "")


def _crawl_soak(asked: argparse.Namespace) -> Iterator[Row]:
    told, wrong = crawl_soak.soak(stories=asked.sample or 50_000)
    yield Row(what="soak of a real crawl", tried="1", wrong=tuple(wrong), said=told)


def _result(part: str, rows: list[Row]) -> report.Result:
    """A part's rows as one line: what was tried in all, and how much of it did not hold."""
    wrong = sum(len(row.wrong) for row in rows)
    if part == "syscalls":
        points = sum(int(row.tried.split()[0]) for row in rows)
        said = f"{points:,} points of {len(rows)} sweeps"
    elif part in ("disks", "crawl-disk"):
        said = f"{sum(row.tried != '0' for row in rows)} of {len(rows)} cases: " + ", ".join(row.what for row in rows)
    else:
        said = "; ".join(", ".join(filter(None, (row.tried if row.tried != "1" else "", row.said))) for row in rows)
    day = datetime.now(UTC).date().isoformat()
    what = rows[0].what if len(rows) == 1 else NAMES[part]
    tried = any(row.tried != "0" for row in rows)
    return report.Result(
        part=part, what=what, figure=f"{said}: {wrong} wrong", goal=GOALS[part], held=tried and not wrong, day=day
    )


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 where everything held."""
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=(__doc__ or "").splitlines()[0])
    told = f"any of {', '.join(PARTS)}, or all (default: {', '.join(ARCHIVE)})"
    parser.add_argument("parts", nargs="*", metavar="PART", help=told)
    parser.add_argument("--write-docs", action="store_true", help="write the newest figures to docs/reference")
    parser.add_argument("--full", action="store_true", help="every power-loss state")
    parser.add_argument("--sample", type=int, default=None, help="how many points of each sweep")
    parser.add_argument("--seconds", type=float, default=1e9, help="the most that each sweep may take")
    asked = parser.parse_args(arguments)
    parts = PARTS if "all" in asked.parts else asked.parts or (() if asked.write_docs else ARCHIVE)
    unknown = set(asked.parts) - {*PARTS, "all"}
    if unknown:
        parser.error(f"no sweep is called {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    sweeps = {
        "powerloss": _powerloss, "kills": _kills, "syscalls": _syscalls, "disks": _disks, "speed": _speed,
        "crawl-kill": _crawl_kill, "crawl-disk": _crawl_disk, "crawl-soak": _crawl_soak,
    }  # fmt: skip
    wrong: list[str] = []
    results: list[report.Result] = []
    print(f"{'what':<32} {'tried':>16} {'wrong':>6} {'s':>6}  said")
    for part in parts:
        began = time.monotonic()
        rows: list[Row] = []
        for row in sweeps[part](asked):
            spent = time.monotonic() - began
            print(f"{row.what:<32} {row.tried:>16} {len(row.wrong):>6} {spent:>6.1f}  {row.said}", flush=True)
            wrong += [f"{row.what}: {one}" for one in row.wrong]
            rows.append(row)
            began = time.monotonic()
        results.append(_result(part, rows))
    for one in wrong[:50]:
        print(one)
    print(f"\n{report.table(results)}" if results else "", flush=True)
    if asked.write_docs:
        if asked.sample is None and asked.seconds >= 1e9:  # a part of a sweep is not its figure
            report.keep(results)
        report.PAGE.write_text(report.page(report.newest(PARTS)), "utf-8")
        print(f"written: {report.PAGE.relative_to(report.ROOT)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
