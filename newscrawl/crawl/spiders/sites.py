"""Makes one spider of each site file; the file's stem is the spider's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from newscrawl import sitebook
from newscrawl.crawl.reader import Reader
from newscrawl.crawl.spiders.demo import Demo
from newscrawl.demo.server import PORT, DemoError, DemoServer

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


class DemoSite(Demo):
    """A site of the demo: its name leads to loopback, and the demo is served where nobody serves it yet."""

    name = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super(Demo, cls).from_crawler(crawler, *args, **kwargs)
        try:
            spider.server = DemoServer(PORT)  # the port that stands in the site files
        except DemoError:
            return spider  # `python -m newscrawl.demo` runs beside us
        crawler.signals.connect(spider.stop_serving, signal=signals.spider_closed)
        return spider


def _spider(site: sitebook.Site) -> type[Spider]:
    base = DemoSite if set(site.hosts) <= set(DemoServer.names()) else Reader
    return type(
        site.name.title().replace("_", ""),
        (base,),
        {
            "__module__": __name__,
            "__doc__": f"Crawls {', '.join(site.hosts)} by newscrawl/sites/{site.name}.toml.",
            "name": site.name,
            "site": site,
            "starts": (*site.feeds, *site.starts, *site.sitemaps),
            "custom_settings": {"NEWSCRAWL_BROWSER": [site.name]} if site.browser else None,
        },
    )


globals().update({f"site_{site.name}": _spider(site) for site in sitebook.sites()})
