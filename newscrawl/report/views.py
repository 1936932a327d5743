"""What the pages show of a record: pieces of text with their cuts, figures, and the facts in a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from newscrawl.report.labels import REASONS, called

Record: TypeAlias = Mapping[str, Any]
NOT_NAME = re.compile(r"[^a-z0-9]+")
FACTS = ("source_name", "authors", "editors", "published", "copyright")
FIELDS = (
    "url", "source_url", "source_name", "authors", "editors", "language", "published", "modified", "tags", "related",
    "comment_count", "copyright", "license", "flags", "supersedes",
)  # fmt: skip


def slug(text: str) -> str:
    """Letters and digits joined by hyphens, at most 64: safe in a file name, a class and an id.

    >>> slug("Kabar_Kilat.test:80/../x")
    'kabar-kilat-test-80-x'
    """
    return NOT_NAME.sub("-", text.lower()).strip("-")[:64] or "x"


def is_spam(reason: str) -> bool:
    """Whether a reason code is spam's; everything else is a wrapper's or white space."""
    return reason.startswith(("SPAM", "SITE"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One cut, numbered as the page shows it."""

    number: int
    reason: str
    rule: str
    text: str
    where: str
    evidence: tuple[Record, ...] = ()

    @property
    def key(self) -> str:
        """The reason as a class name."""
        return f"r-{slug(self.reason)}"

    @property
    def called(self) -> str:
        """The reason in words."""
        return called(REASONS, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the original: kept, or cut."""

    text: str
    cut: Cut | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason with how often it was given."""

    name: str
    key: str
    count: int

    @property
    def called(self) -> str:
        """The reason in words."""
        return called(REASONS, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as its page shows it."""

    title: str
    site: str
    site_page: str
    text: str
    pieces: tuple[Piece, ...]
    cuts: tuple[Cut, ...]
    url: str = ""
    fetched: str = ""
    language: str | None = None
    facts: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    rights: Record = field(default_factory=dict)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons in the text, most frequent first."""
        counted = Counter(piece.cut.reason for piece in self.pieces if piece.cut and piece.text.strip())
        return tuple(Reason(name=name, key=f"r-{slug(name)}", count=count) for name, count in counted.most_common())

    @property
    def spam(self) -> int:
        """Characters cut as spam."""
        return sum(len(cut.text) for cut in self.cuts if is_spam(cut.reason))

    @property
    def wrappers(self) -> int:
        """Characters cut for any other reason."""
        return sum(len(cut.text) for cut in self.cuts if not is_spam(cut.reason))

    @property
    def length(self) -> int:
        """Characters of the text as found."""
        return sum(len(piece.text) for piece in self.pieces)

    @property
    def kept(self) -> int:
        """Characters of the clean text."""
        return len(self.text)


def pieces_of(text: str, removals: Sequence[Record]) -> tuple[tuple[Piece, ...], tuple[Cut, ...]]:
    """The original in pieces, rebuilt from the clean text and the ledger's removals (which are in order)."""
    pieces: list[Piece] = []
    cuts: list[Cut] = []
    taken = length = number = 0
    for removal in removals:
        kept = text[taken : taken + removal["start"] - length]
        if kept:
            pieces.append(Piece(text=kept))
        blank = not removal["text"].strip()
        number += not blank
        cut = Cut(
            number=number,
            reason=removal["reason"],
            rule=removal["rule"],
            text=removal["text"],
            where=f"{removal['start']:,}–{removal['end']:,}",
            evidence=tuple(removal.get("evidence", ())),
        )
        pieces.append(Piece(text=removal["text"], cut=cut))
        if not blank:
            cuts.append(cut)
        taken += len(kept)
        length = removal["end"]
    if text[taken:]:
        pieces.append(Piece(text=text[taken:]))
    return tuple(pieces), tuple(cuts)


def said(value: object) -> str:
    """A field's value as a person reads it."""
    if isinstance(value, Mapping):
        if "at" in value:
            return f"{value['at']} (to the {value['precision']}, from “{value['raw']}”)"
        return " ".join(str(one) for one in value.values() if one)
    if isinstance(value, list | tuple):
        return "; ".join(said(one) for one in value)
    return "" if value is None else str(value)


def cut_sizes(cuts: Record | None) -> Counter[str]:
    """Characters that a ledger line's cuts took, by reason; white space counts for none."""
    sizes: Counter[str] = Counter()
    for one in (*(cuts or {}).get("removals", ()), *(cuts or {}).get("fields", ())):
        if one["text"].strip():
            sizes[one["reason"]] += len(one["text"])
    return sizes


def spam_of(sizes: Mapping[str, int]) -> int:
    """Of characters cut, by reason, those that were cut as spam."""
    return sum(size for reason, size in sizes.items() if is_spam(reason))


def wrappers_of(sizes: Mapping[str, int]) -> int:
    """Of characters cut, by reason, those that were cut as wrappers; the white space beside a cut is none."""
    return sum(size for reason, size in sizes.items() if reason.startswith("WRAP"))


def moment_of(published: Record) -> str:
    """A moment as exactly as it was told: a day, or a minute; UTC unless it says otherwise.

    >>> moment_of({"at": "2026-05-04T12:30:01+00:00", "precision": "minute"})
    '2026-05-04 12:30 UTC'
    """
    at, whole = str(published["at"]), published.get("precision") in ("day", "month", "year")
    zone = at[19:].lstrip(".0123456789")
    return at[:10] if whole else f"{at[:16].replace('T', ' ')} {'UTC' if zone in ('+00:00', '') else zone}"


def story_view(article: Record, cuts: Record | None, site_page: str) -> StoryView:
    """The view of an article and of its ledger line."""
    pieces, marked = pieces_of(article["text"], (cuts or {}).get("removals", ()))
    fields = [
        Cut(
            number=len(marked) + number,
            reason=one["reason"],
            rule=one["rule"],
            text=one["text"],
            where=one["field"],
            evidence=tuple(one.get("evidence", ())),
        )
        for number, one in enumerate((cuts or {}).get("fields", ()), 1)
    ]
    facts = [said(article[name]) for name in FACTS if article.get(name) and name != "published"]
    if article.get("published"):
        facts.insert(0, moment_of(article["published"]))
    return StoryView(
        title=article["title"] or article["url"],
        site=article["site"],
        site_page=site_page,
        text=article["text"],
        pieces=pieces,
        cuts=(*marked, *fields),
        url=article["url"],
        fetched=article.get("fetched") or "",
        language=article.get("language"),
        facts=tuple(facts),
        fields=tuple((name, said(article[name])) for name in FIELDS if article.get(name) not in (None, [], "")),
        rights=article.get("rights", {}),
    )
