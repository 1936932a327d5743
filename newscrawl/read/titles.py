"""The headline without the site's name, out of what the page offers as title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice

from newscrawl import rulebook
from newscrawl.markup import Element
from newscrawl.read.address import host_of, registrable, split
from newscrawl.read.blocks import STRING, Block, tokens_of, words_of
from newscrawl.read.metas import Head, tidy

SEPARATORS = "|｜ㅣ·•–—-:：*»«/~‹›<>⋆★☆▷▶►◆◇●○■▪❘❯∣╽│┃∥¦∙‧・→⇒_=#¬"
INVISIBLE = re.compile("[\u200b\u2060\ufeff]")  # not the joiners: Persian and Hindi write with them
CUT = re.compile(rf"\s*(?:\s[{re.escape(SEPARATORS)}]+\s|[|｜ㅣ：│]|\s[|·•»*]+)\s*")
TIGHT = re.compile(r"[-–—_‐:：・/]")  # without spaces: only where the site's own name follows
BEHIND = re.compile(r"\s*[(\[（【]([^()\[\]（）【】]{2,60})[)\]）】]\s*\Z")
CUT_OFF = re.compile(r"\s*(?:…|\.{3,})\s*\Z")
TEMPLATE = re.compile(r"\{\{|\}\}|<%|%[a-z_]{3,30}%|\$\{|\[%", re.IGNORECASE)
BREAKS = frozenset(("br", "div", "p", "h2", "h3", "small"))
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
    shared = metas[0][0] if metas else ""
    named = ((value, origin.removeprefix("meta ")) for value, origin in metas if value != shared)
    plain = [value for value, name in named if name in _listed("plain")]
    others = [
        one
        for one in (stated, *(text for text, _ in heads), *plain)
        if len(folded(one)) >= 8 and not _is_site(one, sites)
    ]
    others = [one[:MAX_CHARACTERS] for one in others]
    candidates = [*metas, (stated, "json-ld"), *heads, (page_title, "title")]
    support = {folded(one) for one in (*others, page_title)}
    shown = _agreed(heads, stated, metas[:1])
    for text, origin in (*shown, *candidates):
        clean = _best_dressed(stripped(text[:MAX_CHARACTERS], others, sites), others)
        if len(folded(clean)) < 2 or _is_site(clean, sites) or (is_placeholder(clean) and support - {folded(clean)}):
            continue
        if origin.startswith("meta") and origin != "meta og:title" and others and not _supported(clean, support):
            continue
        return clean, origin
    return "", ""


@cache
def _listed(key: str) -> frozenset[str]:
    value = rulebook.table("reading/titles")[key]
    return frozenset(str(one) for one in value) if isinstance(value, list) else frozenset()


def is_placeholder(text: str) -> bool:
    """Whether a title is only what a template had to say.

    >>> is_placeholder("Untitled"), is_placeholder("{{ post.title }}"), is_placeholder("Untitled works found")
    (True, True, False)
    """
    return text.strip().casefold() in _listed("placeholders") or TEMPLATE.search(text) is not None


def _best_dressed(text: str, others: list[str]) -> str:
    """The same headline as another candidate has it, where this one shouts, is cut off, or wears an emoji."""
    bare = CUT_OFF.sub("", text)
    key = folded(bare)
    if not key:
        return text
    if bare != text:
        longer = (one for one in others if folded(one).startswith(key) and not CUT_OFF.search(one))
        return next(longer, text)
    if (len(key) > 8 and bare.isupper()) or _symbols(bare):
        same = (one for one in others if folded(one) == key and not one.isupper() and not _symbols(one))
        return next(same, text)
    return text


def _symbols(text: str) -> bool:
    return any(unicodedata.category(one) in ("So", "Sk", "Cn") for one in text if ord(one) > 0x2000)


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
    heads = (one for one in blocks if one.tag == "h1" and one.never not in ("hidden", "nav"))
    found = [_unkicked(one, page_title) for one in heads if not _is_logo(one.element)]
    marked = [
        tidy(words_of(one.element)) for one in blocks if one.element.get("itemprop") in ("headline", "name headline")
    ]
    return [one for one in dict.fromkeys((*marked[:1], *found)) if 1 < len(one) < 400]


def _is_logo(element: Element) -> bool:
    """A heading that is nothing but the way home: the site's own name."""
    links = list(islice(element.iter("a"), 2))
    if len(links) != 1 or words_of(links[0]) != words_of(element):
        return False
    href = (links[0].get("href") or "").strip()
    return href in ("/", "#", "./") or (href.startswith("http") and not split(href).path.strip("/"))


def _unkicked(block: Block, page_title: str) -> str:
    """A headline's text, less the kicker that stands in an element of its own and not in the page's title."""
    whole = tidy(_spaced(block.element))
    if not len(block.element):
        return whole
    key = folded(page_title)
    if key.startswith(folded(whole)):
        return _inside(page_title, whole) or whole  # with the sign that the page's title sets between kicker and rest
    for part in block.element:
        text = tidy(words_of(part)) if isinstance(part.tag, str) else ""
        if len(folded(text)) >= 12 and key.startswith(folded(text)):
            return text
    kickers = [one for one in block.element if isinstance(one.tag, str) and _is_kicker(one)]
    rest = tidy(_spaced(block.element, kickers)) if kickers else ""
    return rest if len(folded(rest)) >= 8 else whole


def _is_kicker(element: Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}".strip()
    named = bool(names) and not _listed("kicker").isdisjoint(tokens_of(names))
    return named or (element.tag == "small" and len(words_of(element).split()) <= 3)


def _spaced(element: Element, without: Sequence[Element] = ()) -> str:
    """An element's text with a space where a line ends in it; less some of its children."""
    parts = [element.text or ""]
    for one in element:
        if isinstance(one.tag, str) and one not in without:
            edge = " " if one.tag in BREAKS else ""
            parts += [edge, _spaced(one) if len(one) else words_of(one) if edge else str(STRING(one)), edge]
        parts += [" " if one in without else "", one.tail or ""]
    return "".join(parts)


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
    if (before and before[-1] not in SEPARATORS and not (len(before) < 15 and _symbols(before))) or (
        after and after[0] not in SEPARATORS + "([【" and not _symbols(after[0])
    ):
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
    text = INVISIBLE.sub("", text)
    behind = BEHIND.search(text)
    if behind and folded(behind[1]) in sites:
        text = text[: behind.start()]
    tight = list(TIGHT.finditer(text))[-1:]
    if tight and folded(text[tight[0].end() :]) in sites and len(folded(text[: tight[0].start()])) > 3:
        text = text[: tight[0].start()].rstrip(SEPARATORS + " ")
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
