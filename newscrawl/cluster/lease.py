"""Who may crawl a host, told by leases with an epoch: time is the database's, and the epoch is the fence.

A lease that ran out may be taken by anyone, with the next epoch. What its old owner still writes names the old epoch
and is refused; what it still asks of the host no fence can hold back, so it looks at `deadline` before each request.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, cast

from newscrawl.cluster.database import Busy, Connection, Database

TTL = 60.0
"""Seconds for which a lease holds without being renewed; it is renewed after a third of them."""
OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@+-]{0,127}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One owner's hold on a host. `deadline`: seconds of time.monotonic() on this machine, never later than the end."""

    host: str
    owner: str
    epoch: int
    ttl: float = TTL
    deadline: float = 0.0

    def __str__(self) -> str:
        return f"{self.host}:{self.owner}:{self.epoch}"

    @property
    def left(self) -> float:
        """Seconds until the deadline; negative after it. A process that was stopped finds the time gone."""
        return self.deadline - time.monotonic()


def parse(text: str, *, ttl: float = TTL) -> Lease:
    """A lease from `host:owner:epoch`, as NEWSCRAWL_LEASE holds it; past its deadline until it is renewed.

    Raises:
        ValueError: it is no such text.

    >>> parse("127.0.0.1:8080:worker-1:7").host
    '127.0.0.1:8080'
    """
    host, _, rest = text.rpartition(":")
    host, _, owner = host.rpartition(":")
    if not host or not OWNER.fullmatch(owner) or not rest.isdecimal():
        raise ValueError(f"{text!r} is no lease: give host:owner:epoch, as the worker that holds it does")
    return Lease(host=host, owner=owner, epoch=int(rest), ttl=ttl)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lease as the database has it. `left`: seconds on the database's clock, negative where it ran out."""

    host: str
    owner: str
    epoch: int
    expires_at: datetime
    left: float


class Leases:
    """The leases of a cluster, by a connection or an address. For one thread at a time; each call is one transaction.

    Every call may raise `database.Away` (nobody knows then whether it was done) and `database.Unready`.
    """

    def __init__(self, source: str | Connection) -> None:
        self._database = Database(source, name="newscrawl lease")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self, host: str, owner: str, ttl: float = TTL) -> Lease | None:
        """The lease of a host that nobody holds; None where somebody does.

        Raises:
            ValueError: an owner with other characters than letters, digits and `_.@+-`.
        """
        if not OWNER.fullmatch(owner) or not host:
            raise ValueError(f"owner {owner!r} of {host!r}: letters, digits and _.@+-, at most 128")
        before = time.monotonic()
        try:
            with self._database.transaction() as connection:
                found = connection.execute(
                    "INSERT INTO site_lease AS l (host, owner, epoch, expires_at) "
                    "VALUES (%s, %s, 1, clock_timestamp() + make_interval(secs => %s)) "
                    "ON CONFLICT (host) DO UPDATE SET owner = excluded.owner, epoch = l.epoch + 1, "
                    "expires_at = clock_timestamp() + make_interval(secs => %s) "
                    "WHERE l.expires_at < clock_timestamp() RETURNING epoch",
                    (host, owner, ttl, ttl),
                ).fetchone()
        except Busy:
            return None
        if found is None:
            return None
        return Lease(host=host, owner=owner, epoch=cast(int, found[0]), ttl=ttl, deadline=before + ttl)

    def renew(self, lease: Lease) -> Lease | None:
        """The lease with a later deadline; None where it is lost for good.

        One that ran out is still its owner's while nobody else took it.
        """
        before = time.monotonic()
        with self._database.transaction() as connection:
            done = connection.execute(
                "UPDATE site_lease SET expires_at = clock_timestamp() + make_interval(secs => %s) "
                "WHERE host = %s AND owner = %s AND epoch = %s",
                (lease.ttl, lease.host, lease.owner, lease.epoch),
            ).rowcount
        return replace(lease, deadline=before + lease.ttl) if done else None

    def release(self, lease: Lease) -> None:
        """Let go of a host; nothing where the lease is lost already. Its epoch stays, so that none comes twice."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE site_lease SET owner = '', expires_at = clock_timestamp() "
                "WHERE host = %s AND owner = %s AND epoch = %s",
                (lease.host, lease.owner, lease.epoch),
            )

    def held(self) -> tuple[Held, ...]:
        """Every lease that was taken and not released, by host; those that ran out too."""
        with self._database.using() as connection:
            rows = connection.execute(
                "SELECT host, owner, epoch, expires_at, extract(epoch FROM expires_at - clock_timestamp())::float8 "
                "FROM site_lease WHERE owner <> '' ORDER BY host"
            ).fetchall()
        return tuple(
            Held(
                host=cast(str, host),
                owner=cast(str, owner),
                epoch=cast(int, epoch),
                expires_at=cast(datetime, expires_at),
                left=cast(float, left),
            )
            for host, owner, epoch, expires_at, left in rows
        )

    def close(self) -> None:
        """Close the connection, where it was opened here."""
        self._database.close()
