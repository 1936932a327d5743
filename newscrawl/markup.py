"""HTML in, a document out: its tags, and a draft of its text with stand-off marks. The only room with a parser."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from typing import TypeAlias, cast
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree
from w3lib.encoding import html_to_unicode

from newscrawl import nesting, rulebook, structured, styles
from newscrawl.model import Draft, Mark, MarkKind, Page

BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody tfoot thead "
    "tr ul marquee noscript template".split()
)
CELLS = frozenset(("td", "th"))
SILENT = frozenset(
    "script style head title meta link svg math iframe object embed applet audio video canvas map select option "
    "datalist textarea input param source track area base".split()
)
KINDS: Mapping[str, MarkKind] = {
    "blockquote": "quote", "q": "quote", "ul": "list", "ol": "list", "dl": "list", "table": "table",
    "figcaption": "caption", "caption": "caption", "footer": "foot", "aside": "aside", "nav": "aside",
    "strong": "strong", "b": "strong", "small": "small",
}  # fmt: skip
ROLES: Mapping[str, MarkKind] = {"contentinfo": "foot", "complementary": "aside", "navigation": "aside"}
HEADING = re.compile(r"h[1-6]\Z")
SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")
WORD = re.compile(r"[a-z0-9]+")
LONG_TAG = 8 << 10  # libxml2 compares each attribute of a tag with each: 340 KiB of them hung the parser for 13 s
LONG_TAG_TOKENS = 256
HUGE_TAG = 64 << 10
MAX_COMMENTS = 2000  # 40,000 comments made tree searches take more than 15 s
MAX_CHARACTERS = 5 << 20
MAX_TAGS = 50_000  # a million paragraphs without a word took minutes and gigabytes
TAG_OPENS = re.compile(r"<[A-Za-z]")
NO_TEXT = frozenset("utf-7 idna punycode unicode-escape raw-unicode-escape undefined mbcs".split())
UNREAD = 0.02  # of the characters: more signs of a broken encoding than any page that a reader could bear
WEAK = frozenset(("attribute", "noscript", "template"))
# A quotation mark opens a value only behind "=" (HTML 13.2.5): one too many had taken half a page for one tag.
TAG = re.compile(r"<!--|<([A-Za-z][A-Za-z0-9:-]*+)(?>[^>\"'=]++|=\s*+(?>\"[^\"]*+\"|'[^']*+')?|[\"'])*+>?")
RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
Element: TypeAlias = etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag of the page: its name, its attributes under lower-case names, its text, whether it stands in the head."""

    name: str
    attrs: Mapping[str, str]
    text: str = ""
    in_head: bool = False


@dataclass(slots=True)
class _Open:
    """An element whose end is still to come."""

    element: Element
    start: int | None = None
    marks: list[tuple[MarkKind, dict[str, str]]] = field(default_factory=list)
    hides: bool = False


def decode(page: Page) -> tuple[str, str]:
    """The body as text and the name of its encoding: BOM, then header, then `<meta>`, then UTF-8 (WHATWG order).

    A label that turns the page into text without one tag (UTF-8 bytes called UTF-16) is overruled by UTF-8.
    """
    header = ", ".join(page.headers.get("content-type", ()))
    try:
        encoding, text = html_to_unicode(header, page.body, default_encoding="utf-8")
    except (LookupError, ValueError, AssertionError):  # a codec of Python's that is no encoding of text
        encoding, text = "", ""
    if encoding in NO_TEXT or not encoding:
        return page.body.decode("utf-8", "replace"), "utf-8"
    if page.body and "<" not in text and b"<" in page.body and b"\x00" not in page.body[:512]:
        return page.body.decode("utf-8", "replace"), "utf-8"
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
    return NOT_TEXT.sub(lambda found: " " if found.group() != "\x00" else "", html), tuple(dict.fromkeys(flags))


def _shorter(html: str) -> tuple[str, int]:
    """The page with its overlong tags bare of attributes, and how many there were; scripts and comments stay whole."""
    kept: list[str] = []
    at = done = dropped = 0
    spared = 4
    while found := TAG.search(html, at):
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
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        return lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return lxml.html.document_fromstring(b"<html><body></body></html>")


class Document:
    """A page parsed once, for all wings. `html` is the decoded text, `root` the tree, which nobody changes."""

    def __init__(self, page: Page, html: str, encoding: str, flags: tuple[str, ...] = ()) -> None:
        self.page = page
        self.html = html
        self.encoding = encoding
        self.flags = flags
        self.root: Element = _parse(html)
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
        try:
            return urljoin(self.base_url if base is None else base, href.strip())
        except ValueError:
            return ""

    def _tags(self, *names: str) -> Iterator[Tag]:
        for element in self.root.iter(*names):
            parent = element.getparent()
            yield Tag(
                name=str(element.tag),
                attrs={str(key).lower(): str(value) for key, value in element.attrib.items()},
                text=SPACE.sub(" ", "".join(map(str, element.itertext()))).strip() if element.tag == "a" else "",
                in_head=parent is not None and parent.tag == "head",
            )

    @cached_property
    def metas(self) -> tuple[Tag, ...]:
        """Every `<meta>`, wherever it stands, in document order."""
        return tuple(self._tags("meta"))

    @cached_property
    def links(self) -> tuple[Tag, ...]:
        """Every `<link>`, and every `<a>` that says its relation."""
        return tuple(tag for tag in self._tags("link", "a") if tag.name == "link" or "rel" in tag.attrs)

    @cached_property
    def anchors(self) -> tuple[Tag, ...]:
        """Every `<a>` with a target."""
        return tuple(tag for tag in self._tags("a") if "href" in tag.attrs)

    def scripts(self, kind: str) -> tuple[str, ...]:
        """The source of each `<script>` of a type, such as application/ld+json ("" = without a type)."""
        return tuple(
            element.text or ""
            for element in self.root.iter("script")
            if (element.get("type") or "").partition(";")[0].strip().lower() == kind
        )

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
        writer = _Writer(self, frozenset(skip))
        for element in elements:
            writer.write(element)
        return writer.draft()


@cache
def _regions() -> Mapping[str, MarkKind]:
    kinds: dict[str, MarkKind] = {}
    region: MarkKind
    for region in ("foot", "aside", "caption"):
        words = rulebook.table("markup/regions")[region]
        kinds |= dict.fromkeys((str(word) for word in words) if isinstance(words, list) else (), region)
    return kinds


class _Writer:
    """Walks elements without recursion and keeps the text, the pending gap, and the marks."""

    def __init__(self, document: Document, skip: frozenset[Element]) -> None:
        self.document = document
        self.skip = skip
        self.parts: list[str] = []
        self.length = 0
        self.gap = 0  # 0 none · 1 space · 2 tab · 3 line break · 4 blank line
        self.breaks = 0
        self.pre = 0
        self.hiding = 0
        self.open: list[_Open] = []
        self.path = styles.Path()
        self.unstarted = 0
        self.marks: list[Mark] = []

    def write(self, top: Element) -> None:
        self.gap = 4
        self.path = styles.Path()
        for element in reversed(list(top.iterancestors())):
            self._descend(str(element.tag), cast(Mapping[str, str], element.attrib))
        waiting: list[tuple[Element, bool]] = [(top, False)]
        while waiting:
            element, seen = waiting.pop()
            if seen:
                self._end(element)
                if element is not top:
                    self._text(element.tail)
                continue
            if self._is_silent(element):
                self.gap = 4 if element.tag in BLOCKS else self.gap
                if element is not top:
                    self._text(element.tail)
                continue
            self._begin(element)
            waiting.append((element, True))
            self._text(element.text)
            waiting.extend((child, False) for child in reversed(element))
        self.gap = 4

    def _is_silent(self, element: Element) -> bool:
        tag = element.tag
        if not isinstance(tag, str) or element in self.skip:
            return True
        if tag in ("svg", "math"):  # a paragraph ends one that was left open (HTML §13.2.6.5)
            return next(element.iter("p", "h1", "h2", "div"), None) is None
        return tag in SILENT

    def _begin(self, element: Element) -> None:
        tag = str(element.tag)
        if tag == "br":
            self.breaks += 1
            self.gap = max(self.gap, 4 if self.breaks > 1 else 3)
        elif tag in BLOCKS:
            self.gap = 4
        elif tag in CELLS:
            self.gap = max(self.gap, 2)
        self.pre += tag == "pre"
        entry = _Open(element)
        entry.marks = list(self._kinds(element, tag, entry))
        self.open.append(entry)
        self._descend(tag, cast(Mapping[str, str], element.attrib))

    def _descend(self, tag: str, attrs: Mapping[str, str]) -> None:
        self.path.push(tag, attrs, self.document.sheet.background(tag, attrs, path=self.path))

    def _kinds(self, element: Element, tag: str, entry: _Open) -> Iterator[tuple[MarkKind, dict[str, str]]]:
        attrs = cast(Mapping[str, str], element.attrib)
        names = f"{attrs.get('class', '')} {attrs.get('id', '')}".strip() if attrs else ""
        if tag in BLOCKS or tag in CELLS:
            yield "block", {"tag": tag, "class": names} if names else {"tag": tag}
        if HEADING.match(tag):
            yield "heading", {"level": tag[1]}
        elif tag == "a" and "href" in attrs:
            href = self.document.absolute(str(attrs["href"]))
            yield "link", {"href": href, "host": host_of(href), "rel": str(attrs.get("rel", ""))}
        elif tag == "time":
            yield "time", {"datetime": str(attrs.get("datetime", ""))}
        kind = KINDS.get(tag) or ROLES.get(str(attrs.get("role", ""))) if attrs else KINDS.get(tag)
        if kind:
            yield kind, {}
        elif names and tag in BLOCKS:
            regions = _regions()
            found = {regions[word] for word in WORD.findall(names.lower()) if word in regions}
            yield from ((one, {}) for one in sorted(found))
        if not self.hiding:
            hide = self._hide(tag, attrs)
            if hide is not None:
                entry.hides = hide["how"] not in WEAK  # a strong way of hiding may stand inside a weak one
                self.hiding += entry.hides
                yield "hidden", hide

    def _hide(self, tag: str, attrs: Mapping[str, str]) -> dict[str, str] | None:
        if tag in ("noscript", "template"):
            return {"why": tag, "how": tag}
        hide = self.document.sheet.hides(tag, attrs, path=self.path)
        return {"why": hide.why, "how": hide.how} if hide else None

    def _end(self, element: Element) -> None:
        entry = self.open.pop()
        self.path.pop()
        self.hiding -= entry.hides
        self.unstarted = min(self.unstarted, len(self.open))
        tag = str(element.tag)
        if entry.start is not None:
            start, end = entry.start, self.length
            self.marks.extend(Mark(start=start, end=end, kind=kind, attrs=attrs) for kind, attrs in entry.marks)
        if tag in BLOCKS:
            self.gap = 4
        elif tag in CELLS:
            self.gap = max(self.gap, 2)
        self.pre -= tag == "pre"

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self.pre and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                self.gap = max(self.gap, 3) if number else self.gap
                self._words(line)
            return
        self._words(text)

    def _words(self, text: str) -> None:
        words = SPACE.sub(" ", text)
        if words[:1] == " ":
            self.gap = max(self.gap, 1)
        words, trailing = words.strip(" "), words[-1:] == " "
        if not words:
            return
        if self.length and self.gap:
            between = ("", " ", "\t", "\n", "\n\n")[self.gap]
            self.parts.append(between)
            self.length += len(between)
        for entry in self.open[self.unstarted :]:
            entry.start = self.length
        self.unstarted = len(self.open)
        self.parts.append(words)
        self.length += len(words)
        self.gap = 1 if trailing else 0
        self.breaks = 0

    def draft(self) -> Draft:
        marks = sorted(self.marks, key=lambda mark: (mark.start, -mark.end))
        return Draft(text="".join(self.parts), marks=tuple(marks))


def host_of(url: str) -> str:
    """The host of an address, lower case, without a port; empty where there is none.

    >>> host_of("https://News.Example:8443/a")
    'news.example'
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def document(page: Page) -> Document:
    """A page as a document: decoded, tamed, parsed. Never raises on what a server may send."""
    text, encoding = decode(page)
    html, flags = tame(text)
    return Document(page, html, encoding, flags)


def fragment(html: str, *, url: str | None = None) -> Document:
    """A piece of HTML as a document, such as an article's own container."""
    return document(Page.from_html(html, url=url or ""))
