"""Makes one spider of each site file; the file's stem is the spider's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl import sitebook
from newscrawl.crawl.reader import Reader

if TYPE_CHECKING:
    from scrapy import Spider


def _spider(site: sitebook.Site) -> type[Spider]:
    starts = (*site.feeds, *site.starts)
    return type(
        site.name.title().replace("-", ""),
        (Reader,),
        {
            "__module__": __name__,
            "__doc__": f"Crawls {', '.join(site.hosts)} by newscrawl/sites/{site.name}.toml.",
            "name": site.name,
            "site": site,
            "starts": starts,
        },
    )


globals().update({f"site_{site.name}": _spider(site) for site in sitebook.sites()})
