"""Holds the archive for one crawl: opens it, commits on time, keeps what the crawl learnt of sites, closes it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy import signals
from twisted.internet.task import LoopingCall

from newscrawl import record
from newscrawl.archive import Archive, ArchiveError, Copies, Entry
from newscrawl.clean import SiteMemory
from newscrawl.crawl.options import Options
from newscrawl.model import Article, Withheld

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)
COMMIT_SECONDS = 0.25
KEEP_EVERY = 40  # commits: what was learnt of sites is written every ten seconds
FAILED = "newscrawl/archive/failed"
MEMORY = "memory"
YOUNG = "young"


def run_id(spider: str) -> str:
    """A name for this run: when, which process, which spider; it becomes part of file names."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-{spider}"


def open_archive(crawler: Crawler) -> Archive | None:
    """The archive of the crawl's settings; None where they name none.

    Raises:
        ArchiveLocked, ArchiveFull, ArchiveError: as `Archive.open`.
        OptionError: a setting that cannot be.
    """
    path = Options.of(crawler.settings).archive
    return Archive.open(path, run=run_id(crawler.spidercls.name), clock=time.time, link=True) if path else None


class Archiver:
    """Extension: the one owner of the archive in a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        held = getattr(crawler, "newscrawl_archive", None)
        self.archive = held if isinstance(held, Archive) else open_archive(crawler)
        self.copies = Copies(None) if self.archive is None else None
        self.memory = SiteMemory()
        self.error: ArchiveError | None = None
        self.at: str | None = None
        """The page that is being worked on, for the watchdog."""
        self._learnt: set[str] = set()
        self._young: dict[str, float] = {}
        self._commits = 0
        self.keepers: list[Callable[[], None]] = []
        self._timer = LoopingCall(self.tick)
        if self.archive is not None:
            for state in self.archive.states(MEMORY).values():
                if isinstance(state, dict):
                    self.memory.load(state)
            for first in self.archive.states(YOUNG).values():
                if isinstance(first, dict):
                    self._young |= {str(story): float(at) for story, at in first.items()}
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def spider_opened(self) -> None:
        if self.archive is not None:
            self._timer.start(COMMIT_SECONDS, now=False)

    def tick(self) -> None:
        """Commits what is due."""
        if self.archive is None or self.error is not None:
            return
        try:
            if self.archive.due():
                self.archive.commit()
            self._commits += 1
            if self._commits % KEEP_EVERY == 0:
                self._keep()
        except ArchiveError as error:
            self._fail(error)

    def _fail(self, error: ArchiveError) -> None:
        if self.error is not None:
            return
        self.error = error
        self.crawler.stats.set_value(FAILED, str(error))
        logger.error("%s", error)
        if self.crawler.engine is not None and self.crawler.spider is not None:
            from scrapy.utils.defer import deferred_from_coro

            deferred_from_coro(self.crawler.engine.close_spider_async(reason="archive_write_error"))

    def known(self, story: str) -> bool:
        """Whether a story is in the archive and too old to be looked at again."""
        if self.archive is None or self.error is not None:
            return False
        try:
            return self.archive.latest(story) is not None and story not in self._fresh()
        except ArchiveError as error:
            self._fail(error)
            return False

    def _fresh(self) -> dict[str, float]:
        oldest = time.time() - self.options.revisit_hours * 3600
        if any(at < oldest for at in list(self._young.values())[:1]):
            self._young = {story: at for story, at in self._young.items() if at >= oldest}
        return self._young

    def start(self, url: str) -> bool:
        """Notes that a page is about to be worked on; False: it took the process down twice, leave it."""
        self.at = url
        if self.archive is None or self.error is not None:
            return True
        try:
            return self.archive.start(url)
        except ArchiveError as error:
            self._fail(error)
            return True

    def finish(self, url: str) -> None:
        """Notes that a page was worked on."""
        self.at = None
        if self.archive is None or self.error is not None:
            return
        try:
            self.archive.finish(url)
        except ArchiveError as error:
            self._fail(error)

    def learnt(self, site: str) -> None:
        """A site's memory has grown and is to be kept."""
        self._learnt.add(site)

    def original(self, article: Article) -> str | None:
        """The id of the first article that this one is a copy of: in the archive, or (without one) in this run."""
        story = article.id.split("-", 1)[0]
        if self.copies is not None:
            return self.copies.original(article.text, story=story)
        if self.archive is None or self.error is not None:
            return None
        try:
            return self.archive.original(article.text, story=story)
        except ArchiveError as error:
            self._fail(error)
            return None

    def put(self, article: Article) -> bool:
        """Stores an article and the ledger of its cuts; False where it is there already, or the disk refused."""
        if self.copies is not None:
            story = article.id.split("-", 1)[0]
            self.copies.put(id_=article.id, text=article.text, story=story, first=article.duplicate_of)
        if self.archive is None:
            return True
        if self.error is not None:
            return False
        story, version = article.id.split("-", 1)
        try:
            if article.cleaned.removals or article.field_removals or article.cleaned.suspects:
                self._entry("cuts", article.id, article, story, version, record.cuts_record(article))
            stored = self._entry("articles", article.id, article, story, version, record.article_record(article))
        except ArchiveError as error:
            self._fail(error)
            return False
        self._young.setdefault(story, time.time())
        return stored

    def withhold(self, withheld: Withheld) -> bool:
        """Writes the ledger line of a page that may not leave; False where the same line stands there already."""
        if self.archive is None or self.error is not None:
            return self.archive is None
        story, _, version = withheld.id.partition("-")
        try:
            return self._entry("withheld", withheld.id, withheld, story, version, record.withheld_record(withheld))
        except ArchiveError as error:
            self._fail(error)
            return False

    def _entry(
        self, stream: record.Stream, id_: str, of: Article | Withheld, story: str, version: str, body: record.Record
    ) -> bool:
        assert self.archive is not None
        return self.archive.put(
            Entry(stream=stream, id=id_, url=of.url, site=of.site, version=version, story=story, line=record.line(body))
        )

    def state(self, kind: str, key: str) -> object:
        """A JSON value that an earlier run or this one kept."""
        return self.archive.state(kind, key) if self.archive is not None and self.error is None else None

    def keep(self, kind: str, key: str, value: object, *, seconds: float) -> None:
        """Keeps a JSON value between runs, for some seconds."""
        if self.archive is None or self.error is not None:
            return
        try:
            self.archive.keep(kind, key, value, expires=time.time() + seconds)
        except ArchiveError as error:
            self._fail(error)

    def _keep(self) -> None:
        if self.archive is None:
            return
        for site in sorted(self._learnt):
            self.archive.keep(MEMORY, site, self.memory.to_state(site))
        self._learnt.clear()
        for keep in self.keepers:  # others who learn of hosts; every ten seconds, and before the end
            keep()
        self.archive.keep(YOUNG, "stories", self._fresh())

    def spider_closed(self) -> None:
        """Commits, keeps what was learnt, seals and lets go."""
        if self._timer.running:
            self._timer.stop()
        if self.copies is not None:
            self.copies.close()
        if self.archive is None:
            return
        for last in (self._keep, self.archive.close):  # the second even where the first fails
            try:
                if self.error is None or last == self.archive.close:
                    last()
            except ArchiveError as error:
                self._fail(error)
