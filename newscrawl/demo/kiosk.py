"""Knows what each path of the demo answers, host by host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newscrawl.demo.feeds import feed_page
from newscrawl.demo.newsroom import Newsroom, Site
from newscrawl.demo.press import base_url, listing_pages, sheets_of, still_page, story_page, story_path

HTML = {"utf-8": "text/html; charset=utf-8"}
BARE_HTML = "text/html"  # an old charset is told by the page's meta alone, as old servers have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers. `changed` is set where a client may ask again with a condition (RFC 9110 §13)."""

    status: int
    type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    changed: datetime | None = None


def _robots(site: Site, port: int) -> Answer:
    status, body = site.robots
    filled = body.replace(b"$base", base_url(site.host, port).encode())
    return Answer(status=status, type="text/plain; charset=utf-8", body=filled)


def answers(room: Newsroom, port: int) -> dict[tuple[str, str], Answer]:
    """What the whole demo answers, by (host, path with its query)."""
    found: dict[tuple[str, str], Answer] = {}
    for site in room.sites:
        html = HTML.get(site.charset, BARE_HTML)
        sheets = sheets_of(room, site)
        newest = max((sheet.text.published for sheet in sheets), default=None)
        found[site.host, "/robots.txt"] = _robots(site, port)
        status, body = site.tdmrep
        found[site.host, "/.well-known/tdmrep.json"] = Answer(status=status, type="application/json", body=body)
        for path, page in listing_pages(room, site, sheets, port):
            found[site.host, path] = Answer(status=200, type=html, body=page, changed=newest)
        for feed in site.feeds:
            page = feed_page(room, site, feed, port)
            found[site.host, feed.path] = Answer(status=200, type=feed.type, body=page, changed=newest)
        for still in site.stills:
            found[site.host, still.path] = Answer(status=200, type=html, body=still_page(site, still, port))
        for sheet in sheets:
            page = story_page(room, sheet, port)
            key = (site.host, story_path(site, sheet.text))
            found[key] = Answer(status=200, type=html, body=page, headers=site.headers)
    return found
