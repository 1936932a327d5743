"""A spider that hangs on pages that ask for it."""

import re
import time
from collections.abc import Iterator
from typing import Any

from newscrawl.crawl.spiders.aggregator import Aggregator


def blocked() -> None:
    """Hangs in Python."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        pass


class Blocking(Aggregator):
    """Hangs as a bad rule would, while a story is read."""

    name = "tests.blocking"

    def _story(self, page: Any, response: Any, lead: Any) -> Iterator[Any]:
        archiver = self._archiver()
        assert archiver is not None
        if archiver.start(page.url):
            if b"block the reactor" in page.body:
                blocked()
            if b"regex the reactor" in page.body:
                re.match(r"(?:a|a)*b", "a" * 60)
            archiver.finish(page.url)
        yield from super()._story(page, response, lead)
