"""Ends a process whose reactor hangs: says where, sets the page aside that it hangs on, and leaves with 75.

A timeout of the downloader cannot fire while a page blocks the event loop. Three clocks watch, since each sleeps where
another wakes: a thread (while the parser works without the interpreter's lock), an alarm (within a regular
expression, which holds the lock and looks for signals), and `faulthandler`'s own timer, which needs neither but can
only leave with 1.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Self, TextIO

from scrapy import signals
from scrapy.exceptions import NotConfigured
from twisted.internet.task import LoopingCall

from newscrawl.archive import ArchiveError
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.options import Options

if TYPE_CHECKING:
    from types import FrameType

    from scrapy.crawler import Crawler

LATER = 75
LAST = 4.0
"""The last clock fires after this many times the seconds of the others."""
SECOND_LOOK = 1.0
"""Seconds until a clock that finds no heartbeat looks again: a process that was stopped (Ctrl-Z) is no hanging one."""


class Watchdog:
    """Extension: a heart that beats in the reactor, and clocks outside that listen for it."""

    def __init__(self, crawler: Crawler) -> None:
        self.seconds = Options.of(crawler.settings).watchdog_seconds
        if not self.seconds:
            raise NotConfigured("NEWSCRAWL_WATCHDOG_SECONDS is 0")
        self.crawler = crawler
        self.beaten = time.monotonic()
        self.rung = 0.0
        self.spent = 0.0
        self.over = threading.Event()
        self.biting = threading.Lock()
        self.alarm = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
        self._heart = LoopingCall(self.beat)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def spider_opened(self) -> None:
        """Starts the heart and the clocks."""
        self.beaten = time.monotonic()
        self.spent = time.process_time()
        # A handler can be set in the main thread only, and `scrapy shell` keeps its reactor in another.
        self.alarm = self.alarm and threading.current_thread() is threading.main_thread()
        if self.alarm:
            signal.signal(signal.SIGALRM, self._rang)
        threading.Thread(target=self._listen, name="newscrawl-watchdog", daemon=True).start()
        self._heart.start(min(1.0, self.seconds / 4))

    def spider_closed(self) -> None:
        """Stops them; an end that hangs is Scrapy's affair."""
        self.over.set()
        if self._heart.running:
            self._heart.stop()
        if self.alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()

    @property
    def listening(self) -> bool:
        """Whether the clocks run."""
        return bool(self._heart.running) and not self.over.is_set()

    def beat(self) -> None:
        """Winds every clock up again; keeps the processor time of the longest stretch between two beats."""
        self.beaten = time.monotonic()
        spent = time.process_time()
        self.crawler.stats.max_value("newscrawl/watchdog/milliseconds", round(1000 * (spent - self.spent)))
        self.spent = spent
        if self.alarm:
            signal.setitimer(signal.ITIMER_REAL, self.seconds * 1.1)
        stderr = _stderr()
        if stderr is not None:
            faulthandler.dump_traceback_later(self.seconds * LAST, exit=True, file=stderr)

    def _listen(self) -> None:
        while not self.over.wait(min(1.0, self.seconds / 4)):
            if self._hangs() and not self.over.wait(SECOND_LOOK) and self._hangs():
                self.bite()

    def _hangs(self) -> bool:
        return time.monotonic() - self.beaten > self.seconds

    def _rang(self, signum: int, frame: FrameType | None) -> None:
        if not self._hangs():
            return
        if self.rung == self.beaten:  # for the second time since the last beat
            self.bite()
        self.rung = self.beaten
        signal.setitimer(signal.ITIMER_REAL, SECOND_LOOK)

    def bite(self) -> None:
        """Says where the process hangs, sets the page aside, and leaves."""
        self.biting.acquire()  # for good: whoever comes second waits, and lets the first have the interpreter
        archiver = self.crawler.get_extension(Archiver)
        at = archiver.at if archiver is not None else None
        stderr = _stderr()
        if stderr is not None:
            what = f"over {at!r:.500}, which is set aside" if at else "between two pages"
            stderr.write(f"newscrawl: the reactor hangs for {self.seconds:g} s {what}; leaving with {LATER}\n")
            stderr.flush()
            faulthandler.dump_traceback(stderr, all_threads=True)
        if archiver is not None and archiver.archive is not None and at is not None:
            try:
                archiver.archive.poison(at, f"blocked the reactor for {self.seconds:g} s")
            except ArchiveError as error:
                if stderr is not None:
                    stderr.write(f"newscrawl: {error}\n")
        os._exit(LATER)


def _stderr() -> TextIO | None:
    try:
        sys.__stderr__.fileno()  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return None
    return sys.__stderr__
