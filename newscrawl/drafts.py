"""Writes the text of a page's elements as a draft, with stand-off marks of what the markup says of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, cast

from lxml import etree

from newscrawl import rulebook, styles
from newscrawl.hrefs import Hrefs
from newscrawl.model import Draft, Mark, MarkKind

Element: TypeAlias = etree._Element
Note: TypeAlias = tuple[MarkKind, Mapping[str, str]]

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
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
UNSEEN = ("noscript", "template")
WEAK = frozenset(("attribute", "noscript", "template"))
HIDING = frozenset(("style", "hidden", "aria-hidden", "width", "height", "color"))
WORD = re.compile(r"[a-z0-9]+")
WHITE = " \t\r\n\f\v\xa0"
UNFOLDED = re.compile(f"[{WHITE}]{{2,}}|[{WHITE[1:]}]")
GAPS = ("", " ", "\t", "\n", "\n\n")
SPACE, TAB, LINE, BLANK = 1, 2, 3, 4
NONE: Mapping[str, str] = {}


@cache
def _regions() -> Mapping[str, MarkKind]:
    kinds: dict[str, MarkKind] = {}
    region: MarkKind
    for region in ("foot", "aside", "caption"):
        words = rulebook.table("markup/regions")[region]
        kinds |= dict.fromkeys((str(word) for word in words) if isinstance(words, list) else (), region)
    return kinds


@dataclass(slots=True)
class Sort:
    """What all elements with one tag, class and id have in common.

    gap: the least that parts it from what stands beside it. first: marks before, last: marks after those that come
    from further attributes; a role takes the place of `last` unless the tag itself says what it is (`fixed`).
    """

    tag: str
    gap: int
    first: tuple[Note, ...]
    last: tuple[Note, ...]
    fixed: bool
    notes: tuple[Note, ...]
    subject: styles.Subject

    @classmethod
    def of(cls, tag: str, names: str, subject: styles.Subject) -> Sort:
        gap = BLANK if tag in BLOCKS else TAB if tag in CELLS else 0
        first: list[Note] = []
        if gap:
            first.append(("block", {"tag": tag, "class": names} if names else {"tag": tag}))
        if tag in HEADINGS:
            first.append(("heading", {"level": tag[1]}))
        kind = KINDS.get(tag)
        last: list[Note] = [(kind, NONE)] if kind else []
        if not kind and names and tag in BLOCKS:
            regions = _regions()
            found = {regions[word] for word in WORD.findall(names.lower()) if word in regions}
            last = [(one, NONE) for one in sorted(found)]
        timed: list[Note] = [("time", {"datetime": ""})] if tag == "time" else []
        return cls(tag, gap, tuple(first), tuple(last), kind is not None, (*first, *timed, *last), subject)

    def noted(self, attrs: Mapping[str, str], hrefs: Hrefs) -> tuple[Note, ...]:
        """The marks of one such element, less the hidden ones."""
        middle: tuple[Note, ...] = ()
        if self.tag == "a" and "href" in attrs:
            href, host = hrefs.full(attrs["href"])
            middle = (("link", {"href": href, "host": host, "rel": attrs.get("rel", "")}),)
        elif self.tag == "time":
            middle = (("time", {"datetime": attrs.get("datetime", "")}),)
        role = ROLES.get(attrs["role"]) if "role" in attrs and not self.fixed else None
        return (*self.first, *middle, *(((role, NONE),) if role else self.last))


@dataclass(slots=True)
class _Open:
    """An element whose end is still to come."""

    sort: Sort
    notes: tuple[Note, ...]
    hides: bool
    start: int = -1


class Writer:
    """Walks elements without recursion and keeps the text, the pending gap, and the marks."""

    def __init__(
        self, sheet: styles.Sheet, hrefs: Hrefs, sorts: dict[tuple[str, str | None, str | None], Sort]
    ) -> None:
        self.sheet = sheet
        self.hrefs = hrefs
        self.sorts = sorts
        self.parts: list[str] = []
        self.length = 0
        self.gap = 0
        self.breaks = 0
        self.pre = 0
        self.hiding = 0
        self.open: list[_Open] = []
        self.unstarted = 0
        self.marks: list[tuple[int, int, int, MarkKind, Mapping[str, str]]] = []

    def write(self, top: Element, skip: Collection[Element] = ()) -> None:
        """Adds an element, less the elements in `skip`."""
        self.gap = BLANK
        path = styles.Path(self.sheet)
        for one in reversed(list(top.iterancestors())):
            attrs = cast("Mapping[str, str]", dict(one.attrib))
            path.enter(one.tag, attrs, self._sort(one.tag, attrs).subject)
        walker = etree.iterwalk(top, events=("start", "end", "comment"))
        silent = False
        for event, element in walker:
            if event == "start":
                if element.tag in SILENT or skip:
                    silent = _is_silent(element, skip)
                    if silent:
                        walker.skip_subtree()
                        self.gap = BLANK if element.tag in BLOCKS else self.gap
                        continue
                self._begin(element, path)
                text = element.text
            else:
                if silent:
                    silent = False
                elif event == "end":
                    self._end()
                    path.pop()
                text = element.tail if element is not top else None
            if text:
                if self.pre and "\n" in text:
                    self._lines(text)
                else:
                    self._words(text)
        self.gap = BLANK

    def _sort(self, tag: str, attrs: Mapping[str, str]) -> Sort:
        classes, id_ = attrs.get("class"), attrs.get("id")
        found = self.sorts.get((tag, classes, id_))
        if found is None:
            subject = self.sheet.subject(tag, classes, id_)
            found = Sort.of(tag, f"{classes or ''} {id_ or ''}".strip(), subject)
            self.sorts[tag, classes, id_] = found
        return found

    def _begin(self, element: Element, path: styles.Path) -> None:
        tag = element.tag
        items = cast("list[tuple[str, str]]", element.items())
        if items:
            attrs: Mapping[str, str] = dict(items)
            sort = self._sort(tag, attrs)
        else:
            attrs = NONE
            sort = self.sorts.get((tag, None, None)) or self._sort(tag, attrs)
        if sort.gap:
            if sort.gap > self.gap:
                self.gap = sort.gap
        elif tag == "br":
            self.breaks += 1
            self.gap = max(self.gap, BLANK if self.breaks > 1 else LINE)
        if tag == "pre":
            self.pre += 1
        notes = sort.notes
        if items and (tag == "a" or tag == "time" or "role" in attrs):
            notes = sort.noted(attrs, self.hrefs)
        hides = False
        if not self.hiding and (sort.subject.hides or tag in UNSEEN or not HIDING.isdisjoint(attrs)):
            hide = self._hide(tag, attrs, sort, path)
            if hide is not None:
                hides = hide["how"] not in WEAK  # a strong way of hiding may stand inside a weak one
                self.hiding += hides
                notes = (*notes, ("hidden", hide))
        self.open.append(_Open(sort, notes, hides))
        path.enter(tag, attrs, sort.subject)

    def _hide(self, tag: str, attrs: Mapping[str, str], sort: Sort, path: styles.Path) -> dict[str, str] | None:
        if tag in UNSEEN:
            return {"why": tag, "how": tag}
        hide = self.sheet.hidden(tag, attrs, sort.subject, path)
        return {"why": hide.why, "how": hide.how} if hide else None

    def _end(self) -> None:
        entry = self.open.pop()
        self.hiding -= entry.hides
        if self.unstarted > len(self.open):
            self.unstarted = len(self.open)
        if entry.start >= 0:
            marks = self.marks
            for kind, attrs in entry.notes:
                marks.append((entry.start, -self.length, len(marks), kind, attrs))
        if entry.sort.gap > self.gap:
            self.gap = entry.sort.gap
        if entry.sort.tag == "pre":
            self.pre -= 1

    def _lines(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            self.gap = max(self.gap, LINE) if number else self.gap
            if line:
                self._words(line)

    def _words(self, text: str) -> None:
        words = text.strip(WHITE)
        if self.gap == 0 and (not words or text[0] in WHITE):
            self.gap = SPACE
        if not words:
            return
        if "  " in words or not words.isprintable():
            words = UNFOLDED.sub(" ", words)
        if self.length and self.gap:
            between = GAPS[self.gap]
            self.parts.append(between)
            self.length += len(between)
        for entry in self.open[self.unstarted :]:
            entry.start = self.length
        self.unstarted = len(self.open)
        self.parts.append(words)
        self.length += len(words)
        self.gap = SPACE if text[-1] in WHITE else 0
        self.breaks = 0

    def draft(self) -> Draft:
        """What was written."""
        self.marks.sort()
        return Draft(text="".join(self.parts), marks=tuple(_marks(self.marks)))


def _marks(rows: list[tuple[int, int, int, MarkKind, Mapping[str, str]]]) -> Iterator[Mark]:
    for start, minus_end, _, kind, attrs in rows:
        yield Mark(start=start, end=-minus_end, kind=kind, attrs=attrs)


def _is_silent(element: Element, skip: Collection[Element]) -> bool:
    if skip and element in skip:
        return True
    if element.tag in ("svg", "math"):  # a paragraph ends one that was left open (HTML §13.2.6.5)
        return next(element.iter("p", "h1", "h2", "div"), None) is None
    return element.tag in SILENT
