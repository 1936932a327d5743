"""Says what a lawful crawl of the demo must make of each of its stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newscrawl.demo.newsroom import DATA, Outcome, newsroom
from newscrawl.demo.press import Sheet, base_url, paragraphs_of, related_of, sheets_of, story_path, title_of
from newscrawl.demo.server import PORT
from newscrawl.demo.stuffing import block
from newscrawl.model import Related

LICENCES: Path = DATA.parent / "licences.toml"
"""An operator's licence file that lifts WARTA's notice: with it, `Expected.licensed` is the outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One story on one aggregator.

    story: the same for a story that is syndicated on two hosts (`duplicate` is then true on both: one of them leaves)
    why: the protocol of the signal that keeps it back, "" where it is exported · licensed: the outcome with LICENCES
    paragraphs: the article, exactly · spam: each injected string, white space as on the page · ago: the relative time
    truncated: a teaser · published: None where the page tells only a relative time.
    """

    story: str
    host: str
    path: str
    url: str
    language: str
    outcome: Outcome
    why: str
    licensed: Outcome
    title: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    source_name: str | None
    source_url: str | None
    copyright: str | None
    related: tuple[Related, ...]
    spam: tuple[str, ...]
    ago: str | None
    comments: int | None
    published: datetime | None
    truncated: bool
    duplicate: bool

    @property
    def text(self) -> str:
        """The gold text: paragraphs set apart by a blank line."""
        return "\n\n".join(self.paragraphs)


def _expected(sheet: Sheet, port: int) -> Expected:
    room = newsroom()
    site, text, place = sheet.site, sheet.text, sheet.place
    base = base_url(site.host, port)
    path = story_path(site, text)
    related = related_of(room, sheet)
    stuffed = block(site, sheet.number) if place.form == "full" else ""
    shows = {line.removesuffix("_line") for line in site.make.parts if line.endswith("_line")}
    full = place.form == "full"
    return Expected(
        story=text.slug,
        host=site.host,
        path=path,
        url=base + path,
        language=text.language,
        outcome=place.outcome,
        why=place.why,
        licensed=place.licensed or place.outcome,
        title=title_of(text, place),
        paragraphs=paragraphs_of(text, place),
        authors=text.authors if full and "author" in shows else (),
        editors=text.editors if full and "editor" in shows else (),
        source_name=text.source.name if text.source and site.names_source and full else None,
        source_url=base_url(text.source.host, port) + text.source.path if text.source and "source" in shows else None,
        copyright=(text.copyright or None) if full and "copyright" in shows else None,
        related=(Related(title=related.title, url=base + story_path(site, related)),) if related else (),
        spam=(*((stuffed,) if stuffed else ()), *(spam.text for spam in place.spam)),
        ago=place.ago or None,
        comments=place.comments,
        published=text.published if site.dated else None,
        truncated=not full,
        duplicate=len(text.on) > 1,
    )


def expected(port: int = PORT) -> tuple[Expected, ...]:
    """Every story of every aggregator host, with the absolute URLs of a server on `port`."""
    room = newsroom()
    return tuple(
        _expected(sheet, port) for site in room.sites if site.kind == "aggregator" for sheet in sheets_of(room, site)
    )
