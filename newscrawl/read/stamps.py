"""When a story was published and changed: data, meta tags, markup, the visible line, the address, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import islice

from newscrawl import rulebook
from newscrawl.model import Moment
from newscrawl.read import ago, dates
from newscrawl.read.blocks import Block, says, words_of
from newscrawl.read.language import declared
from newscrawl.read.metas import Head, tidy

IN_PATH = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|\Z)")
ANY_LANGUAGE = "en"  # asking the date library for every language it knows costs a second a text
VISIBLE_AHEAD = 40
LONGEST = 90
CHANGED = 30
HATOM = {"date": "published", "changed": "updated"}
PROPERTIES = {"date": frozenset(("datePublished", "dateCreated")), "changed": frozenset(("dateModified",))}
AHEAD = timedelta(days=2)  # a page may be dated in a zone ahead of the fetch's; not years ahead
MOST_LINES = 8
MAX_SCRIPT = 1 << 20
DIGIT = re.compile(r"\d")


def published(head: Head, blocks: list[Block], body_at: int, language: str | None) -> tuple[Moment | None, str]:
    """The publishing moment and where it stood. A day without a time gives way to a time on that day."""
    best: Moment | None = None
    where = ""
    for found, origin in _published(head, blocks, body_at, _tongues(head, language)):
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


def _tongues(head: Head, language: str | None) -> tuple[str, ...]:
    """The languages to read a date in: the text's, and the page's own where it says another."""
    return tuple(dict.fromkeys((language or declared(head) or ANY_LANGUAGE, declared(head) or ANY_LANGUAGE)))


def _moment(head: Head, raw: str, tongues: tuple[str, ...]) -> Moment | None:
    """A moment that is none of the future, read in the first language that makes sense of it."""
    fetched = head.document.page.fetched
    for language in tongues:
        found = dates.moment(raw, fetched=fetched, language=language) if raw else None
        if found is not None and (fetched is None or found.at < fetched + AHEAD):
            return found
    return None


def _published(head: Head, blocks: list[Block], body_at: int, tongues: tuple[str, ...]) -> Iterator[tuple[Moment, str]]:
    sources = [(tidy(head.article.get(key)), "json-ld") for key in ("datePublished", "dateCreated", "uploadDate")]
    for raw, origin in (*sources, *head.every("published")):
        found = _moment(head, raw, tongues)
        if found is not None:
            yield found, origin
    yield from _marked(head, blocks, body_at, tongues, "date")
    yield from _visible(head, blocks, body_at, tongues)
    yield from _in_scripts(head)
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
    tongues = _tongues(head, language)
    for raw, origin in [(tidy(head.article.get("dateModified")), "json-ld"), *head.every("modified")]:
        found = _moment(head, raw, tongues)
        if found is not None:
            return found, origin
    marked = _marked(head, blocks, body_at, tongues, "changed")
    return next(marked, None) or next(_said_to_be_changed(head, blocks, body_at, tongues), (None, ""))


@cache
def _label(kind: str) -> re.Pattern[str]:
    """The words before a date that say what happened then: "changed" or "published"."""
    words = rulebook.table("reading/stamps")[kind]
    named = sorted((str(one) for one in words), key=len, reverse=True) if isinstance(words, list) else []
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(one) for one in named)})(?:\s?[:：]\s*|\s+)(?=\S)", re.IGNORECASE
    )


def _said_to_be_changed(
    head: Head, blocks: list[Block], body_at: int, tongues: tuple[str, ...]
) -> Iterator[tuple[Moment, str]]:
    """A line such as "Published: 14.04.2026 09:40 Updated: 14.04.2026 11:00", between headline and text."""
    for block in _near(blocks, body_at):
        if not block.text or block.never in ("card", "nav", "hidden", "caption") or len(block.text) > 2 * LONGEST:
            continue
        label = _label("changed").search(block.text)
        raw = block.text[label.end() :][:CHANGED] if label else ""
        found = _moment(head, raw, tongues) if any(one.isdigit() for one in raw[:12]) else None
        if found is not None:
            yield found, "text"


def _near(blocks: list[Block], body_at: int) -> list[Block]:
    """The blocks between the headline and the first lines of the body, and behind them those a little above it."""
    headline = max((one.at for one in blocks if one.tag == "h1" and one.at <= body_at + 30), default=None)
    first = body_at if headline is None else min(headline, body_at)
    return blocks[first : body_at + VISIBLE_AHEAD] + blocks[max(first - VISIBLE_AHEAD, 0) : first]


def _marked(
    head: Head, blocks: list[Block], body_at: int, tongues: tuple[str, ...], region: str
) -> Iterator[tuple[Moment, str]]:
    for block in blocks:
        element = block.element
        if element.get("itemprop") in PROPERTIES[region]:
            raw = element.get("datetime") or element.get("content") or words_of(element)
            found = _moment(head, raw[:LONGEST], tongues)
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
            if _is_changed(block) != (region == "changed"):
                continue
            raw = block.element.get("datetime") or words_of(block.element)
        elif block.names and says(region, block.names) and block.chars < LONGEST:
            raw = words_of(block.element)
            if region == "date" and _label("changed").match(raw.lstrip()):
                continue
        else:
            continue
        raw = " ".join(raw.split())[:LONGEST]
        found = _moment(head, raw, tongues)
        if found is None and block.tag == "time":
            found = _moment(head, words_of(block.element)[:LONGEST], tongues)
        if found is not None:
            yield found, "time" if block.tag == "time" else "markup"


def _is_changed(block: Block) -> bool:
    """Whether a time element is that of a change: by its name, or by the word right before it."""
    element = block.element
    before = element.getprevious()
    parent = element.getparent()
    told = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    if not told.strip() and before is not None and isinstance(before.tag, str):
        told = words_of(before)[-CHANGED:]
    return says("changed", block.names) or _label("changed").search(f"{told.strip()} x") is not None


def _visible(head: Head, blocks: list[Block], body_at: int, tongues: tuple[str, ...]) -> Iterator[tuple[Moment, str]]:
    tried = 0
    changed: list[str] = []
    for block in _near(blocks, body_at):
        if not block.text or block.never in ("card", "nav", "hidden", "caption") or block.tag == "h1":
            continue
        for line in _dated_lines(block):
            text = _less_changed(line)
            if not text:
                changed.append(line)
                continue
            tried += 1
            found = _moment(head, text, tongues)
            if found is not None:
                yield found, "text"
            if tried > MOST_LINES:
                return
    for line in changed[:MOST_LINES]:  # "Updated: …" says when it was published only where nothing else does
        found = _moment(head, line, tongues)
        if found is not None:
            yield found, "text"


def _less_changed(line: str) -> str:
    """A dated line less what it says of a change; empty where it says nothing else."""
    changed = _label("changed").search(line)
    if changed is None:
        return line
    published = _label("published").search(line)
    if published is not None and published.start() > changed.start():
        return line[published.start() :]
    before = line[: changed.start()]
    return before if any(letter.isdigit() for letter in before) else ""


def _dated_lines(block: Block) -> list[str]:
    """The short lines with a digit among a block's first: a whole page may be one block, set with line breaks."""
    lines = [" ".join(line.split()) for line in "".join(block.pieces).split("\n") if line.strip()][:5]
    return [one for one in lines if 5 < len(one) < LONGEST and (DIGIT.search(one) or ago.is_day(one))]


@cache
def _script_key() -> re.Pattern[str]:
    keys = rulebook.table("reading/stamps")["script_keys"]
    names = "|".join(re.escape(str(one)) for one in (keys if isinstance(keys, list) else []))
    return re.compile(rf'\\?"(?:{names})\\?"\s*:\s*\\?"?([0-9][^"\\,}}]{{7,40}})')


def _in_scripts(head: Head) -> Iterator[tuple[Moment, str]]:
    """The publishing moment in the state of a JavaScript app: the first that its scripts name."""
    document = head.document
    for kind in ("application/json", "", "text/javascript"):
        for source in document.scripts(kind):
            found = _script_key().search(source[:MAX_SCRIPT])
            at = dates.moment(found[1]) if found else None
            if at is not None:
                yield at, "script data"
                return


def in_zone(found: Moment, zone: timezone) -> Moment:
    """A moment whose page named no zone, read in the site's own."""
    return replace(found, at=found.at.replace(tzinfo=zone)) if found.at.tzinfo == UTC else found
