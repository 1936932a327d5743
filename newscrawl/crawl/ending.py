"""Ends a crawl that was told to stop: what is under way gets eight seconds, what waits for its turn none."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Self, cast
from weakref import WeakSet

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from newscrawl.crawl import steady
from newscrawl.crawl.wire import cut_off

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

logger = logging.getLogger(__name__)
GRACE = 8.0
"""Seconds for requests under way once the crawl was told to stop (SIGTERM, Ctrl-C). Then feeds, the archive and the run
report take 0.3 s, and ten times that where eight others want the processor: all is over within twelve."""
PATIENCE = 2.5
"""Seconds after that for pipelines and feeds, before the reactor is stopped under them."""
LOOK = 0.1
OVERDUE: WeakSet[Crawler] = WeakSet()
"""Crawls whose eight seconds are over: nothing more is asked, not even for rules."""


def stopping(crawler: Crawler) -> bool:
    """Whether a crawl was told to stop and has not yet come to its end."""
    try:
        engine = crawler.engine
    except RuntimeError:  # it has none before it starts
        return False
    return getattr(engine, "_stopping", False) is True and engine.spider is not None


def overdue(crawler: Crawler) -> bool:
    """Whether the time is up for what was under way when a crawl was told to stop."""
    return crawler in OVERDUE


HEARD: list[float] = []
"""When the process was told to stop; where others want the processor, the event loop hears of it a second later."""


def listen() -> None:
    """Notes the moment of a SIGTERM or Ctrl-C before Scrapy's own handler takes it up."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before) and not getattr(before, "notes_when", False):
            signal.signal(number, _noted(before))


def _noted(before: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        HEARD.append(time.monotonic())
        before(number, frame)

    handle.notes_when = True  # type: ignore[attr-defined]
    return handle


class Ending:
    """Extension: bounds the time between SIGTERM and the end, which Scrapy leaves to the slowest server."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.since: float | None = None
        steady.wind()
        self._timer = LoopingCall(self.look)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def spider_opened(self) -> None:
        self._timer.start(LOOK, now=False)

    def spider_closed(self) -> None:
        """The crawl is over; what is left is Scrapy's."""
        if self._timer.running:
            self._timer.stop()

    def look(self) -> None:
        """Takes back what waits; after eight seconds cuts off what is under way; then stops the reactor."""
        if not stopping(self.crawler):
            listen()
            return
        now = time.monotonic()
        self.since = self.since or (HEARD[0] if HEARD else now)
        self._recall()
        if now - self.since > GRACE:
            OVERDUE.add(self.crawler)  # who waited behind the first that is cut off would ask in its place
            cut = cut_off(self.crawler)
            self.crawler.stats.inc_value("newscrawl/ending/cut_off", cut)
        if now - self.since > GRACE + PATIENCE:
            from twisted.internet import reactor

            logger.error("the crawl does not come to its end: leaving, with the archive committed")
            self._timer.stop()
            cast("ReactorBase", reactor).stop()

    def _recall(self) -> None:
        """Requests that wait for their host's turn are not made: with a Crawl-delay they would take hours."""
        for slot in self.crawler.engine.downloader.slots.values():
            waiting = list(slot.queue)
            slot.queue.clear()
            for request, answer in waiting:
                self.crawler.stats.inc_value("newscrawl/ending/not_asked")
                error = IgnoreRequest(f"{request.url}: not asked: the crawl was told to stop")
                answer.errback(Failure(error))  # type: ignore[no-untyped-call]
