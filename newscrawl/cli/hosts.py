"""Asks hosts, without a crawl, what they and their pages say of rights: one request at a time, past the same rules."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urljoin

import requests
import urllib3

from newscrawl import desk, markup, read
from newscrawl import rights as wing
from newscrawl.model import AI_USES, Decision, Hop, Page, RobotsSnapshot, Signal, Use, Verdict
from newscrawl.rights import Licences, answers, hostfiles
from newscrawl.rights.hostfiles import LABELS, PATHS, Told, authority_of

AGENT = "newscrawl/0.1 (+https://newscrawl.example/bot)"
TIMEOUT = 20
MAX_BYTES = 5 << 20
MAX_HOPS = 5
CHUNK = 1 << 16
MAX_DELAY = 60.0
HTML = {"content-type": ("text/html",)}


class NotAsked(Exception):
    """An address that was not asked, or did not answer: why, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of asking for a page: the verdict, the robots.txt in force, and the status (None: not fetched)."""

    verdict: Verdict
    robots: RobotsSnapshot | None
    source_robots: RobotsSnapshot | None = None
    status: int | None = None


@dataclass(slots=True)
class Hosts:
    """Hosts as they answer now; what one said is remembered for the length of a command.

    delay: seconds between two requests to a host, at least (its Crawl-delay may ask for more). may: hosts that may be
    on a private address, because the operator typed them.
    """

    delay: float = 0.0
    may: frozenset[str] = frozenset()
    infer: bool = True
    sleep: Callable[[float], None] = time.sleep
    rules: dict[str, answers.Answer] = field(default_factory=dict, init=False)
    told: dict[str, Told] = field(default_factory=dict, init=False)
    turns: dict[str, float] = field(default_factory=dict, init=False)
    resting: dict[str, str] = field(default_factory=dict, init=False)

    def robots(self, url: str) -> answers.Answer:
        """The robots.txt of a URL's host."""
        authority = authority_of(url)
        if authority not in self.rules:
            try:
                page = self._follow(f"{authority}/robots.txt", 0.0, obey=False)
                answer = answers.judge(page.status, page.body, None, page.headers, page.fetched)
            except NotAsked as error:
                answer = answers.judge(None, error=str(error), fetched=datetime.now(UTC))
            self.rules[authority] = answer
            pace = max(self.delay, min(answer.crawl_delay() or 0.0, MAX_DELAY))
            self.turns[markup.host_of(url)] = time.monotonic() + pace
        return self.rules[authority]

    def page(self, url: str) -> Page:
        """The page at an address, over at most five redirects, with the headers of each hop.

        Raises:
            NotAsked: its robots.txt does not let us, or it did not answer.
        """
        return self._follow(url, self._pace(url), obey=True)

    def around(self, url: str) -> tuple[tuple[Signal, ...], tuple[str, ...]]:
        """What the host of a URL says of it outside the page, and what was not asked."""
        answer = self.robots(url)
        signals = answer.signals(url, infer=self.infer)
        left: list[str] = []
        for name, paths in PATHS.items():
            if not answer.match(url).allowed or not answer.match(authority_of(url) + paths[0]).allowed:
                left.append(LABELS[name])
                continue
            told = Told()
            for path in paths:
                told = self._file(authority_of(url) + path)
                if not told.none:
                    break
            signals = (*signals, *hostfiles.signals(name, told, url))
        return (*signals, *self.documents(signals, url)), tuple(left)

    def documents(self, signals: Iterable[Signal], url: str) -> tuple[Signal, ...]:
        """What the RSL documents say of a URL that signals name."""
        found: list[Signal] = []
        links = [one.value for one in signals if one.protocol == "rsl" and "RSL" not in one.where]
        for link in [one for one in dict.fromkeys(links) if one.startswith(("http://", "https://"))][:3]:
            told = self._file(link)
            found += hostfiles.document(told, link).signals(url, where="RSL document", at=told.fetched)
        return tuple(found)

    def ask(
        self,
        url: str,
        *,
        use: tuple[Use, ...] = AI_USES,
        licences: Licences | None = None,
        source: str | None = None,
        beside: Iterable[Signal] = (),
    ) -> Answered:
        """Everything that is said of a page now: by its host, by itself where we may fetch it, by its source's host.

        beside: what else is known of it already, such as notices that stand on other pages of the host.
        """
        try:
            signals, left = self.around(url)
        except ValueError as error:
            unread = _unread(url, f"no address: {error}")
            return Answered(verdict=wing.decide((unread,), use=use, licences=licences), robots=None)
        signals = (*beside, *signals)
        status: int | None = None
        if self.robots(url).match(url).allowed:
            try:
                page = self.page(url)
                status = page.status
                found = desk.look(page)
                signals = (*signals, *found.signals, *self.documents(found.signals, url))
                source = source or (found.story.source_url if found.story else None)
                said, was_read = self._terms(found)
                signals, left = (*signals, *said), left if was_read else (*left, "terms")
                if not 200 <= page.status < 300:
                    signals = (*signals, _unread(url, f"answered {page.status}"))
            except NotAsked as error:
                signals = (*signals, _unread(url, str(error)))
        else:
            left = (*left, "page", "terms")
        snapshot = None
        if source and markup.host_of(source) not in ("", markup.host_of(url)):
            said, missing = self.around(source)
            signals = (*signals, *desk.of_source(said))
            left = (*left, *(f"source {one}" for one in (*missing, "page")))
            snapshot = self._snapshot(source)
        verdict = wing.decide(signals, use=use, licences=licences, not_checked=left, at=datetime.now(UTC))
        return Answered(verdict=verdict, robots=self._snapshot(url), source_robots=snapshot, status=status)

    def _terms(self, found: desk.Found) -> tuple[tuple[Signal, ...], bool]:
        """What the site's terms of use reserve, which a link of the page leads to, and whether they were read."""
        for link in found.terms:
            if read.registrable(markup.host_of(link)) == read.registrable(found.site):
                told = self._file(link)
                if told.known and not told.none:
                    page = Page(url=link, body=told.body, fetched=told.fetched, headers=HTML)
                    return wing.terms.signals_of(page, host=found.site), True
        return (), False

    def _snapshot(self, url: str) -> RobotsSnapshot:
        return self.robots(url).snapshot(f"{authority_of(url)}/robots.txt", url)

    def _pace(self, url: str) -> float:
        asked = self.robots(url).crawl_delay() or 0.0
        if asked > MAX_DELAY:
            raise NotAsked(f"Crawl-delay {asked:g} is above {MAX_DELAY:g} seconds")
        return max(asked, self.delay)

    def _file(self, url: str) -> Told:
        if url not in self.told:
            try:
                page = self._follow(url, self._pace(url), obey=True)
                self.told[url] = Told(status=page.status, body=page.body, fetched=page.fetched)
            except (NotAsked, ValueError) as error:  # a page may name any address, or none
                self.told[url] = Told(error=str(error), fetched=datetime.now(UTC))
        return self.told[url]

    def _follow(self, url: str, delay: float, *, obey: bool) -> Page:
        hops: list[Hop] = []
        for _ in range(MAX_HOPS + 1):
            if obey and not self.robots(url).match(url).allowed:
                raise NotAsked(f"{url}: closed by robots.txt: {self.robots(url).why}")
            page = self._get(url, delay)
            target = page.headers.get("location", ("",))[0]
            if page.status not in (301, 302, 303, 307, 308) or not target:
                return replace(page, hops=tuple(hops))
            hops.append(Hop(url=url, status=page.status, headers=page.headers))
            try:
                url = urljoin(url, target)
            except ValueError as error:
                raise NotAsked(f"{url}: redirect to no address: {error}") from error
        raise NotAsked(f"{url}: more than {MAX_HOPS} redirects")

    def _get(self, url: str, delay: float) -> Page:
        """One request, in the host's turn. A host that answers 429 or 503 is not asked again in this command."""
        host = markup.host_of(url)
        if host in self.resting:
            raise NotAsked(f"{url}: {self.resting[host]}")
        self._guard(url, host)
        wait = self.turns.get(host, 0.0) - time.monotonic()
        if wait > 0:
            self.sleep(wait)
        page = _request(url)
        self.turns[host] = time.monotonic() + delay
        if page.status in (429, 503) and not url.endswith("/robots.txt"):
            self.resting[host] = f"the host answered {page.status}: try again later"
        return page

    def _guard(self, url: str, host: str) -> None:
        """No address but those on the open internet, save the hosts that the operator named."""
        if not url.startswith(("http://", "https://")) or not host:
            raise NotAsked(f"{url}: not an http or https address")
        if host in self.may:
            return
        try:
            found = {str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
        except OSError as error:
            raise NotAsked(f"{url}: {error}: check the address and the network") from error
        for address in found:
            if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                raise NotAsked(f"{url}: {host} is {address}, which is not public: name the host to allow it")


def _unread(url: str, why: str) -> Signal:
    return Signal(
        protocol="page",
        where="page",
        quote=why[:300],
        value="not read",
        scope=AI_USES,
        says=Decision.UNKNOWN,
        url=url,
        host=markup.host_of(url) or None,
        at=datetime.now(UTC),
    )


def _request(url: str) -> Page:
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip"}
    try:
        with requests.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            until = time.monotonic() + 3 * TIMEOUT
            body = b""
            for chunk in answer.raw.stream(CHUNK, decode_content=False):
                body += chunk
                if len(body) > MAX_BYTES or time.monotonic() > until:
                    break
            fields = [(name, value) for name, value in answer.raw.headers.items()]
            coding = ",".join(value for name, value in fields if name.lower() == "content-encoding")
            good = 200 <= answer.status_code < 300
            return Page(
                url=url,
                status=answer.status_code,
                headers=_fields(fields),
                body=hostfiles.unpacked(body, coding, most=MAX_BYTES) if good else b"",
                fetched=datetime.now(UTC),
            )
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise NotAsked(f"{url}: {_said(error)}: check the address and the network") from error


def _fields(fields: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Every value of every header field under its lower-case name, less the coding, which is off."""
    gathered: dict[str, tuple[str, ...]] = {}
    for name, value in fields:
        if name.lower() != "content-encoding":
            gathered[name.lower()] = (*gathered.get(name.lower(), ()), value)
    return gathered


def _said(error: Exception) -> str:
    """A network error in its last words, without the pools and retries around it."""
    return str(error).rpartition(": ")[2].strip("')\"> ") or type(error).__name__
