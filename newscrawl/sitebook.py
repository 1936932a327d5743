"""Reads the site files in sites/, and refuses a bad one by file, key and remedy.

A site file says where a site's stories are listed and, where the generic way falls short, where their parts stand. It
has no key for robots, rights, user agent or pipelines: what cannot be said cannot be violated.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

SITES = Path(__file__).parent / "sites"
STEM = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
ZONE = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
FORBIDDEN = {
    "robots": "robots.txt is always asked",
    "robotstxt_obey": "robots.txt is always asked",
    "rights": "permissions stand in the operator's licence file",
    "licence": "permissions stand in the operator's licence file",
    "license": "permissions stand in the operator's licence file",
    "user_agent": "the crawler has one name, in settings.py",
    "pipelines": "pipelines stand in the add-on",
    "settings": "settings stand in settings.py",
}


class SiteError(ValueError):
    """A site file that does not load: names the file, the key and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a story's parts stand on pages of one make: CSS selectors. `since` is the first day it was seen."""

    since: date | None = None
    title: str | None = None
    body: str | None = None
    drop: tuple[str, ...] = ()
    summary: str | None = None
    authors: str | None = None
    editors: str | None = None
    published: str | None = None
    modified: str | None = None
    tags: str | None = None
    images: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingLayout:
    """Where a listing's story links and its next page stand: CSS selectors; `story_path` is a pattern for paths."""

    stories: str | None = None
    next: str | None = None
    story_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site: its hosts, where to start, its feeds, its listing and its layouts, the newest first.

    `name` is the file's stem and the spider's name; `outlet` is what the site calls itself. `browser`: its pages are
    empty without their scripts. `enabled`: `newscrawl crawl --all` takes it.
    """

    name: str
    outlet: str
    hosts: tuple[str, ...]
    starts: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    language: str | None = None
    zone: str | None = None
    browser: bool = False
    enabled: bool = True
    listing: ListingLayout = field(default_factory=ListingLayout)
    layouts: tuple[Layout, ...] = ()

    def owns(self, host: str) -> bool:
        """Whether a host is the site's own or stands under one of its hosts."""
        host = host.lower().rstrip(".")
        return any(host == own or host.endswith("." + own) for own in self.hosts)


def _refuse(path: Path, key: str, remedy: str) -> SiteError:
    return SiteError(f"site file {path}: {key}: {remedy}")


def _known(path: Path, table: str, data: Mapping[str, object], known: Iterable[str]) -> None:
    names = sorted(known)
    for key in data:
        if key in FORBIDDEN:
            raise _refuse(path, f"{table}{key}", f"a site file cannot say this ({FORBIDDEN[key]}): take the line out")
        if key not in names:
            raise _refuse(path, f"{table}{key}", f"unknown key: use one of {', '.join(names)}")


def _text(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refuse(path, key, f"must be a text that is not empty, not {value!r}")
    return value.strip()


def _texts(path: Path, key: str, value: object, check: Callable[[str], bool], what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _refuse(path, key, f'must be a list of texts such as ["…"], not {value!r}')
    for one in value:
        if not check(one):
            raise _refuse(path, key, f"{one!r} is no {what}")
    return tuple(value)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _selector(path: Path, key: str, value: object) -> str:
    import cssselect

    text = _text(path, key, value)
    try:
        cssselect.parse(text.partition("::")[0])
    except cssselect.SelectorError as error:
        raise _refuse(path, key, f"{text!r} is no CSS selector ({error}): mend it") from error
    return text


def _layout(path: Path, number: int, data: object) -> Layout:
    table = f"layout[{number}]."
    if not isinstance(data, dict):
        raise _refuse(path, "layout", "layouts stand in [[layout]] tables")
    _known(path, table, data, (one.name for one in fields(Layout)))
    since = data.get("since")
    if since is not None and (not isinstance(since, date) or not hasattr(since, "year")):
        raise _refuse(path, f"{table}since", f"must be a day such as 2026-01-31 without quotes, not {since!r}")
    if "body" not in data and "title" not in data:
        raise _refuse(path, f"{table}body", "a layout without body and title selects nothing: give one of them")
    drop = tuple(_selector(path, f"{table}drop", one) for one in data.get("drop", ()))
    rest = {key: _selector(path, table + key, value) for key, value in data.items() if key not in ("since", "drop")}
    return Layout(since=since, drop=drop, **rest)


def read(path: Path) -> Site:
    """One site file.

    Raises:
        SiteError: not TOML, an unknown or missing key, a value of the wrong kind, a selector that does not parse.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SiteError(f"site file {path}: {error}: mend the file") from error
    if not STEM.match(path.stem):
        raise _refuse(path, "file name", "it names the spider: lower-case letters, digits and _, a letter first")
    known = {"outlet", "hosts", "starts", "feeds", "sitemaps", "language", "zone", "browser", "enabled"}
    known |= {"listing", "layout"}
    _known(path, "", data, known)
    for key in ("outlet", "hosts"):
        if key not in data:
            raise _refuse(path, key, "is missing: add it")
    hosts = _texts(path, "hosts", data["hosts"], lambda one: bool(HOST.match(one)), "host name in lower case")
    if not hosts:
        raise _refuse(path, "hosts", "is empty: name the site's hosts")
    pages = {
        key: _texts(path, key, data.get(key, []), _is_url, "http(s) address") for key in ("starts", "feeds", "sitemaps")
    }
    for key in ("browser", "enabled"):
        if not isinstance(data.get(key, False), bool):
            raise _refuse(path, key, f"must be true or false, not {data[key]!r}")
    listing = data.get("listing", {})
    if not isinstance(listing, dict):
        raise _refuse(path, "listing", "stands in a [listing] table")
    _known(path, "listing.", listing, (one.name for one in fields(ListingLayout)))
    layouts = data.get("layout", [])
    if not isinstance(layouts, list):
        raise _refuse(path, "layout", "layouts stand in [[layout]] tables")
    read_layouts = [_layout(path, number, one) for number, one in enumerate(layouts, 1)]
    return Site(
        name=path.stem,
        outlet=_text(path, "outlet", data["outlet"]),
        hosts=hosts,
        language=_matching(path, "language", data.get("language"), LANGUAGE, "such as id or pt-BR"),
        zone=_matching(path, "zone", data.get("zone"), ZONE, "such as +07:00"),
        browser=data.get("browser", False),
        enabled=data.get("enabled", True),
        listing=_listing(path, listing),
        layouts=tuple(sorted(read_layouts, key=lambda one: one.since or date.min, reverse=True)),
        **pages,
    )


def _matching(path: Path, key: str, value: object, pattern: re.Pattern[str], example: str) -> str | None:
    if value is None:
        return None
    text = _text(path, key, value)
    if not pattern.match(text):
        raise _refuse(path, key, f"{text!r} is none: write it {example}")
    return text


def _listing(path: Path, data: Mapping[str, object]) -> ListingLayout:
    story_path = data.get("story_path")
    if story_path is not None:
        try:
            re.compile(_text(path, "listing.story_path", story_path))
        except re.error as error:
            raise _refuse(path, "listing.story_path", f"{story_path!r} is no pattern ({error}): mend it") from error
    selectors = {key: _selector(path, f"listing.{key}", value) for key, value in data.items() if key != "story_path"}
    return ListingLayout(story_path=str(story_path) if story_path is not None else None, **selectors)


def read_folder(folder: Path) -> Mapping[str, Site]:
    """Every site of a folder by its spider's name.

    Raises:
        SiteError: a bad file, or a host that two files claim.
    """
    found: dict[str, Site] = {}
    owners: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        site = read(path)
        for host in site.hosts:
            if host in owners:
                raise _refuse(path, "hosts", f"{host} stands in {owners[host]} too: leave it in one of them")
            owners[host] = path.name
        found[site.name] = site
    return found


@cache
def book() -> Mapping[str, Site]:
    """Every site that comes with newscrawl."""
    return read_folder(SITES)


def sites() -> tuple[Site, ...]:
    """Every site that comes with newscrawl, by name."""
    return tuple(book().values())


def site_of(host: str, sites: Mapping[str, Site] | None = None) -> Site | None:
    """The site that a host belongs to, the longest host name first; None where no file speaks of it."""
    claims = [
        (len(own), site)
        for site in (book() if sites is None else sites).values()
        for own in site.hosts
        if host == own or host.endswith("." + own)
    ]
    return max(claims, key=lambda claim: claim[0])[1] if claims else None
