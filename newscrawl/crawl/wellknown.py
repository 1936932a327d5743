"""Reads what a host states beside its pages: robots.txt, optional files, RSL documents, terms of use."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from newscrawl import markup, read, rights
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.asking import Asker
from newscrawl.crawl.ending import stopping
from newscrawl.crawl.patience import Patience
from newscrawl.model import Page, Signal
from newscrawl.rights import answers, hostfiles, hosts
from newscrawl.rights.hostfiles import LABELS, PATHS, FileName, Told, authority_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.crawl.options import Options

ROBOTS, FILES, DOCUMENTS, TERMS = "robots", "wellknown", "rsl", "terms"
DAY = 86400.0
WEEK = timedelta(days=7)
DOCUMENTS_A_PAGE = 3
HELD = 2000
"""Answers of hosts in memory: an aggregator's sources are many, and each robots.txt is a parsed file."""
K = TypeVar("K")
V = TypeVar("V")


class WellKnown:
    """The statements of hosts in one crawl; asks a host where nothing that holds is kept, once at a time."""

    def __init__(self, crawler: Crawler, options: Options) -> None:
        self.crawler = crawler
        self.options = options
        self.asker = Asker(crawler)
        self.standings: dict[str, answers.Standing] = {}
        self.told: dict[tuple[str, str], Told] = {}
        self.terms_said: dict[str, tuple[Told, tuple[Signal, ...]]] = {}
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robots(self, authority: str) -> answers.Answer:
        """The robots.txt in force."""
        async with self.locks[authority]:
            now = datetime.now(UTC)
            standing = self.standings.get(authority) or self._kept_standing(authority)
            if standing is None or standing.due(now, ttl=timedelta(seconds=self.options.robots_ttl)):
                standing = await self._rules(authority, standing)
                self._keep(ROBOTS, authority, standing.to_state(), 2 * DAY)
            self._hold(self.standings, authority, standing)
            return standing.in_force(datetime.now(UTC))

    async def _rules(self, authority: str, known: answers.Standing | None) -> answers.Standing:
        """Asks for a robots.txt, which the host need not send where it is the one that we have."""
        asked = known.good.conditions if known is not None and known.good is not None else ()
        fetched = await self.asker.ask(f"{authority}/robots.txt", objection=self._patient, conditions=asked)
        if known is not None and asked and fetched.status == 304 and not fetched.hops and fetched.error is None:
            self._count("robots/not_modified")
            return known.unchanged(fetched.at)
        answer = answers.judge(fetched.status, fetched.body, fetched.error, fetched.headers, fetched.at)
        if fetched.hops:  # what the last of several addresses calls its file is no word to ask the first by
            answer = replace(answer, etag=None, modified=None)
        self._count(f"robots/{answer.kind}")
        return known.after(answer) if known else answers.first(answer)

    async def files(self, url: str, answer: answers.Answer) -> tuple[tuple[Signal, ...], tuple[str, ...]]:
        """What the optional files of a URL's host say of it, and the names of those that were not asked."""
        authority = authority_of(url)
        found: list[Signal] = []
        left: list[str] = []
        for name, paths in PATHS.items():
            if name not in self.options.wellknown or not answer.match(authority + paths[0], self.options.agent).allowed:
                left.append(LABELS[name])
            else:
                found += hostfiles.signals(name, await self._file(authority, name, answer), url)
        return tuple(found), tuple(left)

    async def _file(self, authority: str, name: FileName, answer: answers.Answer) -> Told:
        key = f"{authority} {name}"
        async with self.locks[key]:
            known = self._told(FILES, key)
            if known is not None and not known.due(datetime.now(UTC)):
                return known
            told = Told()
            for path in PATHS[name]:
                if answer.match(authority + path, self.options.agent).allowed:
                    told = await self._ask(authority + path, answer)
                if not told.none:
                    break
            told = told.after(known)
            self._count(f"{name}/{'none' if told.none else 'found' if told.known else 'unknown'}")
            return self._remember(FILES, key, told)

    async def documents(self, signals: Iterable[Signal], url: str) -> tuple[Signal, ...]:
        """What the RSL documents say of a URL that signals name (a robots.txt line, a Link header, a `<link>`)."""
        if "rsl" not in self.options.wellknown:
            return ()
        links = [one.value for one in signals if one.protocol == "rsl" and "RSL" not in one.where]
        found: list[Signal] = []
        for link in [one for one in dict.fromkeys(links) if one.startswith(("http://", "https://"))][:DOCUMENTS_A_PAGE]:
            told = await self._document(link)
            found += hostfiles.document(told, link).signals(url, where="RSL document", at=told.fetched)
        return tuple(found)

    async def _document(self, link: str) -> Told:
        async with self.locks[f"rsl {link}"]:
            known = self._told(DOCUMENTS, link)
            if known is not None and not known.due(datetime.now(UTC)):
                return known
            told = (await self._ask(link, None)).after(known)
            self._count(f"rsl/{'found' if told.known and not told.none else 'unknown'}")
            return self._remember(DOCUMENTS, link, told)

    async def terms(self, host: str, links: Iterable[str]) -> tuple[tuple[Signal, ...], bool]:
        """What a host's terms of use reserve in plain words, and whether they were read."""
        own = [link for link in links if read.registrable(markup.host_of(link)) == read.registrable(host)]
        if not self.options.read_terms:
            return (), False
        async with self.locks[f"terms {host}"]:
            told, signals = self.terms_said.get(host) or self._kept_terms(host) or (None, ())
            if own and (told is None or told.due(datetime.now(UTC), ttl=WEEK)):
                fresh, said = await self._terms(host, own)
                fresh = fresh.after(told)
                # what an unreadable page said last time still holds
                told, signals = fresh, said if fresh.known else signals
                self._count(f"terms/{'found' if signals else 'none' if told.known else 'unknown'}")
                state = {
                    "told": replace(told, body=b"").to_state(),
                    "signals": [hosts.to_state(one) for one in signals],
                }
                self._keep(TERMS, host, state, 2 * WEEK.total_seconds())
            if told is not None:
                self.terms_said[host] = told, signals
            return signals, told is not None and told.known

    async def _terms(self, host: str, links: list[str]) -> tuple[Told, tuple[Signal, ...]]:
        told = Told()
        for link in links:
            told = await self._ask(link, None)
            if told.known and not told.none:
                page = Page(url=link, body=told.body, fetched=told.fetched, headers={"content-type": ("text/html",)})
                return told, rights.terms.signals_of(page, host=host)
        return told, ()

    async def _ask(self, url: str, answer: answers.Answer | None) -> Told:
        """One file that is not robots.txt: each hop only where its own host's robots.txt allows it."""
        try:
            rules = answer or await self.robots(authority_of(url))
        except ValueError as error:  # a page may name any address, or none
            return Told(error=f"no address: {error}", fetched=datetime.now(UTC))
        delay = rules.crawl_delay(self.options.agent) or 0.0
        if delay > self.options.max_crawl_delay:
            why = f"Crawl-delay {delay:g} is above NEWSCRAWL_MAX_CRAWL_DELAY"
            return Told(error=why, fetched=datetime.now(UTC))
        fetched = await self.asker.ask(url, objection=self._objection, delay=delay)
        return Told(status=fetched.status, error=fetched.error, body=fetched.body, fetched=fetched.at)

    async def _patient(self, url: str) -> str | None:
        patience = self.crawler.get_downloader_middleware(Patience)
        left = patience.left(url) if patience is not None else 0.0
        return f"the host asked us to stay away for {left:.0f} more seconds" if left else None

    async def _objection(self, url: str) -> str | None:
        rules = await self.robots(authority_of(url))
        if not rules.match(url, self.options.agent).allowed:
            return f"closed by robots.txt: {rules.why}"
        return await self._patient(url)

    def _told(self, kind: str, key: str) -> Told | None:
        known = self.told.get((kind, key))
        if known is None and (state := self._state(kind, key)) is not None:
            try:
                known = Told.from_state(state)
            except ValueError:
                return None
        return known

    def _remember(self, kind: str, key: str, told: Told) -> Told:
        self._hold(self.told, (kind, key), told)
        self._keep(kind, key, told.to_state(), 2 * DAY)
        return told

    def _hold(self, room: dict[K, V], key: K, value: V) -> None:
        """Remembers for this run; where there is an archive, which remembers all, only the newest."""
        room[key] = value
        archiver = self.crawler.get_extension(Archiver)
        if len(room) > HELD and archiver is not None and archiver.archive is not None:
            del room[next(iter(room))]

    def _kept_standing(self, authority: str) -> answers.Standing | None:
        state = self._state(ROBOTS, authority)
        try:
            return answers.Standing.from_state(state) if isinstance(state, Mapping) else None
        except ValueError:
            return None

    def _kept_terms(self, host: str) -> tuple[Told, tuple[Signal, ...]] | None:
        state = self._state(TERMS, host)
        if not isinstance(state, Mapping) or not isinstance(state.get("signals"), list):
            return None
        try:
            return Told.from_state(state.get("told")), tuple(hosts.from_state(one) for one in state["signals"])
        except ValueError:
            return None

    def _state(self, kind: str, key: str) -> object:
        archiver = self.crawler.get_extension(Archiver)
        return archiver.state(kind, key) if archiver is not None else None

    def _keep(self, kind: str, key: str, value: object, seconds: float) -> None:
        archiver = self.crawler.get_extension(Archiver)
        if archiver is not None and not stopping(self.crawler):  # an answer that we cut off is no answer
            archiver.keep(kind, key, value, seconds=seconds)

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/gatekeeper/{what}")
