"""Bounds what Scrapy's own download handler leaves open: the head of an answer, and how long a stop may take."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadCancelledError
from scrapy.utils.asyncio import is_asyncio_available
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

HEAD_BYTES = 64 << 10
HEAD_LINES = 500
"""Of an answer's status and headers. An endless head took 1.5 GB in 15 s: DOWNLOAD_MAXSIZE counts bodies only."""
Turn: TypeAlias = Callable[["Request"], Awaitable[None]]
"""Waits until a request may be made, or raises: `crawler.newscrawl_turn`, where there is one."""
UNDER_WAY: WeakKeyDictionary[Crawler, set[asyncio.Future[Any]]] = WeakKeyDictionary()


class HeadTooLong(Exception):
    """An answer whose head goes on and on."""


class _Head:
    """Counts the head of each answer on one connection, and hangs up where it is too long."""

    def __init__(self, protocol: Any) -> None:
        self.protocol = protocol
        self.received = protocol.dataReceived
        self.parser: object = None
        self.bytes = self.lines = 0
        protocol.dataReceived = self.data_received

    def data_received(self, data: bytes) -> None:
        """Takes bytes off the wire; only those count that left the head unfinished."""
        before = self.protocol._parser
        if before is not self.parser:
            self.parser, self.bytes, self.lines = before, 0, 0
        self.received(data)
        parser = self.protocol._parser
        if parser is None or parser is not before or parser.state not in (STATUS, HEADER):
            return
        self.bytes += len(data)
        self.lines += data.count(b"\n")
        if self.bytes > HEAD_BYTES or self.lines > HEAD_LINES:
            error = HeadTooLong(f"{self.bytes} bytes and {self.lines} lines of headers, and no end of them")
            self.protocol.transport.abortConnection()
            self.protocol._disconnectParser(Failure(error))  # type: ignore[no-untyped-call]


def _bounded(factory: type[Any]) -> type[Any]:
    class Bounded(factory):  # type: ignore[misc]
        def buildProtocol(self, addr: object) -> Any:
            protocol = super().buildProtocol(addr)
            if protocol is not None:
                _Head(protocol)
            return protocol

    return Bounded


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with a budget for heads; what it has under way can be cut off."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _bounded(self._pool._factory)

    async def download_request(self, request: Request) -> Response:
        """The answer to a request. DownloadCancelledError where `cut_off` came before it."""
        if not is_asyncio_available():
            return await self._in_turn(request)
        under_way = UNDER_WAY.setdefault(self._crawler, set())
        task = asyncio.ensure_future(self._in_turn(request))
        under_way.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            raise DownloadCancelledError(f"{request.url}: cut off: the crawl was told to stop") from None
        finally:
            under_way.discard(task)

    async def _in_turn(self, request: Request) -> Response:
        """Asks once it may be asked: among many crawls, each waits here for its turn at a host, and owns its own."""
        turn: Turn | None = getattr(self._crawler, "newscrawl_turn", None)
        if turn is not None:
            await turn(request)
        return await super().download_request(request)


def cut_off(crawler: Crawler) -> int:
    """Hangs up on every server that a crawl still waits for; how many there were."""
    tasks = [task for task in UNDER_WAY.get(crawler, ()) if not task.done()]
    for task in tasks:
        task.cancel()
    return len(tasks)
