"""Crawls the bundled demo: serves its small web on loopback for as long as the crawl takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from newscrawl.crawl.options import Options
from newscrawl.crawl.reader import Reader
from newscrawl.demo.server import LOOPBACK, DemoServer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings


class Demo(Reader):
    """`scrapy crawl demo`: a dozen made-up sites, some of which say no, each in its own way."""

    name = "demo"
    server: DemoServer

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("NEWSCRAWL_HOSTS", dict.fromkeys(DemoServer.names(), LOOPBACK), priority="spider")
        settings.set("DOWNLOAD_DELAY", 0, priority="spider")
        settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.server = DemoServer(port=Options.of(crawler.settings).demo_port)
        spider.server.__enter__()
        spider.starts = spider.server.starts
        crawler.signals.connect(spider.stop_serving, signal=signals.spider_closed)
        return spider

    def parse(self, response: Response, first: bool = True, depth: int = 0, **kwargs: Any) -> Iterator[Any]:
        """Reads a listing of the demo; `scrapy check` asks for one.

        @url http://kabarkilat.test:8731/
        @returns requests 1
        """
        return super().parse(response, first, depth, **kwargs)

    def stop_serving(self) -> None:
        """Stops the demo's server."""
        self.server.stop()
