"""The way to an archive's database from outside, where its packages may be missing: errors are the archive's own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.archive import ArchiveAway, ArchiveError, ArchiveLocked, Backing

if TYPE_CHECKING:
    from newscrawl.cluster.lease_keeper import Keeper
    from newscrawl.cluster.postgres_slots import Slots

UPKEEP = "upkeep"
"""Stands for a host in the lease of a command that writes a line to an archive and crawls none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A lease in hand, turns at hosts, and what an archive needs of the database."""

    keeper: Keeper
    slots: Slots
    backing: Backing


def _rooms(path: Path) -> dict[str, Any]:
    names = ("database", "lease_keeper", "postgres", "postgres_slots")
    try:
        return {name: import_module(f"newscrawl.cluster.{name}") for name in names}
    except ImportError as error:
        raise ArchiveError(
            f"archive {path}: NEWSCRAWL_INDEX needs more than newscrawl itself ({error}): "
            "pip install 'newscrawl[cluster]'",
            path=path,
        ) from None


@contextlib.contextmanager
def _telling(rooms: dict[str, Any], path: Path) -> Iterator[None]:
    try:
        yield
    except rooms["lease_keeper"].Taken as error:
        raise ArchiveLocked(f"archive {path}: {error}", path=path) from None
    except rooms["database"].Away as error:
        raise ArchiveAway(f"archive {path}: its index does not answer: {error}", path=path) from None
    except (rooms["database"].Unready, ValueError) as error:
        raise ArchiveError(f"archive {path}: NEWSCRAWL_INDEX: {error}", path=path) from None


def owning(url: str, path: Path, *, named: str, host: str, ttl: float, beat: Callable[[], None]) -> Owned:
    """Hold the lease that a worker named, or take that of a host, for an archive that is to be written to.

    Raises:
        ArchiveLocked: somebody else holds the host.
        ArchiveAway: the database does not answer.
        ArchiveError: a package is missing, the database lacks its tables, an address or a lease is none.
    """
    rooms = _rooms(path)
    with _telling(rooms, path):
        keeper = rooms["lease_keeper"].Keeper.hold(url, named=named, host=host, ttl=ttl)
    backing = rooms["postgres"].Postgres(url, lease=lambda: keeper.lease, beat=beat)
    return Owned(keeper=keeper, slots=rooms["postgres_slots"].Slots(url, path, keeper), backing=backing)


def looking(url: str, path: Path) -> Backing:
    """The database of an archive that is read or mended, and gets no new line. Raises ArchiveError."""
    rooms = _rooms(path)
    with _telling(rooms, path):
        backing: Backing = rooms["postgres"].Postgres(url)
    return backing


@contextlib.contextmanager
def noting(url: str, path: Path) -> Iterator[Backing]:
    """The database of an archive that gets a few lines from a command. Raises as `owning`."""
    owned = owning(url, path, named="", host=UPKEEP, ttl=60.0, beat=lambda: None)
    try:
        yield owned.backing
    finally:
        owned.keeper.stop()
        owned.slots.close()
