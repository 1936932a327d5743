"""The head's facts by field: meta tags under all their names, and the JSON-LD object that is the story."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from functools import cache

from newscrawl import rulebook
from newscrawl.markup import Document
from newscrawl.read.address import story_key

ARTICLE = ("Article", "Posting", "Report", "Review", "NewsStory")
EMPTY: Mapping[str, object] = {}


@cache
def _names(field: str) -> tuple[str, ...]:
    value = rulebook.table("reading/metas")[field]
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def tidy(value: object) -> str:
    """A string of the data with its entities decoded (twice where a template did it twice) and its spaces folded."""
    if not isinstance(value, str):
        return ""
    text = value
    for _ in range(2):
        if "&" in text and ";" in text:
            text = html.unescape(text)
    return " ".join(text.split())


def listed(value: object) -> list[object]:
    """A value that may be one or a list, as a list."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


class Head:
    """What a page's metadata says, looked up by field."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tags: dict[str, list[str]] = {}
        for tag in document.metas:
            content = tidy(tag.attrs.get("content", ""))
            if not content:
                continue
            for key in ("property", "name", "itemprop", "http-equiv"):
                name = tag.attrs.get(key, "").strip().lower()
                if name:
                    self.tags.setdefault(name, []).append(content)
        self.items = document.jsonld
        self.by_id = {str(one["@id"]): one for one in self.items if "@id" in one and "name" in one}
        self.article = self._article()

    def every(self, field: str) -> Iterator[tuple[str, str]]:
        """Each value of a field and the tag's name, the surest first."""
        for name in _names(field):
            for value in self.tags.get(name, ()):
                yield value, f"meta {name}"

    def first(self, field: str) -> tuple[str, str]:
        """The surest value of a field and the tag's name; two empty strings where there is none."""
        return next(self.every(field), ("", ""))

    def _article(self) -> Mapping[str, object]:
        stories = [one for one in self.items if is_article(one)]
        if len(stories) < 2:
            return stories[0] if stories else EMPTY
        key = story_key(self.document.page.url)
        for one in stories:
            pages = [one.get("url"), one.get("mainEntityOfPage"), one.get("@id")]
            if any(story_key(address) == key for page in pages if (address := _address(page))):
                return one
        return next((one for one in stories if one.get("datePublished")), stories[0])

    def resolved(self, value: object) -> Mapping[str, object]:
        """An object of the data, looked up where only its @id stands there."""
        if isinstance(value, dict):
            found = self.by_id.get(str(value.get("@id"))) if "name" not in value else None
            return found or value
        return {"name": value} if isinstance(value, str) else EMPTY

    @property
    def site_names(self) -> tuple[str, ...]:
        """What the site calls itself, in the order of trust."""
        found = self.tags.get("og:site_name", [])[:1]
        publisher = self.resolved(next(iter(listed(self.article.get("publisher"))), None))
        found.append(tidy(publisher.get("name")))
        found += [tidy(one.get("name")) for one in self.items if kinds(one) & {"WebSite", "NewsMediaOrganization"}]
        found += [value for value, _ in self.every("site")]
        return tuple(dict.fromkeys(one for one in found if 1 < len(one) < 80))


def kinds(item: Mapping[str, object]) -> set[str]:
    """The types of a JSON-LD object, without their vocabulary's address."""
    return {str(one).rpartition("/")[2] for one in listed(item.get("@type"))}


def is_article(item: Mapping[str, object]) -> bool:
    """Whether a JSON-LD object is a story."""
    return any(kind.endswith(ARTICLE) for kind in kinds(item))


def _address(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) and value.startswith("http") else ""
