"""Shows a page to a browser where it is an empty shell without its scripts; the browser has no network of its own.

What the page asks for goes through the crawl's own downloader: past the guard, past robots.txt, within the limits.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.core.downloader import Slot
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Request, Response

from newscrawl import markup, rights
from newscrawl.crawl import chromium
from newscrawl.crawl.asking import ours
from newscrawl.crawl.items import TOLD
from newscrawl.crawl.options import Options
from newscrawl.crawl.pages import page_of
from newscrawl.read.shell import is_shell
from newscrawl.sitebook import Site, site_of, sites

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page as Tab
    from playwright.async_api import Playwright, Route
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)
INSIDE = "newscrawl_browser"
"""Marks a request that a page in the browser makes."""

SCRIPTS = frozenset(("script", "xhr", "fetch"))
MOST_ASKED = 60
"""Requests that one page may make."""

PATIENCE = 10.0
"""Seconds for a page to come to rest; then it is read as it is."""

TABS = 2
ABREAST = 4
"""Requests of one page at a host at a time, as a reader's browser makes them; a Crawl-delay is kept."""

KEPT, KEPT_OCTETS = 64, 8 << 20
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-bypass-list=<-loopback>",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-pings",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
DEAD_END = "http://127.0.0.1:9"
"""The proxy for whatever is not caught: the discard port, where nothing answers (RFC 863)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """An answer that a page in the browser got: scripts are the same on every page of a site."""

    status: int
    type: str
    body: bytes


class Browser:
    """Downloader middleware nearest to the engine: sees each answer last, whole and unpacked."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = Options.of(crawler.settings)
        self.site: Site | None = getattr(crawler.spidercls, "site", None)
        if not self.options.browser and not any(one.browser for one in sites()):
            raise NotConfigured
        self.path, self.remedy = _chromium()
        self.tabs = asyncio.Semaphore(TABS)
        self.opening = asyncio.Lock()
        self.playwright: Playwright | None = None
        self.running: Chromium | None = None
        self.kept: OrderedDict[str, _Kept] = OrderedDict()
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def spider_closed(self) -> None:
        if self.running is not None:
            await self.running.close()
        if self.playwright is not None:
            await self.playwright.stop()

    def wanted(self, host: str) -> bool:
        """Whether a host's pages may be shown to the browser: it, a host above it, or its site is named, or its site's
        file says so, whichever spider came."""
        site = self.site or site_of(host)
        if site is not None and site.browser:
            return True
        named = {host, site.name} if site is not None else {host}
        return bool(self.options.browser & named) or any(host.endswith("." + one) for one in self.options.browser)

    async def process_response(self, request: Request, response: Response) -> Response:
        if ours(request) or request.meta.get(INSIDE):
            return response
        if response.status != 200 or not isinstance(response, HtmlResponse):
            return response
        host = markup.host_of(response.url)
        if not self.wanted(host):
            return response
        page = page_of(response.replace(request=request))
        document = markup.document(page)
        if not is_shell(document, self.site or site_of(host)):
            return response
        if not self.path:  # named in the settings it would have been refused at the start
            self._count("missing")
            logger.warning("%s: its site file wants a browser: %s", response.url, self.remedy)
            return response
        said = rights.signals_in(document)  # as it came: a script may take a notice away
        try:
            html = await self._shown(response)
        except Exception as error:
            self._count("failed")
            logger.warning("%s: the browser could not show it: %s", response.url, str(error).split("\n")[0])
            return response
        self._count("shown")
        request.meta[TOLD] = tuple(dict.fromkeys((*request.meta.get(TOLD, ()), *said)))
        headers = response.headers.copy()
        headers["Content-Type"] = "text/html; charset=utf-8"
        return response.replace(body=html.encode("utf-8", "replace"), headers=headers, encoding="utf-8")

    async def _shown(self, response: HtmlResponse) -> str:
        """The page's markup once its scripts have run."""
        async with self.tabs:
            context = await (await self._browser()).new_context(
                user_agent=str(self.crawler.settings.get("USER_AGENT")),
                service_workers="block",
                accept_downloads=False,
            )
            try:
                tab = await context.new_page()
                await self._wire(tab, response)
                await tab.goto(response.url, wait_until="domcontentloaded", timeout=PATIENCE * 1000)
                await self._rest(tab)
                html: str = await tab.content()
                return html
            finally:
                await context.close()

    async def _rest(self, tab: Tab) -> None:
        from playwright.async_api import TimeoutError as Late

        try:
            await tab.wait_for_load_state("networkidle", timeout=PATIENCE * 1000)
        except Late:
            self._count("restless")

    async def _wire(self, tab: Tab, response: HtmlResponse) -> None:
        asked = 0
        given = False

        async def answer(route: Route) -> None:
            nonlocal asked, given
            request = route.request
            if request.is_navigation_request():
                main = request.frame == tab.main_frame and not given and request.url == response.url.partition("#")[0]
                if not main:  # "no content" leaves a tab where it is; an abort would show the browser's own page
                    await route.fulfill(status=204)
                    return
                given = True
                await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=response.text)
                return
            asked += 1
            if request.resource_type not in SCRIPTS or request.method != "GET" or asked > MOST_ASKED:
                await route.abort()
                return
            found = await self._fetched(request.url)
            if found is None:
                await route.abort()
            else:
                heads = {"access-control-allow-origin": "*"}
                await route.fulfill(status=found.status, content_type=found.type, body=found.body, headers=heads)

        await tab.route("**/*", answer)

    async def _fetched(self, url: str) -> _Kept | None:
        """What the crawl's own downloader brings: None where the guard, robots.txt or the network say no."""
        if url in self.kept:
            self.kept.move_to_end(url)
            return self.kept[url]
        engine = self.crawler.engine
        assert engine is not None
        slot = f"browser {markup.host_of(url)}"
        engine.downloader.slots.setdefault(slot, Slot(ABREAST, 0.0, 0))
        request = Request(url, meta={INSIDE: True, "download_slot": slot, "handle_httpstatus_all": True})
        try:
            answer = await _awaited(engine.download_async(request))
        except IgnoreRequest as error:
            self._count("refused")
            logger.info("%s", error)
            return None
        except Exception as error:
            self._count("not_fetched")
            logger.info("%s: not fetched for the browser: %s", url, error)
            return None
        self._count("asked")
        kind = answer.headers.get("Content-Type") or b"application/octet-stream"
        found = _Kept(status=answer.status, type=kind.decode("latin-1"), body=answer.body)
        if answer.status == 200 and len(found.body) < KEPT_OCTETS // KEPT:
            self.kept[url] = found
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return found

    async def _browser(self) -> Chromium:
        from playwright.async_api import async_playwright

        async with self.opening:
            if self.running is None:
                self.playwright = await async_playwright().start()
                self.running = await self.playwright.chromium.launch(
                    executable_path=self.path,
                    args=list(FLAGS),
                    proxy={"server": DEAD_END},
                    chromium_sandbox=os.geteuid() != 0,
                    env={"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", tempfile.gettempdir())},
                )
            return self.running

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/browser/{what}")


async def _awaited(coroutine: Any) -> Response:
    """A response of the engine, whose coroutine may wait for Deferreds, awaited from within the browser's own loop."""
    from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future

    found: Response = await maybe_deferred_to_future(deferred_from_coro(coroutine))
    return found


def _chromium() -> tuple[str, str]:
    """The path of a Chromium, or an empty one and what to do."""
    try:
        return chromium.path(), ""
    except LookupError as error:
        return "", str(error)
