"""Holds the archive for one crawl: opens it, commits on time, keeps what the crawl learnt of sites, closes it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, cast

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from twisted.internet.task import LoopingCall

from newscrawl import record
from newscrawl.archive import Archive, ArchiveAway, ArchiveError, ArchiveFenced, Copies, Entry, Latest
from newscrawl.clean import SiteMemory
from newscrawl.crawl.options import Options
from newscrawl.crawl.ownership import Ownership, host_of
from newscrawl.crawl.wire import cut_off
from newscrawl.keyring import Moments, key_of_story
from newscrawl.model import Article, Withheld

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request
    from twisted.internet.base import ReactorBase

logger = logging.getLogger(__name__)
COMMIT_SECONDS = 0.25
KEEP_EVERY = 40  # commits: what was learnt of sites is written every ten seconds
FAILED = "newscrawl/archive/failed"
LATER = "newscrawl/archive/later"
REASONS = {ArchiveFenced: "lease_lost", ArchiveAway: "index_away", ArchiveError: "archive_write_error"}
"""What a crawl ends with when its archive cannot go on; the first that fits."""
MEMORY = "memory"
YOUNG = "young"


def run_id(spider: str) -> str:
    """A name for this run: when, which process, which spider; it becomes part of file names."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-{spider}"


def open_archive(crawler: Crawler, starts: Iterable[str] = ()) -> Archive | None:
    """The archive of the crawl's settings; None where they name none. `starts`: the addresses it begins with.

    Where NEWSCRAWL_INDEX names a database, the crawl owns its host from now on: `crawler.newscrawl_owner`.

    Raises:
        ArchiveLocked, ArchiveFull, ArchiveAway, ArchiveError: as `Archive.open` and `Ownership.take`.
        OptionError: a setting that cannot be.
    """
    options = Options.of(crawler.settings)
    if options.archive is None:
        return None
    run = run_id(crawler.spidercls.name)
    if not options.index:
        return Archive.open(options.archive, run=run, clock=time.time, link=True)
    owner = Ownership.take(options, host_of(crawler.spidercls, starts), beat=lambda: _beat(crawler))
    try:
        archive = Archive.open(
            options.archive, run=run, worker=owner.worker, clock=time.time, link=True, shared=owner.backing
        )
    except BaseException:
        owner.let_go()
        raise
    crawler.newscrawl_owner = owner  # type: ignore[attr-defined]
    return archive


def owner_of(crawler: Crawler) -> Ownership | None:
    """What a crawl holds of a cluster; None on a single machine."""
    held = getattr(crawler, "newscrawl_owner", None)
    return held if isinstance(held, Ownership) else None


def _beat(crawler: Crawler) -> None:
    """Tells the watchdog that we wait for the database, and do not hang."""
    from newscrawl.crawl.watchdog import Watchdog

    watchdog = crawler.get_extension(Watchdog) if crawler.extensions else None
    if watchdog is not None and watchdog.listening:
        watchdog.beat()


class Archiver:
    """Extension: the one owner of the archive in a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        held = getattr(crawler, "newscrawl_archive", None)
        starts = getattr(crawler.spider, "starts", ())
        self.archive = held if isinstance(held, Archive) else open_archive(crawler, starts)
        self.owner = owner_of(crawler)
        self.copies = Copies(None) if self.archive is None else None
        self.memory = SiteMemory()
        self.error: ArchiveError | None = None
        self.at: str | None = None
        """The page that is being worked on, for the watchdog."""
        self._learnt: set[str] = set()
        self._young = Moments()
        self._newest: dict[str, float] = {}  # not kept yet: all of them, every ten seconds, were megabytes
        self._commits = 0
        self.keepers: list[Callable[[], None]] = []
        self.endings: list[Callable[[str], None]] = []
        """Called with the reason of the end, while the archive is still open."""
        self._timer = LoopingCall(self.tick)
        self._recalled: set[str] = set()
        if self.owner is not None:
            self.owner.keeper.lost = self._lost
            crawler.newscrawl_turn = self.turn  # type: ignore[attr-defined]
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        if self.archive is not None:
            for state in self.archive.states(MEMORY).values() if self.owner is None else ():
                if isinstance(state, dict):
                    self.memory.load(state)
            for first in self._kept_young():
                if isinstance(first, dict):
                    for story, at in first.items():
                        self._young.put(key_of_story(str(story)), float(at))
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _kept_young(self) -> Iterable[object]:
        """The young stories of earlier runs: among many crawls, one record of each host, by its owner."""
        assert self.archive is not None
        if self.owner is not None:
            return (self.archive.state(YOUNG, self.owner.host),)
        return self.archive.states(YOUNG).values()

    def _keep_young(self) -> None:
        assert self.archive is not None
        if self.owner is not None:
            self.archive.keep(YOUNG, self.owner.host, self._fresh())
        elif self._newest:
            last = time.time() + self.options.revisit_hours * 3600
            self.archive.keep(YOUNG, f"stories {time.time_ns()}", self._newest, expires=last)
        self._newest = {}

    def _lost(self) -> None:
        """Called from the keeper's thread."""
        from twisted.internet import reactor

        cast("ReactorBase", reactor).callFromThread(self._stop_at_once)

    def _stop_at_once(self) -> None:
        if self.owner is not None and self.archive is not None:
            self.fail(self.owner.lost())
            cut_off(self.crawler)

    async def turn(self, request: Request) -> None:
        """Waits until a request may be made, just before it is. IgnoreRequest where it may not, any more."""
        if self.owner is None:
            return
        if self.error is not None:
            raise IgnoreRequest(f"{request.url}: not asked: {self.error}")
        engine = self.crawler.engine
        slot = engine.downloader.slots.get(engine.downloader.get_slot_key(request)) if engine is not None else None
        try:
            await self.owner.turn(self.crawler, request, max(self._delay, slot.delay if slot is not None else 0.0))
        except ArchiveError as error:
            self.fail(error)
            raise IgnoreRequest(f"{request.url}: not asked: {error}") from error

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
            self.fail(error)

    def fail(self, error: ArchiveError) -> None:
        """Ends the crawl, since its archive cannot go on; the first error is the one that is told."""
        if self.error is not None:
            return
        self.error = error
        self.crawler.stats.set_value(FAILED, str(error))
        if isinstance(error, ArchiveAway | ArchiveFenced):
            self.crawler.stats.set_value(LATER, True)
        logger.error("%s", error)
        if self.crawler.engine is not None and self.crawler.spider is not None:
            from scrapy.utils.defer import deferred_from_coro

            reason = next(told for kind, told in REASONS.items() if isinstance(error, kind))
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=reason))

    def known(self, story: str) -> bool:
        """Whether a story is in the archive and too old to be looked at again."""
        if self.archive is None or self.error is not None:
            return False
        try:
            return self.archive.latest(story) is not None and not self._is_young(story)
        except ArchiveError as error:
            self.fail(error)
            return False

    def latest(self, story: str) -> Latest | None:
        """The newest article of a story that the archive holds."""
        if self.archive is None or self.error is not None:
            return None
        try:
            return self.archive.latest(story)
        except ArchiveError as error:
            self.fail(error)
            return None

    def recall(self, site: str) -> None:
        """Remembers what was learnt of a site; on a single machine that was done at the start, for all of them."""
        if self.owner is None or site in self._recalled:
            return
        self._recalled.add(site)
        state = self.state(MEMORY, site)
        if isinstance(state, dict):
            self.memory.load(state)

    def _fresh(self) -> dict[str, float]:
        oldest = self._oldest()
        return {f"{story:016x}": at for story, at in self._young if at >= oldest}

    def _oldest(self) -> float:
        return time.time() - self.options.revisit_hours * 3600

    def _is_young(self, story: str) -> bool:
        at = self._young.get(key_of_story(story))
        return at is not None and at >= self._oldest()

    def start(self, url: str) -> bool:
        """Notes that a page is about to be worked on; False: it took the process down twice, leave it."""
        self.at = url
        if self.archive is None or self.error is not None:
            return True
        try:
            return self.archive.start(url)
        except ArchiveError as error:
            self.fail(error)
            return True

    def finish(self, url: str) -> None:
        """Notes that a page was worked on."""
        self.at = None
        if self.archive is None or self.error is not None:
            return
        try:
            self.archive.finish(url)
        except ArchiveError as error:
            self.fail(error)

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
            self.fail(error)
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
            self.fail(error)
            return False
        if not self._is_young(story):
            self._newest[story] = at = time.time()
            self._young.put(key_of_story(story), at)
        return stored

    def withhold(self, withheld: Withheld) -> bool:
        """Writes the ledger line of a page that may not leave; False where the same line stands there already."""
        if self.archive is None or self.error is not None:
            return self.archive is None
        story, _, version = withheld.id.partition("-")
        try:
            return self._entry("withheld", withheld.id, withheld, story, version, record.withheld_record(withheld))
        except ArchiveError as error:
            self.fail(error)
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
        if self.archive is None or self.error is not None:
            return None
        try:
            return self.archive.state(kind, key)
        except ArchiveError as error:
            self.fail(error)
            return None

    def keep(self, kind: str, key: str, value: object, *, seconds: float) -> None:
        """Keeps a JSON value between runs, for some seconds."""
        if self.archive is None or self.error is not None:
            return
        try:
            self.archive.keep(kind, key, value, expires=time.time() + seconds)
        except ArchiveError as error:
            self.fail(error)

    def _keep(self) -> None:
        if self.archive is None:
            return
        for site in sorted(self._learnt):
            self.archive.keep(MEMORY, site, self.memory.to_state(site))
        self._learnt.clear()
        for keep in self.keepers:  # others who learn of hosts; every ten seconds, and before the end
            keep()
        self._keep_young()

    def spider_closed(self, reason: str) -> None:
        """Commits, keeps what was learnt, seals and lets go."""
        if self._timer.running:
            self._timer.stop()
        for tell in self.endings:
            tell(reason)
        if self.copies is not None:
            self.copies.close()
        if self.archive is None:
            return
        for last in (self._keep, self.archive.close):  # the second even where the first fails
            try:
                if self.error is None or last == self.archive.close:
                    last()
            except ArchiveError as error:
                self.fail(error)
        if self.owner is not None:
            self.owner.let_go()
