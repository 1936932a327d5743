"""Turns at a host, for all machines: whoever wants to ask takes the next one, a delay after the one before."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from newscrawl.cluster.database import Database
from newscrawl.cluster.lease_keeper import Keeper
from newscrawl.cluster.postgres_asking import WAIT, Asking

FAR = 300.0
"""Seconds: a turn that is further away is not taken, so that a crowd does not book a host for hours."""
CLAIM = """
INSERT INTO host_slot AS s (host, next_at)
SELECT %(host)s, clock_timestamp() + make_interval(secs => %(delay)s)
FROM set_config('synchronous_commit', 'off', true)
ON CONFLICT (host) DO UPDATE
SET next_at = greatest(clock_timestamp(), s.next_at) + make_interval(secs => %(delay)s)
WHERE s.next_at < clock_timestamp() + make_interval(secs => %(far)s)
RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 - %(delay)s
"""


class Slots:
    """Turns by the database's clock, for the owner of a lease. `path`: the archive that errors name."""

    def __init__(self, url: str, path: Path, keeper: Keeper, *, wait: float = WAIT) -> None:
        self._database = Database(url, name="newscrawl turns")
        self._path = path
        self._keeper = keeper
        self._wait = wait

    def sure(self) -> bool:
        """Is the lease in hand, and not past its deadline? Past it, the database is asked.

        Raises:
            ArchiveAway: the database was away for too long.
        """
        if self._keeper.lease.left > 0 and not self._keeper.is_lost:
            return True
        return self._asking().ask(lambda _: self._keeper.sure())

    def claim(self, host: str, delay: float, *, far: float = FAR) -> float | None:
        """Take the next turn at a host that wants `delay` seconds between two; how many seconds it is away.

        None where it is further away than `far`: then none was taken. Raises as `sure`.
        """
        said = {"host": host, "delay": delay, "far": far}
        found = self._asking().ask(lambda it: it.execute(CLAIM, said).fetchone())
        return max(0.0, cast(float, found[0])) if found else None

    def _asking(self) -> Asking:
        return Asking(self._database, self._path, wait=self._wait)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()
