"""Owns a host for one crawl among many: its lease, its turn at each host, and the database behind its archive."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from newscrawl.archive import ArchiveFenced
from newscrawl.cluster.postgres_opening import Owned, owning
from newscrawl.crawl.ending import stopping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scrapy.crawler import Crawler
    from scrapy.http import Request

    from newscrawl.crawl.options import Options

LATE, TRIES = 0.25, 4
"""A busy process misses a turn by a quarter of the host's delay; after so many it goes all the same."""


def host_of(spider: Any, starts: Iterable[str]) -> str:
    """The host whose lease a crawl takes: a site file's first, else that of the first address, else the spider's name.

    >>> host_of(object, ["https://news.example:8443/latest"])
    'news.example'
    """
    site = getattr(spider, "site", None)
    if site is not None and site.hosts:
        return str(site.hosts[0])
    first = next(iter(starts), "")
    return urlsplit(first).hostname or str(getattr(spider, "name", ""))


class Ownership:
    """What a crawl holds of the cluster."""

    def __init__(self, owned: Owned, path: Path) -> None:
        self.keeper = owned.keeper
        self.slots = owned.slots
        self.backing = owned.backing
        self.path = path

    @classmethod
    def take(cls, options: Options, host: str, *, beat: Callable[[], None]) -> Ownership:
        """Hold the lease that a worker named (NEWSCRAWL_LEASE), or take one.

        Raises: as `postgres_opening.owning`.
        """
        path = options.archive or Path()
        return cls(owning(options.index, path, named=options.lease, host=host, ttl=options.lease_ttl, beat=beat), path)

    @property
    def host(self) -> str:
        """The host that is owned."""
        return self.keeper.lease.host

    @property
    def worker(self) -> str:
        """What sets the segments of this owner apart in their names."""
        plain = "".join(one if one.isascii() and one.isalnum() else "_" for one in self.keeper.lease.owner)
        return f"{plain[-20:]}_e{self.keeper.lease.epoch}"[:32]

    def lost(self) -> ArchiveFenced:
        """The error that ends a crawl whose host another has taken."""
        return ArchiveFenced(
            f"archive {self.path}: the lease on {self.host} is lost (epoch {self.keeper.lease.epoch}): another owner "
            "goes on with it: this crawl stops",
            path=self.path,
        )

    async def turn(self, crawler: Crawler, request: Request, delay: float) -> None:
        """Wait until a request may be made: its host's turn came, and our own host is still ours at that moment.

        Raises:
            ArchiveAway, ArchiveFenced: the crawl has to end.
            IgnoreRequest: the host's next turn is too far away, or the crawl was told to stop.
        """
        for _ in range(TRIES):
            asked = time.monotonic()
            claim = deferToThread(self._claim, urlsplit(request.url).hostname or "", delay)
            wait = await maybe_deferred_to_future(claim)
            if wait is None:
                crawler.stats.inc_value("newscrawl/turns/too_far")
                raise IgnoreRequest(f"{request.url}: not asked: too many crawls wait for a turn at its host")
            if wait > 0:
                from twisted.internet import reactor

                crawler.stats.inc_value("newscrawl/turns/milliseconds", round(1000 * wait))
                await maybe_deferred_to_future(deferLater(reactor, wait, lambda: None))
                if stopping(crawler):
                    raise IgnoreRequest(f"{request.url}: not asked: the crawl was told to stop")
            if not delay or time.monotonic() - asked - wait <= delay * LATE:
                break  # else the turn was missed, and whoever has the next one would meet us
        if self.keeper.lease.left <= 0 and not await maybe_deferred_to_future(deferToThread(self.slots.sure)):
            raise self.lost()

    def _claim(self, host: str, delay: float) -> float | None:
        if not self.slots.sure():
            raise self.lost()
        return self.slots.claim(host, delay) if delay else 0.0

    def let_go(self) -> None:
        """Give the host back, where it was not a worker's."""
        self.keeper.stop()
        self.slots.close()
