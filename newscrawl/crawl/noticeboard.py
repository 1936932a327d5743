"""Learns which notices stand on a host's pages, and tells them of the pages that lost them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from newscrawl import desk
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.items import Gathered
from newscrawl.model import Signal
from newscrawl.record import story_key
from newscrawl.rights.hosts import HostNotices

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)
NOTICES = "notices"
KEPT = 60 * 86400.0
"""Seconds for which a host's notices are kept without being seen again."""


class NoticeBoard:
    """Spider middleware, before the stories are held back: what the last of them shows holds for the first."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.notices = HostNotices()
        self._changed: set[str] = set()
        self._recalled: set[str] = set()
        archiver = crawler.get_extension(Archiver)
        if archiver is None or archiver.archive is None:
            return
        archiver.keepers.append(self.keep)
        for voice, state in archiver.archive.states(NOTICES).items() if archiver.owner is None else ():
            self._load(voice, state)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _load(self, voice: str, state: object) -> None:
        self._recalled.add(voice)
        try:
            self.notices.load(voice, state)
        except ValueError as error:
            self.crawler.stats.inc_value("newscrawl/notices/damaged")
            logger.warning("%s", error)

    def _recall(self, voice: str) -> None:
        """Among many crawls the notices of many hosts are kept: those of one are read when it is met."""
        archiver = self.crawler.get_extension(Archiver)
        if archiver is None or archiver.owner is None or voice in self._recalled:
            return
        self._recalled.add(voice)
        state = archiver.state(NOTICES, voice)
        if state is not None:
            self._load(voice, state)

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        for one in result:
            self._learn(one)
            yield one

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for one in result:
            self._learn(one)
            yield one

    def _learn(self, one: Any) -> None:
        if not isinstance(one, Gathered) or one.found.story is None:
            return
        day = datetime.now(UTC).date()
        for voice, signals in desk.speakers(one.found).items():
            self._recall(voice)
            self.notices.learn(voice, story_key(one.found.url), signals, day=day, inside=one.found.inside)
            self._changed.add(voice)

    def of(self, found: desk.Found) -> tuple[Signal, ...]:
        """The notices that hold for a page although it does not show them."""
        day = datetime.now(UTC).date()
        told: list[Signal] = []
        for voice, signals in desk.speakers(found).items():
            self._recall(voice)
            told += self.notices.of(voice, day=day, besides=signals)
        if told:
            self.crawler.stats.inc_value("newscrawl/notices/host_level")
        return tuple(told)

    def keep(self) -> None:
        """Writes what was learnt to the archive."""
        archiver = self.crawler.get_extension(Archiver)
        for voice in sorted(self._changed):
            state = self.notices.to_state(voice)
            if state is not None and archiver is not None:
                archiver.keep(NOTICES, voice, state, seconds=KEPT)
        self._changed.clear()
