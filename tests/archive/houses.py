"""An archive's doors, with its index in SQLite files or in PostgreSQL: what holds of one has to hold of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.archive import Archive, Backing, Repaired, Report, Rewritten, compact, prune, repair, tombstone, verify


@dataclass(frozen=True, slots=True)
class House:
    """The functions of the archive, each with the same database or none.

    `lose` throws the index away; `die` makes the next run another owner's, as after the death of the one before.
    """

    shared: Backing | None
    lose: Callable[[Path], None]
    die: Callable[[], object] = str

    def open(self, path: Path, **more: Any) -> Archive:
        return Archive.open(path, shared=self.shared, **more)

    def compact(self, path: Path, **more: Any) -> Rewritten:
        return compact(path, shared=self.shared, **more)

    def prune(self, path: Path, days: float, **more: Any) -> Rewritten:
        return prune(path, days, shared=self.shared, **more)

    def repair(self, path: Path, **more: Any) -> Repaired:
        return repair(path, shared=self.shared, **more)

    def tombstone(self, path: Path, id_: str, reason: str, **more: Any) -> bool:
        return tombstone(path, id_, reason, shared=self.shared, **more)

    def verify(self, path: Path) -> Report:
        return verify(path, shared=self.shared)
