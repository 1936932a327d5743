"""Keeps a hostile network out: no private address, no foreign scheme, on any hop, in any notation."""

from __future__ import annotations

import ipaddress
import logging
import socket
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from newscrawl import markup, read
from newscrawl.crawl.asking import ours
from newscrawl.crawl.ending import overdue, stopping
from newscrawl.crawl.items import TOLD
from newscrawl.crawl.options import Options
from newscrawl.crawl.traps import Hollow, goes_in_circles

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.interfaces import IAddress

logger = logging.getLogger(__name__)
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
INTERNAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "fec0::/10",  # site-local (RFC 3879): deprecated, and routed inside all the same
            "64:ff9b:1::/48",  # NAT64 of a network's own (RFC 8215)
            "3fff::/20",  # documentation (RFC 9637)
            "192.0.0.0/24",  # protocol assignments (RFC 6890)
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "168.63.129.16/32",  # a cloud's own host, which tells secrets to whoever asks from inside
        ),
    )
)
"""What is not the open internet although Python's table, older or newer, says so."""
NUMBERS = frozenset("0123456789abcdefABCDEFxX.")


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
    if not bare or not bare[0].isdigit() or not NUMBERS.issuperset(bare):
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
    if any(address in network for network in INTERNAL):
        return False
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
        self.pages: Counter[str] = Counter()
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def spider_closed(self) -> None:
        """What this crawl allowed holds for no other crawl of the process."""
        if self in GuardResolver.guards:
            GuardResolver.guards.remove(self)

    def may(self, host: str, port: int, address: Address) -> bool:
        """Whether an address may be connected to under a name and a port: a public one, or one the operator named."""
        if public(address):
            return True
        allowed = allowed_hosts(self.options, getattr(self.crawler.spider, "typed_urls", ()))
        return host in allowed or f"{host}:{port}" in allowed

    def process_request(self, request: Request) -> None:
        if request.url.startswith("about:"):  # never leaves the house: the held-back stories' own request
            return
        if stopping(self.crawler) and (overdue(self.crawler) or not ours(request)):
            raise self._refusal(request.url, "stopping")
        GuardResolver.install(self)
        why = self.objection(request.url)
        if why is None and not ours(request):
            why = self._over(markup.host_of(request.url)) or self._hollow(request)
        if why:
            raise self._refusal(request.url, why)

    def _over(self, host: str) -> str | None:
        """Counts a page; a trap with a host name for each page is one site all the same."""
        site = read.registrable(host)
        self.pages[site] += 1
        return "site_budget" if self.pages[site] > self.options.site_pages else None

    def _hollow(self, request: Request) -> str | None:
        """Whether a story is one of endlessly many of a kind that bring nothing, as the spider knows them."""
        hollow = getattr(self.crawler.spider, "hollow", None)
        trapped = isinstance(hollow, Hollow) and TOLD in request.meta and hollow.left(request.url)
        return "story_trap" if trapped else None

    def process_response(self, request: Request, response: Response) -> Response:
        """The last line, for download handlers that resolve names in their own way: nothing private is let in."""
        address = getattr(response, "ip_address", None)
        if address is not None and not request.meta.get("proxy"):
            host = (urlsplit(request.url).hostname or "").rstrip(".")
            if not self.may(host, _port(request.url), address):
                raise self._refusal(request.url, "private_address")
        return response

    def _refusal(self, url: str, why: str) -> IgnoreRequest:
        self.crawler.stats.inc_value(f"newscrawl/guard/{why}")
        return IgnoreRequest(f"{url}: refused by the guard: {why.replace('_', ' ')}")

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
        if goes_in_circles(url):
            return "url_trap"
        address = literal(host)
        if address is None and (host == "localhost" or host.endswith(".localhost")):  # RFC 6761 §6.3
            address = ipaddress.IPv4Address("127.0.0.1")
        return None if address is None or self.may(host, port, address) else "private_address"


@implementer(IHostnameResolver)
class GuardResolver:
    """Lets only addresses through that may be connected to, so that what is connected to is what was checked.

    One stands on the reactor for all crawls of the process, before the resolver that the settings name
    (TWISTED_DNS_RESOLVER); a private address needs the word of one of their guards, for that name and that port.
    """

    guards: ClassVar[list[Guard]] = []

    def __init__(self, behind: Any) -> None:
        self.behind = behind

    @classmethod
    def install(cls, guard: Guard) -> None:
        """Sees to it that the reactor asks through us: CrawlerProcess installs its own when it starts the reactor."""
        from twisted.internet import reactor

        if guard not in cls.guards:
            cls.guards.append(guard)
        asked: Any = reactor
        if not isinstance(asked.nameResolver, cls):
            asked.installNameResolver(cls(asked.nameResolver))

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """See `IHostnameResolver`; an address in any notation, and a name of NEWSCRAWL_HOSTS, is its own answer."""
        host = hostName.lower().rstrip(".")
        receiver = _Checking(resolutionReceiver, self, host, portNumber)
        fixed = next((guard.options.hosts[host] for guard in self.guards if host in guard.options.hosts), None)
        address = literal(fixed or hostName)
        if address is None:
            return self.behind.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
        resolution = HostResolution(hostName)
        receiver.resolutionBegan(resolution)
        kind: Any = IPv4Address if address.version == 4 else IPv6Address
        receiver.addressResolved(kind("TCP", str(address), portNumber))
        receiver.resolutionComplete()
        return resolution

    def may(self, host: str, port: int, address: Address) -> bool:
        """Whether any guard lets an address be connected to under a name and a port; counts where none does."""
        if any(guard.may(host, port, address) for guard in self.guards):
            return True
        for guard in self.guards:
            guard.crawler.stats.inc_value("newscrawl/guard/private_address")
        logger.warning(
            "%s resolves to %s, which is not public: add the host to NEWSCRAWL_ALLOW_PRIVATE if it is yours",
            host,
            address,
        )
        return False


@implementer(IResolutionReceiver)
class _Checking:
    """Hands on the addresses of a name that may be connected to."""

    def __init__(self, receiver: Any, resolver: GuardResolver, host: str, port: int) -> None:
        self.receiver = receiver
        self.resolver = resolver
        self.host = host
        self.port = port

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self.receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:
        found = literal(str(getattr(address, "host", "")))
        if found is not None and self.resolver.may(self.host, self.port, found):
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()
