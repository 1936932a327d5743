"""Counts, site by site, which fields an archive's records have: of late, and before; and tells what was lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newscrawl import sitebook

FIELDS = ("title", "body", "authors", "published", "summary", "tags", "images")
STORY = "story"
LAID = "site layout"
SURE = 1.96
"""Standard errors of the bounds between which a share lies: 95 of 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: its site file's name, when it was fetched, and which fields are full, which by the site's layout."""

    site: str
    fetched: datetime
    full: frozenset[str]
    laid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of how many."""

    hits: int
    of: int

    @property
    def bounds(self) -> tuple[float, float]:
        """Between what the true share lies (Wilson's interval), from 0 to 1."""
        if not self.of:
            return 0.0, 1.0
        share, square = self.hits / self.of, SURE * SURE
        middle = (share + square / (2 * self.of)) / (1 + square / self.of)
        half = SURE / (1 + square / self.of) * math.sqrt(share * (1 - share) / self.of + square / (4 * self.of**2))
        return middle - half, middle + half

    def __str__(self) -> str:
        return f"{self.hits} of {self.of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field of a site before and of late: how often it was full, or how often the site's layout filled it."""

    site: str
    field: str
    by_layout: bool
    before: Share
    recent: Share

    @property
    def lost(self) -> bool:
        """Whether the field is full less often than chance explains."""
        return self.recent.bounds[1] < self.before.bounds[0]

    @property
    def fell(self) -> float:
        """By how many of a hundred the share fell."""
        return 100 * (self.before.hits / max(self.before.of, 1) - self.recent.hits / max(self.recent.of, 1))


@dataclass(slots=True)
class _Sums:
    count: int = 0
    full: dict[str, int] = field(default_factory=dict)
    laid: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.count += 1
        for name in row.full:
            self.full[name] = self.full.get(name, 0) + 1
        for name in row.laid:
            self.laid[name] = self.laid.get(name, 0) + 1


def rows(records: Iterable[Mapping[str, object]], sites: Mapping[str, sitebook.Site]) -> Iterator[Row]:
    """What counts of each record of the streams `articles` and `withheld`; those of sites without a file are left out.

    A page that was withheld for its rights says nothing of a layout; one that had no story does.
    """
    for record in records:
        known = sitebook.site_of(str(record.get("site") or ""), sites)
        fetched = _time(record.get("fetched"))
        if known is None or fetched is None:
            continue
        if record.get("withheld"):
            if record.get("reason") == "no_story":
                yield Row(site=known.name, fetched=fetched, full=frozenset())
            continue
        origins = record.get("origins")
        told = origins if isinstance(origins, Mapping) else {}
        full = {name for name in FIELDS if record.get("text" if name == "body" else name)}
        laid = {name for name in FIELDS if told.get(name) == LAID}
        yield Row(site=known.name, fetched=fetched, full=frozenset({STORY, *full}), laid=frozenset(laid))


def _time(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def changes(counted: Iterable[Row], sites: Mapping[str, sitebook.Site], *, days: float) -> tuple[Change, ...]:
    """Each field of each site that has records both of late and before, in the order of sites and fields.

    days: "of late" is that much before a site's newest record, so that the answer does not depend on the clock.
    """
    by_site: dict[str, list[Row]] = {}
    for row in counted:
        by_site.setdefault(row.site, []).append(row)
    found: list[Change] = []
    for name in sorted(by_site):
        since = max(row.fetched for row in by_site[name]) - timedelta(days=days)
        before, recent = _Sums(), _Sums()
        for row in by_site[name]:
            (recent if row.fetched > since else before).add(row)
        if before.count and recent.count:
            found += _of_site(name, before, recent, sites[name])
    return tuple(found)


def _of_site(name: str, before: _Sums, recent: _Sums, site: sitebook.Site) -> Iterator[Change]:
    named = {one for layout in site.layouts for one in FIELDS if getattr(layout, one, None)}
    for one in (STORY, *FIELDS):
        if before.full.get(one):
            yield _change(name, one, False, before, recent)
        if one in named and before.laid.get(one):
            yield _change(name, one, True, before, recent)


def _change(name: str, one: str, by_layout: bool, before: _Sums, recent: _Sums) -> Change:
    old, new = (before.laid, recent.laid) if by_layout else (before.full, recent.full)
    return Change(
        site=name,
        field=one,
        by_layout=by_layout,
        before=Share(hits=old.get(one, 0), of=before.count),
        recent=Share(hits=new.get(one, 0), of=recent.count),
    )
