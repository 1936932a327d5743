"""Asks the database for the archive: waits, within bounds, while it is away, and says what went wrong in its words."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psycopg

from newscrawl.archive import ArchiveAway, ArchiveError
from newscrawl.cluster.database import Away, Connection, Database, Unready

T = TypeVar("T")
WAIT = 20.0
"""Seconds for which a database may be away before a crawl gives up; the watchdog bites after 30."""
FIRST, LONGEST = 0.1, 2.0


def nothing() -> None:
    """What is done while waiting, where nobody named anything."""


class Asking:
    """One archive's way to the database. `beat` is called while it waits, so that a watchdog knows that it does."""

    def __init__(
        self, database: Database, path: Path, *, wait: float = WAIT, beat: Callable[[], None] = nothing
    ) -> None:
        self.database = database
        self.path = path
        self.wait = wait
        self.beat = beat
        self._since = 0.0

    def ask(self, work: Callable[[Connection], T]) -> T:
        """What comes of some work on the connection, which may be done twice.

        Raises:
            ArchiveAway: the database was away for too long.
            ArchiveError: it refused.
        """
        return self._patiently(lambda: self.database.using(), work)

    def change(self, work: Callable[[Connection], T]) -> T:
        """The same in one transaction."""
        return self._patiently(lambda: self.database.transaction(), work)

    def _patiently(
        self, way: Callable[[], contextlib.AbstractContextManager[Connection]], work: Callable[[Connection], T]
    ) -> T:
        tried = 0
        while True:
            try:
                with self.telling(), way() as connection:
                    return work(connection)
            except ArchiveAway as error:
                tried += 1
                self.again(error, tried)

    def again(self, error: ArchiveAway, tried: int) -> None:
        """Wait before the next try, twice as long each time; raise the error after `wait` seconds in all."""
        now = time.monotonic()
        if tried <= 1:
            self._since = now
        if now - self._since > self.wait:
            raise error
        self.beat()
        time.sleep(min(FIRST * 2.0 ** min(tried - 1, 10), LONGEST))
        self.beat()

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """The archive's errors in place of the database's."""
        try:
            yield
        except Away as error:
            raise ArchiveAway(
                f"archive {self.path}: its index does not answer ({error}): what was acknowledged is safe: run again "
                "when the database is back",
                path=self.path,
            ) from error
        except Unready as error:
            raise ArchiveError(f"archive {self.path}: {error}", path=self.path) from error
        except psycopg.Error as error:
            said = " ".join(str(error).split())[:300]
            raise ArchiveError(
                f"archive {self.path}: {self.database.where}: {said}: `newscrawl cluster status` tells more",
                path=self.path,
            ) from error


def plain(text: str) -> str:
    """A text as PostgreSQL takes it, which knows no NUL."""
    return text.replace("\x00", "\ufffd")


def digest(text: str) -> bytes:
    """What a key of any length is found by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
