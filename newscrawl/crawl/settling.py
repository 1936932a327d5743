"""Takes what a crawl has loaded out of the search for cycles: a quarter of a million objects that stay to the end."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Self

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

STORIES = 32
"""So many stories in, the rules and models of a crawl are loaded; each look through them takes a tenth of a second."""


class Settling:
    """Extension. What is in a cycle at that moment stays until the crawl ends: a few requests under way."""

    def __init__(self, crawler: Crawler) -> None:
        self.seen = 0
        crawler.signals.connect(self.count, signal=signals.item_scraped)
        crawler.signals.connect(self.count, signal=signals.item_dropped)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def count(self) -> None:
        """Freezes at the thirty-second item."""
        self.seen += 1
        if self.seen == STORIES:
            gc.collect()
            gc.freeze()

    def spider_closed(self) -> None:
        """Gives everything back, for processes that go on after a crawl."""
        gc.unfreeze()
