"""The bare Scrapy spiders that newscrawl is held against: they follow the listing and yield next to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.http import Response


class Bare(scrapy.Spider):
    """`-a mode=trivial` yields the address alone, `-a mode=parsel` title and paragraphs by selectors."""

    name = "bare"
    custom_settings = {"ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False}  # noqa: RUF012

    def __init__(self, url: str = "", mode: str = "trivial", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [url]
        self.mode = mode

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        for link in response.css("main h2 a::attr(href)").getall():
            yield response.follow(link, self.story)
        for link in response.css("a[rel=next]::attr(href)").getall():
            yield response.follow(link, self.parse)

    def story(self, response: Response) -> Iterator[dict[str, object]]:
        if self.mode == "trivial":
            yield {"url": response.url}
        else:
            yield {
                "url": response.url,
                "title": response.css("h1::text").get(),
                "text": [" ".join(part.css("::text").getall()) for part in response.css("article p")],
            }
