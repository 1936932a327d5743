"""A site file's layouts: where a story's parts stand on pages of one make."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone
from functools import lru_cache

from lxml import etree
from lxml.cssselect import CSSSelector

from newscrawl.markup import Document, Element
from newscrawl.model import Image, Story
from newscrawl.read import authors, dates, stamps
from newscrawl.read.blocks import words_of
from newscrawl.sitebook import Layout, Site

ATTRIBUTE = re.compile(r"::attr\(([\w:-]+)\)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a layout's selectors matched: the body's elements, and the texts of the other fields."""

    layout: Layout
    tops: list[Element] = field(default_factory=list)
    skip: set[Element] = field(default_factory=set)
    texts: dict[str, list[str]] = field(default_factory=dict)


@lru_cache(maxsize=2000)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def matched(document: Document, selector: str) -> list[Element]:
    """The elements that a selector matches, in document order; `::attr(name)` at its end is left off."""
    found = _compiled(ATTRIBUTE.sub("", selector))(document.root)
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


def texts(document: Document, selector: str) -> list[str]:
    """The texts (or, with `::attr(name)`, the attributes) that a selector matches, without empty ones."""
    attribute = ATTRIBUTE.search(selector)
    found = [one.get(attribute[1], "") if attribute else words_of(one) for one in matched(document, selector)]
    return [text for one in found if (text := " ".join(one.split()))]


def story_parts(document: Document, site: Site) -> Parts | None:
    """What the newest fitting layout finds: the first whose body (without one: title) matches, or None."""
    for layout in site.layouts:
        tops = matched(document, layout.body) if layout.body else []
        if layout.body and not any(words_of(one).strip() for one in tops):
            continue
        found = {
            name: texts(document, selector)
            for name in ("title", "summary", "authors", "editors", "published", "modified", "tags", "images", "source")
            if (selector := getattr(layout, name))
        }
        if not layout.body and not found.get("title"):
            continue
        outer = [one for one in tops if not any(above in tops for above in one.iterancestors())]
        skip = {one for selector in layout.drop for one in matched(document, selector)}
        return Parts(layout=layout, tops=outer, skip=skip, texts=found)
    return None


def overlaid(story: Story, parts: Parts, site: Site | None) -> Story:
    """A story with its fields as the layout has them; the rest stays as the generic way found it."""
    changes: dict[str, object] = {}
    for name in ("title", "summary"):
        if parts.texts.get(name):
            changes[name] = parts.texts[name][0]
    for name in ("authors", "editors"):
        if name in parts.texts:
            who = [one for text in parts.texts[name] for one in authors.names(text, outlets=(story.site or "",))]
            changes[name] = tuple(dict.fromkeys(who))
    for name in ("published", "modified"):
        raw = next(iter(parts.texts.get(name, [])), "")
        found = dates.moment(raw, fetched=story.fetched, language=story.language) if raw else None
        if found is not None:
            zone = _zone(site)
            changes[name] = stamps.in_zone(found, zone) if zone and found.precision in ("minute", "second") else found
    if "tags" in parts.texts:
        changes["tags"] = tuple(dict.fromkeys(parts.texts["tags"]))
    if parts.texts.get("images"):
        changes["images"] = tuple(Image(url=one) for one in dict.fromkeys(parts.texts["images"]))
    if parts.texts.get("source"):
        changes["source_name"] = parts.texts["source"][0]
    origins = dict(story.origins) | dict.fromkeys(changes, "site layout")
    return replace(story, **changes, origins=origins)  # type: ignore[arg-type]


def _zone(site: Site | None) -> timezone | None:
    if site is None or site.zone is None:
        return None
    hours, minutes = site.zone[1:].split(":")
    gone = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-gone if site.zone[0] == "-" else gone)
