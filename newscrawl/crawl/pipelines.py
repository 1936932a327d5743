"""The way of a story from found to kept, one concern a stage: source, gate, once, twins, keep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem, IgnoreRequest

from newscrawl import desk, markup
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.ending import stopping
from newscrawl.crawl.gatekeeper import Gatekeeper
from newscrawl.crawl.items import Gathered
from newscrawl.crawl.noticeboard import NoticeBoard
from newscrawl.crawl.options import Options
from newscrawl.crawl.runreport import RunReport
from newscrawl.model import AI_USES, Article, Decision, Signal, Verdict, Withheld
from newscrawl.rights.hostfiles import LABELS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


CLEANED = "#cleaned"
"""Behind the address of a page whose cleaning took the process down: what its reading did is counted by the address."""


class Stage:
    """What every stage of the way shares: the crawl's options, its archive, its report."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def archiver(self) -> Archiver:
        """The archive's owner in this crawl."""
        found = self.crawler.get_extension(Archiver)
        assert found is not None, "the add-on wires the archiver before the pipelines"
        return found

    @property
    def report(self) -> RunReport:
        """The crawl's report."""
        found = self.crawler.get_extension(RunReport)
        assert found is not None, "the add-on wires the run report before the pipelines"
        return found

    def drop(self, why: str) -> DropItem:
        """A refusal that is counted, and logged only where somebody debugs."""
        return DropItem(why, log_level="DEBUG")


class Source(Stage):
    """Gathers what is said of a story beside its page: by its site's other pages and terms, by its source's host."""

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Gathered) or item.found.story is None:
            return item
        try:
            return await self._beside(item)
        except IgnoreRequest as error:  # told to stop: the story is not seen, so the next run takes it again
            raise self.drop(str(error)) from error

    async def _beside(self, item: Gathered) -> Gathered:
        board = self.crawler.get_spider_middleware(NoticeBoard)
        gatekeeper = self.crawler.get_downloader_middleware(Gatekeeper)
        item = _with(item, board.of(item.found) if board is not None else ())
        source = item.found.story.source_url if item.found.story else None
        elsewhere = markup.host_of(source or "") not in ("", item.found.site)
        if gatekeeper is None or self._reserved(item):  # what is reserved already need not be asked for again
            return _with(item, (), ("terms", *(f"source {one}" for one in SOURCE_FILES if elsewhere)))
        known = gatekeeper.known
        item = _with(item, await known.documents(item.found.signals, item.found.page.url))
        said, was_read = await known.terms(item.found.site, item.found.terms)
        item = _with(item, said, () if was_read else ("terms",))
        if not source or not elsewhere:
            return item
        if not self.options.check_source:
            return _with(item, (), tuple(f"source {one}" for one in SOURCE_FILES))
        told = await gatekeeper.around(source)
        left = (*told.not_checked, *(() if item.around.source_read else ("page",)))
        item = _with(item, desk.of_source(told.signals), tuple(f"source {one}" for one in left))
        return replace(item, around=replace(item.around, source_robots=told.robots))

    def _reserved(self, item: Gathered) -> bool:
        verdict = desk.judge(
            item.found, use=self.options.use, licences=self.options.licences, signals=item.around.signals
        )
        return verdict.status is Decision.RESERVED


SOURCE_FILES = ("robots.txt", *LABELS.values(), "page")


def _with(item: Gathered, signals: tuple[Signal, ...], left: tuple[str, ...] = ()) -> Gathered:
    around = item.around
    return replace(
        item,
        around=replace(around, signals=(*around.signals, *signals), not_checked=(*around.not_checked, *left)),
    )


class Gate(Stage):
    """Judges, cleans, and lets an article pass; anything else goes to the ledger. Fails closed."""

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Gathered):
            return item
        around = item.around
        verdict = self._judged(item)
        if verdict.status is Decision.UNKNOWN and stopping(self.crawler):
            raise self.drop(f"{item.found.url}: not judged: the crawl was told to stop before its rights were known")
        self.archiver.recall(item.found.site)
        step = f"{item.found.page.url}{CLEANED}"
        if not self.archiver.start(step):
            self.crawler.stats.inc_value("newscrawl/stories/poison")
            raise self.drop(f"{item.found.url}: set aside: its cleaning was begun twice and never ended")
        try:
            result = desk.publish(
                item.found,
                verdict,
                memory=self.archiver.memory,
                robots=around.robots,
                source_robots=around.source_robots,
            )
        finally:
            self.archiver.finish(step)
        if isinstance(result, Article) and (host := self._unasked(item, result)):
            reason = Signal(
                protocol="robots",
                where="source",
                quote=result.source_url or "",
                value="the original's host was not asked",
                scope=AI_USES,
                says=Decision.UNKNOWN,
                host=host,
            )
            result = desk.withhold(item.found, self._judged(item, reason), robots=around.robots)
        if isinstance(result, Withheld):
            self.archiver.withhold(result)
            self.report.withheld(result)
            raise self.drop(f"{result.url}: withheld: {result.reason}")
        return result

    def _judged(self, item: Gathered, *further: Signal) -> Verdict:
        return desk.judge(
            item.found,
            use=self.options.use,
            licences=self.options.licences,
            signals=(*item.around.signals, *further),
            not_checked=item.around.not_checked,
        )

    def _unasked(self, item: Gathered, article: Article) -> str:
        """The host of an original that only cleaning came upon, so that nobody asked it; empty where there is none."""
        story = item.found.story
        asked = ("", item.found.site, markup.host_of(story.source_url or "") if story else "")
        host = markup.host_of(article.source_url or "")
        return "" if host in asked or not self.options.check_source else host


class Once(Stage):
    """Lets each version of a story pass once, and says which version it takes the place of."""

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Article) or self.archiver.archive is None:
            return item
        story = item.id.split("-", 1)[0]
        latest = self.archiver.latest(story)
        if latest is not None and latest.id == item.id:
            self.report.count(item.site, "unchanged")
            raise self.drop(f"{item.url}: unchanged")
        return replace(item, supersedes=latest.id) if latest is not None else item


class Twins(Stage):
    """Tells a copy of a story that was exported before: links it to the first one, or lets none but that pass."""

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Article):
            return item
        first = self.archiver.original(item)
        if first is None:
            return item
        self.report.count(item.site, "duplicate")
        if self.options.duplicates == "drop":
            raise self.drop(f"{item.url}: duplicate of {first}")
        return replace(item, duplicate_of=first, flags=(*item.flags, "duplicate"))


class Keep(Stage):
    """Puts the article where nothing is lost; only then may it go on to FEEDS."""

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Article):
            return item
        if not self.archiver.put(item):
            self.report.count(item.site, "not_stored" if self.archiver.error else "unchanged")
            raise self.drop(f"{item.url}: not stored")
        self.report.exported(item)
        return item
