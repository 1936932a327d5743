"""Writes news pages to measure with: a listing and stories of a wished size, each with a text of its own."""

from __future__ import annotations

import json
import re
from html import escape
from random import Random

from tools.eval.corpus import own_articles

SECTIONS = ("World", "Region", "Business", "Culture", "Sport", "Science", "Weather", "Letters")
PER_LISTING = 50


def sentences() -> list[str]:
    """The English sentences of the evaluation's own articles."""
    english = [host for host in own_articles() if host.language == "en" and not host.gambling]
    return [part for host in english for text in host.paragraphs for part in re.split(r"(?<=[.!?])\s+", text)]


def paragraphs(number: int, size: int) -> list[str]:
    """Paragraphs of about so many characters together, drawn anew for each story number."""
    rng, pool, made = Random(f"story/{number}"), sentences(), []
    while sum(map(len, made)) < size:
        said = rng.sample(pool, 3)
        made.append(" ".join(f"{one[:-1]} at {rng.randrange(1, 99)} {rng.choice(SECTIONS)} Street." for one in said))
    return made


def title(number: int) -> str:
    """The headline of a story."""
    words = Random(f"title/{number}").sample([word for word in " ".join(sentences()).split() if word.isalpha()], 7)
    return " ".join(words).capitalize() + f" in district {number}"


def path(number: int) -> str:
    """The address of a story below its host."""
    slug = re.sub(r"[^a-z0-9]+", "-", title(number).lower()).strip("-")
    return f"/2026/06/{number % 28 + 1:02d}/{slug}-{number}.html"


def story(number: int, size: int) -> str:
    """A story page of about `size` bytes: the larger it is, the more menus, scripts and teasers stand around it."""
    body = paragraphs(number, 3000 if size < 50_000 else 6000)
    linked = json.dumps(
        {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": title(number),
            "datePublished": f"2026-06-{number % 28 + 1:02d}T08:{number % 60:02d}:00Z",
            "author": {"@type": "Person", "name": "Joan Petrie"}, "publisher": {"name": "Harbour Gazette"},
        }
    )  # fmt: skip
    head = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title(number))} | Harbour Gazette</title>"
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
    around, other = "", number
    while len(head) + len(text) + len(around) + len(foot) < size:
        other += 1
        around += (
            f"<aside class='teaser'><div class='card'><a href='/tag/{other}/'><span>{escape(title(other)[:60])}</span></a>"
            f"<span class='meta' data-id='{other}'>{other % 24} views</span></div></aside>"
        )
        if other % 4 == 0:
            around += f"<script>window.q=window.q||[];q.push({{id:{other},slot:'box-{other}',sizes:[[300,250],[728,90]]}});</script>"
    return head + text + around + foot


def listing(number: int, stories: int) -> str:
    """A page of the front list, with a link to the next one."""
    first = number * PER_LISTING
    last = min(stories, first + PER_LISTING)
    items = "".join(
        f"<article><h2><a href='{path(n)}'>{escape(title(n))}</a></h2><p>{escape(paragraphs(n, 200)[0][:160])}</p></article>"
        for n in range(first, last)
    )
    more = f"<a rel='next' href='/page/{number + 1}'>Older stories</a>" if last < stories else ""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Harbour Gazette</title></head><body>"
        f"<header><nav>{''.join(f'<a href=/{name.lower()}/>{name}</a>' for name in SECTIONS)}</nav></header>"
        f"<main>{items}</main>{more}</body></html>"
    )
