"""Asks for the files that state a host's rules: bounded, strictly decoded, each hop past the guard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from scrapy import signals
from scrapy.core.downloader import Slot
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from newscrawl.crawl.ending import stopping
from newscrawl.crawl.items import GATE
from newscrawl.crawl.pages import pairs
from newscrawl.model import Hop, headers_of
from newscrawl.rights import hostfiles
from newscrawl.rights.hostfiles import MOST, authority_of

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler

MAX_HOPS = 5  # RFC 9309 §2.3.1.2
REDIRECTS = (301, 302, 303, 307, 308)
KEY = object()
"""What marks a request as ours. A spider that writes `newscrawl_gate: True` into its meta opens nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file of a host's own rules, as it came, or why it did not."""

    url: str
    status: int | None = None
    body: bytes = b""
    error: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    hops: tuple[Hop, ...] = ()
    at: datetime


def ours(request: Request) -> bool:
    """Whether a request is one of the gatekeeper's own."""
    return request.meta.get(GATE) is KEY


def slow(engine: ExecutionEngine, request: Request, delay: float) -> None:
    """Makes the downloader keep at least `delay` seconds between two requests to the host, the next one included."""
    downloader = engine.downloader
    key = downloader.get_slot_key(request)
    slot = downloader.slots.get(key)
    if slot is None:
        usual = downloader.settings.getfloat("DOWNLOAD_DELAY")
        slot = downloader.slots[key] = Slot(1, max(delay, usual), 0)
        slot.lastseen = monotonic()  # its robots.txt was read a moment ago
    elif slot.delay < delay or slot.jitter:
        slot.delay = max(delay, slot.delay)
    slot.concurrency, slot.jitter = 1, 0  # a jitter would go below what the host asks for
    downloader.per_slot_settings[key] = {"concurrency": 1, "delay": slot.delay, "jitter": 0}
    request.meta["autothrottle_dont_adjust_delay"] = True


def unpacked(response: Response) -> Response:
    """The answer without its content coding; Scrapy's own decoding would hand on the beginning of a torn stream.

    Raises:
        IgnoreRequest: a coding that was not asked for, or a stream that is torn.
    """
    coding = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
    if not coding:
        return response
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    if not 200 <= response.status < 300:
        return response.replace(headers=headers, body=b"")
    try:
        return response.replace(headers=headers, body=hostfiles.unpacked(response.body, coding))
    except ValueError as error:
        raise IgnoreRequest(str(error)) from error


class Unpacker:
    """Downloader middleware, nearer to the wire than Scrapy's decoding: unpacks what the gatekeeper asked for."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        return unpacked(response) if ours(request) else response


class Asker:
    """Fetches files of rules through the crawl's own downloader, so that the guard sees every hop."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._bytes: dict[Request, int] = {}
        crawler.signals.connect(self._received, signal=signals.bytes_received)

    async def ask(
        self,
        url: str,
        *,
        objection: Callable[[str], Awaitable[str | None]] | None = None,
        delay: float = 0.0,
        conditions: tuple[tuple[str, str], ...] = (),
    ) -> Fetched:
        """The file at a URL, over at most five redirects, across hosts too.

        objection: says of each address why it may not be asked, or None. delay: seconds that the host wants between
        two requests; without it the file does not wait behind the crawl's own delay. conditions: header fields for
        the first address alone, whose answer may then be a 304.

        Raises:
            IgnoreRequest: the crawl was told to stop meanwhile.
        """
        status: int | None = None
        hops: list[Hop] = []
        for _ in range(MAX_HOPS + 1):
            try:
                why = await objection(url) if objection is not None else None
                if why is not None:
                    return Fetched(url=url, error=why, at=datetime.now(UTC))
                response = await self._get(url, delay, () if hops else conditions)
            except Exception as error:  # whatever it was, the file was not read: fail closed
                if stopping(self.crawler):  # which says nothing of the host, and must not be kept
                    raise IgnoreRequest(f"{url}: not asked: the crawl was told to stop") from error
                return Fetched(url=url, error=f"{type(error).__name__}: {error}"[:300], at=datetime.now(UTC))
            status = response.status
            target = response.headers.get("Location")
            if status == 206:  # a part, and nobody asked for one: what it leaves out may be a rule
                return Fetched(url=url, status=status, error="answered 206, a part of it", at=datetime.now(UTC))
            if status not in REDIRECTS or not target:
                return Fetched(
                    url=url,
                    status=status,
                    body=response.body[:MOST] if 200 <= status < 300 else b"",
                    headers=tuple(pairs(response.headers)),
                    hops=tuple(hops),
                    at=datetime.now(UTC),
                )
            hops.append(Hop(url=url, status=status, headers=headers_of(pairs(response.headers))))
            try:
                url = urljoin(url, target.decode("latin-1").strip())
            except ValueError as error:
                return Fetched(url=url, status=status, error=f"redirect to no address: {error}", at=datetime.now(UTC))
        return Fetched(url=url, status=status, error=f"more than {MAX_HOPS} redirects", at=datetime.now(UTC))

    async def _get(self, url: str, delay: float, conditions: tuple[tuple[str, str], ...]) -> Response:
        request = Request(
            url,
            callback=NO_CALLBACK,
            headers={"Accept-Encoding": "gzip", **dict(conditions)},
            dont_filter=True,
            meta={
                GATE: KEY,
                "dont_redirect": True,
                "dont_retry": True,
                "handle_httpstatus_all": True,
                "allow_offsite": True,
                "dont_cache": True,
                "download_maxsize": 0,  # `_received` stops the transfer, and keeps what came
                "download_warnsize": 0,
            },
        )
        engine = self.crawler.engine
        assert engine is not None, "rules are asked for while a crawl runs"
        if delay:
            slow(engine, request, delay)
        else:
            slot = f"rules of {authority_of(url)}"
            engine.downloader.per_slot_settings.setdefault(slot, {"concurrency": 1, "delay": 0, "jitter": 0})
            request.meta["download_slot"] = slot
            request.meta["autothrottle_dont_adjust_delay"] = True
        try:
            return await engine.download_async(request)
        finally:
            self._bytes.pop(request, None)

    def _received(self, data: bytes, request: Request) -> None:
        """Stops a file that goes on without end; a robots.txt that is cut off is still a robots.txt (RFC 9309 §2.5)."""
        if ours(request):
            self._bytes[request] = self._bytes.get(request, 0) + len(data)
            if self._bytes[request] > MOST:
                raise StopDownload(fail=False)
