"""Proposes a layout for a site: selectors that find, on each of a few stories, what the generic way found there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newscrawl.markup import Document, Element
from newscrawl.model import Story
from newscrawl.read import authors, dates, layouts
from newscrawl.read.blocks import words_of
from newscrawl.read.story import story_in
from newscrawl.read.suffixes import folded
from newscrawl.sitebook import Layout, Site

NAME = re.compile(r"[A-Za-z][A-Za-z_-]{1,40}\Z")  # no numbers: they belong to one story or one build of a stylesheet
METAS = {
    "title": ("meta[property='og:title']::attr(content)",),
    "authors": ("meta[name='author']::attr(content)",),
    "published": ("meta[property='article:published_time']::attr(content)", "time[datetime]::attr(datetime)"),
}
FIELDS = ("title", "body", "authors", "published")
MAX_ELEMENTS = 20_000
MAX_BYLINE = 200
ALIKE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A field's selector, and what it finds on each story."""

    field: str
    selector: str
    values: tuple[str, ...]


def propose(documents: Sequence[Document]) -> tuple[Proposal, ...]:
    """The selectors that hold on every document, field by field; fields without one are left to the generic way.

    Documents without a story are left out; nothing is proposed where fewer than two are left.
    """
    pairs = [(one, story) for one in documents if (story := story_in(one)) is not None]
    if len(pairs) < 2:
        return ()
    found = []
    for field in FIELDS:
        if any(not _value(story, field) for _, story in pairs):
            continue
        for selector in dict.fromkeys((*_candidates(*pairs[0], field), *METAS.get(field, ()))):
            if all(HOLDS[field](document, story, selector) for document, story in pairs):
                values = tuple(_shown(document, selector) for document, _ in pairs)
                found.append(Proposal(field=field, selector=selector, values=values))
                break
    return tuple(found)


def _shown(document: Document, selector: str) -> str:
    return " / ".join(layouts.texts(document, selector))


def _value(story: Story, field: str) -> object:
    return story.text if field == "body" else getattr(story, field)


def _candidates(document: Document, story: Story, field: str) -> Iterator[str]:
    """Selectors of the elements that show a field, the innermost elements and the plainest selectors first."""
    fits = _fit(story, field)
    elements = [
        one for number, one in enumerate(document.root.iter("*")) if number < MAX_ELEMENTS and fits(words_of(one))
    ]
    elements = [one for one in elements if one.tag not in ("html", "body", "head", "title", "script", "style")]
    for element in sorted(elements, key=lambda one: len(words_of(one))):
        yield from selectors(element)


def _fit(story: Story, field: str) -> Callable[[str], bool]:
    if field == "title":
        return lambda text: len(text) < 2 * len(story.title) + 20 and folded(text) == folded(story.title)
    if field == "authors":
        return lambda text: len(text) < MAX_BYLINE and all(name in text for name in story.authors)
    if field == "published":
        return lambda text: len(text) < MAX_BYLINE and _same_time(story, text)
    lines = [folded(line) for line in story.text.split("\n") if len(line) > 40][:40]
    return lambda text: bool(lines) and sum(one in folded(text) for one in lines) > ALIKE * len(lines)


def selectors(element: Element) -> Iterator[str]:
    """CSS selectors of an element by its id, its classes and its parent's, without those that carry numbers."""
    own = list(_plain(element))
    yield from own
    parent = element.getparent()
    above = [one for one in _plain(parent) if not one.isalpha()] if parent is not None else []
    for outer in above[:3]:
        for inner in (*own, str(element.tag)):
            yield f"{outer} > {inner}"


def _plain(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    if tag in ("h1", "article"):
        yield tag
    if NAME.match(element.get("id", "")):
        yield f"{tag}#{element.get('id')}"
    if NAME.match(element.get("itemprop", "")):
        yield f"{tag}[itemprop='{element.get('itemprop')}']"
    for name in element.get("class", "").split()[:6]:
        if NAME.match(name):
            yield f"{tag}.{name}"


def _title_holds(document: Document, story: Story, selector: str) -> bool:
    found = layouts.texts(document, selector)
    return len(found) == 1 and folded(found[0]) == folded(story.title)


def _authors_hold(document: Document, story: Story, selector: str) -> bool:
    names = [
        one for text in layouts.texts(document, selector) for one in authors.names(text, outlets=(story.site or "",))
    ]
    return set(names) == set(story.authors)


def _published_holds(document: Document, story: Story, selector: str) -> bool:
    found = layouts.texts(document, selector)
    return bool(found) and _same_time(story, found[0])


def _same_time(story: Story, raw: str) -> bool:
    if not any(one.isdigit() for one in raw) or story.published is None:
        return False
    found = dates.moment(raw, fetched=story.fetched, language=story.language)
    return found is not None and found.at == story.published.at


def _body_holds(document: Document, story: Story, selector: str) -> bool:
    if len(layouts.matched(document, selector)) != 1:
        return False
    site = Site(name="x", outlet="x", hosts=(), layouts=(Layout(body=selector),))
    laid = story_in(document, site)
    want = {folded(line) for line in story.text.split("\n")} - {""}
    have = {folded(line) for line in laid.text.split("\n")} - {""} if laid is not None else set()
    return bool(have) and len(want & have) > ALIKE * max(len(want), len(have))


HOLDS = {"title": _title_holds, "body": _body_holds, "authors": _authors_hold, "published": _published_holds}


def filled(document: Document, site: Site) -> dict[str, bool]:
    """Whether each field that a site's layouts speak of is full on a page, by its best-fitting layout."""
    named = {field for layout in site.layouts for field in FIELDS if getattr(layout, field)}
    parts = layouts.story_parts(document, site)
    if parts is None:
        return dict.fromkeys(sorted(named), False)
    full = {field for field in named if parts.texts.get(field)} | ({"body"} if parts.tops else set())
    used = {field for field in named if getattr(parts.layout, field)}
    return {field: field in full for field in sorted(used)}
