"""What stands around a story: its source, pictures, tags, counts, and the flags that tell its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newscrawl.markup import Document
from newscrawl.model import Image
from newscrawl.read.address import canonical, host_of, registrable, split
from newscrawl.read.authors import folded
from newscrawl.read.blocks import Block, says, words_of
from newscrawl.read.metas import Head, kinds, listed, tidy
from newscrawl.read.phrases import ARROWS, first_on, leads_on

ABOVE = 15
SEPARATING = " \u3000|·•,-–—\n"
MAX_IMAGES = 20
MAX_TAGS = 40
SMALL = 80
OUTSIDE = frozenset(("card", "nav", "strong", "aside", "footer", "hidden"))
ELSEWHERE = frozenset(("nav", "card", "hidden", "aside", "footer"))
AHEAD = 60


def _foreign(url: str, host: str) -> bool:
    other = host_of(url)
    return bool(other and host) and registrable(other) != registrable(host)


def source(head: Head, blocks: list[Block], first: int, last: int) -> tuple[str | None, str | None, str]:
    """The original of a copy: its name, its address, and where that was said.

    A read-more link or "appeared first on" in or just behind the body leads; then a canonical address on another host.
    """
    document = head.document
    for name, url, origin in _in_text(document, blocks, first, last, head.site_names):
        return name, url, origin
    for tag in document.links:
        if tag.name == "link" and "canonical" in tag.attrs.get("rel", "").lower().split():
            url = document.absolute(tag.attrs.get("href", ""))
            if _foreign(url, document.host):
                return None, canonical(url), "rel canonical"
    based = next(iter(listed(head.article.get("isBasedOn"))), None)
    url = tidy(based.get("url") or based.get("@id")) if isinstance(based, dict) else tidy(based)
    if url.startswith("http") and _foreign(url, document.host):
        name = tidy(based.get("name")) if isinstance(based, dict) else ""
        return name or None, canonical(url), "json-ld"
    for name in ("syndication-source", "original-source"):
        address = head.tags.get(name, [""])[0]
        if _foreign(address, document.host):
            return None, canonical(address), f"meta {name}"
    return None, None, ""


def _in_text(
    document: Document, blocks: list[Block], first: int, last: int, outlets: tuple[str, ...]
) -> Iterator[tuple[str | None, str | None, str]]:
    near = blocks[first : last + 40]
    for block in near:
        if block.tag != "a" or block.never in ("nav", "card", "hidden") or not block.element.get("href"):
            continue
        if leads_on(words_of(block.element)):
            url = document.absolute(block.element.get("href", ""))
            if _foreign(url, document.host):
                yield None, canonical(url), "read-more link"
    for block in blocks[max(first - ABOVE, 0) : last + 40]:
        if not block.text or block.never in ("nav", "card", "hidden") or len(block.text) > 400:
            continue
        line = block.text.casefold()
        for phrase, at in first_on(line):
            if phrase[-1] in ":：" and line[at - 1 : at].strip(SEPARATING):
                continue
            links = [one for one in block.element.iter("a") if one.get("href")]
            link = links[-1] if links else None
            url = _deepest([document.absolute(one.get("href", "")) for one in links])
            named = words_of(link) if link is not None else block.text[at + len(phrase) :]
            named = named.strip(ARROWS + "\"'“”")[:80]
            if url and _foreign(url, document.host):
                yield named or None, canonical(url), "appeared first on"
            elif not url and _is_source(named, outlets):
                yield named, None, "appeared first on"
            break


def _deepest(urls: list[str]) -> str:
    """The last address, or one before it on the same host that leads deeper: the story rather than the front page."""
    if not urls:
        return ""
    same = [one for one in urls if host_of(one) == host_of(urls[-1])]
    return max(same, key=lambda one: len(split(one).path.strip("/"))) if same else urls[-1]


def _is_source(name: str, outlets: tuple[str, ...]) -> bool:
    """A name that stands alone and is not the outlet's own: few words, no date."""
    key = folded(name)
    own = [folded(one) for one in outlets]
    return 1 < len(name) < 40 and not any(one.isdigit() for one in name) and not any(one and one in key for one in own)


def images(head: Head, blocks: list[Block], first: int, last: int) -> tuple[Image, ...]:
    """The story's pictures: those the metadata names, then those of the body with their captions, each once."""
    document = head.document
    found: dict[str, str | None] = {}

    def add(url: str, caption: str | None) -> None:
        address = document.absolute(url) if url and not url.startswith("data:") else ""
        if address.startswith("http") and len(found) < MAX_IMAGES:
            found[address] = found.get(address) or caption

    for one in listed(head.article.get("image")):
        if isinstance(one, dict):
            urls = listed(one.get("url") or one.get("contentUrl") or one.get("@id"))
            add(tidy(urls[0]) if urls else "", tidy(one.get("caption")) or None)
        else:
            add(tidy(one), None)
    for value, _ in head.every("image"):
        add(value, None)
        break
    for block in blocks[max(first - 40, 0) : last + 1]:
        if block.tag not in ("img", "picture") or block.never in OUTSIDE:
            continue
        if block.never == "weak" and not (block.at > first and _is_plate(block)):
            continue
        element = block.element if block.tag == "img" else next(block.element.iter("img"), block.element)
        if any(
            (element.get(side) or "").isdigit() and int(element.get(side, "0")) < SMALL for side in ("width", "height")
        ):
            continue
        add(element.get("data-src") or element.get("src") or "", _caption(block))
    return tuple(Image(url=url, caption=caption) for url, caption in found.items())


def _is_plate(block: Block) -> bool:
    """A picture of a gallery: in a figure with its own caption, and no way to another page."""
    above = list(block.above())[1:5]
    figure = next((one for one in above if one.tag == "figure"), None)
    linked = any(one.tag == "a" for one in above)
    return figure is not None and not linked and next(figure.element.iter("figcaption"), None) is not None


def _caption(block: Block) -> str | None:
    for above in list(block.above())[1:5]:
        if above.tag == "figure":
            inner = next(iter(above.element.iter("figcaption")), None)
            text = words_of(inner) if inner is not None else ""
            return text or None
    return None


def _is_tag(block: Block) -> bool:
    """A link that calls itself a tag, in HTML's words or those of microformats."""
    return "tag" in (block.element.get("rel") or "").split() or "p-category" in (block.element.get("class") or "")


def _tagged(blocks: list[Block], first: int, last: int) -> Iterator[Block]:
    """The links of a box that calls itself the story's tags, beside the body."""
    for block in blocks[max(first - AHEAD, 0) : last + AHEAD]:
        if block.tag != "a" or block.never in ELSEWHERE:
            continue
        if any(one.names and says("tags", one.names) for one in block.above()) and len(words_of(block.element)) < 40:
            yield block


def tags(head: Head, blocks: list[Block], first: int, last: int) -> tuple[str, ...]:
    """What the publisher files the story under, each word once."""
    found: dict[str, str] = {}
    keywords = listed(head.article.get("keywords"))
    raw = [tidy(one.get("name")) if isinstance(one, dict) else tidy(one) for one in keywords]
    raw = [value for value, origin in head.every("tags") if origin == "meta article:tag"] or raw
    if not raw:
        raw = [head.first("tags")[0]]
    for value in raw:
        for part in re.split(r"[,;，、|]", value):
            word = part.strip(" #\"'")
            if 1 < len(word) < 60:
                found.setdefault(word.casefold(), word)
    filed = [one for one in blocks if one.tag == "a" and _is_tag(one) and len(words_of(one.element)) < 60]
    for block in filed or ([] if found else _tagged(blocks, first, last)):
        word = words_of(block.element).strip(" #,")
        if len(word) > 1:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())[:MAX_TAGS]


def flags(head: Head, blocks: list[Block], first: int, last: int) -> Iterator[str]:
    """paywall: the publisher says that the text is not free. live: a running ticker."""
    free = str(head.article.get("isAccessibleForFree", "")).strip().lower()
    tier = " ".join(head.tags.get("article:content_tier", ())).lower()
    whole = max(blocks[0].good, 1.0) if blocks else 1.0
    walled = any(
        one.names and one.chars > 40 and one.good < 0.35 * whole and not one.hidden and says("wall", one.names)
        for one in blocks
    )
    if free in ("false", "no", "0") or tier in ("locked", "metered") or (walled and free != "true"):
        yield "paywall"
    inside = any(says("live", one.names) for one in blocks[first : last + 1] if one.names)
    if "LiveBlogPosting" in kinds(head.article) or inside:
        yield "live"


def comment_count(head: Head) -> int | None:
    """How many comments the data counts."""
    value = head.article.get("commentCount")
    return int(str(value)) if str(value).isdigit() else None


def licence(head: Head) -> str | None:
    """The licence that the page links for its text."""
    stated = tidy(head.article.get("license"))
    if stated:
        return stated
    for tag in head.document.links:
        if "license" in tag.attrs.get("rel", "").lower().split() and tag.attrs.get("href"):
            return head.document.absolute(tag.attrs["href"])
    return None
