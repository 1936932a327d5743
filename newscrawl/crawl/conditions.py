"""Asks for a listing again only if it changed (RFC 9110 §13), by what it was called when a crawl last read it whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl import markup
from newscrawl.crawl.archiver import Archiver
from newscrawl.read import registrable

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

KIND = "listing"
VALID = 6 * 3600.0
"""Seconds for which a 304 is believed: then the listing is read in full, and its young stories are asked for again."""

FIELDS = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
LONGEST = 512


@dataclass(slots=True)
class Conditions:
    """The validators of listings, from the run before and of this one.

    They are kept once a run has dealt with all that a listing led to: a story that was cut off by a budget or a
    network error would otherwise wait behind a 304.
    """

    archiver: Archiver | None
    mode: str = "site"
    told: dict[str, dict[str, str]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    """Registrable domains of which something was left for the next run."""

    def put_on(self, request: Request) -> Request:
        """A listing's request with the conditions under which we need no answer."""
        request.meta["newscrawl_listing"] = request.url
        held = self.archiver.state(KIND, self._key(request.url)) if self.archiver is not None else None
        if isinstance(held, Mapping):
            for name, key in FIELDS:
                value = held.get(key)
                if isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable() and value.isascii():
                    request.headers[name] = value
            request.meta["handle_httpstatus_list"] = [304]
        return request

    def unchanged(self, response: Response) -> bool:
        """Whether a host says that a listing is as we know it."""
        asked = response.request
        return response.status == 304 and asked is not None and any(name in asked.headers for name, _ in FIELDS)

    def read(self, response: Response) -> None:
        """Notes what a listing that was read whole is called."""
        url = str(response.meta.get("newscrawl_listing", response.url))
        values = {key: (response.headers.get(key) or b"").decode("latin-1") for _, key in FIELDS}
        self.told[url] = {key: value for key, value in values.items() if value}

    def leave(self, url: str) -> None:
        """Notes that something of a site was left for the next run."""
        self.open.add(registrable(markup.host_of(url)))

    def keep(self) -> None:
        """Keeps what this run read whole."""
        for url, values in self.told.items():
            if self.archiver is not None and values and registrable(markup.host_of(url)) not in self.open:
                self.archiver.keep(KIND, self._key(url), values, seconds=VALID)

    def _key(self, url: str) -> str:
        return f"{self.mode} {url}"
