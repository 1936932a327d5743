"""Turns a Scrapy response into a Page, with the headers of every hop that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy.http import Request, Response

from newscrawl.model import Hop, Page, headers_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http.headers import Headers

HOPS = "newscrawl_hops"
FETCHED = "newscrawl_fetched"


def pairs(headers: Headers) -> Iterator[tuple[str, str]]:
    """Every value of every header field, in order."""
    for name, values in headers.items():
        for value in values:
            yield name.decode("latin-1"), value.decode("latin-1")


def page_of(response: Response) -> Page:
    """The page that a response is: its body as decoded by Scrapy's transfer layer, not yet by charset."""
    fetched = response.meta.get(FETCHED) if response.request else None
    return Page(
        url=response.url,
        status=response.status,
        headers=headers_of(pairs(response.headers)),
        body=response.body,
        fetched=fetched if isinstance(fetched, datetime) else datetime.now(UTC),
        hops=tuple(response.meta.get(HOPS, ())) if response.request else (),
    )


class HopRecorder:
    """Downloader middleware, nearer to the wire than the redirects: notes each answer on the way, and its time."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        request.meta[FETCHED] = datetime.now(UTC)
        if response.status in (301, 302, 303, 307, 308):
            hop = Hop(url=response.url, status=response.status, headers=headers_of(pairs(response.headers)))
            request.meta[HOPS] = (*request.meta.get(HOPS, ()), hop)
        return response
