"""Makes full addresses of the links on a page, as a browser would (RFC 3986 §5, URL Standard §4)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# What urljoin would give back unchanged, told apart in a fraction of its time: no dot segments, nothing empty at the
# end, no character that it would drop.
FULL = re.compile(r"https?://(?P<host>[a-z0-9.-]+)(?P<path>/[!-\"$-:<->@-~]*)?(?:\?[!-\"$-~]+)?(?:#[!-~]+)?\Z")
ROOTED = re.compile(r"/(?!/)[!-\"$-:<->@-~]*(?:\?[!-\"$-~]+)?(?:#[!-~]+)?\Z")
ORIGIN = re.compile(r"https?://(?P<host>[a-z0-9.-]+)(?=[/?#]|\Z)")
KEPT = 20_000


def host_of(url: str) -> str:
    """The host of an address, lower case, without a port; empty where there is none.

    >>> host_of("https://News.Example:8443/a")
    'news.example'
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def absolute(href: str, base: str) -> str:
    """A link's full address; empty where it is no address at all.

    >>> absolute(" ../b ", "https://news.example/a/c")
    'https://news.example/b'
    """
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


class Hrefs:
    """The links of one page: each address is worked out once."""

    def __init__(self, base: str) -> None:
        self.base = base
        origin = ORIGIN.match(base)
        self.origin = origin.group() if origin else ""
        self.host = origin["host"].rstrip(".") if origin else ""
        self.known: dict[str, tuple[str, str]] = {}

    def full(self, href: str) -> tuple[str, str]:
        """A link's full address and its host, each empty where there is none."""
        found = self.known.get(href)
        if found is None:
            if len(self.known) >= KEPT:
                self.known.clear()
            found = self.known[href] = self._full(href.strip())
        return found

    def _full(self, href: str) -> tuple[str, str]:
        if self.origin and "/." not in href:
            if ROOTED.match(href):
                return self.origin + href, self.host
            plain = FULL.match(href)
            if plain:
                return href, plain["host"].rstrip(".")
        url = absolute(href, self.base)
        return url, host_of(url)
