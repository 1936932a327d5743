"""Crawls any aggregator: a listing page, a feed or a sitemap, by its address."""

from __future__ import annotations

from typing import Any

from newscrawl.crawl.reader import Reader, addresses


class Aggregator(Reader):
    """`scrapy crawl aggregator -a url=https://…[,https://…] [-a urls=FILE] [-a pages=20] [-a stories=500]`."""

    name = "aggregator"

    def __init__(self, *args: Any, url: str | None = None, urls: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts = self.typed_urls = addresses(url, urls)
