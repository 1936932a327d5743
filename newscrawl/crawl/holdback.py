"""Holds back a site's first stories until its memory knows what repeats there, so that a first run is warm too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.items import Gathered
from newscrawl.crawl.options import Options
from newscrawl.record import story_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

FLUSH = "about:newscrawl-held-stories"


class Holdback:
    """Spider middleware. Nothing is lost: what is held is not yet "seen", and leaves when the spider falls idle."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = Options.of(crawler.settings).hold
        self.held: dict[str, list[Gathered]] = {}
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        for one in result:
            yield from self._through(one)

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for one in result:
            for passed in self._through(one):
                yield passed

    def _through(self, one: Any) -> Iterator[Any]:
        if not isinstance(one, Gathered) or one.held or one.found.story is None:
            yield one
            return
        archiver = self.crawler.get_extension(Archiver)
        if archiver is None or not self.most:
            yield one
            return
        site = one.found.site
        archiver.recall(site)
        if archiver.memory.learn(one.found.story.text, site=site, story=story_key(one.found.url)):
            archiver.learnt(site)
        waiting = self.held.setdefault(site, [])
        waiting.append(replace(one, held=True))
        if archiver.memory.warm(site) or len(waiting) >= self.most:
            yield from self.held.pop(site)
        else:
            self.crawler.stats.inc_value("newscrawl/holdback/held")

    def spider_idle(self) -> None:
        """Nothing more to fetch: sends what is still held on its way, through a request that never leaves."""
        if self.held and self.crawler.engine is not None:
            self.crawler.engine.crawl(Request(FLUSH, callback=self.release, dont_filter=True))
            raise DontCloseSpider

    def release(self, response: Response) -> Iterator[Gathered]:
        """Yields every story that is still held."""
        for site in tuple(self.held):
            yield from self.held.pop(site)
