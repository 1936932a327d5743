"""A sitemap in, leads out: indexes, url sets, news sitemaps and plain lists, read without entities or network."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from newscrawl.model import Page
from newscrawl.read import dates
from newscrawl.read.address import canonical, host_of
from newscrawl.read.feeds import INTERNAL_SUBSET
from newscrawl.read.leads import Lead, Listing
from newscrawl.read.metas import tidy

MAX_BYTES = 50 << 20  # the protocol's own limit, uncompressed
MAX_URLS = 50_000
GZIP = b"\x1f\x8b"


def unpacked(body: bytes) -> bytes:
    """The body without gzip, up to the protocol's limit; what follows is left off."""
    if not body.startswith(GZIP):
        return body[:MAX_BYTES]
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        return inflater.decompress(body, MAX_BYTES)
    except zlib.error:
        return b""


def sitemap(page: Page) -> Listing:
    """The stories of a sitemap, or of an index the sitemaps as `next`, the latest first where it tells their dates.

    Source: sitemaps.org protocol 0.9 and Google's news extension. Entities are not resolved, nothing is fetched.
    """
    body = unpacked(page.body)
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if INTERNAL_SUBSET.search(body[:100_000]):
        return Listing(kind="sitemap")
    if not head.startswith(b"<"):
        return Listing(kind="sitemap", stories=tuple(_plain_list(body)))
    stories: dict[str, Lead] = {}
    maps: list[tuple[str, str]] = []
    for kind, fields in islice(_entries(body), MAX_URLS):
        url = fields.get("loc", "")
        if not host_of(url):
            continue
        if kind == "sitemap":
            maps.append((fields.get("lastmod", ""), url))
        else:
            lead = _lead(url, fields, page)
            stories.setdefault(lead.url, lead)
    maps.sort(key=lambda one: one[0], reverse=True)
    return Listing(kind="sitemap", stories=tuple(stories.values()), next=tuple(dict.fromkeys(url for _, url in maps)))


def _plain_list(body: bytes) -> Iterator[Lead]:
    for line in body.decode("utf-8-sig", "replace").splitlines()[:MAX_URLS]:
        if host_of(line.strip()):
            yield Lead(url=canonical(line))


def _name(tag: object) -> str:
    """The local name of a tag, which in a damaged file may have a prefix that nobody declared."""
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _entries(body: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Each <url> and <sitemap> with the text of its parts by local name; forgets what it has read."""
    events = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            name = _name(element.tag)
            if name not in ("url", "sitemap"):
                continue
            fields: dict[str, str] = {}
            for inner in element.iter():
                if isinstance(inner.tag, str) and inner.text and inner is not element:
                    image = "image" in inner.tag.rpartition("}")[0]
                    if not image:
                        fields.setdefault(_name(inner.tag), inner.text.strip())
            yield name, fields
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        return


def _lead(url: str, fields: dict[str, str], page: Page) -> Lead:
    stamp = fields.get("publication_date", "")
    return Lead(
        url=canonical(url),
        title=tidy(fields.get("title")) or None,
        published=dates.machine(stamp) if stamp else None,
    )
