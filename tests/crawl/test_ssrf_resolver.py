"""What is connected to is what was checked: by name and port, for both kinds of addresses."""

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import HostResolution
from scrapy.utils.test import get_crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

from newscrawl.crawl.guard import Guard, GuardResolver, public

PUBLIC, PUBLIC6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


@implementer(IHostnameResolver)
class Says:
    """A resolver that has these addresses for every name."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> HostResolution:
        self.asked.append(name)
        receiver.resolutionBegan(HostResolution(name))
        for one in self.addresses:
            receiver.addressResolved((IPv6Address if ":" in one else IPv4Address)("TCP", one, port))
        receiver.resolutionComplete()
        return HostResolution(name)


class Got:
    """What a connection would be made to."""

    def __init__(self) -> None:
        self.addresses: list[Any] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address)

    def resolutionComplete(self) -> None:
        self.complete = True


@pytest.fixture
def guards() -> Iterator[list[Guard]]:
    kept, GuardResolver.guards[:] = list(GuardResolver.guards), []
    yield GuardResolver.guards
    GuardResolver.guards[:] = kept


def guard(**settings: object) -> Guard:
    return Guard(get_crawler(Spider, {"TWISTED_REACTOR_ENABLED": True, **settings}))


GUARD = guard()


def connected(name: str, *addresses: str, port: int = 80) -> list[str]:
    got = Got()
    GuardResolver(Says(*addresses)).resolveHostName(got, name, port)
    assert got.complete
    assert all(address.port == port for address in got.addresses)
    assert all(isinstance(one, IPv6Address) == (":" in one.host) for one in got.addresses)
    return [address.host for address in got.addresses]


@pytest.mark.parametrize(
    ("says", "through"),
    [
        ((PUBLIC,), [PUBLIC]),
        ((PUBLIC, "10.0.0.1"), [PUBLIC]),
        (("127.0.0.1",), []),
        (("::1",), []),
        (("fe80::1", PUBLIC6, "::ffff:10.0.0.1"), [PUBLIC6]),
        (("169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::"), []),
        ((), []),
    ],
)
def test_only_public_addresses_of_a_name_are_connected_to(
    guards: list[Guard], says: tuple[str, ...], through: list[str]
) -> None:
    guards.append(guard())
    assert connected("news.example", *says) == through


@pytest.mark.parametrize("name", [PUBLIC, PUBLIC6, "0x5d.0xb8.0xd7.0x0e"])
def test_an_address_is_its_own_answer(guards: list[Guard], name: str) -> None:
    guards.append(guard())
    assert connected(name, "10.0.0.1") == [PUBLIC6 if ":" in name else PUBLIC]


@pytest.mark.parametrize("name", ["127.0.0.1", "127.1", "0x7f000001", "::1", "::ffff:127.0.0.1", "0.0.0.0"])
def test_a_private_address_is_no_answer(guards: list[Guard], name: str) -> None:
    guards.append(guard())
    assert connected(name, PUBLIC) == []


def test_a_typed_name_may_be_private_on_its_own_port_only(guards: list[Guard]) -> None:
    one = guard()
    one.crawler.spider = type("Typed", (), {"typed_urls": ("http://intranet.example:8000/",)})()
    guards.append(one)
    assert connected("intranet.example", "10.0.0.7", port=8000) == ["10.0.0.7"]
    assert connected("intranet.example", "10.0.0.7", port=22) == []
    assert connected("other.example", "10.0.0.7", port=8000) == []


def test_a_fixed_host_goes_where_the_settings_say(guards: list[Guard]) -> None:
    guards.append(guard(NEWSCRAWL_HOSTS={"demo.test": "127.0.0.2"}))
    assert connected("DEMO.test", PUBLIC) == ["127.0.0.2"]


def test_a_crawl_that_is_over_allows_nothing_any_more(guards: list[Guard]) -> None:
    one, two = guard(NEWSCRAWL_ALLOW_PRIVATE=["a.example"]), guard()
    guards += [one, two]
    assert connected("a.example", "10.0.0.7") == ["10.0.0.7"]
    one.spider_closed()
    assert connected("a.example", "10.0.0.7") == []


def test_it_stands_on_the_reactor_even_if_another_was_put_there(guards: list[Guard]) -> None:
    from twisted.internet import reactor

    before = reactor.nameResolver  # type: ignore[attr-defined]
    try:
        one = guard()
        for _ in range(2):
            reactor.installNameResolver(Says("127.0.0.1"))  # type: ignore[attr-defined]
            one.crawler.spider = None
            GuardResolver.install(one)
            assert isinstance(reactor.nameResolver, GuardResolver)  # type: ignore[attr-defined]
        assert guards == [one]
    finally:
        reactor.installNameResolver(before)  # type: ignore[attr-defined]


def test_an_answer_from_inside_is_not_let_in_whatever_fetched_it() -> None:
    from scrapy.http import Response

    one = guard()
    response = Response("http://news.example/", ip_address=ipaddress.ip_address("10.0.0.1"))
    with pytest.raises(IgnoreRequest, match="private address"):
        one.process_response(Request("http://news.example/"), response)
    assert one.process_response(Request("http://news.example/"), Response("http://news.example/"))


def test_a_site_has_a_budget_whatever_its_hosts_are_called() -> None:
    one = guard(NEWSCRAWL_SITE_PAGES=3)
    asked = [Request(f"https://host-{n}.news-example.com/") for n in range(4)]
    for request in asked[:3]:
        assert one._over(request.url.split("/")[2]) is None
    assert one._over("host-9.news-example.com") == "site_budget"
    assert one._over("other-example.com") is None


@given(st.text(max_size=60), st.sampled_from(["http://", "https://", "//", "http:", "HTTP://", ""]))
def test_the_guard_has_an_answer_for_any_text(text: str, scheme: str) -> None:
    objection = GUARD.objection(scheme + text)
    assert objection is None or objection.replace("_", "").isalpha()


@given(st.ip_addresses(v=4))
def test_an_address_is_private_or_public_in_all_its_notations(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    octets = [int(octet) for octet in str(address).split(".")]
    ways = {
        str(number), hex(number), f"0{number:o}", ".".join(map(hex, octets)), ".".join(f"0{octet:o}" for octet in octets),
        f"{octets[0]}.{number & 0xFFFFFF}", f"{octets[0]}.{octets[1]}.{number & 0xFFFF}", f"[::ffff:{address}]",
        f"[64:ff9b::{address}]", f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::]", f"{address}.",
        str(address).translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    }  # fmt: skip
    wanted = None if public(address) else "private_address"
    assert {way: GUARD.objection(f"http://{way}/") for way in ways} == dict.fromkeys(ways, wanted)
