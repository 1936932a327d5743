"""Where a notice may stand on a page: each place is tried in scripts that run to the left, to the right and unspaced."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from newscrawl import Page, process
from newscrawl.markup import document
from newscrawl.model import Article, Withheld
from newscrawl.rights import signals_in_page

WORDS = {
    "en": "No part of this site may be used to train artificial intelligence systems.",
    "ar": "يُحظر استخدام محتوى هذا الموقع في تدريب نماذج الذكاء الاصطناعي دون إذن كتابي.",
    "he": "אין להשתמש בתוכן האתר לאימון מודלים של בינה מלאכותית ללא אישור בכתב.",
    "ja": "当サイトの記事をAIの学習に利用することを禁じます。",
    "id": "Dilarang menggunakan isi artikel ini untuk melatih kecerdasan buatan tanpa izin tertulis.",
}
STORY = (
    "The harbour council voted on Monday to widen the northern quay, after three years of debate about its cost.",
    "Work begins in March and will take two years, the mayor said; ferries will use the southern quay meanwhile.",
    "Fishermen had asked for a shorter way to the market, and shops near the old gate for more room to unload.",
)
FETCHED = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


def _page(*, head: str = "", within: str = "", glued: str = "", after: str = "") -> Page:
    body = f"<p>{STORY[0]}</p><p>{STORY[1]}{glued}</p><p>{STORY[2]}</p>{within}"
    return Page.from_html(
        f"<!doctype html><html><head><meta charset='utf-8'><title>Quay to be widened</title>{head}</head><body>"
        f"<main><article><h1>Quay to be widened</h1>{body}</article></main>{after}</body></html>",
        url="https://harbour.example/quay",
        fetched=FETCHED,
    )


def _data(**properties: object) -> str:
    item = {"@context": "https://schema.org", "@type": "NewsArticle", **properties}
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


PLACES: dict[str, tuple[str, Callable[[str], Page]]] = {
    "a paragraph": ("text", lambda said: _page(within=f"<p>{said}</p>")),
    "glued to a sentence": ("text", lambda said: _page(glued=said)),
    "glued in a span": ("text", lambda said: _page(glued=f"<span>{said}</span>")),
    "a block of spam": ("text", lambda said: _page(within=f"<p>slot gacor, judi online, togel, {said} situs slot</p>")),
    "a row of wrappers": ("text", lambda said: _page(within=f"<p>Read Entire Article. {said} Share this</p>")),
    "a far footer": ("footer", lambda said: _page(after=f"{'<p>Tides are low.</p>' * 900}<footer>{said}</footer>")),
    "a footer of spans": (
        "footer",
        lambda said: _page(after=f"<footer>{''.join(f'<span>{one}</span>' for one in said)}</footer>"),
    ),
    "noscript": ("hidden", lambda said: _page(after=f"<noscript>{said}</noscript>")),
    "a hidden part": ("hidden", lambda said: _page(within=f"<div style='display:none'>{said}</div>")),
    "a template": ("hidden", lambda said: _page(after=f"<template>{said}</template>")),
    "a comment": ("html comment", lambda said: _page(after=f"<!-- {said} -->")),
    "a picture": ("alt attribute", lambda said: _page(within=f'<img src="a.png" alt="{html.escape(said)}">')),
    "a label": (
        "aria-label attribute",
        lambda said: _page(after=f'<a href="/t" aria-label="{html.escape(said)}">©</a>'),
    ),
    "a tip": ("title attribute", lambda said: _page(after=f'<a href="/t" title="{html.escape(said)}">©</a>')),
    "the window's title": ("<title>", lambda said: _page(head=f"<title>{said}</title>")),
    "a drawing": ("<svg>", lambda said: _page(after=f"<svg><text>{said}</text></svg>")),
    "a box": ("<textarea>", lambda said: _page(after=f"<textarea readonly>{said}</textarea>")),
    "a frame": (
        "<iframe srcdoc>",
        lambda said: _page(after=f'<iframe srcdoc="{html.escape(f"<p>{said}</p>")}"></iframe>'),
    ),
    "a description": (
        "meta description",
        lambda said: _page(head=f'<meta name="description" content="{html.escape(said)}">'),
    ),
    "a rights meta": (
        "meta dcterms.rights",
        lambda said: _page(head=f'<meta name="dcterms.rights" content="{html.escape(said)}">'),
    ),
    "usageInfo": ("json-ld usageInfo", lambda said: _page(head=_data(usageInfo=said))),
    "a licence in words": ("json-ld license", lambda said: _page(head=_data(license=said))),
    "a site's notice": ("json-ld copyrightNotice", lambda said: _page(head=_data(isPartOf={"copyrightNotice": said}))),
    "a body in data": ("json-ld articleBody", lambda said: _page(head=_data(articleBody=f"{STORY[0]} {said}"))),
    "a script's data": (
        "script",
        lambda said: _page(after=f"<script>window.state={json.dumps({'copyrightText': said})}</script>"),
    ),
}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_notice_is_found_in_its_place_and_quoted_as_it_stands(place: str, language: str) -> None:
    where, page = PLACES[place][0], PLACES[place][1](WORDS[language])
    held = process(page)
    assert isinstance(held, Withheld)
    evidence = [one for one in held.verdict.because if one.where == where]
    assert evidence, [one.where for one in held.verdict.because]
    text = document(page).draft.text
    for one in evidence:
        assert WORDS[language] in one.quote
        assert one.at == FETCHED
        assert one.language == language
        assert one.rule
        assert one.host == "harbour.example"
        assert one.url == "https://harbour.example/quay"
        assert one.start is None or text[one.start : one.end] == one.quote


def test_without_it_the_story_may_leave() -> None:
    assert isinstance(process(_page(after="<footer>© Harbour Post</footer>")), Article)


@pytest.mark.parametrize(
    "said",
    [
        "Authors sue over AI training: publishers say their works may not be used without permission.",
        "Placard reading &quot;No AI training on our stories&quot; at a protest in the harbour, photographed on Monday.",
        "The court has banned the company from training its AI on articles from newspapers, the minister said.",
    ],
)
def test_what_a_caption_or_a_summary_tells_of_others_is_no_notice(said: str) -> None:
    head = f'<meta name="description" content="{said}"><meta property="og:description" content="{said}">'
    page = _page(head=head + _data(description=html.unescape(said)), within=f'<img src="a.png" alt="{said}">')
    assert not [one for one in signals_in_page(page) if one.says == "reserved"]
