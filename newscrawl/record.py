"""Turns an article or a withheld page into one line of JSON: ASCII, stable order, strict."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from newscrawl import rulebook
from newscrawl.model import (  # fmt: skip
    Article,
    Cleaned,
    Evidence,
    FieldRemoval,
    Moment,
    Removal,
    RobotsSnapshot,
    Signal,
    Verdict,
    Withheld,
)

VERSION = "0.1.0"
ARTICLE_SCHEMA = "newscrawl/article/1"
WITHHELD_SCHEMA = "newscrawl/withheld/1"
CUTS_SCHEMA = "newscrawl/cuts/1"
POLICY = "1"
SURROGATE = re.compile("[\ud800-\udfff]")
Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Record: TypeAlias = dict[str, Json]
Stream: TypeAlias = Literal["articles", "withheld", "cuts"]


def story_key(url: str) -> str:
    """Sixteen hex digits of a canonical URL: the story, whatever its version."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


def content_version(title: str, text: str) -> str:
    """Eight hex digits of a story's words, white space folded: what makes a changed story a new version."""
    words = " ".join(f"{title}\n{text}".split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]


def item_id(url: str, title: str, text: str) -> str:
    """The id of an article: a pure function of its canonical URL and its content, of no clock and no run.

    >>> item_id("https://example.org/a", "T", "x") == item_id("https://example.org/a", "T", "x ")
    True
    """
    return f"{story_key(url)}-{content_version(title, text)}"


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(moment: Moment | None) -> Json:
    if moment is None:
        return None
    return {"at": moment.at.isoformat(), "precision": moment.precision, "raw": moment.raw}


def _signal(signal: Signal) -> Record:
    return {
        "protocol": signal.protocol,
        "where": signal.where,
        "quote": signal.quote,
        "value": signal.value,
        "scope": list(signal.scope),
        "says": str(signal.says),
        "basis": str(signal.basis),
        "host": signal.host,
        "url": signal.url,
        "rule": signal.rule,
        "language": signal.language,
        "machine_readable": signal.machine_readable,
        "at": _time(signal.at),
    }


def _robots(snapshot: RobotsSnapshot | None) -> Json:
    if snapshot is None:
        return None
    return {
        "url": snapshot.url,
        "status": snapshot.status,
        "sha256": snapshot.sha256,
        "fetched": _time(snapshot.fetched),
        "group": snapshot.group,
        "rule": snapshot.rule,
        "crawl_delay": snapshot.crawl_delay,
    }


def rights_record(
    verdict: Verdict, robots: RobotsSnapshot | None = None, source_robots: RobotsSnapshot | None = None
) -> Record:
    """The verdict with every signal that was seen, what lifted it, and what was not asked."""
    lifted: list[Json] = [
        {
            "signal": _signal(one.signal),
            "host": one.licence.host,
            "contract": one.licence.contract,
            "expires": one.licence.expires.isoformat() if one.licence.expires else None,
        }
        for one in verdict.lifted
    ]
    return {
        "status": str(verdict.status),
        "asked": list(verdict.asked),
        "uses": {use: str(decision) for use, decision in verdict.uses.items()},
        "because": [_signal(signal) for signal in verdict.because],
        "signals": [_signal(signal) for signal in verdict.signals],
        "lifted": lifted,
        "robots": _robots(robots),
        "source_robots": _robots(source_robots),
        "not_checked": list(verdict.not_checked),
        "policy": POLICY,
    }


def _made_by() -> Record:
    return {"version": VERSION, "rules": rulebook.version()}


def article_record(article: Article) -> Record:
    """The published record of an article; see docs/reference/article.schema.json."""
    return {
        "schema": ARTICLE_SCHEMA,
        "id": article.id,
        "url": article.url,
        "source_url": article.source_url,
        "site": article.site,
        "source_name": article.source_name,
        "title": article.title,
        "text": article.text,
        "summary": article.summary,
        "authors": list(article.authors),
        "editors": list(article.editors),
        "language": article.language,
        "published": _moment(article.published),
        "modified": _moment(article.modified),
        "fetched": _time(article.fetched),
        "images": [{"url": image.url, "caption": image.caption} for image in article.images],
        "tags": list(article.tags),
        "related": [{"title": one.title, "url": one.url} for one in article.related],
        "comment_count": article.comment_count,
        "copyright": article.copyright,
        "license": article.license,
        "rights": rights_record(article.verdict, article.robots, article.source_robots),
        "removals": [
            {"start": one.start, "end": one.end, "rule": one.rule, "reason": one.reason}
            for one in article.cleaned.removals
        ],
        "suspect_spans": [
            {"start": one.start, "end": one.end, "reason": one.reason} for one in article.cleaned.suspects
        ],
        "origins": dict(article.origins),
        "supersedes": article.supersedes,
        "duplicate_of": article.duplicate_of,
        "flags": list(article.flags),
        "newscrawl": _made_by(),
    }


def withheld_record(withheld: Withheld) -> Record:
    """The published record of a page that may not leave: evidence, and no text but the notice's own."""
    return {
        "schema": WITHHELD_SCHEMA,
        "id": withheld.id,
        "url": withheld.url,
        "source_url": withheld.source_url,
        "site": withheld.site,
        "withheld": True,
        "reason": withheld.reason,
        "fetched": _time(withheld.fetched),
        "page_sha256": withheld.page_sha256,
        "rights": rights_record(withheld.verdict, withheld.robots, withheld.source_robots),
        "newscrawl": _made_by(),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[Json]:
    return [{"kind": one.kind, "strength": round(one.strength, 3), "detail": one.detail} for one in evidence]


def _removal(removal: Removal) -> Record:
    return {
        "start": removal.start,
        "end": removal.end,
        "text": removal.text,
        "rule": removal.rule,
        "reason": removal.reason,
        "evidence": _evidence(removal.evidence),
    }


def _field_removal(cut: FieldRemoval) -> Record:
    return {"field": cut.field, **_removal(cut.removal)}


def cuts_record(article: Article) -> Record:
    """What was cut from an article, with its evidence: enough to put each cut back (`newscrawl undo`)."""
    return {
        "schema": CUTS_SCHEMA,
        "id": article.id,
        "url": article.url,
        "site": article.site,
        "original_sha256": hashlib.sha256(article.cleaned.original.encode("utf-8", "replace")).hexdigest(),
        "original_length": len(article.cleaned.original),
        "removals": [_removal(removal) for removal in article.cleaned.removals],
        "fields": [_field_removal(cut) for cut in article.field_removals],
        "suspects": [
            {"start": one.start, "end": one.end, "reason": one.reason, "evidence": _evidence(one.evidence)}
            for one in article.cleaned.suspects
        ],
        "newscrawl": _made_by(),
    }


def cleaned_record(cleaned: Cleaned) -> Record:
    """A text that was cleaned on its own, as `newscrawl clean` writes it."""
    return {
        "text": cleaned.text,
        "removals": [_removal(removal) for removal in cleaned.removals],
        "facts": [{"field": fact.field, "value": fact.value, "url": fact.url} for fact in cleaned.facts],
        "flags": list(cleaned.flags),
    }


def _strict(value: Json) -> Json:
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_strict(one) for one in value]
    if isinstance(value, dict):
        return {SURROGATE.sub("\ufffd", key): _strict(one) for key, one in value.items()}
    return value


def line(record: Mapping[str, Json]) -> bytes:
    r"""One JSON object as ASCII bytes without a line end: no NaN, no lone surrogate, no raw U+2028.

    Raises:
        ValueError: a number that JSON has no word for (NaN, infinity).

    >>> line({"a": "caf\u00e9\ud800"})
    b'{"a":"caf\\u00e9\\ufffd"}'
    """
    return json.dumps(_strict(dict(record)), ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
