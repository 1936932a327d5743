"""Asks a host for its rules before anything else of it is fetched; refuses, and says why."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from newscrawl import desk, markup
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.holdback import FLUSH
from newscrawl.crawl.items import GATE, RIGHTS, Surroundings
from newscrawl.crawl.options import Options
from newscrawl.crawl.pages import HOPS, pairs
from newscrawl.crawl.runreport import RunReport
from newscrawl.model import RobotsSnapshot, Signal
from newscrawl.rights import answers, wellknown

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_HOPS = 5  # RFC 9309 §2.3.1.2
STANDING = "robots"
PAUSE = "pause"
TDMREP = "tdmrep"
DAY = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file of a host's own rules, as it came, or why it did not."""

    status: int | None = None
    body: bytes = b""
    error: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    at: datetime


def authority_of(url: str) -> str:
    """Scheme, host and port: what a robots.txt speaks for (RFC 9309 §2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


class Gatekeeper:
    """Downloader middleware: no page before its host's robots.txt and TDMRep were read; unreachable rules close it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        self.standings: dict[str, answers.Standing] = {}
        self.tdmreps: dict[str, wellknown.TdmRep] = {}
        self.pauses: dict[str, float] = {}
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        if request.url.startswith(FLUSH):
            return Response(request.url)
        if request.meta.get(GATE):
            return None
        if request.meta.get("dont_obey_robotstxt"):
            raise self._refuse(request, "dont_obey_robotstxt", "a request may not switch robots.txt off: drop the key")
        authority = authority_of(request.url)
        if self._paused(authority) > time.time():
            raise self._refuse(request, "backing_off", "the host asked us to stay away for a while")
        answer = await self._robots(authority)
        around = await self.around(request.url)
        match = answer.match(request.url, self.options.agent)
        if not match.allowed:
            why = "robots_disallow" if answer.reachable else "robots_unreachable"
            raise self._refuse(request, why, match.rule or answer.why, around)
        delay = answer.crawl_delay(self.options.agent) or 0.0
        if delay > self.options.max_crawl_delay:
            raise self._refuse(request, "crawl_delay", f"Crawl-delay {delay:g} is above NEWSCRAWL_MAX_CRAWL_DELAY")
        self._slow(request, delay)
        if request.meta.get(HOPS):  # what a hop's host said counts too
            earlier = request.meta.get(RIGHTS)
            if isinstance(earlier, Surroundings):
                around = replace(around, signals=(*earlier.signals, *around.signals))
        request.meta[RIGHTS] = around
        return None

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in (429, 503) and not request.meta.get(GATE):
            wait = None
            for value in response.headers.getlist("Retry-After"):
                wait = answers.retry_after(value.decode("latin-1"), datetime.now(UTC))
            authority = authority_of(request.url)
            seconds = answers.back_off(1, wait)
            self.pauses[authority] = time.time() + seconds
            self._count("asked_to_wait")
            archiver = self.crawler.get_extension(Archiver)
            if archiver is not None:
                archiver.keep(PAUSE, authority, self.pauses[authority], seconds=seconds)
        return response

    async def around(self, url: str) -> Surroundings:
        """What the host of a URL says of it outside the page; asks the host where it has not been asked."""
        authority = authority_of(url)
        answer = await self._robots(authority)
        signals: list[Signal] = list(answer.signals(url, self.options.agent, infer=self.options.infer))
        left: tuple[str, ...] = ()
        if answer.match(f"{authority}/.well-known/tdmrep.json", self.options.agent).allowed:
            signals += (await self._tdmrep(authority)).signals(url)
        else:
            left = ("tdmrep.json",)
        return Surroundings(signals=tuple(signals), robots=self._snapshot(answer, authority, url), not_checked=left)

    def _snapshot(self, answer: answers.Answer, authority: str, url: str) -> RobotsSnapshot:
        return answer.snapshot(f"{authority}/robots.txt", url, self.options.agent)

    async def _robots(self, authority: str) -> answers.Answer:
        """The answer in force, asked for at most once at a time."""
        async with self.locks[authority]:
            now = datetime.now(UTC)
            standing = self.standings.get(authority) or self._kept(authority)
            ttl = timedelta(seconds=self.options.robots_ttl)
            if standing is None or standing.due(now, ttl=ttl):
                fetched = await self._fetch(f"{authority}/robots.txt")
                answer = answers.judge(fetched.status, fetched.body, fetched.error, fetched.headers, fetched.at)
                standing = standing.after(answer) if standing else answers.first(answer)
                self._count(f"robots/{answer.kind}")
                self._keep(STANDING, authority, standing.to_state())
            self.standings[authority] = standing
            return standing.in_force(datetime.now(UTC))

    def _kept(self, authority: str) -> answers.Standing | None:
        archiver = self.crawler.get_extension(Archiver)
        state = archiver.state(STANDING, authority) if archiver else None
        if not isinstance(state, dict):
            return None
        try:
            return answers.Standing.from_state(state)
        except ValueError:
            return None

    async def _tdmrep(self, authority: str) -> wellknown.TdmRep:
        async with self.locks[f"{authority} tdmrep"]:
            if authority not in self.tdmreps:
                fetched = await self._fetch(f"{authority}/.well-known/tdmrep.json")
                self.tdmreps[authority] = wellknown.judge_tdmrep(
                    fetched.status, fetched.body, fetched.error, fetched=fetched.at
                )
                self._count(f"tdmrep/{self.tdmreps[authority].state}")
            return self.tdmreps[authority]

    async def _fetch(self, url: str) -> Fetched:
        """A file of a host's rules, over at most five redirects, across hosts too; each hop passes the guard."""
        for _ in range(MAX_HOPS + 1):
            request = Request(
                url,
                callback=NO_CALLBACK,
                priority=1000,
                dont_filter=True,
                meta={
                    GATE: True,
                    "dont_redirect": True,
                    "dont_retry": True,
                    "handle_httpstatus_all": True,
                    "allow_offsite": True,
                    "dont_cache": True,
                },
            )
            try:
                assert self.crawler.engine is not None
                response = await self.crawler.engine.download_async(request)
            except Exception as error:  # whatever it was, the rules were not read: fail closed
                return Fetched(error=f"{type(error).__name__}: {error}"[:300], at=datetime.now(UTC))
            at = datetime.now(UTC)
            target = response.headers.get("Location")
            if response.status not in (301, 302, 303, 307, 308) or not target:
                headers = tuple(pairs(response.headers))
                return Fetched(status=response.status, body=response.body, headers=headers, at=at)
            url = urljoin(url, target.decode("latin-1"))
        return Fetched(status=response.status, error=f"more than {MAX_HOPS} redirects", at=at)

    def _slow(self, request: Request, delay: float) -> None:
        """Makes the downloader keep at least `delay` seconds between two requests to the host."""
        engine = self.crawler.engine
        if not delay or engine is None:
            return
        key = engine.downloader.get_slot_key(request)
        slot = engine.downloader.slots.get(key)
        if slot is None:
            engine.downloader.per_slot_settings.setdefault(key, {"delay": delay, "concurrency": 1, "jitter": 0})
        elif slot.delay < delay:
            slot.delay = delay
            slot.concurrency = 1

    def _paused(self, authority: str) -> float:
        if authority not in self.pauses:
            archiver = self.crawler.get_extension(Archiver)
            until = archiver.state(PAUSE, authority) if archiver else None
            self.pauses[authority] = float(until) if isinstance(until, int | float) else 0.0
        return self.pauses[authority]

    def _keep(self, kind: str, key: str, value: object) -> None:
        archiver = self.crawler.get_extension(Archiver)
        if archiver is not None:
            archiver.keep(kind, key, value, seconds=2 * DAY)

    def _refuse(self, request: Request, why: str, detail: str, around: Surroundings | None = None) -> IgnoreRequest:
        """Counts a refusal, writes it to the ledger where a right is the reason, and makes the exception of it."""
        self._count(f"refused/{why}")
        report = self.crawler.get_extension(RunReport)
        if report is not None:
            report.refused(markup.host_of(request.url), why)
        archiver = self.crawler.get_extension(Archiver)
        if archiver is not None and around is not None:
            refusal = desk.refuse(request.url, around.signals, robots=around.robots, fetched=datetime.now(UTC))
            archiver.withhold(refusal)
        return IgnoreRequest(f"{request.url}: not fetched: {why.replace('_', ' ')}: {detail}")

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/gatekeeper/{what}")
