"""A feed in, leads out: RSS, Atom, RDF by the feed library, JSON Feed by its own few rules; malformed ones, too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from newscrawl import markup
from newscrawl.model import Page
from newscrawl.read import dates, prologue
from newscrawl.read.address import canonical, host_of
from newscrawl.read.leads import Lead, Left, Listing
from newscrawl.read.metas import tidy

MAX_BYTES = 20 << 20
MAX_ENTRIES = 2000
MAX_TAGS = 60_000  # those of the HTML in it included: five megabytes of small ones took the feed library 20 seconds
ENTRY = re.compile(rb"<(?:item|entry)\b", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{0,2000}>")
OPENS = re.compile(rb"<")


def feed(page: Page) -> Listing:
    """The stories of a feed. A document type with its own entities is refused before a parser sees it: `left` says so.

    Shapes: RSS 0.9–2.0, RDF, Atom (RFC 4287), JSON Feed 1.0 and 1.1. A feed that breaks off yields what stood before.
    """
    body = prologue.narrow(page.body[:MAX_BYTES])
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(page, body)
    if prologue.has_entities(body):
        return Listing(kind="feed", left=("doctype",))
    import feedparser

    kind = prologue.media_type(", ".join(page.headers.get("content-type", ())), body)
    headers = {"content-location": page.url, "content-type": kind}
    source, whole = _bounded(prologue.plain(body))
    parsed = feedparser.parse(source, response_headers=headers, sanitize_html=False)  # type: ignore[attr-defined,no-untyped-call]
    rights = tidy(parsed.feed.get("rights")) or None
    leads = [lead for entry in parsed.entries[:MAX_ENTRIES] if (lead := _lead(entry, page, rights))]
    after = [link.get("href", "") for link in parsed.feed.get("links", ()) if link.get("rel") == "next"]
    left: tuple[Left, ...] = () if whole and len(page.body) <= MAX_BYTES else ("size",)
    return Listing(kind="feed", stories=_once(leads), next=tuple(url for url in after if host_of(url)), left=left)


def _bounded(body: bytes) -> tuple[bytes, bool]:
    """The beginning of a feed, as many entries and tags as a feed may have, no tag overlong; and whether it is all."""
    size = len(body)
    for pattern, most in ((ENTRY, MAX_ENTRIES), (OPENS, MAX_TAGS)):
        over = next(islice(pattern.finditer(body), most, None), None)
        body = body[: over.start()] if over else body
    return markup.untangled(body.decode("latin-1")).encode("latin-1"), len(body) == size


def page_language(page: Page) -> str:
    """The language that the answer's own header names; feeds are English where they say nothing."""
    return next(iter(page.headers.get("content-language", ())), "en").partition(",")[0].strip() or "en"


def _once(leads: list[Lead]) -> tuple[Lead, ...]:
    return tuple({lead.url: lead for lead in reversed(leads)}.values())[::-1]


def _plain(value: object) -> str:
    """A title or summary without its tags."""
    return tidy(TAG.sub(" ", tidy(value)))


def _link(entry: Mapping[str, Any]) -> str:
    original = entry.get("feedburner_origlink")
    guid = entry.get("id", "")
    links = [one.get("href", "") for one in entry.get("links", ()) if one.get("rel", "alternate") == "alternate"]
    for url in (original, entry.get("link"), *links, guid):
        if isinstance(url, str) and host_of(url):
            return canonical(url)
    return ""


def _lead(entry: Mapping[str, Any], page: Page, rights: str | None) -> Lead | None:
    url = _link(entry)
    if not url:
        return None
    stamps = (entry.get(key) for key in ("published", "created", "updated"))
    moments = (
        dates.moment(raw, fetched=page.fetched, language=page_language(page))
        for raw in stamps
        if isinstance(raw, str) and raw
    )
    source = entry.get("source") or {}
    source_links = [one.get("href", "") for one in source.get("links", ()) if one.get("rel") != "self"]
    source_url = source.get("href") or next(iter(source_links), "") or source.get("link", "")
    content = next((one.get("value", "") for one in entry.get("content", ()) if one.get("value")), "")
    summary = entry.get("summary", "")
    if not content and TAG.search(summary):
        content = summary
    return Lead(
        url=url,
        title=_plain(entry.get("title")) or None,
        published=next((one for one in moments if one), None),
        source_name=_plain(source.get("title")) or None,
        source_url=source_url if host_of(source_url) else None,
        summary=_plain(summary)[:2000] or None,
        content_html=content or None,
        rights=_plain(entry.get("rights")) or rights,
    )


def _json_feed(page: Page, body: bytes) -> Listing:
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        return Listing(kind="jsonfeed", left=("broken",))
    if not isinstance(data, dict):
        return Listing(kind="jsonfeed", left=("broken",))
    after = data.get("next_url")
    items = data.get("items")
    return Listing(
        kind="jsonfeed",
        stories=_once(list(_items(items[:MAX_ENTRIES] if isinstance(items, list) else [], page))),
        next=(after,) if isinstance(after, str) and host_of(after) else (),
        left=("size",) if isinstance(items, list) and len(items) > MAX_ENTRIES else (),
    )


def _items(items: list[object], page: Page) -> Iterator[Lead]:
    for item in items:
        if not isinstance(item, dict):
            continue
        own = next(
            (one for key in ("url", "external_url", "id") if isinstance(one := item.get(key), str) and host_of(one)), ""
        )
        if not own:
            continue
        other = item.get("external_url")
        stamp = item.get("date_published")
        content = item.get("content_html") or item.get("content_text")
        yield Lead(
            url=canonical(own),
            title=_plain(item.get("title")) or None,
            published=dates.moment(stamp, fetched=page.fetched, language=page_language(page))
            if isinstance(stamp, str)
            else None,
            source_url=other if isinstance(other, str) and host_of(other) and other != own else None,
            summary=_plain(item.get("summary")) or None,
            content_html=content if isinstance(content, str) else None,
        )
