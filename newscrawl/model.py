"""The words every room speaks: frozen records, and the closed sets they draw on.

Offsets are half-open and count Unicode code points of the text they point into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias

Use: TypeAlias = Literal["crawl", "index", "train", "input"]
"""crawl: fetch the page · index: show it in a search · train: train a model · input: answer or summarise from it."""
USES: tuple[Use, ...] = ("crawl", "index", "train", "input")
AI_USES: tuple[Use, ...] = ("train", "input")

HeadersIn: TypeAlias = Mapping[str, str | bytes | Iterable[str | bytes]] | Iterable[tuple[str | bytes, str | bytes]]


class Decision(StrEnum):
    """What the rights signals say of one use. `none_found` is the absence of a signal, never a permission."""

    ALLOWED = "allowed"
    RESERVED = "reserved"
    UNKNOWN = "unknown"
    NONE_FOUND = "none_found"


class Basis(StrEnum):
    """How far a signal speaks of us: to everyone or to us by name, by inference, or to another crawler."""

    DIRECT = "direct"
    INFERRED = "inferred"
    OTHER_AGENT = "other_agent"


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def headers_of(headers: HeadersIn) -> Mapping[str, tuple[str, ...]]:
    """Lower-case field names, each with every value it came with, in order (RFC 9110 §5.2, §5.3).

    >>> headers_of({"X-Robots-Tag": ["noai", "noindex"]})
    {'x-robots-tag': ('noai', 'noindex')}
    """
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    gathered: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        values = (value,) if isinstance(value, str | bytes) else tuple(value)
        key = _text(name).strip().lower()
        gathered[key] = gathered.get(key, ()) + tuple(_text(one).strip() for one in values)
    return gathered


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One earlier answer on the way to a page: a redirect, with the headers it carried."""

    url: str
    status: int
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", headers_of(self.headers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came over the wire: the body as bytes, every header value, the time of the fetch (aware, or None)."""

    url: str
    status: int = 200
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    body: bytes = b""
    fetched: datetime | None = None
    hops: tuple[Hop, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", headers_of(self.headers))
        if self.fetched is not None and self.fetched.tzinfo is None:
            raise ValueError(
                f"page {self.url}: fetched {self.fetched} has no time zone: give an aware datetime, such as UTC"
            )

    @classmethod
    def from_html(
        cls, html: str, *, url: str, fetched: datetime | None = None, headers: HeadersIn | None = None
    ) -> Page:
        """A page from text that is already decoded.

        >>> Page.from_html("<p>Hello", url="https://example.org/a").body
        b'<p>Hello'
        """
        fields = dict(headers_of(headers or {}))
        fields["content-type"] = ("text/html; charset=utf-8",)
        return cls(url=url, headers=fields, body=html.encode("utf-8", "replace"), fetched=fetched)


MarkKind: TypeAlias = Literal[
    "block",
    "heading",
    "link",
    "hidden",
    "quote",
    "list",
    "table",
    "caption",
    "foot",
    "aside",
    "strong",
    "time",
    "small",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something the markup said about a stretch of a draft's text, kept beside it and never in it.

    attrs by kind: block {tag, path} · heading {level} · link {href, host, rel} · hidden {why} · time {datetime}.
    """

    start: int
    end: int
    kind: MarkKind
    attrs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Text with stand-off marks. A blank line sets blocks apart, a line break is a `<br>`, white space is folded."""

    text: str
    marks: tuple[Mark, ...] = ()

    def of(self, kind: MarkKind) -> tuple[Mark, ...]:
        """The marks of one kind, in the order of the text."""
        return tuple(mark for mark in self.marks if mark.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason to believe that a span is not the article's: a kind, its strength from 0 to 1, and what was seen."""

    kind: str
    strength: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A span that was cut out of `Cleaned.original`, with the rule that pointed at it."""

    start: int
    end: int
    text: str
    rule: str
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A span that was kept although something spoke against it."""

    start: int
    end: int
    reason: str
    evidence: tuple[Evidence, ...] = ()


FactField: TypeAlias = Literal[
    "author",
    "editor",
    "translator",
    "source_name",
    "source_url",
    "source_title",
    "published_relative",
    "published",
    "modified",
    "comment_count",
    "view_count",
    "read_minutes",
    "copyright",
    "related",
    "truncated",
    "place",
    "agency",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact that stood in a wrapper, lifted before the wrapper was cut. `url` is the link's target, if it was one."""

    field: FactField
    value: str
    rule: str
    start: int = 0
    end: int = 0
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A text with what was cut out of it. `text` is exactly `original` less the removals; see `clean.restore`."""

    original: str
    text: str
    removals: tuple[Removal, ...] = ()
    facts: tuple[Fact, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing that a site said about the use of its pages, verbatim.

    protocol: robots, aiprefs, content-signal, rsl, tdmrep, x-robots-tag, meta-robots, ai.txt, trust.txt, json-ld,
    rights-meta, licence-link, prose …; where: the place ("header", "meta", "robots.txt line 4", "footer");
    says: what it says of the uses in `scope`; host: the authority in whose name it speaks.
    """

    protocol: str
    where: str
    quote: str
    value: str
    scope: tuple[Use, ...]
    says: Decision
    basis: Basis = Basis.DIRECT
    url: str | None = None
    host: str | None = None
    rule: str | None = None
    language: str | None = None
    machine_readable: bool = True
    start: int | None = None
    end: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the signals come to, use by use, why, what was not asked, and which licence lifted what."""

    uses: Mapping[Use, Decision]
    because: tuple[Signal, ...] = ()
    signals: tuple[Signal, ...] = ()
    not_checked: tuple[str, ...] = ()
    lifted: tuple[Lifted, ...] = ()
    asked: tuple[Use, ...] = AI_USES

    @property
    def status(self) -> Decision:
        """The most restrictive decision among the uses that were asked for."""
        order = (Decision.RESERVED, Decision.UNKNOWN, Decision.ALLOWED, Decision.NONE_FOUND)
        found = {self.uses.get(use, Decision.UNKNOWN) for use in self.asked}
        return next((one for one in order if one in found), Decision.UNKNOWN)

    @property
    def keeps(self) -> bool:
        """True only where nothing that was asked for is reserved or in doubt."""
        return self.status in (Decision.ALLOWED, Decision.NONE_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A written permission that the operator holds: for a host and its subdomains, for some uses, until a day."""

    host: str
    uses: tuple[Use, ...]
    contract: str
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A reservation that an operator's licence lifted, and by which contract."""

    signal: Signal
    licence: Licence


Precision: TypeAlias = Literal["second", "minute", "hour", "day", "month", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in time as far as the page tells it: aware, how exact, and the words it was read from."""

    at: datetime
    precision: Precision
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the story: an absolute address and its caption."""

    url: str
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A story that the page points to."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as found, spam and wrappers and all. It may not leave the house."""

    url: str
    title: str
    body: Draft
    summary: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    language: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    fetched: datetime | None = None
    source_url: str | None = None
    source_name: str | None = None
    site: str | None = None
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    comment_count: int | None = None
    copyright: str | None = None
    license: str | None = None
    flags: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as found."""
        return self.body.text


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRemoval:
    """A cut in a field other than the text (title, summary, a tag …)."""

    field: str
    removal: Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A story that may leave: built only from a Story, what cleaning left of it, and a verdict that keeps."""

    id: str
    url: str
    title: str
    text: str
    cleaned: Cleaned
    verdict: Verdict
    site: str
    fetched: datetime | None = None
    source_url: str | None = None
    source_name: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    language: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    comment_count: int | None = None
    copyright: str | None = None
    license: str | None = None
    field_removals: tuple[FieldRemoval, ...] = ()
    flags: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    supersedes: str | None = None
    duplicate_of: str | None = None
    robots: RobotsSnapshot | None = None
    source_robots: RobotsSnapshot | None = None


WithheldReason: TypeAlias = Literal["reserved", "unknown", "no_story"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What is kept of a page that may not leave: no text of it but the notice itself.

    page_sha256: of the body as it was judged, its content coding taken off; None for a page that was not fetched.
    """

    id: str
    url: str
    site: str
    reason: WithheldReason
    verdict: Verdict
    fetched: datetime | None = None
    source_url: str | None = None
    robots: RobotsSnapshot | None = None
    source_robots: RobotsSnapshot | None = None
    page_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsSnapshot:
    """Which robots.txt was in force for a fetch: its answer, its hash, and the rule that decided."""

    url: str
    status: int | None
    sha256: str | None
    fetched: datetime | None
    group: str | None = None
    rule: str | None = None
    crawl_delay: float | None = None
