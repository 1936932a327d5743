"""The headline without the site's name, out of what the page offers as title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from newscrawl.read.address import host_of, registrable
from newscrawl.read.blocks import Block, words_of
from newscrawl.read.metas import Head, tidy

SEPARATORS = "|｜ㅣ·•–—-:：*»«/~"
CUT = re.compile(rf"\s*(?:\s[{re.escape(SEPARATORS)}]+\s|[|｜ㅣ：]|\s[|·•»*]+)\s*")
MAX_CHARACTERS = 500
OPENERS = "\"'“‘„«»¿¡「『（("
CLOSERS = "\"'”’“»«!?.…)」』！？。"
KICKER = re.compile(r"\s*[:：]\s+|\s+[-–—|]\s+")
QUOTES = re.compile("[\"'`´‘’‚‛“”„‟«»‹›]")
ALNUM = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """A title for comparing: letters and digits alone, width and case folded."""
    return ALNUM.sub("", unicodedata.normalize("NFKC", text).casefold())


def title(head: Head, blocks: list[Block]) -> tuple[str, str]:
    """The headline and where it stood; two empty strings where the page has none.

    og:title leads: it is what a publisher hands out as the story's title. The visible headline and JSON-LD tell where
    the site's name, a section or a kicker begins.
    """
    sites = _sites(head)
    page_title = _page_title(head)
    heads = [(one, "h1") for one in _headlines(blocks, page_title) or _shown(blocks, page_title)]
    stated = tidy(head.article.get("headline") or head.article.get("name"))
    metas = [(value, origin) for value, origin in head.every("title")]
    others = [
        one for one in (stated, *(text for text, _ in heads)) if len(folded(one)) >= 8 and not _is_site(one, sites)
    ]
    others = [one[:MAX_CHARACTERS] for one in others]
    candidates = [*metas, (stated, "json-ld"), *heads, (page_title, "title")]
    support = {folded(one) for one in (*others, page_title)}
    shown = _agreed(heads, stated, metas[:1])
    for text, origin in (*shown, *candidates):
        clean = stripped(text[:MAX_CHARACTERS], others, sites)
        if len(folded(clean)) < 2 or _is_site(clean, sites):
            continue
        if origin.startswith("meta") and origin != "meta og:title" and others and not _supported(clean, support):
            continue
        return clean, origin
    return "", ""


def _agreed(heads: list[tuple[str, str]], stated: str, shared: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The visible headline where the page's data has it word for word and what is handed to networks has neither."""
    keys = {folded(text) for text, _ in heads}
    key = folded(stated)
    social = folded(shared[0][0]) if shared else ""
    if len(key) < 8 or key not in keys or not social or key in social or social in key:
        return []
    return [one for one in heads if folded(one[0]) == key]


def _supported(text: str, support: set[str]) -> bool:
    key = folded(text)
    return any(key in one or one in key for one in support if one)


def _page_title(head: Head) -> str:
    element = head.document.root.find(".//title")
    return tidy(words_of(element)) if element is not None else ""


def _headlines(blocks: list[Block], page_title: str) -> list[str]:
    found = [
        _unkicked(one, folded(page_title)) for one in blocks if one.tag == "h1" and one.never not in ("hidden", "nav")
    ]
    marked = [
        tidy(words_of(one.element)) for one in blocks if one.element.get("itemprop") in ("headline", "name headline")
    ]
    return [one for one in dict.fromkeys((*marked[:1], *found)) if 1 < len(one) < 400]


def _unkicked(block: Block, page_title: str) -> str:
    """A headline's text, less the kicker that stands in an element of its own and not in the page's title."""
    whole = tidy(words_of(block.element))
    if len(block.element) < 2 or page_title.startswith(folded(whole)):
        return whole
    for part in block.element:
        text = tidy(words_of(part)) if isinstance(part.tag, str) else ""
        if len(folded(text)) >= 12 and page_title.startswith(folded(text)):
            return text
    return whole


def _shown(blocks: list[Block], page_title: str) -> list[str]:
    """Without an h1: the first line of the page that the page's title begins with."""
    key = folded(page_title)
    for block in blocks:
        shown = folded(block.text) if 8 < len(block.text) < 300 and block.never not in ("hidden", "nav") else ""
        if len(shown) >= 8 and key.startswith(shown):
            return [block.text]
    return []


def _sites(head: Head) -> set[str]:
    host = host_of(head.document.page.url)
    domain = registrable(host) if host else ""
    return {folded(one) for one in (*head.site_names, host, domain, domain.partition(".")[0]) if len(folded(one)) > 1}


def _is_site(text: str, sites: Iterable[str]) -> bool:
    return folded(text) in sites


def stripped(text: str, others: list[str], sites: set[str]) -> str:
    """A title less the site's name, its section and kicker, as far as the others bear it out.

    >>> stripped("Rain ends drought | Example News", [], {"examplenews"})
    'Rain ends drought'
    """
    text = _without_site(text.strip(), sites)
    others = [_without_site(one, sites) for one in others]
    if folded(text) in {folded(one) for one in others}:
        return text
    for other in others:
        inner = _inside(text, other)
        if inner:
            return inner
    for other in others:
        common = _common_tail(text, other)
        if common:
            return common
    return text


def _inside(text: str, other: str) -> str:
    """The part of a title that is another candidate, where separators set it off on either side; else empty."""
    whole = folded(other)
    letters = [(letter, at) for at, one in enumerate(text) for letter in folded(one)]
    found = "".join(letter for letter, _ in letters).find(whole)
    if found < 0 or len(whole) < 12 or len(whole) == len(letters):
        return ""
    start, end = letters[found][1], letters[found + len(whole) - 1][1] + 1
    while end < len(text) and text[end] in CLOSERS:
        end += 1
    while start > 0 and text[start - 1] in OPENERS:
        start -= 1
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if (before and before[-1] not in SEPARATORS) or (after and after[0] not in SEPARATORS + "([【"):
        return ""
    return text[start:end].strip()


def _common_tail(text: str, other: str) -> str:
    """What two titles share behind different kickers: "Rain: Rivers rise" and "Floods - Rivers rise"."""
    for one in KICKER.finditer(text):
        tail = text[one.end() :].strip()
        if (
            len(folded(tail)) >= 20
            and folded(other).endswith(folded(tail))
            and _behind_kicker(other, tail, set(text[: one.start()].casefold().split()))
        ):
            return tail
    return ""


def _behind_kicker(other: str, tail: str, kicker: set[str]) -> bool:
    return any(
        folded(other[one.end() :]) == folded(tail) and not kicker & set(other[: one.start()].casefold().split())
        for one in KICKER.finditer(other)
    )


def _without_site(text: str, sites: set[str]) -> str:
    first, colon, rest = text.partition(": ")
    if colon and folded(first) in sites:
        text = rest
    for _ in range(3):
        parts = CUT.split(text)
        if len(parts) < 2:
            break
        last, first = parts[-1], parts[0]
        if _names_site(last, sites):
            text = text[: text.rindex(last)].rstrip(SEPARATORS + " ")
        elif _names_site(first, sites) and folded(first) in sites:
            text = text[text.index(first) + len(first) :].lstrip(SEPARATORS + " ")
        elif len(parts) > 2 and _names_site(parts[-2], sites) and len(last) < 40:
            text = text[: text.rindex(parts[-2])].rstrip(SEPARATORS + " ")
        else:
            break
    return text.strip()


def _names_site(part: str, sites: set[str]) -> bool:
    key = folded(part)
    return bool(key) and (
        key in sites
        or any(len(one) > 3 and (one in key and len(key) < 2.5 * len(one)) for one in sites)
        or any(len(key) > 3 and one.startswith(key) for one in sites)
    )
