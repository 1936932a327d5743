"""What a listing tells of a story before its page is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from newscrawl.model import Moment

Kind: TypeAlias = Literal["html", "feed", "jsonfeed", "sitemap", "other"]
Left: TypeAlias = Literal["doctype", "size", "broken"]
"""Why a feed or sitemap, or some of it, was left unread: entities of its own, too long, torn or nothing of the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A story that a listing points to: its address, and what else stood there. `rights`: a feed's copyright line."""

    url: str
    title: str | None = None
    published: Moment | None = None
    source_name: str | None = None
    source_url: str | None = None
    summary: str | None = None
    content_html: str | None = None
    rights: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a listing points to: stories, its own next pages (or a sitemap index's sitemaps), and feeds.

    `left`: why something of it was not read, so that an operator sees why it gave nothing, or less than it has.
    """

    kind: Kind
    stories: tuple[Lead, ...] = ()
    next: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
