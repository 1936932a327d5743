"""Simulates how a cluster grows: `python -m tools.cluster.growth [--hosts 10 1000 …] [--every 3600] [--measure]`.

Needs nothing but Python: what each thing costs was measured once (COSTS) and is told with the figures; `--measure`
measures again on this machine, with a PostgreSQL server of its own. The first table is arithmetic over those costs;
the second lets every host run, event by event, and looks how late the runs begin.
"""

from __future__ import annotations

import argparse
import heapq
import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from random import Random

CORES, GIGABYTES = 16, 64
"""A machine for workers."""
PER_CRAWL, PER_WORKER = 3, 7
"""Connections to the database; a server has some hundreds of them before a pooler has to stand in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was measured, on 2 shared cores with the client beside the server: floors, not limits of PostgreSQL.

    Args:
        renewals, turns, jobs: transactions a second: renewing a lease, taking a turn at a host, a job's whole way.
        rows: rows a second into the index, in batches of fifty, each proving its epoch first.
        dispatch: seconds to put a site that is due on the queue, in a tick.
        look: seconds for one look of the tick at a million sites.
        row: bytes of a row of the index with its share of the indexes.
        start, page: processor seconds to start a crawl and end it; for one page.
        memory: megabytes of a crawl.
    """

    renewals: float = 4_900
    turns: float = 10_300
    jobs: float = 2_100
    rows: float = 90_000
    dispatch: float = 0.00077
    look: float = 0.11
    row: float = 347
    start: float = 2.4
    page: float = 0.031
    memory: float = 229


COSTS = Costs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is crawled: hosts, seconds between two runs of one, pages asked for in a run, new stories of them."""

    hosts: int
    every: float = 3600.0
    pages: float = 12.0
    stories: float = 4.0
    delay: float = 1.0
    renew: float = 20.0
    tick: float = 10.0

    @property
    def runs(self) -> float:
        """Runs a second."""
        return self.hosts / self.every

    @property
    def lasts(self) -> float:
        """Seconds of a run: a host is asked for one page at a time, a delay apart."""
        return self.pages * self.delay + 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a wish asks of each part: its share of what the part can do; 1 is all of it."""

    hosts: int
    running: float
    machines: int
    tick: float
    renewals: float
    turns: float
    jobs: float
    rows: float
    connections: float
    database: float
    rows_a_day: float
    gigabytes_a_year: float

    @property
    def first(self) -> str:
        """The part that is used up first."""
        shares = {"tick": self.tick, "connections": self.connections, "database": self.database}
        return max(shares, key=lambda one: shares[one])


def load(wish: Wish, costs: Costs = COSTS, *, connections: float = 400.0) -> Load:
    """What a wish costs. The database is one server: its work is the sum of its parts."""
    running = wish.runs * wish.lasts
    cores = wish.runs * (costs.start + wish.pages * costs.page)
    machines = max(cores / (0.7 * CORES), running * costs.memory / (0.8 * GIGABYTES * 1024))
    renewals = 2 * running / wish.renew / costs.renewals  # the worker and the crawl each renew
    turns = wish.runs * wish.pages / costs.turns
    jobs = wish.runs / costs.jobs
    rows = wish.runs * wish.stories / costs.rows
    dispatch = wish.runs * costs.dispatch
    look = costs.look * wish.hosts / 1e6 / wish.tick
    rows_a_day = wish.runs * wish.stories * 86400
    return Load(
        hosts=wish.hosts,
        running=running,
        machines=max(1, math.ceil(machines)),
        tick=dispatch + look,
        renewals=renewals,
        turns=turns,
        jobs=jobs,
        rows=rows,
        connections=(running * PER_CRAWL + max(1, machines) * PER_WORKER) / connections,
        database=renewals + turns + jobs + rows + look,
        rows_a_day=rows_a_day,
        gigabytes_a_year=rows_a_day * 365 * costs.row / 1e9,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """How late runs began, in seconds, and how many began; `left`: due in the end and not begun."""

    half: float
    worst: float
    runs: int
    left: int


def simulate(wish: Wish, slots: int, *, rounds: float = 2.0, seed: int = 1) -> Late:
    """Lets every host run on so many slots: a tick puts what is due on the queue, a free slot takes the first.

    >>> simulate(Wish(hosts=100), 10).worst < 20
    True
    """
    rng = Random(seed)
    due = [(rng.uniform(0, wish.every), host) for host in range(wish.hosts)]
    heapq.heapify(due)
    ends: list[tuple[float, int]] = []
    queue: deque[tuple[float, int]] = deque()
    late: list[float] = []
    now, until = 0.0, rounds * wish.every
    while now < until:
        now += wish.tick
        while ends and ends[0][0] <= now:
            ended, host = heapq.heappop(ends)
            heapq.heappush(due, (ended + wish.every * rng.uniform(0.95, 1.05), host))
            if queue:
                _begin(queue.popleft(), ended, ends, late, rng, wish)
        for _ in range(int(wish.tick / COSTS.dispatch)):
            if not due or due[0][0] > now:
                break
            queue.append(heapq.heappop(due))
        while queue and len(ends) < slots:
            _begin(queue.popleft(), now, ends, late, rng, wish)
    late.sort()
    left = len(queue) + sum(1 for moment, _ in due if moment <= now)
    if not late:
        return Late(half=0.0, worst=0.0, runs=0, left=left)
    return Late(half=late[len(late) // 2], worst=late[int(0.99 * (len(late) - 1))], runs=len(late), left=left)


def _begin(
    one: tuple[float, int], now: float, ends: list[tuple[float, int]], late: list[float], rng: Random, wish: Wish
) -> None:
    moment, host = one
    late.append(max(0.0, now - moment))
    heapq.heappush(ends, (now + wish.lasts * rng.lognormvariate(-0.125, 0.5), host))


def _share(part: float) -> str:
    return f"{part:.2%}" if part < 0.1 else f"{part:.0%}"


def _grown(load: Load) -> tuple[str, ...]:
    return (
        f"{load.hosts:,}",
        f"{load.running:,.0f}" if load.running >= 1 else f"{load.running:.2f}",
        f"{load.machines:,}",
        *(_share(one) for one in (load.tick, load.connections, load.renewals, load.turns, load.jobs, load.rows)),
        _share(load.database),
        f"{load.rows_a_day:,.0f}",
        f"{load.gigabytes_a_year:,.1f}",
        load.first,
    )


HEADS = ("hosts", "crawls at once", "machines", "tick", "connections", "renewals", "turns", "jobs", "rows", "database",
         "rows a day", "GB a year", "used up first")  # fmt: skip


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table as Markdown has it."""
    named = tuple(heads)
    yield f"| {' | '.join(named)} |"
    yield "|" + "---:|" * (len(named) - 1) + "---|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def growth(hosts: Iterable[int], *, every: float = 3600.0, costs: Costs = COSTS) -> list[str]:
    """What each number of hosts asks of each part, as a table."""
    return list(table(HEADS, (_grown(load(Wish(hosts=one, every=every), costs)) for one in hosts)))


def lateness(hosts: Iterable[int], *, every: float = 3600.0, spare: Iterable[float] = (1.3, 1.0, 0.9)) -> list[str]:
    """How late runs begin with some slots to spare and with none, and what a tick's limit does, as a table."""
    shares = tuple(spare)
    rows: list[tuple[str, ...]] = []
    for one in hosts:
        for share in shares:
            wish = Wish(hosts=one, every=every)
            slots = max(1, math.ceil(share * wish.runs * wish.lasts))
            late = simulate(wish, slots)
            rows.append(
                (
                    f"{one:,}",
                    f"{slots:,}",
                    f"{share:g}",
                    f"{late.half:,.0f} s",
                    f"{late.worst:,.0f} s",
                    f"{late.runs:,}",
                    f"{late.left:,}",
                )
            )
    heads = (
        "hosts",
        "slots",
        "of what they need",
        "half begin within",
        "99 of 100 within",
        "runs",
        "due and not begun",
    )
    return list(table(heads, rows))


def told(costs: Costs) -> list[str]:
    """The costs, as a table."""
    return list(table(("cost", "measured"), ((one.name, f"{asdict(costs)[one.name]:g}") for one in fields(costs))))


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster.growth", description=__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=[10, 100, 1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--every", type=float, default=3600.0, help="seconds between two runs of a host")
    parser.add_argument("--simulate", type=int, nargs="*", default=[100, 10_000, 200_000], help="hosts to let run")
    parser.add_argument("--measure", action="store_true", help="measure the costs on this machine, first")
    given = parser.parse_args()
    costs = COSTS
    if given.measure:
        from tools.cluster.growth_measure import measured

        costs = measured()
    for part in (told(costs), growth(given.hosts, every=given.every, costs=costs)):
        print("\n".join(part), end="\n\n")
    print("\n".join(lateness(given.simulate, every=given.every)))


if __name__ == "__main__":
    main()
