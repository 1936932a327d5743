"""A home or section page in, its story links out, apart from navigation, tags, authors and advertisements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, unquote

from newscrawl import rulebook
from newscrawl.markup import Document
from newscrawl.read import dates, layouts
from newscrawl.read.address import canonical, host_of, is_section, listed, registrable, split, story_key
from newscrawl.read.blocks import DENSE, HEADINGS, Block, measure, says, tokens_of, words_of
from newscrawl.read.leads import Lead, Listing
from newscrawl.sitebook import Site

DATE = re.compile(
    r"/(?:19|20)\d\d(?:[/-]?(?:0[1-9]|1[0-2]|[a-z]{3}))?(?:[/-]?\d{2})?/|(?:19|20)\d\d-[01]\d-[0-3]\d|[/_-](?:19|20)\d{6}"
)
NUMBER = re.compile(r"\d{5,}")
SLUG_JOIN = re.compile(r"[-_+]|%20| ")
PAGE_PATH = re.compile(
    r"/(?:page|seite|pagina|halaman|p|hal|sayfa|trang)[/-]?(\d{1,4})/?\Z|/(\d{1,3})/?\Z|/(?:index|list|page|seite)[_-]?(\d{1,4})\.\w{3,5}\Z",
    re.IGNORECASE,
)
FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json")
)
OUTSIDE = frozenset(("nav", "footer", "hidden", "sheet", "header", "menu", "noscript"))
NEXT_ATTRIBUTES = ("data-next-url", "data-next", "data-next-page", "data-load-more-url", "data-infinite-url")
NEEDED = 3.0
ARROWS = " \t\n.…:→»›>-–—[]()«‹←↗+"


@dataclass(slots=True, kw_only=True)
class _Link:
    """All the links of a page to one address."""

    url: str
    at: int
    texts: list[str] = field(default_factory=list)
    score: float = 0.0
    heading: bool = False
    permanent: bool = False
    barred: bool = True
    advert: bool = False
    boxes: list[Block] = field(default_factory=list)


@cache
def _paging(key: str) -> frozenset[str]:
    value = rulebook.table("reading/paging")[key]
    return frozenset(str(one).casefold() for one in value) if isinstance(value, list) else frozenset()


def listing(document: Document, site: Site | None = None) -> Listing:
    """The stories, next pages and feeds that an HTML page points to, in the order of the page.

    site: the site file's record, whose listing selectors go before the generic way.
    """
    blocks = measure(document)
    if site is not None and site.listing.stories:
        stories = tuple(_selected(document, site))
    else:
        stories = tuple(_lead(one, document) for one in _stories(document, blocks))
    if site is not None and site.listing.next:
        after = tuple(dict.fromkeys(_targets(document, site.listing.next)))
    else:
        after = tuple(_next(document, blocks))
    return Listing(kind="html", stories=stories, next=after, feeds=tuple(_feeds(document)))


def _targets(document: Document, selector: str) -> Iterator[str]:
    for element in layouts.matched(document, selector):
        link = element if element.tag in ("a", "link") else next(iter(element.iter("a")), None)
        url = document.absolute(link.get("href", "")) if link is not None and link.get("href") else ""
        if host_of(url):
            yield url


def _selected(document: Document, site: Site) -> Iterator[Lead]:
    pattern = re.compile(site.listing.story_path) if site.listing.story_path else None
    seen: set[str] = set()
    for element in layouts.matched(document, site.listing.stories or ""):
        link = element if element.tag == "a" else next(iter(element.iter("a")), None)
        if link is None or not link.get("href"):
            continue
        url = canonical(document.absolute(link.get("href", "")))
        if not host_of(url) or url in seen or (pattern and not pattern.search(split(url).path)):
            continue
        seen.add(url)
        yield Lead(url=url, title=words_of(element) or None)


def _gathered(document: Document, blocks: list[Block]) -> dict[str, _Link]:
    links: dict[str, _Link] = {}
    known: dict[int, bool] = {}
    own = story_key(document.page.url) if document.page.url else ""
    for block in blocks:
        href = block.element.get("href") if block.tag == "a" else None
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            continue
        url = canonical(document.absolute(href))
        if not host_of(url) or story_key(url) == own:
            continue
        link = links.setdefault(story_key(url), _Link(url=url, at=block.at))
        text = words_of(block.element)
        barred, advert = _place(block, known)
        link.barred = link.barred and barred
        link.advert = link.advert or advert or "sponsored" in (block.element.get("rel") or "")
        if barred:
            continue
        link.heading = link.heading or _in_heading(block)
        link.permanent = link.permanent or "bookmark" in (block.element.get("rel") or "").split()
        if text:
            link.texts.append(text)
        link.boxes.append(block)
    return links


def _place(block: Block, known: dict[int, bool]) -> tuple[bool, bool]:
    """Whether the link stands in navigation or the like, and whether in an advertisement."""
    barred = advert = False
    for one in block.above():
        if one.tag in ("main", "article", "body"):
            barred = barred or one.never in OUTSIDE
            if one.tag == "body":
                break
        names = one.names if len(one.names) < 300 else ""
        if one.tag in ("nav", "footer", "menu") or one.element.get("role") in ("navigation", "contentinfo", "menu"):
            barred = True
        if names and one.chars < 4000 and says("navigation", names) and not _holds_headings(one, known):
            barred = True
        if names and one.chars < 1500 and says("advert", names):
            advert = True
    return barred, advert


def _holds_headings(block: Block, known: dict[int, bool]) -> bool:
    if block.at not in known:
        known[block.at] = sum(1 for one in block.element.iter("h2", "h3", "h4") if one.find(".//a") is not None) > 1
    return known[block.at]


def _in_heading(block: Block) -> bool:
    near = list(block.above())[:4]
    if any(one.tag in HEADINGS for one in near) or any(one.names and says("headline", one.names) for one in near[:3]):
        return True
    return next(block.element.iter(*HEADINGS), None) is not None


def _words(text: str) -> float:
    return len(text.split()) + len(DENSE.findall(text)) / 3


def _path_score(url: str) -> float:
    """How much an address looks like a story's."""
    parts = split(url)
    path = unquote(parts.path)
    if is_section(url):
        return -4.0
    last = path.rstrip("/").rpartition("/")[2]
    score = 2.0 if DATE.search(path) else 0.0
    joined = len(SLUG_JOIN.findall(last))
    score += 2.0 if joined >= 3 else 1.0 if joined == 2 else 0.0
    named = _has_story_id(parts.query)
    score += 1.5 if named else 1.0 if NUMBER.search(last + "?" + parts.query) else 0.0
    score += 0.5 if last.endswith((".html", ".htm", ".shtml", ".php")) and len(last) > 14 else 0.0
    if len(last) > 40 or (not last.isascii() and len(last) > 8):
        score += 1.0
    if score == 0.0 and (path.count("/") <= 2 and len(last) < 16):
        score -= 2.0
    if PAGE_PATH.search(path) and not NUMBER.search(last) and score < 2:
        score -= 3.0
    return score


def _has_story_id(query: str) -> bool:
    """Whether a query names one story by its number: "?module=news&id=4400"."""
    names = listed("paths", "story_ids")
    return any(name.lower() in names and value.isdigit() for name, value in parse_qsl(query))


def _stories(document: Document, blocks: list[Block]) -> list[_Link]:
    links = _gathered(document, blocks)
    known: dict[int, bool] = {}
    for link in links.values():
        text = max(link.texts, key=len, default="")
        words = _words(text)
        link.score = _path_score(link.url)
        link.score += 2.0 if words >= 5 else 1.0 if words >= 3 else -1.5
        link.score += (3.0 if words >= 4 or link.permanent else 2.0) if link.heading else 0.0
        link.score += 1.0 if any(_in_card(one, known) for one in link.boxes[:4]) else 0.0
        if link.barred:
            link.score -= 6.0
        if link.advert:
            link.score -= 6.0
        if document.host and registrable(host_of(link.url)) != registrable(document.host):
            link.score -= 1.5
    found = [one for one in links.values() if one.score >= NEEDED]
    shapes = Counter(_shape(one.url) for one in found)
    common = {shape for shape, count in shapes.items() if count >= max(3, 0.2 * len(found))}
    rescued = [
        one
        for one in links.values()
        if one.score < NEEDED and not one.barred and not one.advert and _shape(one.url) in common
        and one.score > 0 and not is_section(one.url) and _words(max(one.texts, key=len, default="")) >= 2
    ]  # fmt: skip
    return sorted(found + rescued, key=lambda one: one.at)


def _in_card(block: Block, known: dict[int, bool]) -> bool:
    above = list(block.above())[:6]
    if any(one.tag in ("article", "li", "figure") for one in above):
        return True
    for one in above[:3]:
        if one.at not in known:
            known[one.at] = next(one.element.iter("time", "img"), None) is not None
    return any(known[one.at] for one in above[:3])


def _shape(url: str) -> tuple[str, int, bool, bool]:
    parts = split(url)
    segments = [one for one in parts.path.split("/") if one]
    return (
        registrable(host_of(url)),
        len(segments),
        bool(DATE.search(parts.path)),
        bool(NUMBER.search(parts.path + parts.query)),
    )


def _lead(link: _Link, document: Document) -> Lead:
    titles = [one for one in link.texts if 1 < len(one) < 300]
    headed = [words_of(inner) for box in link.boxes for inner in box.element.iter(*HEADINGS)]
    title = next((one for one in headed if one), None) or max(titles, key=len, default=None)
    published = None
    for box in link.boxes:
        card = next((one for one in list(box.above())[:6] if one.tag in ("article", "li") or one.chars > 60), None)
        stamp = next(iter(card.element.iter("time")), None) if card is not None and card.chars < 1500 else None
        if stamp is not None:
            raw = stamp.get("datetime") or words_of(stamp)
            published = dates.machine(raw) or dates.moment(
                raw, fetched=document.page.fetched, language=document.language or "en"
            )
            break
    return Lead(url=link.url, title=title, published=published)


def asks_for_page(url: str) -> bool:
    """Whether an address says in words that it is a later page of a listing.

    >>> asks_for_page("https://news.example/seite/2"), asks_for_page("https://news.example/?p=1204")
    (True, False)
    """
    parts = split(url)
    named = listed("paths", "page_words")
    if any(name.lower() in named and value.isdigit() and len(value) < 4 for name, value in parse_qsl(parts.query)):
        return True
    segments = [one.lower() for one in parts.path.split("/") if one]
    return len(segments) > 1 and segments[-2] in named and segments[-1].isdigit()


def page_number(url: str) -> int | None:
    """Which page of a listing an address asks for; None where it does not say."""
    parts = split(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in listed("paths", "pages") and value.isdigit():
            return int(value)
    found = PAGE_PATH.search(parts.path)
    return int(found[1] or found[2] or found[3]) if found else None


def _stem(url: str) -> str:
    parts = split(url)
    query = sorted(pair for pair in parse_qsl(parts.query) if pair[0].lower() not in listed("paths", "pages"))
    return f"{registrable(parts.hostname or '')}{PAGE_PATH.sub('', parts.path).rstrip('/')}?{query}"


def _next(document: Document, blocks: list[Block]) -> Iterator[str]:
    """The pages that go on from this one: rel=next, the way on in words, then higher page numbers, in order."""
    here = document.page.url
    number = page_number(here) or 1
    found = [
        (-1.0, document.absolute(tag.attrs["href"]))
        for tag in document.links
        if "next" in tag.attrs.get("rel", "").lower().split() and tag.attrs.get("href")
    ]
    for block in blocks:
        held = [block.element.get(name, "") for name in NEXT_ATTRIBUTES]
        found += [(0.0, document.absolute(one)) for one in held if one.startswith(("/", "http", "?"))]
        href = block.element.get("href") if block.tag == "a" else None
        if not href or href.startswith(("#", "javascript:")):
            continue
        url = document.absolute(href)
        target = page_number(url)
        text = words_of(block.element).casefold()
        pager = any(set(tokens_of(one.names)) & _paging("pagers") for one in list(block.above())[:5] if one.names)
        same = _stem(url) == _stem(here)
        if (
            target is not None
            and target > number
            and same
            and (pager or (text.isdecimal() and int(text) == target) or text.strip(ARROWS) in _paging("next"))
        ) or (target == number + 1 and same and asks_for_page(url)):
            found.append((float(target), url))
        elif pager and text.strip(ARROWS) in _paging("next") and target is None and same and url != here:
            found.append((0.0, url))
    pages = dict.fromkeys(url.partition("#")[0] for _, url in sorted(found, key=lambda one: one[0]))
    yield from (url for url in pages if host_of(url) and url != here.partition("#")[0])


def _feeds(document: Document) -> Iterator[str]:
    seen: set[str] = set()
    for tag in document.links:
        kind = tag.attrs.get("type", "").partition(";")[0].strip().lower()
        title = tag.attrs.get("title", "").casefold()
        if tag.name != "link" or "alternate" not in tag.attrs.get("rel", "").lower().split() or kind not in FEED_TYPES:
            continue
        url = document.absolute(tag.attrs.get("href", ""))
        path = split(url).path
        plain_json = kind == "application/json" and "feed" not in path
        if (
            not host_of(url)
            or plain_json
            or "/comments/" in path
            or "comment" in title
            or "oembed" in url
            or "/wp-json" in path
        ):
            continue
        if url not in seen:
            seen.add(url)
            yield url
