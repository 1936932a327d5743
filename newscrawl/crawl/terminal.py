"""Shows a person at a terminal one line of what goes on, and a table at the end; says nothing in cron."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Self, TextIO, cast

from rich.console import Console
from rich.file_proxy import FileProxy
from rich.live import Live
from rich.table import Table
from rich.text import Text
from scrapy import signals
from twisted.internet.task import LoopingCall

from newscrawl import markup
from newscrawl.crawl.logs import plain
from newscrawl.crawl.options import Options
from newscrawl.crawl.runreport import RunReport

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request

EVERY = 0.5
COLUMNS = ("seen", "new", "changed", "unchanged", "duplicate", "exported", "withheld", "refused", "failed")


def at_terminal(options: Options) -> bool:
    """Whether a person watches: standard error is a terminal, and log lines are for people."""
    return options.log == "text" and sys.stderr is not None and sys.stderr.isatty()


class Terminal:
    """Extension: the live line. Log lines go above it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.host = ""
        self.began = time.monotonic()
        self.console = Console(stderr=True)
        self.live: Live | None = None
        self._handlers: list[tuple[logging.StreamHandler[TextIO], TextIO]] = []
        self._timer = LoopingCall(self.show)
        if not at_terminal(Options.of(crawler.settings)) or self.console.is_dumb_terminal:
            return
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.asked, signal=signals.request_reached_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def asked(self, request: Request) -> None:
        """A request is on its way."""
        self.host = markup.host_of(request.url)

    def spider_opened(self) -> None:
        self.began = time.monotonic()
        self.live = Live(
            console=self.console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        self.live.start()
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                self._handlers.append((handler, handler.stream))
                handler.setStream(cast(TextIO, FileProxy(self.console, handler.stream)))
        self._timer.start(EVERY)

    def line(self) -> Text:
        """Stories, exported, withheld, pages a minute, the host that was asked last."""
        report = self.crawler.get_extension(RunReport)
        total = report.total if report is not None else (lambda what: 0)
        answers = self.crawler.stats.get_value("downloader/response_count", 0)
        minutes = max(time.monotonic() - self.began, 1.0) / 60
        seen = self.crawler.stats.get_value("newscrawl/stories/seen", 0)
        return Text.assemble(
            (f"{self.crawler.spidercls.name}  ", "bold"),
            f"{seen} stories, ",
            (f"{total('exported')} exported", "green"),
            ", ",
            (f"{total('withheld')} withheld", "yellow"),
            f", {answers / minutes:.0f} answers a minute, {plain(self.host)}",
            no_wrap=True,
            overflow="ellipsis",
        )

    def show(self) -> None:
        """Draws the line anew."""
        if self.live is not None:
            self.live.update(self.line(), refresh=True)

    def spider_closed(self) -> None:
        if self._timer.running:
            self._timer.stop()
        for handler, stream in self._handlers:
            handler.setStream(stream)
        self._handlers.clear()
        if self.live is not None:
            self.live.stop()


def table(report: RunReport) -> Table:
    """What became of each site's stories; columns in which nothing stands are left out."""
    counts = report.counts()
    shown = [what for what in COLUMNS if any(one.get(what) for one in counts.values())]
    made = Table(title=None, show_footer=True)
    made.add_column("site", footer="all")
    for what in shown:
        total = sum(one.get(what, 0) for one in counts.values())
        made.add_column("not fetched" if what == "refused" else what, footer=str(total), justify="right")
    for site, one in counts.items():
        made.add_row(Text(plain(site)), *(str(one[what]) if one.get(what) else "" for what in shown))
    return made
