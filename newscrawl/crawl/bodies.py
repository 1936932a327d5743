"""Unpacks bodies strictly: at most two codings, at most the download limit, and only streams that reach their end.

Scrapy's own decoding hands on what there is of a torn stream, as an answer 200 with half a story in it.
"""

from __future__ import annotations

import logging
import sys
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, Self, cast

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response, TextResponse
from scrapy.responsetypes import responsetypes

from newscrawl.crawl.asking import ours

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)
MOST_CODINGS = 2
STEP = 256 << 10


class Torn(ValueError):
    """A compressed stream that ends before its end, or that is none."""


class TooBig(ValueError):
    """More octets than a body may have."""


def gunzipped(packed: bytes, most: int) -> bytes:
    """RFC 1952: members one after the other; octets after the last that begin no member are padding."""
    return _inflated(packed, most, 31)


def inflated(packed: bytes, most: int) -> bytes:
    """RFC 9110 §8.4.1.2: a zlib stream; some servers send it without its head and checksum."""
    try:
        return _inflated(packed, most, 15)
    except Torn:
        if packed[:1] and packed[0] & 0x0F == 8 and len(packed) > 1 and (packed[0] << 8 | packed[1]) % 31 == 0:
            raise
        return _inflated(packed, most, -15)


def _inflated(packed: bytes, most: int, window: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while packed:
        stream = zlib.decompressobj(window)
        try:
            part = stream.decompress(packed, most + 1 - size)
        except zlib.error as error:
            if parts and window == 31:
                break
            raise Torn(str(error)) from error
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooBig(f"more than {most} octets")
        if not stream.eof:
            raise Torn("the stream has no end")
        packed = stream.unused_data if window == 31 else b""
    return b"".join(parts)


def unbrotlied(packed: bytes, most: int) -> bytes:
    """RFC 7932."""
    import brotli  # type: ignore[import-untyped]

    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        part = stream.process(packed, output_buffer_limit=STEP)
        while True:
            size += len(part)
            parts.append(part)
            if size > most:
                raise TooBig(f"more than {most} octets")
            if stream.is_finished():
                return b"".join(parts)
            if not part:
                raise Torn("the stream has no end")
            part = stream.process(b"", output_buffer_limit=STEP)
    except brotli.error as error:
        raise Torn(str(error)) from error


def unzstd(packed: bytes, most: int) -> bytes:
    """RFC 8878: frames one after the other; a window of more than 8 MiB is refused (RFC 9659)."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    parts: list[bytes] = []
    size = 0
    while packed:
        stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})
        try:
            part = stream.decompress(packed, max_length=most + 1 - size)
        except zstd.ZstdError as error:
            raise Torn(str(error)) from error
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooBig(f"more than {most} octets")
        if not stream.eof:
            raise Torn("the stream has no end")
        packed = stream.unused_data
    return b"".join(parts)


CODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": gunzipped, "x-gzip": gunzipped, "deflate": inflated, "br": unbrotlied, "zstd": unzstd,
}  # fmt: skip


def codings(response: Response) -> tuple[str, ...]:
    """The content codings of an answer in the order in which they were applied, less `identity`."""
    names = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower().split(",")
    return tuple(name.strip() for name in names if name.strip() not in ("", "identity"))


def breaks_off(response: Response) -> bool:
    """Whether a page may lack its end: only the closed connection says that it is over, and its own end tag does not.

    Nothing tells such a page from a whole one that leaves `</html>` out: it is asked for again, then marked.
    """
    if "partial" not in response.flags or not response.body:
        return False
    return b"<html" in response.body[:5000].lower() and b"</html" not in response.body[-100_000:].lower()


def unpacked(body: bytes, names: tuple[str, ...], most: int) -> bytes:
    """A body without its codings.

    Raises:
        Torn, TooBig: see there.
        KeyError: a coding that we did not ask for.
    """
    for name in reversed(names):
        if body:
            body = CODINGS[name](body, most)
    return body


class Bodies:
    """Downloader middleware, nearer to the wire than Scrapy's decoding, which finds nothing left to do."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getint("DOWNLOAD_MAXSIZE") or 1 << 30

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """The answer unpacked; another try where it was torn.

        Raises:
            IgnoreRequest: torn each time, too big, or in codings that nobody asked for.
        """
        if ours(request) or request.method == "HEAD":
            return response
        if response.status == 206:  # a part, and nobody asked for one (RFC 9110 §15.3.7)
            return self._again(request) or self._refuse(request, "a part of a page, answered 206")
        names = codings(response)
        if not names:
            return (self._again(request) or response) if breaks_off(response) else response
        if len(names) > MOST_CODINGS or not CODINGS.keys() >= set(names):
            raise self._drop(request, "codings", f"Content-Encoding {', '.join(names)[:80]}")
        most = int(request.meta.get("download_maxsize") or self.most)
        try:
            body = unpacked(response.body, names, most)
        except TooBig as error:
            raise self._drop(request, "too_big", str(error)) from error
        except Torn as error:
            return self._again(request) or self._refuse(request, str(error))
        return _plain(response, body)

    def _again(self, request: Request) -> Request | None:
        return get_retry_request(request, spider=cast("Spider", self.crawler.spider), reason="truncated body")

    def _refuse(self, request: Request, detail: str) -> NoReturn:
        raise self._drop(request, "truncated", detail)

    def _drop(self, request: Request, why: str, detail: str) -> IgnoreRequest:
        self.crawler.stats.inc_value(f"newscrawl/bodies/{why}")
        logger.warning("%s dropped: %s: %s", request.url, why, detail)
        return IgnoreRequest(f"{request.url}: dropped: {why}: {detail}")


def _plain(response: Response, body: bytes) -> Response:
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    told: dict[str, Any] = {"encoding": None} if issubclass(kind, TextResponse) else {}
    return response.replace(cls=kind, headers=headers, body=body, **told)
