"""When a story was published and changed: data, meta tags, markup, the visible line, the address, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timezone
from functools import cache
from itertools import islice

from newscrawl import rulebook
from newscrawl.model import Moment
from newscrawl.read import dates
from newscrawl.read.blocks import Block, says, words_of
from newscrawl.read.metas import Head, tidy

IN_PATH = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|\Z)")
ANY_LANGUAGE = "en"  # asking the date library for every language it knows costs a second a text
VISIBLE_AHEAD = 40
LONGEST = 90
CHANGED = 30
HATOM = {"date": "published", "changed": "updated"}


def published(head: Head, blocks: list[Block], body_at: int, language: str | None) -> tuple[Moment | None, str]:
    """The publishing moment and where it stood. A day without a time gives way to a time on that day."""
    language = language or ANY_LANGUAGE
    best: Moment | None = None
    where = ""
    for found, origin in _published(head, blocks, body_at, language):
        if best is None:
            best, where = found, origin
        elif _exact(found) and not _settled(best):
            apart = abs((found.at - best.at).total_seconds())
            same_clock = found.at.replace(tzinfo=None, second=0) == best.at.replace(tzinfo=None, second=0)
            if same_clock or (apart < 36 * 3600 and not (_exact(best) and not _midnight(best))):
                best, where = found, origin
        if _settled(best):
            break
    return best, where


def _exact(found: Moment) -> bool:
    return found.precision in ("second", "minute")


def _settled(found: Moment) -> bool:
    """Exact, with a zone, and no midnight that may only stand for the day."""
    return _exact(found) and not _midnight(found) and dates.zoned(found.raw)


def _midnight(found: Moment) -> bool:
    return found.at.hour == found.at.minute == found.at.second == 0


def _published(head: Head, blocks: list[Block], body_at: int, language: str | None) -> Iterator[tuple[Moment, str]]:
    fetched = head.document.page.fetched
    sources = [(tidy(head.article.get(key)), "json-ld") for key in ("datePublished", "dateCreated", "uploadDate")]
    sources += list(head.every("published"))
    for raw, origin in sources:
        found = dates.moment(raw, fetched=fetched, language=language) if raw else None
        if found is not None:
            yield found, origin
    yield from _marked(head, blocks, body_at, language, frozenset(("datePublished", "dateCreated")), "date")
    yield from _visible(head, blocks, body_at, language)
    found_path = IN_PATH.search(head.document.page.url)
    if found_path:
        try:
            at = datetime(*(int(one) for one in found_path.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        except ValueError:
            return
        yield Moment(at=at, precision="day", raw=found_path[0].strip("/")), "address"
    updated = head.first("modified")
    found = dates.machine(updated[0]) if updated[0] else None
    if found is not None:
        yield found, updated[1]


def modified(head: Head, blocks: list[Block], body_at: int, language: str | None) -> tuple[Moment | None, str]:
    """The moment of the last change and where it stood."""
    fetched = head.document.page.fetched
    language = language or ANY_LANGUAGE
    for raw, origin in [(tidy(head.article.get("dateModified")), "json-ld"), *head.every("modified")]:
        found = dates.moment(raw, fetched=fetched, language=language) if raw else None
        if found is not None:
            return found, origin
    marked = _marked(head, blocks, body_at, language, frozenset(("dateModified",)), "changed")
    return next(marked, None) or next(_said_to_be_changed(head, blocks, body_at, language), (None, ""))


@cache
def _changed() -> re.Pattern[str]:
    words = rulebook.table("reading/stamps")["changed"]
    named = sorted((str(one) for one in words), key=len, reverse=True) if isinstance(words, list) else []
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one) for one in named)})\s?[:：]?\s+(?=\S)", re.IGNORECASE)


def _said_to_be_changed(
    head: Head, blocks: list[Block], body_at: int, language: str | None
) -> Iterator[tuple[Moment, str]]:
    """A line such as "Published: 14.04.2026 09:40 Updated: 14.04.2026 11:00", between headline and text."""
    for block in _near(blocks, body_at):
        if not block.text or block.never in ("card", "nav", "hidden", "caption") or len(block.text) > 2 * LONGEST:
            continue
        label = _changed().search(block.text)
        raw = block.text[label.end() :][:CHANGED] if label else ""
        found = dates.moment(raw, fetched=head.document.page.fetched, language=language) if raw[:1].isdigit() else None
        if found is not None:
            yield found, "text"


def _near(blocks: list[Block], body_at: int) -> list[Block]:
    """The blocks between a little above the headline and the first lines of the body."""
    headline = max((one.at for one in blocks if one.tag == "h1" and one.at <= body_at + 30), default=None)
    first = body_at if headline is None else min(headline, body_at)
    return blocks[max(first - VISIBLE_AHEAD, 0) : body_at + VISIBLE_AHEAD]


def _marked(
    head: Head, blocks: list[Block], body_at: int, language: str | None, props: frozenset[str], region: str
) -> Iterator[tuple[Moment, str]]:
    fetched = head.document.page.fetched
    for block in blocks:
        element = block.element
        if element.get("itemprop") in props:
            raw = element.get("datetime") or element.get("content") or words_of(element)
            found = dates.moment(raw[:LONGEST], fetched=fetched, language=language)
            if found is not None:
                yield found, "microdata"
    for element in islice(head.document.root.iter("abbr"), 50):  # hAtom, as Blogger has it
        if HATOM[region] in element.get("class", "").split():
            found = dates.machine(element.get("title", ""))
            if found is not None:
                yield found, "microformat"
    for block in _near(blocks, body_at):
        if block.never in ("card", "strong", "nav", "hidden"):
            continue
        if block.tag == "time":
            if says("changed", block.names) != (region == "changed"):
                continue
            raw = block.element.get("datetime") or words_of(block.element)
        elif block.names and says(region, block.names) and block.chars < LONGEST:
            raw = words_of(block.element)
            if region == "date" and _changed().match(raw.lstrip()):
                continue
        else:
            continue
        found = dates.moment(" ".join(raw.split())[:LONGEST], fetched=fetched, language=language)
        if found is not None:
            yield found, "time" if block.tag == "time" else "markup"


def _visible(head: Head, blocks: list[Block], body_at: int, language: str | None) -> Iterator[tuple[Moment, str]]:
    fetched = head.document.page.fetched
    tried = 0
    for block in _near(blocks, body_at):
        if not block.text or block.never in ("card", "nav", "hidden", "caption") or block.tag == "h1":
            continue
        for text in _dated_lines(block):
            tried += 1
            found = dates.moment(text, fetched=fetched, language=language)
            if found is not None:
                yield found, "text"
            if tried > 8:
                return


def _dated_lines(block: Block) -> list[str]:
    """The short lines with a digit among a block's first: a whole page may be one block, set with line breaks."""
    lines = [" ".join(line.split()) for line in "".join(block.pieces).split("\n") if line.strip()][:5]
    dated = [one for one in lines if 5 < len(one) < LONGEST and any(letter.isdigit() for letter in one)]
    first = [one for one in dated if not _changed().match(one)]
    return first or dated  # "Updated: …" says when it was published only where nothing else does


def in_zone(found: Moment, zone: timezone) -> Moment:
    """A moment whose page named no zone, read in the site's own."""
    return replace(found, at=found.at.replace(tzinfo=zone)) if found.at.tzinfo == UTC else found
