"""A spider whose start address nobody typed, so that no private address is open to it."""

from collections.abc import AsyncIterator
from typing import Any

import scrapy

from newscrawl.crawl.reader import Reader


class Turning(Reader):
    """Starts at TURNING_URL."""

    name = "tests.turning"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        yield self._listing(self.settings["TURNING_URL"], first=True)

    def closed(self, reason: str) -> Any:
        """Nothing."""
