"""Tells what came over the wire: a page, a feed, a sitemap, or something else."""

from __future__ import annotations

import re

from newscrawl.model import Page
from newscrawl.read.address import host_of
from newscrawl.read.leads import Kind
from newscrawl.read.sitemaps import GZIP, unpacked

HEAD = 8192
ROOT = re.compile(rb"<(?![?!])(?:[a-zA-Z]+:)?([a-zA-Z]+)")
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
KINDS: dict[bytes, Kind] = {
    b"rss": "feed", b"feed": "feed", b"rdf": "feed", b"channel": "feed",
    b"urlset": "sitemap", b"sitemapindex": "sitemap", b"html": "html",
}  # fmt: skip
TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def sniff(page: Page) -> Kind:
    """What a page is, by its first element, whatever its content type says.

    >>> sniff(Page(url="https://news.example/feed", body=b"<?xml version='1.0'?><rss version='2.0'></rss>"))
    'feed'
    """
    body = page.body
    if body.startswith(GZIP):
        body, _ = unpacked(body)
    content_type = " ".join(page.headers.get("content-type", ())).lower()
    head = body[:HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    head = COMMENT.sub(b"", head.removeprefix(b"\xef\xbb\xbf")).strip()
    if not head:
        return "other"
    if head[:1] in (b"{", b"["):
        named = b"jsonfeed.org/version" in head or (b'"items"' in head and "feed+json" in content_type)
        return "jsonfeed" if named else "other"
    root = ROOT.search(head)
    if root is not None:
        kind = KINDS.get(root[1].lower())
        if kind is not None:
            return kind
        if "xml" in content_type and "xhtml" not in content_type:
            later = next((KINDS[one[1].lower()] for one in ROOT.finditer(head) if one[1].lower() in KINDS), None)
            return later if later in ("feed", "sitemap") else "other"
        return "other" if TEXT.search(head[:512]) else "html"
    first = head.split(None, 1)[0].decode("utf-8", "replace")
    if host_of(first) and "html" not in content_type:
        return "sitemap"
    if "html" in content_type and not TEXT.search(head[:512]):
        return "html"
    return "other"
