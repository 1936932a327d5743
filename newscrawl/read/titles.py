"""The headline without the site's name, out of what the page offers as title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from newscrawl.read.address import host_of, registrable, split
from newscrawl.read.blocks import Block, words_of
from newscrawl.read.headings import headlines, words
from newscrawl.read.metas import Head, tidy
from newscrawl.read.suffixes import folded, heft, stripped, symbols

CUT_OFF = re.compile(r"\s*(?:…|\.{3,})\s*\Z")
TEMPLATE = re.compile(r"\{\{|\}\}|<%|%[a-z_]{3,30}%|\$\{|\[%", re.IGNORECASE)
INLINE = re.compile(r"</?(?:em|i|b|u|strong|span|sup|sub|br|p|q)\b[^<>]{0,80}>", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{4,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
MAX_CHARACTERS = 500
LEAST = 8
"""Letters of a title that can bear another one out."""


def title(head: Head, blocks: list[Block]) -> tuple[str, str]:
    """The headline and where it stood; two empty strings where the page has none.

    og:title leads: it is what a publisher hands out as the story's title. The visible headline and JSON-LD tell where
    the site's name, a section or a kicker begins; the visible headline goes before og:title where the page's data or
    its title has the one and nothing has the other.
    """
    sites = _sites(head)
    page_title = _page_title(head)
    stated = _unmarked(head.article.get("headline") or head.article.get("name"))
    metas = [(_unmarked(value), origin) for value, origin in head.every("title")]
    shared = metas[0][0] if metas else ""
    heads = [(one, "h1") for one in headlines(blocks, (page_title, shared, stated))]
    named = ((value, origin.removeprefix("meta ")) for value, origin in metas if value != shared)
    plain = [value for value, name in named if name in words("plain")]
    others = [
        one[:MAX_CHARACTERS]
        for one in (stated, *(text for text, _ in heads), *plain)
        if heft(folded(one)) >= LEAST and not _is_site(one, sites)
    ]
    support = {folded(one) for one in (*others, page_title)}
    sections = _sections(head)
    seen = _seen_first(heads[:1], stated, shared, page_title, sites)
    for text, origin in (*seen, *metas, (stated, "json-ld"), *heads, (page_title, "title")):
        clean = _best_dressed(stripped(text[:MAX_CHARACTERS], others, sites, sections), others)
        if len(folded(clean)) < 2 or _is_site(clean, sites) or (is_placeholder(clean) and support - {folded(clean)}):
            continue
        if origin.startswith("meta") and origin != "meta og:title" and others and not _supported(clean, support):
            continue
        return clean, origin
    return "", ""


def is_placeholder(text: str) -> bool:
    """Whether a title is only what a template had to say.

    >>> is_placeholder("Untitled"), is_placeholder("{{ post.title }}"), is_placeholder("Untitled works found")
    (True, True, False)
    """
    return text.strip().casefold() in words("placeholders") or TEMPLATE.search(text) is not None


def _best_dressed(text: str, others: list[str]) -> str:
    """The same headline as another candidate has it, where this one shouts, is cut off, or wears an emoji."""
    bare = CUT_OFF.sub("", text)
    key = folded(bare)
    if not key:
        return text
    if bare != text:
        longer = (one for one in others if folded(one).startswith(key) and not CUT_OFF.search(one))
        return next(longer, text)
    if (len(key) > LEAST and bare.isupper()) or symbols(bare):
        same = (one for one in others if folded(one) == key and not one.isupper() and not symbols(one))
        return next(same, text)
    whole = (one for one in others if one.startswith(bare) and len(bare) > 2 * LEAST and _within_word(one, len(bare)))
    return next(whole, "") or (next((one for one in others if _accented(one, key)), text) if text.isascii() else text)


def _within_word(text: str, at: int) -> bool:
    """Whether a place is inside a word of a script that sets spaces between words."""
    return at < len(text) and text[at - 1].isalpha() and text[at].isalpha() and heft(text[at - 1 : at + 1]) == 2


def _accented(text: str, key: str) -> bool:
    """Whether a title is another one that had lost its accents: "Mua cham dut han han"."""
    if text.isascii() or folded(text) == key:
        return False
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return folded(plain.translate({0x111: "d", 0x110: "D", 0x131: "i", 0x142: "l", 0x141: "L"})) == key


def _seen_first(
    heads: list[tuple[str, str]], stated: str, shared: str, page_title: str, sites: Collection[str]
) -> list[tuple[str, str]]:
    """The visible headline, where it goes before what is handed to networks.

    So it is where the page's data has it word for word, where the page's title has it and the other is the site's motto
    or a section, and where each of the three says another thing.
    """
    seen, data, social, page = (folded(one) for one in (heads[0][0] if heads else "", stated, shared, page_title))
    if heft(seen) < LEAST or not social or seen in sites or seen in social or social in seen:
        return []
    if data == seen:
        return [] if social in data else heads
    if seen in page and not _akin(shared, f"{heads[0][0]} {stated}"):
        return heads
    apart = len(data) >= LEAST and data not in social and social not in data and data not in seen and seen not in data
    return heads if apart and social not in page else []


def _akin(one: str, other: str) -> bool:
    """Whether two titles share a word."""
    return not set(WORD.findall(one.casefold())).isdisjoint(WORD.findall(other.casefold()))


def _supported(text: str, support: set[str]) -> bool:
    key = folded(text)
    return any(key in one or one in key for one in support if one)


def _unmarked(value: object) -> str:
    """A title of the data without the markup that a template left in it."""
    text = tidy(value)
    return tidy(INLINE.sub("", text)) if "<" in text else text


def _page_title(head: Head) -> str:
    element = head.document.root.find(".//title")
    return _unmarked(words_of(element)) if element is not None else ""


def _sites(head: Head) -> set[str]:
    host = host_of(head.document.page.url)
    domain = registrable(host) if host else ""
    return {folded(one) for one in (*head.site_names, host, domain, domain.partition(".")[0]) if len(folded(one)) > 1}


def _sections(head: Head) -> set[str]:
    """What the page's data or its address call the part of the site where the story stands."""
    told = head.article.get("articleSection")
    stated = [tidy(one) for one in (told if isinstance(told, list) else [told])]
    folders = split(head.document.page.url).path.split("/")[:-1]
    return {key for one in (*head.tags.get("article:section", ()), *stated, *folders) if len(key := folded(one)) > 2}


def _is_site(text: str, sites: Iterable[str]) -> bool:
    return folded(text) in sites
