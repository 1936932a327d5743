"""Keeps a lease for as long as a crawl lasts: renews it in a thread of its own, and says when it is lost."""

from __future__ import annotations

import logging
import os
import re
import secrets
import socket
import threading
from collections.abc import Callable

from newscrawl.cluster.database import Away, Unready
from newscrawl.cluster.lease import TTL, Lease, Leases, parse

logger = logging.getLogger(__name__)
AGAIN = 2.0
"""Seconds between tries while the database is away."""
STRANGE = re.compile(r"[^A-Za-z0-9_.-]+")


class Taken(Exception):
    """Somebody else holds the host, or has taken it since: says who, and for how long."""


def myself() -> str:
    """A name for this process as an owner: machine, process, and a word that no other process has."""
    machine = STRANGE.sub("-", socket.gethostname()).strip("-._") or "machine"
    return f"{machine[:64]}-{os.getpid()}-{secrets.token_hex(3)}"


class Keeper:
    """A lease in hand. `lease` is its newest form; `lost` is called once, from the keeper's thread."""

    def __init__(self, url: str, lease: Lease, *, ours: bool) -> None:
        self.lease = lease
        self.is_lost = False
        self.lost: Callable[[], None] | None = None
        self._ours = ours
        self._leases = Leases(url)
        self._asking = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="newscrawl-lease", daemon=True)
        self._thread.start()

    @classmethod
    def hold(cls, url: str, *, named: str = "", host: str = "", ttl: float = TTL) -> Keeper:
        """The lease that a worker holds for us (`named`), or one of our own on a host.

        Raises:
            Taken: somebody else has it.
            ValueError: an address or a lease that is none.
            database.Away, database.Unready: the database does not answer; it lacks its tables.
        """
        with Leases(url) as leases:
            lease = leases.renew(parse(named, ttl=ttl)) if named else leases.take(host, myself(), ttl)
            if lease is None:
                raise Taken(_who(leases, parse(named).host if named else host))
        return cls(url, lease, ours=not named)

    def sure(self) -> bool:
        """Is the host still ours, so that it may be asked for something just now? Past the deadline, the database says.

        Raises:
            database.Away: it does not.
        """
        if not self.is_lost and self.lease.left <= 0:
            self._ask()
        return not self.is_lost and self.lease.left > 0

    def _renew(self) -> None:
        pause = self.lease.ttl / 3
        while not self._over.wait(pause):
            try:
                self._ask()
                pause = self.lease.ttl / 3
            except (Away, Unready) as error:
                pause = min(AGAIN, self.lease.ttl / 10)
                logger.warning("the lease on %s is not renewed: %s", self.lease.host, error)
            if self.is_lost:
                return

    def _ask(self) -> None:
        with self._asking:
            if self.is_lost or self._over.is_set():
                return
            renewed = self._leases.renew(self.lease)
            if renewed is not None:
                self.lease = renewed
                return
            self.is_lost = True
        if self.lost is not None:
            self.lost()

    def stop(self) -> None:
        """Renew no more; a lease of our own is given back. Never raises: what is not given back runs out."""
        self._over.set()
        self._thread.join(AGAIN)
        try:
            if self._ours and not self.is_lost:
                self._leases.release(self.lease)
        except (Away, Unready) as error:
            logger.warning("the lease on %s is not given back, it runs out: %s", self.lease.host, error)
        finally:
            self._leases.close()


def _who(leases: Leases, host: str) -> str:
    found = next((one for one in leases.held() if one.host == host), None)
    if found is None:
        return f"host {host}: the lease is lost: its worker is to start the crawl anew"
    left = f"for {found.left:.0f} more seconds, unless it renews" if found.left > 0 else "though it ran out"
    return f"host {host}: held by {found.owner} (epoch {found.epoch}) {left}: run again later"
