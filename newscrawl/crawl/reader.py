"""How a spider goes from a start address to stories: what did it get, which links are stories, how far may it go."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider

from newscrawl import desk, markup, read, rights
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.bodies import breaks_off
from newscrawl.crawl.conditions import Conditions
from newscrawl.crawl.items import RIGHTS, TOLD, UNASKED, Gathered, Surroundings
from newscrawl.crawl.options import OptionError, refuse
from newscrawl.crawl.pages import page_of
from newscrawl.crawl.runreport import RunReport, Unread
from newscrawl.crawl.traps import Barren, Hollow
from newscrawl.keyring import Keys, key_of_story
from newscrawl.model import Page, Signal
from newscrawl.record import story_key
from newscrawl.sitebook import Site, site_of

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

MAX_SITEMAP_DEPTH = 2
MAX_SITEMAPS = 50
FIRST, LAST = 10, -10
"""Priorities: where a site begins, and its next listing page, which waits until the stories of the one before are
under way: asked for at once, all of them would have all stories wait in memory."""
FEW = 3  # a page with fewer story links than this and a story of its own is taken for a story


@dataclass(slots=True)
class Budget:
    """How many listing pages, stories and sitemaps a crawl may still ask for."""

    pages: int
    stories: int
    sitemaps: int = MAX_SITEMAPS

    def take(self, kind: str) -> bool:
        left = int(getattr(self, kind))
        if left <= 0:
            return False
        setattr(self, kind, left - 1)
        return True


def number(name: str, value: object, least: int, most: int) -> int:
    """A spider argument that is a whole number.

    Raises:
        OptionError: it is none, or out of range.
    """
    try:
        whole = int(str(value))
    except ValueError:
        whole = least - 1
    if not least <= whole <= most:
        raise OptionError(f"-a {name}={value}: give a whole number from {least} to {most}")
    return whole


def addresses(url: str | None, urls: str | None) -> tuple[str, ...]:
    """The start addresses of `-a url=` (several, comma-separated) and `-a urls=FILE` (one a line, # comments).

    Raises:
        OptionError: none given, a file that cannot be read, or something that is no http address.
    """
    given = [one.strip() for one in (url or "").split(",") if one.strip()]
    if urls:
        try:
            lines = Path(urls).read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise OptionError(f"-a urls={urls}: {error}: give a text file with one address a line") from error
        given += [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    if not given:
        raise OptionError("no address to crawl: give -a url=https://… (several with commas) or -a urls=FILE")
    for one in given:
        try:
            parts = urlsplit(one)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            good = False
        if not good:
            raise OptionError(f"-a url={one}: not an http or https address: write it out, such as https://example.org/")
    return tuple(dict.fromkeys(given))


class Reader(Spider):
    """The base of every newscrawl spider. Subclasses say where to start, and which site's layout holds."""

    site: ClassVar[Site | None] = None
    typed_urls: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    expects_stories = True

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """How deep we go is bounded by pages, sitemaps and barren listings, not by steps: page 31 is no trap.

        Raises:
            OptionError: JOBDIR is set, whoever starts the spider: the archive resumes by itself.
        """
        super().update_settings(settings)
        refuse(settings)
        if not settings.getpriority("DEPTH_LIMIT"):
            settings.set("DEPTH_LIMIT", 0, priority="spider")

    def __init__(
        self, *args: Any, pages: object = 20, stories: object = 500, follow: str = "site", **kwargs: Any
    ) -> None:
        own = sorted(name for name in kwargs if name == "name" or hasattr(type(self), name))
        if own:
            raise OptionError(f"-a {own[0]}={kwargs[own[0]]}: that name is the spider's own: use another one")
        super().__init__(*args, **kwargs)
        self.budget = Budget(
            pages=number("pages", pages, 1, 100_000), stories=number("stories", stories, 1, 10_000_000)
        )
        if follow not in ("site", "source"):
            raise OptionError(f"-a follow={follow}: follow=site stays on the aggregator, follow=source reads originals")
        self.follow = follow
        self.asked = Keys()  # of stories, by the ids that the archive knows them by
        self.listed: set[str] = set()
        self.heard: dict[str, tuple[Signal, ...]] = {}
        self.waiting: dict[str, list[Gathered]] = {}
        self.barren = Barren()
        self.hollow = Hollow()
        self.conditions = Conditions(archiver=None, mode=follow)

    async def start(self) -> AsyncIterator[Request]:
        self.conditions.archiver = self._archiver()
        for url in self.starts:
            yield self._listing(url, first=True)

    def _listing(
        self,
        url: str,
        *,
        first: bool = False,
        depth: int = 0,
        fallback: tuple[str, ...] = (),
        priority: int = FIRST,
    ) -> Request:
        self.listed.add(url)
        request = Request(
            url,
            callback=self.parse,
            errback=self.failed_listing,
            dont_filter=first,
            priority=priority,
            cb_kwargs={"first": first, "depth": depth},
            meta={"newscrawl_fallback": fallback},
        )
        return self.conditions.put_on(request)

    def parse(self, response: Response, first: bool = True, depth: int = 0, **kwargs: Any) -> Iterator[Any]:
        """Reads a listing, a feed or a sitemap, and asks for the stories it names."""
        if self.conditions.unchanged(response):
            self._count("not_modified")
            return
        archiver = self._archiver()
        if archiver is not None and not archiver.start(response.url):
            self._set_aside(response.url)
            return
        try:  # in one go: a crawl that dies while others are fetched did not die of this page
            found = tuple(self._parsed(response, first, depth))
        finally:
            if archiver is not None:
                archiver.finish(response.url)
        self.conditions.read(response)
        yield from found

    def _parsed(self, response: Response, first: bool, depth: int) -> Iterator[Any]:
        page = page_of(response)
        kind = read.sniff(page)
        self._count(f"listing/{kind}")
        if kind in ("feed", "jsonfeed"):
            yield from self._feed(page, response, kind)
        elif kind == "sitemap":
            yield from self._sitemap(page, depth)
        elif kind == "html":
            yield from self._html(page, response, first)

    def _feed(self, page: Page, response: Response, kind: str) -> Iterator[Request]:
        listing = read.feed(page)
        self._left(listing, page)
        if not listing.stories:
            yield from self._stories([read.Lead(url=url) for url in response.meta.get("newscrawl_fallback", ())], page)
            return
        told = rights.declarations.feed_signals(page.body, page.url, at=page.fetched) if kind == "feed" else ()
        yield from self._stories(listing.stories, page, told)
        yield from self._next(listing.next, page)

    def _sitemap(self, page: Page, depth: int) -> Iterator[Request]:
        listing = read.sitemap(page)
        self._left(listing, page)
        yield from self._stories(listing.stories, page)
        if depth >= MAX_SITEMAP_DEPTH and listing.next:
            self._unread("depth", page)
            return
        for url in listing.next:
            if url not in self.listed and self._home(url, page.url):
                if not self.budget.take("sitemaps"):
                    self._count("budget/sitemaps")
                    self._unread("many", page)
                    self.conditions.leave(page.url)
                    return
                yield self._listing(url, depth=depth + 1, priority=LAST)

    def _left(self, listing: read.Listing, page: Page) -> None:
        for why in listing.left:
            self._unread(why, page)

    def _unread(self, why: Unread, page: Page) -> None:
        if why in ("doctype", "broken"):
            self.conditions.leave(page.url)  # or the next run would be told "not modified", and end well
        if (report := self._report()) is not None:
            report.left_unread(page.url, why)

    def _html(self, page: Page, response: Response, first: bool) -> Iterator[Any]:
        document = markup.document(page)
        site = self.site or site_of(document.host)
        listing = read.listing(document, site)
        if first and len(listing.stories) < FEW and not listing.feeds:
            story = read.story_in(document, site)
            if story is not None and len(story.text) > 500:
                self.asked.add(key_of_story(story_key(read.canonical(page.url))))
                yield from self._story(page, response, None)
                return
        feeds = [url for url in listing.feeds if url not in self.listed and self._home(url, page.url)] if first else []
        if feeds:
            leads = tuple(lead.url for lead in listing.stories)
            yield self._listing(feeds[0], fallback=leads)
        else:
            known = len(self.asked)
            yield from self._stories(listing.stories, page)
            if not self.barren.seen(page.url, len(self.asked) - known):
                self._count("trap/barren")
                return
        yield from self._next(listing.next, page)

    def _next(self, urls: tuple[str, ...], page: Page) -> Iterator[Request]:
        for url in urls:
            if url in self.listed or not self._home(url, page.url):
                continue
            if not self.budget.take("pages"):
                self._count("budget/pages")
                self.conditions.leave(page.url)
                return
            yield self._listing(url, priority=LAST)

    def _home(self, url: str, origin: str) -> bool:
        """Within the registrable domain of the listing (`-a follow=source` lets only stories out of it)."""
        return read.registrable(markup.host_of(url)) == read.registrable(markup.host_of(origin))

    def _stories(self, leads: Iterable[read.Lead], page: Page, told: tuple[Signal, ...] = ()) -> Iterator[Request]:
        for lead in leads:
            url = read.canonical(lead.url)
            story = story_key(url)
            if key_of_story(story) in self.asked:
                continue
            if self.follow != "source" and not self._home(url, page.url):
                self._count("off_site")
                continue
            self.asked.add(key_of_story(story))
            self._count("listed")
            if self._known(story):
                self._count("known")
                if (report := self._report()) is not None:
                    report.known(markup.host_of(url))
                continue
            if not self.budget.take("stories"):
                self._count("budget/stories")
                self.conditions.leave(page.url)
                return
            yield Request(
                lead.url,
                callback=self.parse_story,
                errback=self.failed_story,
                cb_kwargs={"lead": lead},
                meta={TOLD: told},
            )

    def _known(self, story: str) -> bool:
        archiver = self._archiver()
        return archiver is not None and archiver.known(story)

    def parse_story(self, response: Response, lead: read.Lead | None = None) -> Iterator[Any]:
        """Reads one story page; what it says of rights is read before anything is cut."""
        yield from self._story(page_of(response), response, lead)

    def _story(self, page: Page, response: Response, lead: read.Lead | None) -> Iterator[Any]:
        archiver = self._archiver()
        if archiver is not None and not archiver.start(page.url):
            self._set_aside(page.url)
            return
        started = time.monotonic()
        try:
            found = desk.look(page, site=self.site or site_of(markup.host_of(page.url)), lead=lead)
        finally:
            if archiver is not None:
                archiver.finish(page.url)
        if found.story is not None and breaks_off(response):
            self._count("breaks_off")
            flags = tuple(dict.fromkeys(("truncated", *found.story.flags)))
            found = replace(found, story=replace(found.story, flags=flags))
        # a hundred stories of each site may wait, for its memory or for its host's word: without their pages
        found = replace(found, page=replace(found.page, body=b""))
        self._count("seen")
        self.hollow.seen(page.url, found.story.text if found.story is not None else None)
        self.crawler.stats.inc_value("newscrawl/read/milliseconds", round(1000 * (time.monotonic() - started)))
        around = response.meta.get(RIGHTS)
        around = around if isinstance(around, Surroundings) else UNASKED
        told = response.meta.get(TOLD, ())
        gathered = Gathered(found=found, around=replace(around, signals=(*told, *around.signals)))
        source = found.story.source_url if found.story else None
        if self.follow != "source" or not source or markup.host_of(source) in ("", found.site):
            yield gathered
            return
        yield from self._original(source, gathered)

    def _original(self, source: str, gathered: Gathered) -> Iterator[Any]:
        """A copy waits for the page of its original, whose reservations it inherits."""
        key = read.canonical(source)
        if key in self.heard:
            yield gathered.beside(self.heard[key])
        elif key in self.waiting:
            self.waiting[key].append(gathered)
        elif not self._new(key) or not self.budget.take("stories"):
            yield gathered
        else:
            self.asked.add(key_of_story(story_key(key)))
            self.waiting[key] = [gathered]
            arguments = {"key": key}
            yield Request(
                source, self.parse_original, errback=self.failed_original, cb_kwargs=arguments, dont_filter=True
            )

    def _new(self, url: str) -> bool:
        story = story_key(url)
        return key_of_story(story) not in self.asked and not self._known(story)

    def parse_original(self, response: Response, key: str) -> Iterator[Any]:
        """Reads the page of an original: lets its copies go on with what it says, and takes it for a story itself."""
        page = page_of(response)
        self.heard[key] = desk.of_source(rights.signals_in_page(page))
        for gathered in self.waiting.pop(key, ()):
            yield gathered.beside(self.heard[key])
        yield from self._story(page, response, None)

    def failed_original(self, failure: Failure) -> Iterator[Any]:
        """Counts an original that could not be fetched; its copies go on, and say that its page was not read."""
        self._failed(failure, "original")
        yield from self.waiting.pop(failure.request.cb_kwargs["key"], ())  # type: ignore[attr-defined]

    def failed_listing(self, failure: Failure) -> Iterator[Request]:
        """Counts a listing that could not be fetched; where it was a feed, goes by the links of its page instead."""
        self._failed(failure, "listing")
        request = failure.request  # type: ignore[attr-defined]
        fallback = request.meta.get("newscrawl_fallback", ())
        yield from self._stories([read.Lead(url=url) for url in fallback], Page(url=request.url))

    def failed_story(self, failure: Failure) -> None:
        """Counts a story that could not be fetched."""
        self._failed(failure, "story")

    def _failed(self, failure: Failure, what: str) -> None:
        kind = getattr(failure.type, "__name__", "Exception")
        self._count(f"failed/{what}/{kind}")
        self.conditions.leave(failure.request.url)  # type: ignore[attr-defined]
        if kind != "IgnoreRequest":
            self.logger.warning("%s not fetched: %s", failure.request.url, failure.getErrorMessage())  # type: ignore[attr-defined]

    def closed(self, reason: str) -> None:
        """Remembers what the listings of a crawl that came to its end are called."""
        if reason == "finished":
            self.conditions.keep()

    def _set_aside(self, url: str) -> None:
        self._count("poison")
        self.logger.warning("%s: set aside: it was started and never finished; see newscrawl retry", url)

    def _report(self) -> RunReport | None:
        return self.crawler.get_extension(RunReport)

    def _archiver(self) -> Archiver | None:
        return self.crawler.get_extension(Archiver)

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/stories/{what}")
