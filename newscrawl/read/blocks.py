"""Measures every element of a page: how much running text it holds, how much of that is links, what its names say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import cast

from lxml import etree

from newscrawl import rulebook, styles
from newscrawl.markup import BLOCKS, CELLS, SILENT, Document, Element

UNITS = BLOCKS | CELLS
NEVER = SILENT | {"noscript", "template", "button", "dialog", "nav", "label", "output", "progress", "meter"}
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TOKEN = re.compile(r"[a-z]+|[0-9]+")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SENTENCE = re.compile(r"[.!?…:؟۔।॥։።][\"'”“’»«)\]」』〉]*(?=\s|\Z)|[。！？｡]")
NOT_WORD = re.compile(r"[\W_]+")
MATCH_FROM = 20  # folded characters; shorter lines stand in too many places
WORD = re.compile(r"\w+")
DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
UNPUNCTUATED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
STRING = etree.XPath("string()")
SPACES = re.compile(r"\s+")
MAX_NAMES = 400
LARGE_SHARE = 0.5
LONG_LINE = 120.0
SPAM_TOKENS = 40
SPAM_VARIETY = 0.2
DENSE_WEIGHT = 1.2  # a Han, Kana, Hangul or Thai letter tells about as much as two of an alphabet: one, and this on top


@cache
def region_words(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole names of a region, and beginnings of names, from rules/reading/regions.toml."""
    listed = rulebook.table("reading/regions")[kind]
    words = [str(one) for one in listed] if isinstance(listed, list) else []
    whole = frozenset(one for one in words if not one.endswith("*"))
    return whole, tuple(one[:-1] for one in words if one.endswith("*"))


@lru_cache(maxsize=20_000)
def tokens_of(names: str) -> tuple[str, ...]:
    """The words in a class or id, camel case opened, and each neighbouring pair joined by a hyphen.

    >>> tokens_of("article__relatedBox x1")
    ('article', 'related', 'related-box', 'box', 'x', '1')
    """
    return tuple(token for name in names.replace("__", " ").split() for token in _tokens(name))


@lru_cache(maxsize=20_000)
def _tokens(name: str) -> tuple[str, ...]:
    found: list[str] = []
    layout, _ = region_words("layout")
    parts = TOKEN.findall(CAMEL.sub(" ", name).lower())
    for at, part in enumerate(parts):
        beside = parts[max(at - 1, 0) : at] + parts[at + 1 : at + 2]
        if layout.isdisjoint(beside):
            found.append(part)
        if at + 1 < len(parts) and not parts[at + 1].isdigit():
            found.append(f"{part}-{parts[at + 1]}")
    return tuple(found)


@lru_cache(maxsize=50_000)
def says(kind: str, names: str) -> bool:
    """Whether a class or id names a kind of region: strong, weak, caption, body or lead."""
    whole, beginnings = region_words(kind)
    tokens = tokens_of(names)
    if not whole.isdisjoint(tokens):
        return True
    return bool(beginnings and any(one.startswith(beginnings) for one in tokens))


class Block:
    """One element of the page. `text` is what stands in it outside its child blocks; lengths count characters.

    No dataclass: a page has thousands, most of them with nothing but these defaults, which stand on the class.
    """

    names: str = ""
    never: str = ""
    hidden: bool = False
    in_link: bool = False
    linked: int = 0
    text: str = ""
    value: float = 0.0
    good: float = 0.0
    profit: float = 0.0
    chars: int = 0
    links: int = 0
    pieces: Sequence[str] = ()

    def __init__(self, element: Element, tag: str, at: int, parent: Block | None) -> None:
        self.element = element
        self.tag = tag
        self.at = self.last = at
        self.parent = parent

    @property
    def density(self) -> float:
        """The share of the subtree's characters that stand in links."""
        return self.links / self.chars if self.chars else 0.0

    def within(self, other: Block) -> bool:
        """Whether this element is the other or stands in it."""
        return other.at <= self.at <= other.last

    def above(self) -> Iterator[Block]:
        """The element, its parent, and so on to the body."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent


def words_of(element: Element) -> str:
    """All the text of an element, spaces folded, comments left out."""
    return " ".join(str(STRING(element)).split())


def folded(text: str) -> str:
    """Letters and digits alone, case folded: what two copies of a sentence share whatever their typography."""
    return NOT_WORD.sub("", text.casefold())


def weight(text: str) -> float:
    """How much text it is, in characters of an alphabet."""
    return len(text) + DENSE_WEIGHT * len(DENSE.findall(text))


def repeats(text: str) -> bool:
    """Whether a long stretch says the same few words again and again, as keyword blocks do and sentences never."""
    tokens = WORD.findall(text.casefold())
    return len(tokens) >= SPAM_TOKENS and len(set(tokens)) < SPAM_VARIETY * min(len(tokens), 400)


def worth(block: Block) -> float:
    """What a block's own text says for (above 0) or against (below 0) its place being an article's text."""
    text = block.text
    if not text:
        return 0.0
    size = weight(text)
    density = block.linked / max(len(text), 1)
    if block.tag in HEADINGS:
        return -size / 4 if density > 0.5 else 0.0
    if density > 0.5:
        return -size / 2 - 5.0
    if size >= 200 and repeats(text):
        return 0.0
    sentences = len(SENTENCE.findall(text))
    if not sentences and not (UNPUNCTUATED.search(text) and size > 80):
        if block.tag == "p" and size >= 25 and density < 0.1:
            return min(size, LONG_LINE) / 4
        if block.tag in ("p", "li", "dd", "blockquote", "td") and not block.linked:
            return 0.0
        return -5.0 - min(size, 60.0) / 4 if size < 200 else 0.0
    if size < 25:
        return 0.0
    return size * (1.0 - 2 * density) if size >= 60 or block.tag == "p" else size / 4


def measure(document: Document) -> list[Block]:
    """Every element of the body in document order, with its own text and the sums of its subtree.

    Where style sheets hide nearly all there is to read (a page that shows itself by script), they are not believed.
    """
    blocks = _walk(document)
    for block in blocks:
        if block.pieces:
            block.text = " ".join("".join(block.pieces).split())
            block.value = 0.0 if block.never else worth(block)
    for block in reversed(blocks):
        own = len(block.text)
        if own:
            block.chars += own
            block.links += min(block.linked, own)
            block.good += max(block.value, 0.0)
        above = block.parent
        if above is not None:
            if block.last > above.last:
                above.last = block.last
            if block.chars and not block.never:
                above.chars += block.chars
                above.links += block.links
                above.good += block.good
    _hide(document, blocks)
    return blocks


def _hide(document: Document, blocks: list[Block]) -> None:
    """Takes hidden elements out of the sums; asks only about elements that hold text that could win."""
    sheet = document.sheet
    whole = blocks[0].good
    for block in blocks[1:]:
        above = block.parent
        if above is not None and above.never and not block.never:
            block.never = above.never
            block.hidden = above.hidden
        if block.never or block.good <= 0:
            continue
        hide = sheet.hides(block.tag, cast("Mapping[str, str]", block.element.attrib))
        if hide is None:
            continue
        sure = hide.how in styles.STRONG
        if not sure and block.good > LARGE_SHARE * whole:
            continue
        block.never = "hidden" if sure else "sheet"
        block.hidden = True
        for one in block.above():
            if one is not block:
                one.good -= block.good
                one.chars -= block.chars
                one.links -= block.links


def _walk(document: Document) -> list[Block]:
    blocks: list[Block] = []
    # a block, the block that its text belongs to, and where that one's text is kept
    open_blocks: list[tuple[Block, Block, list[str]]] = []
    walker = etree.iterwalk(document.body, events=("start", "end", "comment"))
    for event, element in walker:
        if event == "start":
            tag = element.tag
            above = open_blocks[-1][0] if open_blocks else None
            block = Block(element, tag, len(blocks), above)
            named, numbered = element.get("class"), element.get("id")
            if named or numbered:
                block.names = f"{named or ''} {numbered or ''}".strip()[:MAX_NAMES]
            if above is not None:
                if tag == "a" or above.in_link:
                    block.in_link = True
                if above.never or tag in NEVER:
                    block.never = above.never or tag
            elif tag == "a":
                block.in_link = True
            blocks.append(block)
            if tag in SILENT:
                walker.skip_subtree()
            if above is None or tag in UNITS:
                holder = block
                pieces: list[str] = []
                block.pieces = pieces
            else:
                _, holder, pieces = open_blocks[-1]
            open_blocks.append((block, holder, pieces))
            if tag == "br":
                pieces.append("\n")
            text = element.text
        else:
            if event == "end":
                open_blocks.pop()
            if not open_blocks:
                continue
            block, holder, pieces = open_blocks[-1]
            if event == "end" and element.tag in UNITS:
                pieces.append("\n")
            text = element.tail
        if not text or block.never:
            continue
        if text.isspace():
            pieces.append(" ")
            continue
        # a line ends at <br> or at a block, never where the source wraps
        pieces.append(text.replace("\n", " ") if "\n" in text else text)
        if block.in_link:
            holder.linked += len(" ".join(text.split()))
    return blocks
