"""Reads the demo's data: the sites of its small web, and the stories with the places where they stand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

DATA = Path(__file__).parent / "web"

Outcome: TypeAlias = Literal["exported", "withheld", "refused"]
"""exported: leaves the house · withheld: fetched and kept back · refused: never fetched."""
Form: TypeAlias = Literal["full", "teaser"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spam:
    """One injected text: a block before paragraph `before` (counted from 0, the number of paragraphs for the end),
    or a run inside paragraph `inside`, right after the words `after`. `wrap` names a part of the site's make."""

    text: str
    before: int | None = None
    inside: int | None = None
    after: str = ""
    wrap: str = "spam"
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A story on one host: its form there, its wrapper's facts, its spam, and what must become of it."""

    host: str
    outcome: Outcome
    why: str = ""
    licensed: Outcome | None = None
    form: Form = "full"
    title: str = ""
    without: tuple[int, ...] = ()
    notice: str = ""
    ago: str = ""
    comments: int | None = None
    related: str = ""
    spam: tuple[Spam, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a story was published first."""

    name: str
    host: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A story as its author wrote it; `summary` is the two sentences of a teaser."""

    slug: str
    title: str
    language: str
    section: str
    published: datetime
    paragraphs: tuple[str, ...]
    on: tuple[Placement, ...]
    summary: str = ""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    copyright: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed or sitemap of a site. `entry` is empty for a JSON Feed, which no template writes."""

    path: str
    type: str
    template: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A page of a site that is no story, such as its imprint."""

    path: str
    title: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """How a kind of site writes its pages: string templates by file name, and small parts by name."""

    templates: Mapping[str, str]
    parts: Mapping[str, str]
    inserts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One host of the demo. `robots` and `tdmrep` are a status and a body; `headers` go with its story pages.

    names_source: its full pages tell the source's name · dated: its pages or feeds tell an absolute time
    charset: of its HTML, which says so in a meta only where it is not UTF-8.
    """

    host: str
    name: str
    language: str
    kind: Literal["aggregator", "source"]
    make: Make
    start: str
    story_path: str
    page_path: str = ""
    page_size: int = 0
    joiner: str = ", "
    months: tuple[str, ...] = ()
    date: str = "$day.$month.$year"
    notice: str = ""
    names_source: bool = False
    dated: bool = False
    charset: str = "utf-8"
    stills: tuple[Still, ...] = ()
    feeds: tuple[Feed, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    robots: tuple[int, bytes] = (404, b"")
    tdmrep: tuple[int, bytes] = (404, b"")
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keyword_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Everything the demo serves, in a fixed order: newest story first."""

    sites: tuple[Site, ...]
    texts: tuple[Text, ...]

    def site(self, host: str) -> Site:
        """The site of a host; KeyError for a host that the demo does not know."""
        return next((site for site in self.sites if site.host == host), None) or _unknown(host)

    def standing_on(self, host: str) -> tuple[tuple[Text, Placement], ...]:
        """The stories of an aggregator, newest first."""
        return tuple((text, place) for text in self.texts for place in text.on if place.host == host)

    def originals_of(self, host: str) -> tuple[Text, ...]:
        """The stories first published on a source host."""
        return tuple(text for text in self.texts if text.source is not None and text.source.host == host)


def _unknown(host: str) -> Site:
    raise KeyError(f"host {host} is not in the demo: add web/sites/{host}/site.toml")


def _spam(values: Mapping[str, Any]) -> Spam:
    return Spam(**values)


def _placement(values: Mapping[str, Any]) -> Placement:
    given = dict(values)
    given["spam"] = tuple(_spam(one) for one in given.get("spam", ()))
    given["without"] = tuple(given.get("without", ()))
    return Placement(**given)


def _text(path: Path) -> Text:
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    given["slug"] = path.stem
    given["on"] = tuple(_placement(one) for one in given["on"])
    for name in ("paragraphs", "authors", "editors"):
        given[name] = tuple(given.get(name, ()))
    if "source" in given:
        given["source"] = Source(**given["source"])
    return Text(**given)


def _make(name: str) -> Make:
    folder = DATA / "makes" / name
    values = tomllib.loads((folder / "make.toml").read_text(encoding="utf-8"))
    templates = {
        path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.suffix != ".toml"
    }
    inserts = tuple((int(one["after"]), str(one["html"])) for one in values.get("insert", ()))
    return Make(templates=templates, parts=values.get("parts", {}), inserts=inserts)


def _answer(path: Path, status: int) -> tuple[int, bytes]:
    return (status, path.read_bytes()) if path.exists() else (404, b"")


def _site(folder: Path) -> Site:
    given = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
    given["host"] = folder.name
    given["make"] = _make(given["make"])
    given["months"] = tuple(given.get("months", ()))
    given["feeds"] = tuple(Feed(**one) for one in given.pop("feed", ()))
    given["stills"] = tuple(Still(**one) for one in given.pop("still", ()))
    given["headers"] = tuple((name, value) for name, values in given.get("headers", {}).items() for value in values)
    given["robots"] = _answer(folder / "robots.txt", given.pop("robots_status", 200))
    given["tdmrep"] = _answer(folder / "tdmrep.json", 200)
    given["keywords"] = {name: tuple(words) for name, words in given.get("keywords", {}).items()}
    return Site(**given)


@cache
def newsroom() -> Newsroom:
    """Read web/ once. Raises TypeError, KeyError or tomllib.TOMLDecodeError where a file of it is malformed."""
    sites = tuple(_site(path) for path in sorted((DATA / "sites").iterdir()))
    texts = tuple(_text(path) for path in sorted((DATA / "stories").rglob("*.toml")))
    return Newsroom(sites=sites, texts=tuple(sorted(texts, key=lambda text: text.published, reverse=True)))
