"""Notations of addresses inside, and resolvers that say one thing and then another."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed

from newscrawl.crawl import guard

INSIDE: tuple[str, ...] = tuple(
    """127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7F.0.0.1 0x7f.1 0177.0.0.1 0177.0.0.01 0177.1 017700000001
    00000177.0.0.1 127.0.0.1. 0 0.0.0.0 0x0 00 localhost LOCALHOST localhost. foo.localhost LocalHost
    [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:0001] [::127.0.0.1]
    [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fc00::1] [ff02::1] 127.255.255.254 127.0.0.0 127.000.000.001
    １２７.０.０.１ ①②⑦.⓪.⓪.① 127。0。0。1 ⅬocalHost 10.0.0.1 192.168.0.1 172.16.0.1 169.254.169.254 0251.0376.0251.0376
    0xa9fea9fe 2852039166 100.64.0.1 198.18.0.1 224.0.0.1 255.255.255.255 user@127.0.0.1 news.example@127.0.0.1
    127.0.0.1%00.news.example %31%32%37.0.0.1 inside.rebind.test six.rebind.test""".split()
)
"""57 ways to write an address that is not public, and two names that resolve to one."""
PUBLIC_FIRST = "first.rebind.test"
OUTSIDE = "127.0.0.3"
"""Counts as public in the tests that use this resolver, since no public address answers them."""


class TwoFaced(CachingThreadedResolver):
    """Answers for the test's names, the first time with an address outside, then with one inside."""

    asked = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        was = guard.public
        guard.public = lambda address: address == ipaddress.ip_address(OUTSIDE) or was(address)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        if name == PUBLIC_FIRST:
            type(self).asked += 1
            return succeed(OUTSIDE if self.asked == 1 else "127.0.0.1")
        if name == "inside.rebind.test":
            return succeed("127.0.0.1")
        if name == "six.rebind.test":
            return succeed("::1")
        return super().getHostByName(name, timeout)
