"""A spider like any other, for Scrapy alone: asks for the addresses that it is given, yields the text of each.

The names of the demo lead to loopback by way of Scrapy's own cache of names.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.http import Response
from scrapy.resolver import dnscache
from scrapy.utils.httpobj import urlparse_cached


class Alone(scrapy.Spider):
    """`-a urls=FILE [-a kill=N]`: after N items the process kills itself, as kill -9 would."""

    name = "alone"
    custom_settings = {"TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": True}  # noqa: RUF012 - Scrapy's own form

    def __init__(self, urls: str = "", kill: str = "0", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with open(urls, encoding="ascii") as file:
            self.start_urls = file.read().split()
        for url in self.start_urls:
            dnscache[urlparse_cached(scrapy.Request(url)).hostname or ""] = "127.0.0.1"
        self.kill, self.made = int(kill), 0

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, object]]:
        if self.kill and self.made == self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        self.made += 1
        yield {"url": response.url, "text": " ".join(response.css("p::text").getall())}
