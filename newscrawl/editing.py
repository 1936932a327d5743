"""Edits a story for the record: its text and fields cleaned by the same rules, the facts of its wrappers lifted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from newscrawl import clean, markup, read
from newscrawl.clean import SiteMemory, standing
from newscrawl.clean.spans import Context
from newscrawl.model import (  # fmt: skip
    Article,
    Cleaned,
    Fact,
    FieldRemoval,
    Image,
    Moment,
    Related,
    RobotsSnapshot,
    Story,
    Verdict,
)
from newscrawl.record import item_id

WORD = re.compile(r"[^\W\d_]+")
STEM = 5


def edit(
    story: Story,
    verdict: Verdict,
    *,
    site: str,
    memory: SiteMemory | None = None,
    robots: RobotsSnapshot | None = None,
) -> Article:
    """Cleans a story's text and fields, and lifts the facts that stood in its wrappers."""
    cleaned = clean.sanitize_draft(
        story.body, title=story.title, summary=story.summary, url=story.url, site=site, memory=memory
    )
    scrub = _Scrub(Context(summary=cleaned.text, url=story.url, site=site, memory=memory))
    facts = _Facts(cleaned.facts, story, cleaned.text)
    # No field vouches for itself: the title is held against the text, all others against both as cleaned.
    title = scrub.text("title", story.title) or story.title
    scrub.context = replace(scrub.context, title=title)
    origins = {**story.origins, **facts.origins}
    flags = dict.fromkeys((*story.flags, *cleaned.flags, *(("truncated",) if facts.truncated else ())))
    return Article(
        id=item_id(story.url, story.title, _timeless(story, cleaned)),
        url=story.url,
        title=title,
        text=cleaned.text,
        cleaned=cleaned,
        verdict=verdict,
        site=site,
        fetched=story.fetched,
        source_url=facts.source_url,
        source_name=facts.source_name,
        summary=scrub.text("summary", story.summary) if story.summary else None,
        authors=scrub.each("authors", facts.authors),
        editors=scrub.each("editors", facts.editors),
        language=story.language,
        published=facts.published,
        modified=facts.modified,
        images=tuple(
            Image(url=image.url, caption=scrub.text("caption", image.caption) if image.caption else None)
            for image in story.images
        ),
        tags=scrub.tags(story.tags),
        related=facts.related,
        comment_count=facts.comment_count,
        copyright=facts.copyright,
        license=story.license,
        field_removals=tuple(scrub.removals),
        flags=tuple(flags),
        origins=origins,
        robots=robots,
    )


def _timeless(story: Story, cleaned: Cleaned) -> str:
    """The text that names the version: as a cold page would leave it, since memory grows from run to run."""
    if not any(one.kind == "SITE" for removal in cleaned.removals for one in removal.evidence):
        return cleaned.text
    return clean.sanitize_draft(story.body, title=story.title, summary=story.summary, url=story.url).text


class _Scrub:
    """Cleans the short fields by the same rules as the text, and keeps what it cut."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.removals: list[FieldRemoval] = []

    def text(self, field: str, value: str) -> str | None:
        cleaned = clean.sanitize_field(value, context=self.context)
        if any(self._spoken_of(removal.text) for removal in cleaned.removals):
            return value
        self.removals += [FieldRemoval(field=field, removal=removal) for removal in cleaned.removals]
        return cleaned.text.strip() or None

    def _spoken_of(self, cut: str) -> bool:
        """Whether the story itself has most words of what would be cut from a field: then they are its subject."""
        text = (self.context.summary or "").casefold()
        words = {word[:STEM] for word in WORD.findall(cut.casefold()) if len(word) >= STEM}
        return 2 * sum(word in text for word in words) > len(words)

    def tags(self, values: tuple[str, ...]) -> tuple[str, ...]:
        kept = clean.sanitize_tags(values, context=self.context)
        self.removals += [FieldRemoval(field="tags", removal=removal) for one in kept for removal in one.removals]
        return tuple(text for one in kept if (text := one.text.strip()))

    def each(self, field: str, values: Iterable[str]) -> tuple[str, ...]:
        return tuple(one for one in (self.text(field, value) for value in values) if one)


class _Facts:
    """Settles which of two sources tells a field: the page's metadata, or a line that stood in the article's text.

    On a copy of somebody else's story the line wins, since the metadata are the aggregator's own; elsewhere it fills
    what the metadata leave open.
    """

    def __init__(self, facts: tuple[Fact, ...], story: Story, text: str) -> None:
        self.facts = facts
        self.story = story
        self.origins: dict[str, str] = {}
        self.source_url = story.source_url or self._first_url("source_url", "source_title")
        self.copied = bool(self.source_url and markup.host_of(self.source_url) not in ("", markup.host_of(story.url)))
        self.copyright = self._one("copyright", story.copyright)
        self.source_name = self._one("source_name", story.source_name) or self._by_shape(text)
        self.authors = self._many("author", "authors", story.authors)
        self.editors = self._many("editor", "editors", story.editors)
        self.published = story.published or self._moment("published", "published_relative")
        self.modified = story.modified or self._moment("modified")
        self.comment_count = self._count(story.comment_count)
        self.related = self._related()
        self.truncated = any(fact.field == "truncated" for fact in facts)

    def _values(self, *fields: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.field in fields)

    def _first_url(self, *fields: str) -> str | None:
        return next((fact.url or fact.value for fact in self._values(*fields) if fact.url), None)

    def _by_shape(self, text: str) -> str | None:
        """Who a dateline or a copyright line says the story is from."""
        filed = standing.dateline(text)
        holder = standing.holder(self.copyright) if self.copyright else None
        name = filed.agency if filed else holder
        if filed and holder and holder.casefold() == filed.agency.casefold():
            name = holder  # a dateline may be set in capitals
        if name:
            self.origins["source_name"] = "dateline" if filed else "copyright"
        return name

    def _one(self, field: str, known: str | None) -> str | None:
        told = next(iter(self._values(field)), None)
        if told is not None and (known is None or self.copied):
            self.origins[field] = told.rule
            return told.value
        return known

    def _many(self, fact: str, field: str, known: tuple[str, ...]) -> tuple[str, ...]:
        told = self._values(fact)
        if told and (not known or self.copied):
            self.origins[field] = told[0].rule
            return tuple(dict.fromkeys(one.value for one in told))
        return known

    def _moment(self, *fields: str) -> Moment | None:
        for fact in self._values(*fields):
            moment = read.moment(fact.value, fetched=self.story.fetched, language=self.story.language)
            if moment is not None:
                self.origins[fields[0]] = fact.rule
                return moment
        return None

    def _count(self, known: int | None) -> int | None:
        told = next(iter(self._values("comment_count")), None)
        if known is not None or told is None:
            return known
        self.origins["comment_count"] = told.rule
        return number(told.value)

    def _related(self) -> tuple[Related, ...]:
        told = [Related(title=fact.value, url=fact.url) for fact in self._values("related")]
        return tuple(dict.fromkeys((*told, *self.story.related)))


def number(told: str) -> int | None:
    """A count of at most nine digits, in any script; None where the words hold none."""
    digits = "".join(letter for letter in told if letter.isdecimal())
    return int(digits) if 0 < len(digits) < 10 else None
