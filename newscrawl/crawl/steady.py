"""Time that nobody can set: what waits in a crawl waits by it, whatever happens to the machine's clock meanwhile."""

from __future__ import annotations

import time
from typing import Any, cast

from scrapy.utils.reactor import is_reactor_installed

BEGAN = time.time() - time.monotonic()


def now() -> float:
    """Seconds since the epoch as this process counts them on from its start."""
    return BEGAN + time.monotonic()


def wind() -> None:
    """Has the reactor's timers go by it.

    Twisted's go by the wall clock: set back by an hour, it took every timeout and commit with it, until the watchdog
    ended the crawl.
    """
    if is_reactor_installed():
        from twisted.internet import reactor

        cast(Any, reactor).seconds = now
