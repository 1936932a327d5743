"""HTML in, a document out: its tags, and a draft of its text with stand-off marks. The only room with a parser."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import etree
from w3lib.encoding import html_to_unicode

from newscrawl import charsets, nesting, structured, styles
from newscrawl.drafts import BLOCKS, CELLS, SILENT, Element, Sort, Writer
from newscrawl.hrefs import Hrefs, absolute, host_of
from newscrawl.model import Draft, Page

SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")
LONG_TAG = 8 << 10  # libxml2 compares each attribute of a tag with each: 340 KiB of them hung the parser for 13 s
LONG_TAG_TOKENS = 256
HUGE_TAG = 64 << 10
MAX_COMMENTS = 2000  # 40,000 comments made tree searches take more than 15 s
MAX_CHARACTERS = 5 << 20
MAX_TAGS = 50_000  # a million paragraphs without a word took minutes and gigabytes
TAG_OPENS = re.compile(r"<[A-Za-z]")
NO_TEXT = frozenset("utf-7 idna punycode unicode-escape raw-unicode-escape undefined mbcs".split())
ONE_OCTET = ("cp125", "iso8859", "latin", "koi8")
UNWRITTEN = "".join(map(chr, (*range(1, 9), *range(14, 32))))
BINARY = 0.02
"""Share of control characters above which a page is a picture or a program under the label of a one-octet encoding."""
UNREAD = 0.02  # of the characters: more signs of a broken encoding than any page that a reader could bear
# A quotation mark opens a value only behind "=" (HTML 13.2.5): one too many had taken half a page for one tag.
TAG = re.compile(r"<!--|<([A-Za-z][A-Za-z0-9:-]*+)(?>[^>\"'=]++|=\s*+(?>\"[^\"]*+\"|'[^']*+')?|[\"'])*+>?")
PIECE = r"(?>[^\s>\"'=]++|\s++|=\s*+(?>\"[^\"]*+\"|'[^']*+')?)"
HELD = ("script", "style", "textarea", "title")
SHORT = re.compile(
    "(?:[^<]++|<(?![A-Za-z]|!--)|<!--[^-]*+(?:-(?!->)[^-]*+)*+-->"
    + "".join(
        f"|<(?ai:{name})(?![A-Za-z0-9:-]){PIECE}{{0,500}}+>[^<]*+(?:<(?!(?i:/{name}))[^<]*+)*+(?=</)" for name in HELD
    )
    + f"|<(?!(?ai:{'|'.join(HELD)})(?![A-Za-z0-9:-]))[A-Za-z][A-Za-z0-9:-]*+{PIECE}{{0,500}}+>)*+"
)
"""A page up to the first tag that may have more than 256 tokens, or whose quotation marks do not pair."""
RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in HELD}
QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
CONTROLS = bytes([*range(9), 0x0B, *range(0x0E, 0x20), 0x7F])
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


__all__ = [
    "BLOCKS",
    "CELLS",
    "SILENT",
    "Document",
    "Element",
    "Tag",
    "decode",
    "document",
    "fragment",
    "host_of",
    "tame",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag of the page: its name, its attributes under lower-case names, its text, whether it stands in the head."""

    name: str
    attrs: Mapping[str, str]
    text: str = ""
    in_head: bool = False


def decode(page: Page) -> tuple[str, str]:
    """The body as text and the name of its encoding: BOM, then header, then `<meta>`, then UTF-8 (WHATWG order).

    A label that turns the page into text without one tag (UTF-8 bytes called UTF-16) is overruled by UTF-8; a page that
    names no encoding, or one that its octets are not in, is read in the one whose letters it is made of.
    """
    header = ", ".join(page.headers.get("content-type", ()))
    try:
        encoding, text = html_to_unicode(header, page.body, default_encoding="utf-8")
    except (LookupError, ValueError, AssertionError):  # a codec of Python's that is no encoding of text
        encoding, text = "", ""
    if encoding in ("utf-8", "") and charsets.is_misread(text or page.body.decode("utf-8", "replace")):
        guessed = charsets.guess(page.body)
        if guessed is not None:
            return page.body.decode(guessed, "replace"), guessed
    if encoding in NO_TEXT or not encoding:
        return page.body.decode("utf-8", "replace"), "utf-8"
    if page.body and "<" not in text and b"<" in page.body and b"\x00" not in page.body[:512]:
        return page.body.decode("utf-8", "replace"), "utf-8"
    if encoding.startswith(ONE_OCTET) and charsets.is_utf8(page.body):
        return page.body.decode("utf-8"), "utf-8"
    if encoding != "utf-8" and text.count("\ufffd") > UNREAD * len(text):
        try:
            return page.body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    return text, encoding


def tame(html: str) -> tuple[str, tuple[str, ...]]:
    """The page with what would hang the parser taken out, and a flag for each kind taken; linear in its length."""
    flags: list[str] = []
    if len(html) > MAX_CHARACTERS:
        html = html[:MAX_CHARACTERS]
        flags.append("page_cut")
    if html.count("<") > MAX_TAGS:
        last = next(islice(TAG_OPENS.finditer(html), MAX_TAGS, None), None)
        if last is not None:
            html = html[: last.start()]
            flags.append("page_cut")
    if html.count("<!--") > MAX_COMMENTS:
        html = COMMENT.sub("", html)
        flags.append("comments_dropped")
    if len(html) > LONG_TAG:
        html, dropped = _shorter(html)
        flags += ["attributes_dropped"] if dropped else []
    if html.count("\ufffd") > UNREAD * len(html):
        flags.append("encoding_broken")
    text = _as_text(html)
    if text is not html and sum(map(html.count, UNWRITTEN)) > BINARY * len(html):
        flags.append("binary")
    return text, tuple(dict.fromkeys(flags))


def untangled(source: str) -> str:
    """HTML or XML without the attributes of its overlong tags, which take parsers quadratic time."""
    return _shorter(source)[0] if len(source) > LONG_TAG else source


def _as_text(html: str) -> str:
    """The page with a space for each character that no document may hold, and nothing for NUL."""
    try:
        plain = html.encode()
        if len(plain.translate(None, CONTROLS)) == len(plain):  # five times as fast as the search
            return html
    except UnicodeEncodeError:
        pass
    return NOT_TEXT.sub(lambda found: " " if found.group() != "\x00" else "", html)


def _past_short(html: str, at: int) -> int:
    found = SHORT.match(html, at)
    return found.end() if found else at


def _shorter(html: str) -> tuple[str, int]:
    """The page with its overlong tags bare of attributes, and how many there were; scripts and comments stay whole."""
    kept: list[str] = []
    at = done = dropped = 0
    spared = 4
    while (at := _past_short(html, at)) < len(html) and (found := TAG.search(html, at)):
        at = found.end()
        name = found[1]
        if name is None:
            close = html.find("-->", at)
            at = len(html) if close < 0 else close + 3
            continue
        length = at - found.start()
        if length >= LONG_TAG and len(QUOTED.sub("", found.group()).split()) > LONG_TAG_TOKENS:
            if "<" in found.group()[1:] and length < HUGE_TAG and spared:  # an unclosed quote: this may be text
                spared -= 1
            else:
                kept += [html[done : found.start()], f"<{name}>"]
                done = at
                dropped += 1
        if raw := RAW.get(name.lower()):
            close_tag = raw.search(html, at)
            at = close_tag.start() if close_tag else len(html)
    kept.append(html[done:])
    return "".join(kept), dropped


def _parse(html: str) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        root = None
    return etree.fromstring("<html><body></body></html>", parser) if root is None else root


class Document:
    """A page parsed once, for all wings. `html` is the decoded text, `root` the tree, which nobody changes."""

    def __init__(self, page: Page, html: str, encoding: str, flags: tuple[str, ...] = ()) -> None:
        self.page = page
        self.html = html
        self.encoding = encoding
        self.flags = flags
        self.root: Element = _parse(html)
        self._sorts: dict[tuple[str, str | None, str | None], Sort] = {}
        if nesting.deep(self.root):
            self.root = _parse(nesting.flatter(html))
            self.flags = (*flags, "text_lost" if nesting.deep(self.root) else "nesting_flattened")

    @cached_property
    def base_url(self) -> str:
        """The address that relative links start from (HTML §4.2.3)."""
        base = next((tag.get("href", "") for tag in self.root.iter("base") if tag.get("href")), "")
        return self.absolute(base, self.page.url) or self.page.url

    @cached_property
    def host(self) -> str:
        """The page's host, lower case, without a port; empty where the URL has none."""
        return host_of(self.page.url)

    def absolute(self, href: str, base: str | None = None) -> str:
        """A link's full address; empty where it is no address at all."""
        return self.hrefs.full(href)[0] if base is None else absolute(href, base)

    @cached_property
    def hrefs(self) -> Hrefs:
        """The addresses of this page's links."""
        return Hrefs(self.base_url)

    def _tags(self, *names: str, asks: str = "") -> Iterator[Tag]:
        """The elements with these names; of the links in the text those that have the attribute `asks`."""
        for element in self.root.iter(*names):
            name = str(element.tag)
            items = element.items()
            attrs = {str(key).lower(): str(value) for key, value in items} if items else {}
            if name == "a" and asks not in attrs:
                continue
            parent = element.getparent()
            yield Tag(
                name=name,
                attrs=attrs,
                text=SPACE.sub(" ", "".join(map(str, element.itertext()))).strip() if name == "a" else "",
                in_head=parent is not None and parent.tag == "head",
            )

    @cached_property
    def metas(self) -> tuple[Tag, ...]:
        """Every `<meta>`, wherever it stands, in document order."""
        return tuple(self._tags("meta"))

    @cached_property
    def links(self) -> tuple[Tag, ...]:
        """Every `<link>`, and every `<a>` that says its relation."""
        return tuple(self._tags("link", "a", asks="rel"))

    @cached_property
    def anchors(self) -> tuple[Tag, ...]:
        """Every `<a>` with a target."""
        return tuple(self._tags("a", asks="href"))

    def scripts(self, kind: str) -> tuple[str, ...]:
        """The source of each `<script>` of a type, such as application/ld+json ("" = without a type)."""
        return tuple(self._scripts.get(kind, ()))

    @cached_property
    def _scripts(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for element in self.root.iter("script"):
            kind = (element.get("type") or "").partition(";")[0].strip().lower()
            found.setdefault(kind, []).append(element.text or "")
        return found

    @cached_property
    def jsonld(self) -> tuple[structured.Item, ...]:
        """Every typed object of the page's JSON-LD, graphs and lists opened, broken blocks mended where possible."""
        return structured.items(self.scripts("application/ld+json"))

    @cached_property
    def language(self) -> str | None:
        """The language that `<html lang>` declares, as it stands there."""
        return (self.root.get("lang") or self.root.get("xml:lang") or "").strip() or None

    @cached_property
    def sheet(self) -> styles.Sheet:
        """What the page's own style rules hide."""
        css = [element.text or "" for element in self.root.iter("style")]
        return styles.sheet(css, self.scripts("") + self.scripts("text/javascript"))

    @cached_property
    def body(self) -> Element:
        """The `<body>`, or the root where there is none."""
        found = self.root.find("body")
        return self.root if found is None else found

    @cached_property
    def draft(self) -> Draft:
        """The whole body as a draft, nothing left out but what is never text."""
        return self.draft_of([self.body])

    def draft_of(self, elements: Iterable[Element], skip: Collection[Element] = ()) -> Draft:
        """A draft of some elements, in the order given, less the elements in `skip`."""
        writer = Writer(self.sheet, self.hrefs, self._sorts)
        left_out = frozenset(skip)
        for element in elements:
            writer.write(element, left_out)
        return writer.draft()


def document(page: Page) -> Document:
    """A page as a document: decoded, tamed, parsed. Never raises on what a server may send."""
    text, encoding = decode(page)
    html, flags = tame(text)
    return Document(page, html, encoding, flags)


def fragment(html: str, *, url: str | None = None) -> Document:
    """A piece of HTML as a document, such as an article's own container."""
    return document(Page.from_html(html, url=url or ""))
