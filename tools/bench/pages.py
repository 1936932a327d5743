"""Writes news pages to measure with: a listing and stories of a wished size, each with a text of its own."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from random import Random

from tools.eval.corpus import own_articles

SECTIONS = ("World", "Region", "Business", "Culture", "Sport", "Science", "Weather", "Letters")
PER_LISTING = 50


@cache
def sentences() -> tuple[str, ...]:
    """The English sentences of the evaluation's own articles."""
    english = [host for host in own_articles() if host.language == "en" and not host.gambling]
    return tuple(part for host in english for text in host.paragraphs for part in re.split(r"(?<=[.!?])\s+", text))


@cache
def words() -> tuple[str, ...]:
    """The words of those sentences."""
    return tuple(word for word in " ".join(sentences()).split() if word.isalpha())


def paragraphs(number: int, size: int) -> list[str]:
    """Paragraphs of about so many characters together, drawn anew for each story number."""
    rng, pool = Random(f"story/{number}"), sentences()
    made: list[str] = []
    while sum(map(len, made)) < size:
        said = rng.sample(pool, 3)
        made.append(" ".join(f"{one[:-1]} at {rng.randrange(1, 99)} {rng.choice(SECTIONS)} Street." for one in said))
    return made


@cache
def title(number: int) -> str:
    """The headline of a story."""
    return " ".join(Random(f"title/{number}").sample(words(), 7)).capitalize() + f" in district {number}"


def path(number: int) -> str:
    """The address of a story below its host."""
    slug = re.sub(r"[^a-z0-9]+", "-", title(number).lower()).strip("-")
    return f"/2026/06/{number % 28 + 1:02d}/{slug}-{number}.html"


def _teaser(number: int, most: int) -> str:
    """A teaser as real pages have it: a few words, in much markup, with pictures in five widths and a script."""
    pictures = ", ".join(
        f"https://img.h.example/{number:x}/{width}x{width * 9 // 16}.webp {width}w"
        for width in (320, 640, 960, 1280, 1920)
    )
    made = (
        f"<aside class='teaser'><div class='card card--wide' data-id='{number}'><a href='/tag/{number}/'>"
        f"<picture><source srcset='{pictures}' type='image/webp'><img alt='' loading='lazy'></picture>"
        f"<span>{escape(title(number)[:60])}</span></a><span class='meta'>{number % 24} views</span></div></aside>"
    )
    boxes = [
        {"id": f"box-{number}-{n}", "sizes": [[300, 250], [728, 90]], "keys": {"section": n, "page": number}}
        for n in range(18)
    ]
    return made + f"<script>window.q=window.q||[];q.push({json.dumps(boxes)});</script>" if most > 2500 else made


def story(number: int, size: int) -> str:
    """A story page of about `size` bytes: the larger it is, the more teasers and scripts stand around it."""
    body = paragraphs(number, 3000 if size < 50_000 else 6000)
    linked = json.dumps(
        {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": title(number),
            "datePublished": f"2026-06-{number % 28 + 1:02d}T08:{number % 60:02d}:00Z",
            "author": {"@type": "Person", "name": "Joan Petrie"}, "publisher": {"name": "Harbour Gazette"},
        }
    )  # fmt: skip
    head = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<title>{escape(title(number))} | Harbour Gazette</title>"
        f"<meta property='og:type' content='article'><meta property='og:title' content='{escape(title(number))}'>"
        f"<link rel='canonical' href='{path(number)}'><script type='application/ld+json'>{linked}</script>"
        "<style>.story{max-width:40em;margin:auto}.ad{color:#888}</style></head><body><header><nav>"
        + "".join(f"<a href='/{name.lower()}/'>{name}</a>" for name in SECTIONS)
        + "</nav></header><main><article class='story'>"
    )
    text = f"<h1>{escape(title(number))}</h1><p class='byline'>By Joan Petrie</p>" + "".join(
        f"<p>{escape(part)}</p>" for part in body
    )
    foot = "</article></main><footer><p>© 2026 Harbour Gazette</p></footer></body></html>"
    around: list[str] = []
    other, length = number, len(head) + len(text) + len(foot)
    while length < size:
        other += 1
        around.append(_teaser(other, size - length))
        length += len(around[-1])
    return head + text + "".join(around) + foot


def listing(number: int, stories: int) -> str:
    """A page of the front list, with a link to the next one."""
    first = number * PER_LISTING
    last = min(stories, first + PER_LISTING)
    items = "".join(
        f"<article><h2><a href='{path(n)}'>{escape(title(n))}</a></h2>"
        f"<p>{escape(paragraphs(n, 200)[0][:160])}</p></article>"
        for n in range(first, last)
    )
    more = f"<a rel='next' href='/page/{number + 1}'>Older stories</a>" if last < stories else ""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Harbour Gazette</title></head><body>"
        f"<header><nav>{''.join(f'<a href=/{name.lower()}/>{name}</a>' for name in SECTIONS)}</nav></header>"
        f"<main>{items}</main>{more}</body></html>"
    )
