"""A spider for tests that asks for pages in ways that no request may be asked in."""

import os
from collections.abc import AsyncIterator
from typing import Any

import scrapy


class Naughty(scrapy.Spider):
    """`url` from the environment, once with each of the keys that would open a door."""

    name = "naughty"

    async def start(self) -> AsyncIterator[Any]:
        url = os.environ["NAUGHTY_URL"]
        for number, meta in enumerate(({"dont_obey_robotstxt": True}, {"newscrawl_gate": True}, {})):
            yield scrapy.Request(f"{url}?{number}", meta=meta, callback=self.parse)

    def parse(self, response: scrapy.http.Response) -> None:
        """Nothing."""
