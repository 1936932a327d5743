"""Who wrote and who edited a story: data, meta tags, markup, bylines, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newscrawl.markup import Element
from newscrawl.read import authors
from newscrawl.read.address import host_of, registrable, split
from newscrawl.read.blocks import DENSE, Block, says
from newscrawl.read.metas import Head, listed, tidy
from newscrawl.read.roles import is_organisation

BARS = re.compile(r"\s[|•·]\s")
PARTS = re.compile(r"\u3000+|\s[|•·]\s|\s(?=[^\s:：]{1,6}：)")
LINES = frozenset(("p", "div", "li", "br", "dd", "h2", "h3", "h4"))
COLONS = frozenset(":：")
LONGEST = 140
AHEAD = 60
BEHIND = 12
ABOVE_TEXT = 6
SEEN = 5
LONGEST_NAME = 60
BEFORE_DATE = re.compile(r"([^\d:]{4,60}?)\s*(?:\s[–—-]\s|,\s)\s*(?=\d{1,4}[\s./年-])")  # "Jane Doe — 4 May"
MOST_WORDS = 4
BRACKETED = re.compile(r"\A[（(【［\[]\s*([^()（）\[\]:：]{2,40}?)\s*[）)】］\]]\Z")


def credits(head: Head, blocks: list[Block], first: int, last: int) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Authors, editors, and where the authors stood.

    first, last: the numbers of the body's first and last block. A page that names only the outlet is asked further
    for a person; where none is found the outlet is all there is to say.
    """
    outlets = _outlets(head)
    editors: tuple[str, ...] = _editors(head)
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for found, origin in _sources(head, blocks, first, last, outlets):
        persons = tuple(one for one in found if not _is_outlet(one, outlets))
        if persons:
            editors = editors or _credit_lines(blocks, first, last)[1]
            return persons, editors, origin
        if found and not fallback[0] and origin == "json-ld":
            fallback = (_as_told(head) or found, "json-ld outlet")
    editors = editors or _credit_lines(blocks, first, last)[1]
    return fallback[0], editors, fallback[1]


def _outlets(head: Head) -> set[str]:
    host = host_of(head.document.page.url)
    domain = registrable(host) if host else ""
    return {authors.folded(one) for one in (*head.site_names, host, domain, domain.partition(".")[0]) if one}


def _is_outlet(name: str, outlets: set[str]) -> bool:
    """The outlet's name, or one that begins with it ("Example News with agencies") or is the beginning of it."""
    key = authors.folded(name)
    return (
        key in outlets
        or authors.folded(name.partition(" ")[0]) in outlets
        or (len(name.partition(" ")[2]) == 1 and any(one.startswith(key[:-1]) for one in outlets if len(key) > 5))
        or any(len(one) > 5 and key.endswith(one) for one in outlets)
        or any(len(one) > 3 and (key.startswith(one) or (len(key) > 3 and one.startswith(key))) for one in outlets)
    )


def _editors(head: Head) -> tuple[str, ...]:
    return _named(head, head.article.get("editor"))


def _as_told(head: Head) -> tuple[str, ...]:
    """What the data calls an author that is no person, word for word."""
    told = (tidy(head.resolved(one).get("name")) for one in listed(head.article.get("author")))
    return tuple(dict.fromkeys(one for one in told if one and authors.clean(one)))


def _named(head: Head, value: object) -> tuple[str, ...]:
    """Names out of a JSON-LD value: a string, an object, a reference, or a list of these (in lists, too)."""
    found: list[str] = []
    waiting = listed(value)
    while waiting and len(found) < 30:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one
            continue
        name = head.resolved(one).get("name")
        if isinstance(name, list):
            waiting[:0] = [part for part in name if isinstance(part, str | dict)]
        elif isinstance(name, str):
            found += [who for who in authors.names(tidy(name)) if who not in found]
    return tuple(found)


def _sources(
    head: Head, blocks: list[Block], first: int, last: int, outlets: set[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for key in ("author", "creator"):
        yield _named(head, head.article.get(key)), "json-ld"
    yield from _metas(head, outlets)
    yield from _marked(blocks, last)
    written = _credit_lines(blocks, first, last)[0]
    if written:
        yield written, "credit line"
    yield from _bylines(blocks, first)
    yield from _beside_date(head, blocks, first)
    yield from _in_capitals(blocks, first, last)
    yield from _signature(blocks, first, last)


def _metas(head: Head, outlets: set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    known: dict[str, list[str]] = {}
    for value, origin in head.every("author"):
        known.setdefault(origin, []).append(value)
    for name, values in head.tags.items():
        if name.endswith(("author", "authors")) and f"meta {name}" not in known and not name.endswith("its_author"):
            known[f"meta {name}"] = values
    for origin, values in known.items():
        if origin == "meta twitter:data1" and "written" not in " ".join(head.tags.get("twitter:label1", ())).lower():
            continue
        found: list[str] = []
        for value in values:
            if value.islower() and "-" in value and " " not in value:  # a slug
                continue
            who = authors.names(value)
            if len(who) > 1 and _is_outlet(who[0], outlets):
                who = who[:1]  # the outlet and where it sits: "example.org, Berlin, Germany"
            found += [one for one in who if one not in found]
        if found:
            yield tuple(found), origin


def _marked(blocks: list[Block], last: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Elements that say they hold an author: microdata, rel=author, names."""
    marked: list[str] = []
    named: list[str] = []
    lone: list[str] = []
    until = -1
    for block in blocks[: last + AHEAD]:
        if block.at <= until or block.never in ("card", "hidden", "nav", "caption") or block.chars > LONGEST:
            continue
        element = block.element
        if element.get("itemprop") == "author" or "author" in (element.get("rel") or "").split():
            inner = next((one for one in element.iter() if one.get("itemprop") == "name"), element)
            text = _text(inner) or inner.get("content") or ""
            marked += [who for who in authors.names(text) if text and len(text) <= LONGEST and who not in marked]
            until = block.last
        elif block.names:
            named_so = says("author", block.names) and not says("not_author", block.names)
            behind = block.at > last and block.never in ("strong", "weak")  # comments have authors, too
            if named_so and not behind and block.never not in ("aside", "footer"):
                text = _text(element)
                who = (authors.byline(text) or _plain(text)) if 0 < len(text) <= LONGEST else ()
                if who:
                    named += [one for one in who if one not in named]
                    until = block.last
                else:
                    lone += _mononym(text)
    if marked:
        yield tuple(marked), "microdata"
    if named:
        yield tuple(named[:6]), "markup"
    elif lone:
        yield tuple(dict.fromkeys(lone))[:1], "markup"


def _mononym(text: str) -> tuple[str, ...]:
    """A name of a single word that stands alone, with or without "By": "Suharto"."""
    who = authors.names(text) if 0 < len(text) < 40 and "|" not in text else ()
    alone = len(who) == 1 and " " not in who[0] and who[0][:1].isupper() and not who[0].isupper() and who[0].isalpha()
    return who if alone and len(who[0]) > 3 else ()


def _text(element: Element) -> str:
    parts: list[str] = []
    for one in element.iter():
        tag: object = one.tag
        if not isinstance(tag, str):  # a comment or an instruction
            parts.append(one.tail or "")
            continue
        edge = " | " if tag in LINES and one is not element else " "
        parts += [edge, one.text or "", "" if one is element else one.tail or ""]
    return " ".join("".join(parts).split()).strip("| ")


def _plain(text: str) -> tuple[str, ...]:
    """Names that stand alone: two to five words each, no sentence."""
    who = authors.names(text) if len(text) < 80 else ()
    return who if all(_like_a_name(one) for one in who) else ()


def _like_a_name(name: str) -> bool:
    """Two to five words, each with a capital where the script has any (but for particles); or Han, Kana, Hangul."""
    words = name.split()
    if len(words) == 1:
        return bool(DENSE.search(name)) and len(name) <= 12
    return 2 <= len(words) <= 5 and not words[0][:1].islower() and not words[-1][:1].islower()


def _credit_lines(blocks: list[Block], first: int, last: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines such as "Pewarta: Dewi Sari" at either end of the body."""
    lines = [
        line
        for one in blocks[max(first - AHEAD, 0) : last + AHEAD]
        if one.text and one.never not in ("card", "hidden", "nav", "strong") and not COLONS.isdisjoint(one.text)
        for line in _parts(one)
        if len(line) < LONGEST and not COLONS.isdisjoint(line)
    ]
    found: dict[str, list[str]] = {"author": [], "editor": []}
    for line in lines:
        labelled = authors.labelled(line)
        if labelled:
            found[labelled[0]] += [who for who in labelled[1] if who not in found[labelled[0]]]
    return tuple(found["author"]), tuple(found["editor"])


def _parts(block: Block) -> Iterator[str]:
    """The lines of a block, and what stands in them between bars or wide spaces: "来源：青石日报　记者：周晓岚"."""
    for raw in "".join(block.pieces).split("\n"):
        if not raw.strip():
            continue
        yield " ".join(raw.split())
        pieces = PARTS.split(raw) if len(raw) < 2 * LONGEST else ()
        if len(pieces) > 1:
            yield from (" ".join(one.split()) for one in pieces if one.strip())


def _lines(block: Block) -> Iterable[str]:
    return (" ".join(line.split()) for line in "".join(block.pieces).split("\n") if line.strip())


def _bylines(blocks: list[Block], first: int) -> Iterator[tuple[tuple[str, ...], str]]:
    for block in blocks[max(first - AHEAD, 0) : first + 12]:
        if block.text and block.never not in ("card", "hidden", "nav", "caption"):
            for line in list(_lines(block))[: 6 if len(block.text) > LONGEST else None]:
                for part in BARS.split(line):
                    who = authors.byline(part)
                    if who:
                        yield who, "byline"
                        return


def _beside_date(head: Head, blocks: list[Block], first: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """A name beside the date, between headline and text: in its line, "Ayşe Kaya | 05.04.2026", or one of its own."""
    headline = max((one.at for one in blocks[: first + ABOVE_TEXT] if one.tag == "h1"), default=None)
    if headline is None:
        return
    near = [one for one in blocks[headline + 1 : max(first, headline) + ABOVE_TEXT] if one.text and not one.never][
        :SEEN
    ]
    lines = [line for one in near if len(one.text) <= LONGEST for line in _lines(one)]
    for at, line in enumerate(lines):
        if not authors.DATE_IN.search(line):
            continue
        others = [one for one in BARS.split(line) if not any(letter.isdigit() for letter in one)]
        written = BEFORE_DATE.match(line)
        around = (*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2])
        for one in (*(others if len(others) == 1 else ()), *around, *((written[1],) if written else ())):
            if (who := _stands_alone(one)) and not _is_section(head, one):
                yield who, "byline"
                return


def _stands_alone(text: str) -> tuple[str, ...]:
    """Names that are all there is to a line."""
    if any(one.isdigit() or one in ".!?:" for one in text) or len(text) > LONGEST_NAME or is_organisation(text):
        return ()
    return _plain(text)


def _is_section(head: Head, text: str) -> bool:
    """Whether a line is the part of the site that the page's data or address name, or what the site calls itself."""
    folders = split(head.document.page.url).path.split("/")[:-1]
    told = (*head.tags.get("article:section", ()), *folders, *head.site_names)
    return authors.folded(text) in {authors.folded(one) for one in told if one}


def _in_capitals(blocks: list[Block], first: int, last: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """A name in capitals that stands alone as the body's first paragraph."""
    block = next((one for one in blocks[first : last + 1] if one.text and not one.never and one.tag != "h1"), None)
    if block is None or block.tag not in ("p", "div", "strong", "b") or not block.text.isupper():
        return
    alone = 2 <= len(block.text.split()) <= 4 and not any(one.isdigit() or one in ".!?:," for one in block.text)
    if alone and not is_organisation(block.text) and (who := _plain(block.text)):
        yield who, "byline"


def _signature(blocks: list[Block], first: int, last: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """A name that stands alone, in bold or italics or at the right, as the body's last paragraph."""
    texts = [one for one in blocks[first : last + 1] if one.text and not one.never][-2:]
    texts += [one for one in blocks[last + 1 : last + BEHIND] if one.text and not one.never][:1]
    for block in texts:
        last_line = _last_line(block)
        if last_line and (who := _plain(last_line)):
            yield who, "signature"
            continue
        bracketed = BRACKETED.match(block.text)
        if bracketed and not block.linked and (who := _plain(bracketed[1])):
            yield who, "signature"
            continue
        words = len(block.text.split())
        if not 2 <= words <= 5 or block.linked or block.text[-1:] in ".!?:":
            continue
        whole = next(iter(block.element.iter("strong", "b", "em", "i")), None)
        around = (block.element, block.parent.element) if block.parent is not None else (block.element,)
        right = any("right" in f"{one.get('style', '')} {one.get('align', '')}" for one in around)
        if right or (whole is not None and _text(whole) == block.text):
            who = _plain(block.text)
            if who:
                yield who, "signature"


def _last_line(block: Block) -> str:
    """The last of the lines of a text that has no paragraphs, where it stands in bold or italics all by itself."""
    *above, line = list(_lines(block)) or [""]
    if not above or not 2 <= len(line.split()) <= MOST_WORDS or line[-1:] in ".!?:":
        return ""
    marked = list(block.element.iter("strong", "b", "em", "i"))
    return line if marked and _text(marked[-1]) == line else ""
