"""Finds the headline that a page shows, less the kicker, badge or subtitle that share its element."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from newscrawl import rulebook
from newscrawl.markup import Element
from newscrawl.read.address import split
from newscrawl.read.blocks import STRING, Block, tokens_of, words_of
from newscrawl.read.metas import tidy
from newscrawl.read.suffixes import ENOUGH, folded, heft, inside

BREAKS = frozenset(("br", "div", "p", "h2", "h3", "small"))
UNSEEN = frozenset(("hidden", "nav"))
LESSER = frozenset(("h2", "h3", "h4"))
ELSEWHERE = frozenset(("hidden", "nav", "sheet", "card", "aside", "footer", "strong"))
LONGEST = 400
MAX_PARTS = 12


@cache
def words(key: str) -> frozenset[str]:
    """The words of a list in rules/reading/titles.toml."""
    value = rulebook.table("reading/titles")[key]
    return frozenset(str(one) for one in value) if isinstance(value, list) else frozenset()


def headlines(blocks: list[Block], told: Sequence[str]) -> list[str]:
    """The headlines to be seen, the likeliest first.

    told: the page's title and what its data calls the story. An h1 that none of them knows is a logo, a section or a
    columnist where a lesser heading stands that one of them does know.
    """
    keys = [folded(one) for one in told if one]
    heads = [one for one in blocks if one.tag == "h1" and one.never not in UNSEEN and not _is_logo(one.element)]
    found = [_dressed_down(one.element, told) for one in heads]
    marked = [
        tidy(words_of(one.element)) for one in blocks if one.element.get("itemprop") in ("headline", "name headline")
    ]
    seen = [one for one in dict.fromkeys((*marked[:1], *found)) if 1 < len(one) < LONGEST]
    known = [one for one in seen if _is_told(one, keys)]
    if not known:
        lesser = next(_lesser(blocks, told, keys), "")
        return [lesser, *(one for one in seen if one != lesser)] if lesser else seen or _first_told(blocks, told)
    first = max(known, key=lambda one: heft(folded(one))) if not _is_told(seen[0], keys) else seen[0]
    return [first, *(one for one in seen if one != first)]


def _is_told(text: str, keys: Sequence[str]) -> bool:
    key = folded(text)
    return heft(key) >= ENOUGH and any(key in one or (len(one) > ENOUGH and key.startswith(one)) for one in keys)


def _lesser(blocks: list[Block], told: Sequence[str], keys: Sequence[str]) -> Iterator[str]:
    for block in blocks:
        if block.tag in LESSER and block.never not in ELSEWHERE and block.chars < LONGEST:
            text = _dressed_down(block.element, told)
            if _is_told(text, keys):
                yield text


def _first_told(blocks: list[Block], told: Sequence[str]) -> list[str]:
    """Without any heading: the first line of the page that the page's title begins with."""
    key = folded(told[0])
    for block in blocks:
        shown = folded(block.text) if 8 < len(block.text) < 300 and block.never not in UNSEEN else ""
        if len(shown) >= 8 and key.startswith(shown):
            return [block.text]
    return []


def _is_logo(element: Element) -> bool:
    """A heading that is nothing but the way home: the site's own name."""
    links = list(islice(element.iter("a"), 2))
    if len(links) != 1 or words_of(links[0]) != words_of(element):
        return False
    href = (links[0].get("href") or "").strip()
    return href in ("/", "#", "./") or (href.startswith("http") and not split(href).path.strip("/"))


def _dressed_down(element: Element, told: Sequence[str]) -> str:
    """A headline's text, less what stands in an element of its own and in none of the page's titles."""
    whole = tidy(_spaced(element))
    if not len(element) or len(whole) > LONGEST:
        return whole
    parts = [one for one in islice(element, MAX_PARTS) if isinstance(one.tag, str)]
    beside = [one for one in parts if one.tag == "time" or _is_beside(one)]
    keys = [folded(one) for one in told if one]
    if any(one.startswith(folded(whole)) for one in keys):
        return inside(told[0], whole) or whole  # with the sign that the page's title sets between kicker and rest
    for part in parts:
        text = tidy(words_of(part))
        if len(folded(text)) >= ENOUGH and any(one.startswith(folded(text)) for one in keys):
            return text
    for without in (beside, parts, *([one] for one in parts)):
        rest = tidy(_spaced(element, without)) if without else ""
        if heft(folded(rest)) >= ENOUGH and any(one.startswith(folded(rest)) for one in keys):
            return rest
    rest = tidy(_spaced(element, beside)) if beside else ""
    return rest if len(folded(rest)) >= 8 else whole


def _is_beside(element: Element) -> bool:
    """A kicker, a badge or a subtitle, by its name."""
    names = f"{element.get('class', '')} {element.get('id', '')}".strip()
    tokens = tokens_of(names) if names else ()
    named = not (words("kicker") | words("subtitle")).isdisjoint(tokens)
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
