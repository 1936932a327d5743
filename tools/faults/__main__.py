"""Runs the sweeps and prints one table: `python -m tools.faults [powerloss kills syscalls disks speed] [--full]`.

Exits with 1 where anything did not hold. Without --full, power loss tries 12,000 of its states (all: ~12 minutes) and
a kill sweep makes 200 kills; the calls are swept whole (5,485 points, ~7 minutes on a quiet machine) unless --sample
says how many.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tools.faults import disks, kills, powerloss, speed, syscalls
from tools.faults.processes import NoStrace

STATES = 12_000
PARTS = ("powerloss", "kills", "syscalls", "disks", "speed")


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
    rates = speed.rates()
    least = speed.TIMES * rates[speed.CAREFUL]
    for name, rate in rates.items():
        slow = (f"not {speed.TIMES} times as fast as {speed.CAREFUL}",) if name == speed.OURS and rate < least else ()
        goal = f", goal {speed.GOAL:,}" if name == speed.OURS else ""
        yield Row(what=f"speed: {name}", tried="1", wrong=slow, said=f"{rate:,.0f} entries/s of 3 kB{goal}")


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 where everything held."""
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--full", action="store_true", help="every power-loss state")
    parser.add_argument("--sample", type=int, default=None, help="how many points of each sweep")
    parser.add_argument("--seconds", type=float, default=1e9, help="the most that each sweep may take")
    asked = parser.parse_args(arguments)
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no sweep is called {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    sweeps = {"powerloss": _powerloss, "kills": _kills, "syscalls": _syscalls, "disks": _disks, "speed": _speed}
    wrong: list[str] = []
    print(f"{'what':<32} {'tried':>16} {'wrong':>6} {'s':>6}  said")
    for part in asked.parts or PARTS:
        began = time.monotonic()
        for row in sweeps[part](asked):
            spent = time.monotonic() - began
            print(f"{row.what:<32} {row.tried:>16} {len(row.wrong):>6} {spent:>6.1f}  {row.said}", flush=True)
            wrong += [f"{row.what}: {one}" for one in row.wrong]
            began = time.monotonic()
    for one in wrong[:50]:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
