"""Keeps a hostile network out: no private address, no foreign scheme, on any hop, in any notation."""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias, cast
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError

from newscrawl.crawl.options import Options

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
ALLOWED = "newscrawl_allowed_hosts"


def literal(host: str) -> Address | None:
    """The address that a host literally is, in every notation a resolver takes (`127.1`, `0x7f000001`, full width).

    >>> str(literal("0177.0.0.1")), literal("example.org")
    ('127.0.0.1', None)
    """
    bare = unicodedata.normalize("NFKC", host).strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    if not bare or not all(letter in "0123456789abcdefABCDEFxX." for letter in bare) or not bare[0].isdigit():
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None


def public(address: Address) -> bool:
    """Whether an address is on the open internet; an IPv4 address wrapped in IPv6 counts as what it wraps.

    >>> public(ipaddress.ip_address("::ffff:10.0.0.1")), public(ipaddress.ip_address("93.184.215.14"))
    (False, True)
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def allowed_hosts(options: Options, starts: Iterable[str]) -> frozenset[str]:
    """Hosts that may be private: those named in the settings, and `host:port` of the operator's own start URLs."""
    typed = set()
    for start in starts:
        parts = urlsplit(start)
        if parts.hostname:
            typed.add(f"{parts.hostname}:{_port(start)}")
    return options.allow_private | frozenset(options.hosts) | typed


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


class Guard:
    """Downloader middleware, first of all: refuses what must not be asked, on every request and every hop."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        self.resolves = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def allowed(self) -> frozenset[str]:
        return allowed_hosts(self.options, getattr(self.crawler.spider, "typed_urls", ()))

    def process_request(self, request: Request) -> None:
        if request.url.startswith("about:"):  # never leaves the house: the held-back stories' own request
            return
        if not self.resolves:  # now, since CrawlerProcess installs its own when it starts the reactor
            GuardResolver.install(self)
            self.resolves = True
        why = self.objection(request.url)
        if why:
            self.crawler.stats.inc_value(f"newscrawl/guard/{why}")
            raise IgnoreRequest(f"{request.url}: refused by the guard: {why.replace('_', ' ')}")

    def objection(self, url: str) -> str | None:
        """Why a URL may not be asked, as a statistic's name; None where it may."""
        try:
            parts = urlsplit(url)
            port = _port(url)
        except ValueError:
            return "malformed_url"
        if parts.scheme not in ("http", "https"):
            return "foreign_scheme"
        host = unicodedata.normalize("NFKC", parts.hostname or "").lower().rstrip(".")
        if not host:
            return "malformed_url"
        if parts.username or parts.password:
            return "credentials_in_url"
        allowed = self.allowed()
        if host in allowed or f"{host}:{port}" in allowed:
            return None
        address = literal(host)
        if address is not None and not public(address):
            return "private_address"
        if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
            return "private_address"
        return None


class GuardResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, so that the address connected to is the one that was checked.

    One stands on the reactor for all crawls of the process; a private address needs the word of one of their guards.
    """

    guards: ClassVar[list[Guard]] = []

    @classmethod
    def install(cls, guard: Guard) -> None:
        """Puts the resolver on the reactor, for this guard's crawl too."""
        from twisted.internet import reactor

        settings = guard.crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        cls.guards.append(guard)
        cls(cast("ReactorBase", reactor), size, settings.getfloat("DNS_TIMEOUT")).install_on_reactor()

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        for guard in self.guards:
            if name.lower() in guard.options.hosts:
                return succeed(guard.options.hosts[name.lower()])
        address = literal(name)
        if address is not None:
            return succeed(str(address)) if self._may(name, address) else fail(self._refusal(name, str(address)))
        found: Deferred[str] = super().getHostByName(name, timeout)
        found.addCallback(self._checked, name)
        return found

    def _checked(self, address: str, name: str) -> str:
        if self._may(name, ipaddress.ip_address(address)):
            return address
        raise self._refusal(name, address)

    def _may(self, name: str, address: Address) -> bool:
        if public(address):
            return True
        allowed = frozenset().union(*(guard.allowed() for guard in self.guards))
        return any(entry == name or entry.rpartition(":")[0] == name for entry in allowed)

    def _refusal(self, name: str, address: str) -> DNSLookupError:
        for guard in self.guards:
            guard.crawler.stats.inc_value("newscrawl/guard/private_address")
        return DNSLookupError(
            f"{name} resolves to {address}, which is not public: add the host to NEWSCRAWL_ALLOW_PRIVATE if it is yours"
        )
