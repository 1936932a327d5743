"""Prints the demo's feeds: RSS, Atom and sitemap by template, JSON Feed by its specification."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from html import escape
from string import Template

from newscrawl.demo.newsroom import Feed, Newsroom, Site
from newscrawl.demo.press import Sheet, base_url, body_html, sheets_of, story_path, title_of, values_of


def feed_page(room: Newsroom, site: Site, feed: Feed, port: int) -> bytes:
    """A feed or a sitemap with every story of a site, as UTF-8."""
    entries = [(sheet, values_of(room, sheet, port)) for sheet in sheets_of(room, site)]
    if not feed.entry:
        return _json_feed(site, feed, entries, port)
    printed = [
        Template(site.make.templates[feed.entry]).substitute(
            values,
            body=body_html(sheet, values, inserts=False),
            updated=sheet.text.published.astimezone(UTC).isoformat(),
        )
        for sheet, values in entries
    ]
    newest = max((sheet.text.published for sheet, _ in entries))
    values = {"site_name": escape(site.name), "base": base_url(site.host, port), "updated": newest.isoformat()}
    return Template(site.make.templates[feed.template]).substitute(values, items="\n".join(printed)).encode()


def _json_feed(site: Site, feed: Feed, entries: Sequence[tuple[Sheet, Mapping[str, str]]], port: int) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    base = base_url(site.host, port)
    items = [
        {
            "id": base + story_path(site, sheet.text),
            "url": base + story_path(site, sheet.text),
            "title": title_of(sheet.text, sheet.place),
            "summary": sheet.text.summary or sheet.text.paragraphs[0],
            "date_published": sheet.text.published.isoformat(),
            "language": sheet.text.language,
            "authors": [{"name": name} for name in sheet.text.authors],
        }
        for sheet, _ in entries
    ]
    record = {"version": "https://jsonfeed.org/version/1.1", "title": site.name, "home_page_url": base + "/"}
    return json.dumps(record | {"feed_url": base + feed.path, "items": items}, ensure_ascii=False).encode()
