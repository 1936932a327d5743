"""Shows the cluster to people: tables at a terminal, and what the report's page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from newscrawl.cluster.status import SiteLine, Status
from newscrawl.report import Cluster

MOST = 30
Rows = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]


def span(length: float | None) -> str:
    """A length of time, short.

    >>> span(4.2), span(75), span(7300), span(200000), span(None)
    ('4 s', '1 min', '2 h', '2 d', '')
    """
    if length is None:
        return ""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if abs(length) >= size:
            return f"{length / size:.0f} {unit}"
    return f"{length:.0f} s"


def _ago(status: Status, moment: datetime | None) -> str:
    return f"{span((status.at - moment).total_seconds())} ago" if moment is not None else "never"


def _site(status: Status, one: SiteLine) -> tuple[str, ...]:
    if one.disabled:
        due = "disabled"
    elif one.lag:
        due = f"{span(one.lag)} late"
    else:
        due = f"in {span((one.next_due - status.at).total_seconds())}" if one.next_due else "now"
    said = one.disabled or one.why
    return one.site, one.rhythm, due, str(one.fails or ""), _ago(status, one.last_ok), one.outcome or "", said


def summary(status: Status) -> str:
    """The cluster in one line."""
    living = sum(one.lives for one in status.workers)
    parts = [
        f"{len(status.sites)} sites",
        f"{len(status.disabled)} disabled",
        f"lag {span(status.lag)}",
        f"{len(status.leases)} hosts held",
        f"{living} of {len(status.workers)} workers heard of",
        f"last tick {span(status.ticked)} ago" if status.ticked is not None else "the schedule never ticked",
    ]
    return ", ".join(parts)


def tables(status: Status, most: int | None = MOST) -> tuple[Rows, ...]:
    """Each table that is not empty: its title, the heads of its columns, its rows as text."""
    left = max(0, len(status.sites) - len(status.sites[:most]))
    sites = tuple(_site(status, one) for one in status.sites[:most])
    leases = tuple(
        (one.host, one.owner, str(one.epoch), span(one.left), one.site or "") for one in status.leases[:most]
    )
    workers = tuple(
        (
            one.name,
            f"{one.machine} {one.pid}",
            " ".join(one.queues),
            str(one.slots),
            f"{span(one.silent)} ago",
            " ".join(one.doing),
        )
        for one in status.workers
    )
    queues = tuple(
        (one.queue, str(one.todo), str(one.doing), str(one.failed), span(one.oldest)) for one in status.queues
    )
    bulk = tuple(
        (one.run, *map(str, (one.parts, one.done, one.doing, one.todo, one.failed)), f"{one.rows:,}")
        for one in status.bulk
    )
    shown: tuple[Rows, ...] = (
        (
            f"Sites ({left} more, none in worse trouble)" if left else "Sites",
            ("site", "rhythm", "due", "fails", "last good", "last run", "why"),
            sites,
        ),
        ("Hosts held", ("host", "by", "epoch", "left", "site"), leases),
        ("Workers", ("worker", "machine", "queues", "slots", "heard of", "doing"), workers),
        ("Queues", ("queue", "waiting", "under way", "failed", "first has waited"), queues),
        ("Bulk runs", ("run", "parts", "done", "under way", "waiting", "set aside", "rows"), bulk),
    )
    return tuple(one for one in shown if one[2])


def console() -> Console:
    """Where tables go; a file or a pipe has room for their lines."""
    found = Console()
    return found if found.is_terminal else Console(width=160)


def at_terminal(status: Status, most: int | None = MOST) -> RenderableType:
    """The tables for a terminal; nothing in them is taken for markup."""
    return Group(Text(summary(status), style="bold"), *(table(*one) for one in tables(status, most)))


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """One of `tables`, for a terminal."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for place, head in enumerate(heads):
        long = place in (0, len(heads) - 1)
        made.add_column(head, overflow="fold", header_style="dim", no_wrap=not long, min_width=12 if long else None)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


def shown(status: Status) -> Cluster:
    """The cluster as the report has it."""
    return Cluster(at=status.at.isoformat(), summary=summary(status), tables=tables(status, most=None))
