"""What an archive keeps in PostgreSQL in place of SQLite files: index, facts, and what is a copy of what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from newscrawl.archive.copies import fill
from newscrawl.cluster.database import Database
from newscrawl.cluster.lease import Lease
from newscrawl.cluster.postgres_asking import WAIT, Asking, nothing
from newscrawl.cluster.postgres_copies import PostgresCopies
from newscrawl.cluster.postgres_facts import PostgresFacts
from newscrawl.cluster.postgres_index import PostgresIndex


class Postgres:
    """See `newscrawl.archive.index.Backing`. One connection for all three.

    lease: the lease in hand, asked for each batch; without one the archive can be read and mended, not written to.
    wait: seconds for which the database may be away; `beat` is called meanwhile.
    """

    def __init__(
        self,
        url: str,
        *,
        lease: Callable[[], Lease] | None = None,
        wait: float = WAIT,
        beat: Callable[[], None] = nothing,
    ) -> None:
        self.database = Database(url)
        self._lease = lease
        self._wait = wait
        self._beat = beat

    def _asking(self, path: Path) -> Asking:
        return Asking(self.database, path, wait=self._wait, beat=self._beat)

    def index(self, path: Path, number: UUID) -> PostgresIndex:
        return PostgresIndex(self._asking(path), number, lease=self._lease)

    def facts(self, path: Path, *, clock: Callable[[], float]) -> PostgresFacts:
        return PostgresFacts(self._asking(path), clock=clock)

    def copies(self, path: Path) -> PostgresCopies:
        """What is a copy of what; built from the directory's segments where the database has nothing of it."""
        index = PostgresCopies(self._asking(path))
        if index.empty():
            fill(path, index)
        return index
