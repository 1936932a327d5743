"""One connection to the cluster's database: opened when it is needed, anew after a failure, its password never told."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any, TypeAlias

import psycopg
from psycopg import conninfo, errors

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]

SCHEMES = ("postgresql://", "postgres://")
CONNECT_SECONDS = 5
ALIVE: dict[str, int] = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}
"""A server that vanished without a word is given up after half a minute, not after the kernel's two hours."""

PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.IdleInTransactionSessionTimeout,
    errors.ReadOnlySqlTransaction,  # connected to what was the primary a moment ago
)
"""What says that the database is away, or was for a moment; the same words may be asked again."""


class Away(Exception):
    """The database does not answer, or went away in the middle: names the server and what it said, never a password."""


class Busy(Away):
    """Somebody else has held the row for longer than we wait."""


class Unready(Exception):
    """The database answers and is not what is needed: names the remedy."""


def checked(url: str) -> str:
    """A database's address, if it is one.

    Raises:
        ValueError: it is none. The address is not repeated: it may hold a password.

    >>> checked("postgresql://crawler@db.example/newscrawl")
    'postgresql://crawler@db.example/newscrawl'
    """
    if url.startswith(SCHEMES):
        with contextlib.suppress(psycopg.Error):
            conninfo.conninfo_to_dict(url)
            return url
    raise ValueError("no address of a PostgreSQL database: give postgresql://USER@HOST:PORT/DATABASE")


def told(url: str) -> str:
    """Which database an address names, for messages: no user, no password.

    >>> told("postgresql://crawler:secret@db.example:5433/newscrawl")
    'database newscrawl at db.example:5433'
    """
    said = conninfo.conninfo_to_dict(checked(url))
    host = said.get("host") or said.get("hostaddr") or "the local socket"
    port = f":{said['port']}" if said.get("port") else ""
    return f"database {said.get('dbname') or said.get('user') or 'of the default name'} at {host}{port}"


def connect(url: str, *, autocommit: bool = True, name: str = "newscrawl") -> Connection:
    """A new connection. No prepared statements, no session settings: a pooler may stand in between.

    Raises:
        ValueError: the address is none.
        Away: nobody answers there, or says no.
    """
    where = told(url)
    more: dict[str, Any] = {key: value for key, value in ALIVE.items() if key not in conninfo.conninfo_to_dict(url)}
    try:
        return psycopg.connect(
            url,
            autocommit=autocommit,
            connect_timeout=CONNECT_SECONDS,
            application_name=name,
            prepare_threshold=None,
            **more,
        )
    except psycopg.OperationalError as error:
        raise Away(f"{where}: {_said(error)}") from None


def _said(error: psycopg.Error) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


class Database:
    """A connection for one thread at a time. Given an address, it is opened at need and again after a failure."""

    def __init__(self, source: str | Connection, *, name: str = "newscrawl") -> None:
        self._url = checked(source) if isinstance(source, str) else None
        self._given = None if isinstance(source, str) else source
        self._name = name
        self._open: Connection | None = self._given
        self._turn = threading.RLock()
        self.where = told(source) if isinstance(source, str) else f"database {source.info.dbname}"

    @contextlib.contextmanager
    def using(self) -> Iterator[Connection]:
        """The connection, for this thread alone.

        Raises:
            Away: from inside, where the database does not answer; the next `using` connects anew.
            Unready: a table is not there.
        """
        with self._turn:
            if self._open is None or (self._open.closed and self._url is not None):
                self._open = connect(self._url or "", name=self._name)
            try:
                yield self._open
            except errors.LockNotAvailable as error:
                raise Busy(f"{self.where}: {_said(error)}") from error
            except PASSING as error:
                self.drop()
                raise Away(f"{self.where}: {_said(error)}") from error
            except (errors.UndefinedTable, errors.UndefinedColumn) as error:
                raise Unready(f"{self.where}: {_said(error)}: run `newscrawl cluster init`") from error

    @contextlib.contextmanager
    def transaction(
        self, *, lock_seconds: float = 5.0, idle_seconds: float = 15.0, snapshot: bool = False
    ) -> Iterator[Connection]:
        """One transaction; all of it or nothing. Waiting for a row, or sitting still in between, is bounded (0: not).

        A process that is stopped in the middle holds its rows for `idle_seconds` and not until it is woken.
        snapshot: it only reads, and sees the tables as they are at its first look.
        Raises as `using`; after Away nobody knows whether it was committed.
        """
        with self.using() as connection, connection.transaction():
            if snapshot:
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.execute(
                "SELECT set_config('lock_timeout', %s, true), "
                "set_config('idle_in_transaction_session_timeout', %s, true)",
                (f"{lock_seconds * 1000:.0f}", f"{idle_seconds * 1000:.0f}"),
            )
            yield connection

    def drop(self) -> None:
        """Close the connection; where an address is known, the next use opens another."""
        if self._open is not None:
            with contextlib.suppress(psycopg.Error):
                self._open.close()
        self._open = self._given

    def close(self) -> None:
        """Close what was opened here; a connection that was given stays open."""
        with self._turn:
            if self._given is None:
                self.drop()
