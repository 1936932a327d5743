"""Finds the clean articles that spam is put into: own-written ones, and real ones where a corpus is present."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.eval import data

COUNTRY_LANGUAGE = {
    "au": "en", "be": "fr", "ca": "en", "ch": "de", "de": "de", "es": "es", "fr": "fr", "il": "he", "ind": "en",
    "isl": "is", "it": "it", "jp": "ja", "kr": "ko", "lb": "ar", "lt": "lt", "mx": "es", "na": "en", "no": "no",
    "py": "es", "tr": "tr", "tz": "en", "ua": "uk", "uk": "en", "us": "en", "vn": "vi", "za": "en",
}  # fmt: skip
DEFAULT_CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A clean article: what spam is put into, and what must be left of it."""

    id: str
    site: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    gambling: bool = False
    own: bool = False

    @property
    def text(self) -> str:
        """The paragraphs, a blank line between them."""
        return "\n\n".join(self.paragraphs)


def folder() -> Path | None:
    """The corpus folder (`NEWSCRAWL_CORPUS`, or `../shared/corpus` beside the project), or None."""
    path = Path(os.environ.get("NEWSCRAWL_CORPUS") or DEFAULT_CORPUS)
    return path if (path / "pages.jsonl").is_file() or (path / "news_id.jsonl").is_file() else None


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file of the corpus; nothing where it is missing."""
    place = folder()
    if place is not None and (place / name).is_file():
        with (place / name).open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def half_of(site: str) -> str:
    """`tune` or `test`: a site is in one of them, by its name alone.

    >>> sorted({half_of(f"{letter}.example") for letter in "abcdefgh"})
    ['test', 'tune']
    """
    return "tune" if sha256(site.encode()).digest()[0] % 2 else "test"


def own_articles() -> tuple[Host, ...]:
    """The articles written for this evaluation."""
    found = []
    for entry in data.blocks("articles.txt"):
        title, *paragraphs = [part.strip() for part in entry["text"].split("\n") if part.strip()]
        found.append(
            Host(
                id=entry["id"],
                site=f"{entry['id']}.own.example",
                language=entry["lang"],
                title=title,
                paragraphs=tuple(paragraphs),
                gambling=entry.get("about") == "gambling",
                own=True,
            )
        )
    return tuple(found)


def _gold(row: dict[str, Any]) -> dict[str, Any]:
    layouts = row["gold_by_layout"]
    return dict(layouts[max(layouts, key=lambda name: int(re.sub(r"\D", "", name) or 0))])


def _body(gold: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for section in (gold.get("body") or {}).get("sections", ()):
        found += [*section.get("headline", ()), *section.get("paragraphs", ())]
    return tuple(" ".join(part.split()) for part in found if part.split())


def _page_articles() -> Iterator[Host]:
    seen: set[str] = set()
    for row in rows("pages.jsonl"):
        gold = _gold(row)
        paragraphs = _body(gold)
        key = " ".join(paragraphs)[:200]
        if len(paragraphs) < 3 or key in seen:
            continue
        seen.add(key)
        yield Host(
            id=row["page"].split("/")[-1].removesuffix(".html.gz"),
            site=urlsplit(row["url"]).hostname or row["publisher"],
            language=COUNTRY_LANGUAGE.get(row["country"], "en"),
            title=" ".join(str(gold.get("title") or "").split()),
            paragraphs=paragraphs,
        )


WRAPPERISH = re.compile(
    r"(scroll to continue|advertisement|baca juga|simak|lihat juga|tonton juga|saksikan|\[gambas|halaman \d|"
    r"pewarta|editor|penulis|copyright|artikel ini telah|\(\w{2,4}/\w{2,4}\)$|video:)",
    re.IGNORECASE,
)


def _indonesian_articles() -> Iterator[Host]:
    seen: set[str] = set()
    for number, row in enumerate(rows("news_id.jsonl")):
        lines = [" ".join(line.split()) for line in str(row["text"]).split("\n")]
        paragraphs = tuple(line for line in lines if len(line) > 40 and not WRAPPERISH.search(line))
        key = " ".join(paragraphs)[:200]
        if len(paragraphs) < 3 or key in seen:
            continue
        seen.add(key)
        parts = urlsplit(str(row.get("url") or ""))
        yield Host(
            id=f"news_id/{number}",
            site="/".join([parts.hostname or "antaranews.example", *parts.path.split("/")[1:2]]),
            language="id",
            title=" ".join(str(row.get("title") or "").split()),
            paragraphs=paragraphs,
            gambling="gambling" in str(row.get("kind")),
        )


@cache
def hosts() -> tuple[Host, ...]:
    """Every clean article at hand: the own-written ones first, then the corpus's."""
    return (*own_articles(), *_page_articles(), *_indonesian_articles())


def excerpts(host: Host, size: int = 4) -> Iterator[Host]:
    """The article in stretches of a few paragraphs, as teaser pages show it."""
    for start in range(0, len(host.paragraphs), size):
        part = host.paragraphs[start : start + size]
        if sum(map(len, part)) >= 200:
            yield Host(
                id=f"{host.id}#{start}",
                site=host.site,
                language=host.language,
                title=host.title,
                paragraphs=part,
                gambling=host.gambling,
                own=host.own,
            )
