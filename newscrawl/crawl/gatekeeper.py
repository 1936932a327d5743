"""Lets a request through only where the rules of its host were read and allow it; refuses, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from newscrawl import desk, markup
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.asking import ours, slow
from newscrawl.crawl.holdback import FLUSH
from newscrawl.crawl.items import RIGHTS, Surroundings
from newscrawl.crawl.options import Options
from newscrawl.crawl.pages import HOPS
from newscrawl.crawl.patience import Patience
from newscrawl.crawl.runreport import RunReport
from newscrawl.crawl.wellknown import WellKnown
from newscrawl.model import RobotsSnapshot
from newscrawl.rights import answers
from newscrawl.rights.hostfiles import LABELS, authority_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Gatekeeper:
    """Downloader middleware: no page before its host's robots.txt and files of rights were read; unreachable closes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        self.known = WellKnown(crawler, self.options)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        if request.url.startswith(FLUSH):
            return Response(request.url)
        if ours(request):
            return None
        if request.meta.get("dont_obey_robotstxt"):
            raise self._refuse(request, "dont_obey_robotstxt", "a request may not switch robots.txt off: drop the key")
        patience = self.crawler.get_downloader_middleware(Patience)
        if patience is not None and patience.left(request.url):
            raise patience.refusal(request)
        answer = await self.known.robots(authority_of(request.url))
        match = answer.match(request.url, self.options.agent)
        if not match.allowed:
            why = "robots_disallow" if answer.reachable else "robots_unreachable"
            raise self._refuse(request, why, match.rule or answer.why, await self.around(request.url))
        delay = answer.crawl_delay(self.options.agent) or 0.0
        if delay > self.options.max_crawl_delay:
            raise self._refuse(request, "crawl_delay", f"Crawl-delay {delay:g} is above NEWSCRAWL_MAX_CRAWL_DELAY")
        around = await self.around(request.url)
        self._pace(request, delay)
        earlier = request.meta.get(RIGHTS)
        if request.meta.get(HOPS) and isinstance(earlier, Surroundings):  # what a hop's host said counts too
            around = replace(
                around,
                signals=tuple(dict.fromkeys((*earlier.signals, *around.signals))),
                not_checked=tuple(dict.fromkeys((*earlier.not_checked, *around.not_checked))),
            )
        request.meta[RIGHTS] = around
        return None

    async def around(self, url: str) -> Surroundings:
        """What the host of a URL says of it outside the page; asks the host where it has not been asked."""
        answer = await self.known.robots(authority_of(url))
        signals = answer.signals(url, self.options.agent, infer=self.options.infer)
        left = tuple(LABELS.values())
        if answer.match(url, self.options.agent).allowed:
            said, left = await self.known.files(url, answer)
            signals = (*signals, *said, *await self.known.documents(signals, url))
        return Surroundings(signals=signals, robots=self._snapshot(answer, url), not_checked=left)

    def _snapshot(self, answer: answers.Answer, url: str) -> RobotsSnapshot:
        return answer.snapshot(f"{authority_of(url)}/robots.txt", url, self.options.agent)

    def _pace(self, request: Request, delay: float) -> None:
        """Keeps a Crawl-delay. A redirected request carries the slot of the host it came from, which is not its own."""
        hops = request.meta.get(HOPS, ())
        slot = request.meta.get("download_slot")
        if slot is not None and slot in {markup.host_of(hop.url) for hop in hops}:
            del request.meta["download_slot"]
        if delay and self.crawler.engine is not None:
            slow(self.crawler.engine, request, delay)

    def _refuse(self, request: Request, why: str, detail: str, around: Surroundings | None = None) -> IgnoreRequest:
        """Counts a refusal, writes it to the ledger where a right is the reason, and makes the exception of it."""
        self.crawler.stats.inc_value(f"newscrawl/gatekeeper/refused/{why}")
        report = self.crawler.get_extension(RunReport)
        if report is not None:
            report.refused(markup.host_of(request.url), why)
        archiver = self.crawler.get_extension(Archiver)
        if archiver is not None and around is not None:
            refusal = desk.refuse(request.url, around.signals, robots=around.robots, fetched=datetime.now(UTC))
            archiver.withhold(refusal)
        return IgnoreRequest(f"{request.url}: not fetched: {why.replace('_', ' ')}: {detail}")
