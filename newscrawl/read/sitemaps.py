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
from newscrawl.read.leads import Lead, Left, Listing
from newscrawl.read.metas import tidy
from newscrawl.read.prologue import INTERNAL_SUBSET

MAX_BYTES = 50 << 20  # the protocol's own limit, uncompressed
MAX_URLS = 50_000
GZIP = b"\x1f\x8b"


def unpacked(body: bytes) -> tuple[bytes, tuple[Left, ...]]:
    """The body without gzip, up to the protocol's limit, and whether that is all of it: what is torn counts as read.

    >>> import gzip
    >>> unpacked(gzip.compress(b"<urlset/>")), unpacked(gzip.compress(b"<urlset/>")[:-1])
    ((b'<urlset/>', ()), (b'<urlset/>', ('broken',)))
    """
    if not body.startswith(GZIP):
        return body[:MAX_BYTES], ("size",) if len(body) > MAX_BYTES else ()
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        made = inflater.decompress(body, MAX_BYTES)
    except zlib.error:
        return b"", ("broken",)
    if inflater.eof:
        return made, ()
    return made, ("size",) if len(made) >= MAX_BYTES else ("broken",)


def sitemap(page: Page) -> Listing:
    """The stories of a sitemap, or of an index the sitemaps as `next`, the latest first where it tells their dates.

    Source: sitemaps.org protocol 0.9 and Google's news extension. Entities are not resolved, nothing is fetched.
    """
    body, left = unpacked(page.body)
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if INTERNAL_SUBSET.search(body[:100_000]):
        return Listing(kind="sitemap", left=("doctype",))
    if not head.startswith(b"<"):
        return Listing(kind="sitemap", stories=tuple(_plain_list(body)), left=left)
    stories: dict[str, Lead] = {}
    maps: list[tuple[str, str]] = []
    for number, (kind, fields) in enumerate(islice(_entries(body), MAX_URLS + 1)):
        if number == MAX_URLS:
            left = (*left, "size")
            break
        url = fields.get("loc", "")
        if not host_of(url):
            continue
        if kind == "sitemap":
            maps.append((fields.get("lastmod", ""), url))
        else:
            lead = _lead(url, fields, page)
            stories.setdefault(lead.url, lead)
    maps.sort(key=lambda one: one[0], reverse=True)
    after = tuple(dict.fromkeys(url for _, url in maps))
    return Listing(kind="sitemap", stories=tuple(stories.values()), next=after, left=left)


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
