"""Stays away from a host that answers 429 or 503, for as long as it asks or longer, in this run and the next."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure

from newscrawl import markup
from newscrawl.crawl import steady
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.asking import ours
from newscrawl.crawl.runreport import RunReport
from newscrawl.rights import answers
from newscrawl.rights.hostfiles import authority_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

PAUSE = "pause"
QUIET = 1800.0
"""Seconds without a further 429 or 503 after which a host starts with a clean sheet."""
JITTER = 0.25
LONGEST = answers.DAY.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Until when a host is left alone (seconds since the epoch), and for the how-manieth time in a row."""

    until: float = 0.0
    strikes: int = 0

    def after(self, now: float, asked: float | None, jitter: float) -> Pause:
        """The pause once the host refused again: 60 s, doubling, a little more by chance, no less than it asked for.

        Refusals that arrive while a pause runs, to requests sent before it, are the same refusal.
        """
        asked = min(asked or 0.0, LONGEST)
        if now < self.until:
            return Pause(until=max(self.until, now + asked), strikes=self.strikes)
        strikes = self.strikes + 1 if now - self.until < QUIET else 1
        wait = min(answers.back_off(strikes) * (1 + jitter), LONGEST)
        return Pause(until=now + max(wait, asked), strikes=strikes)


def _of_state(state: object) -> Pause:
    if not isinstance(state, Mapping):
        return Pause()
    try:
        pause = Pause(until=float(state["until"]), strikes=int(state["strikes"]))
    except (KeyError, TypeError, ValueError):
        return Pause()
    return pause if pause.until - steady.now() <= LONGEST else Pause()  # a clock was wrong


class Patience:
    """Downloader middleware, which knows of an answer before the host's next turn: a 429 or 503 is no mishap."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.pauses: dict[str, Pause] = {}
        crawler.signals.connect(self.heard, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def left(self, url: str) -> float:
        """Seconds for which the host of a URL is still left alone; 0 where it may be asked."""
        return min(max(0.0, self._pause(authority_of(url)).until - steady.now()), LONGEST)

    def heard(self, response: Response, request: Request) -> None:
        """Takes note of a refusal, as it comes off the wire."""
        if response.status not in (429, 503):
            return
        waits = [
            wait
            for value in response.headers.getlist("Retry-After")
            if (wait := answers.retry_after(value.decode("latin-1"), datetime.now(UTC))) is not None
        ]
        # robots.txt has a back-off of its own; a 503 for a file that few sites have says little of the host
        if ours(request) and (request.url.endswith("/robots.txt") or (response.status == 503 and not waits)):
            return
        authority = authority_of(request.url)
        jitter = random.uniform(0, JITTER)  # noqa: S311 - it spreads requests, it hides nothing
        pause = self._pause(authority).after(steady.now(), max(waits, default=None), jitter)
        self.pauses[authority] = pause
        self.crawler.stats.inc_value("newscrawl/gatekeeper/asked_to_wait")
        archiver = self.crawler.get_extension(Archiver)
        if archiver is not None:
            state = {"until": pause.until, "strikes": pause.strikes}
            archiver.keep(PAUSE, authority, state, seconds=max(0.0, pause.until - steady.now()) + QUIET)
        self._recall(request)

    def refusal(self, request: Request) -> IgnoreRequest:
        """Counts a request that is not made while its host is left alone, and makes the exception of it."""
        self.crawler.stats.inc_value("newscrawl/gatekeeper/refused/backing_off")
        report = self.crawler.get_extension(RunReport)
        if report is not None:
            report.refused(markup.host_of(request.url), "backing_off")
        return IgnoreRequest(f"{request.url}: not fetched: backing off: the host asked us to stay away for a while")

    def _recall(self, request: Request) -> None:
        """Takes back what waits in the downloader for the host's turn: it had passed the gate before the refusal."""
        engine = self.crawler.engine
        slot = engine.downloader.slots.get(engine.downloader.get_slot_key(request)) if engine is not None else None
        if slot is None:
            return
        waiting = list(slot.queue)
        slot.queue.clear()
        for one, answer in waiting:
            if ours(one) or authority_of(one.url) != authority_of(request.url):
                slot.queue.append((one, answer))
            else:
                answer.errback(Failure(self.refusal(one)))  # type: ignore[no-untyped-call]

    def _pause(self, authority: str) -> Pause:
        if authority not in self.pauses:
            archiver = self.crawler.get_extension(Archiver)
            self.pauses[authority] = _of_state(archiver.state(PAUSE, authority) if archiver else None)
        return self.pauses[authority]
