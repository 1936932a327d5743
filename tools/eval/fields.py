"""Measures the shapes that are no spans of a text: spam in a page's metadata, and a page whose body is all spam."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from importlib import import_module
from random import Random

from tools.eval import grid
from tools.eval.cleaners import wing
from tools.eval.corpus import Host
from tools.eval.score import wilson
from tools.eval.shapes import Vocabulary, vocabularies
from tools.eval.tables import Figure, Table, share


def page(host: Host, *, title: str, keywords: Sequence[str], summary: str, paragraphs: Sequence[str]) -> str:
    """A news page with this title, these tags, this summary and this body."""
    linked = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "description": summary,
        "keywords": list(keywords), "datePublished": "2026-06-03T08:00:00Z",
    }  # fmt: skip
    return (
        f"<html lang='{host.language}'><head><title>{escape(title)}</title>"
        f"<meta property='og:title' content='{escape(title)}'><meta name='description' content='{escape(summary)}'>"
        f"<meta name='keywords' content='{escape(', '.join(keywords))}'><meta property='og:type' content='article'>"
        f"<script type='application/ld+json'>{json.dumps(linked)}</script></head><body><article>"
        f"<h1>{escape(title)}</h1>{''.join(f'<p>{escape(part)}</p>' for part in paragraphs)}</article></body></html>"
    )


def evaluate(half: str, seed: int, *, quick: bool) -> tuple[list[Table], list[Figure]]:
    """Shares of spam that left the title, tags and summary; shares of cloaked pages that were caught."""
    if wing("desk", "process") is None or wing("", "process", "Page") is None:
        return [
            Table(title="Metadata and cloaked pages", columns=("",), notes=("newscrawl.process is not built yet",))
        ], []
    tally: dict[str, list[bool]] = {}
    rng = Random(f"{seed}/{half}/fields")
    pool = vocabularies(half, neutral=False)
    for turn in range(2 if quick else 6):
        for words in pool:
            host = grid.host_for(words, half, rng)
            _metadata(tally, words, host, rng)
            _cloaked(tally, words, host, rng, turn)
    rows = []
    for name, answers in tally.items():
        low, high = wilson(sum(answers), len(answers))
        rows.append((name, str(len(answers)), share(sum(answers) / len(answers)), f"{share(low)}–{share(high)}"))
    return [
        Table(title="Spam in metadata, cloaked pages", columns=("", "pages", "share", "95 %"), rows=tuple(rows))
    ], []


def _processed(host: Host, html: str) -> object:
    newscrawl = import_module("newscrawl")
    url = f"https://{host.site.split('/')[0]}/2026/06/03/story"
    return newscrawl.process(newscrawl.Page.from_html(html, url=url, fetched=datetime(2026, 6, 3, 12, tzinfo=UTC)))


def _metadata(tally: dict[str, list[bool]], words: Vocabulary, host: Host, rng: Random) -> None:
    spam = words.keywords(rng, 6)
    real = [host.paragraphs[0].split(",")[0][:40], host.language]
    title = f"{host.title} | {' '.join(spam[:2])}"
    summary = f"{host.paragraphs[0][:160]} {' '.join(spam)}"
    html = page(host, title=title, keywords=[*real, *spam], summary=summary, paragraphs=host.paragraphs)
    article = _processed(host, html)
    if type(article).__name__ != "Article":
        tally.setdefault("metadata pages that were withheld", []).append(True)
        return
    left = getattr(article, "title", "")
    tally.setdefault("title: spam gone", []).append(not any(one in left for one in spam[:2]))
    tally.setdefault("title: words of the story kept", []).append(host.title in left)
    tags = getattr(article, "tags", ())
    tally.setdefault("tags: spam gone", []).append(not any(one in tag for tag in tags for one in spam))
    told = getattr(article, "summary", None) or ""
    tally.setdefault("summary: spam gone", []).append(not any(one in told for one in spam))


def _cloaked(tally: dict[str, list[bool]], words: Vocabulary, host: Host, rng: Random, turn: int) -> None:
    prose = [one.replace("{brand}", rng.choice(words.brands)) for one in words.prose]
    lines = [" ".join(words.keywords(rng, 30)) for _ in range(3)] if turn % 2 else prose * 2
    body = [part for pair in zip(prose * 3, lines, strict=False) for part in pair]
    html = page(host, title=host.title, keywords=[words.heads[0]], summary=prose[0], paragraphs=body)
    article = _processed(host, html)
    caught = type(article).__name__ != "Article" or bool(getattr(article, "flags", ()))
    tally.setdefault("cloaked page: flagged or withheld", []).append(caught)
