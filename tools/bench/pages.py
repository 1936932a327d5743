"""Writes news pages to measure with: a listing and stories of a wished size, each with a text of its own."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from random import Random

SECTIONS = ("World", "Region", "Business", "Culture", "Sport", "Science", "Weather", "Letters")
PER_LISTING = 50


Words = dict[str, tuple[str, ...]]


@cache
def _english() -> Words:
    """The sentences, clauses and words that stories are made of."""
    told = tomllib.loads(Path(__file__).with_name("english.toml").read_text("utf-8"))
    return {key: tuple(value.split() if isinstance(value, str) else value) for key, value in told.items()}


class _Writer:
    """One story's hand: some words are its own and come back, the others are drawn from all."""

    def __init__(self, number: int) -> None:
        self.rng, english = Random(f"story/{number}"), _english()
        self.all = english
        self.own = {kind: self.rng.sample(english[kind], most) for kind, most in OWN.items()}
        self.names = [f"{self.rng.choice(english['firsts'])} {self._name().capitalize()}" for _ in range(4)]
        self.places = [(self._name() + self.rng.choice(english["towns"])).capitalize() for _ in range(4)]

    def _name(self) -> str:
        return "".join(self.rng.choice(self.all["syllables"]) for _ in range(self.rng.choice((2, 2, 3))))

    def _drawn(self, kind: str) -> str:
        return self.rng.choice(self.own[kind] if self.rng.random() < 0.5 else self.all[kind])

    def word(self, slot: str) -> str:
        """What stands in a slot of a sentence."""
        match slot:
            case "noun" | "adjective":
                return self._drawn(slot + "s")
            case "nouns":
                return _plural(self._drawn("nouns"))
            case "verb":
                return _past(self._drawn("verbs"))
            case "verb2":
                return self._drawn("verbs")
            case "number":
                return str(self.rng.randrange(3, 990))
            case "Name":
                return self.rng.choice(self.names)
            case "Place":
                return self.rng.choice(self.places)
            case "clause":
                return self.filled(self.rng.choice(self.all["clauses"]))
        return self.rng.choice(self.all[slot + "s"])

    def filled(self, frame: str) -> str:
        """A sentence or clause with a word in each of its slots."""
        return SLOT.sub(lambda slot: self.word(slot[1]), frame)

    def sentence(self) -> str:
        """The next sentence."""
        return self.filled(self.rng.choice(self.all["sentences"]))


OWN = {"nouns": 8, "adjectives": 5, "verbs": 6}
SLOT = re.compile(r"\{(\w+)\}")


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _past(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def paragraphs(number: int, size: int) -> list[str]:
    """Paragraphs of about so many characters together, drawn anew for each story number."""
    writer, made, length = _Writer(number), list[str](), 0
    while length < size:
        made.append(" ".join(writer.sentence() for _ in range(writer.rng.choice((1, 2, 2, 3)))))
        length += len(made[-1])
    return made


@cache
def title(number: int) -> str:
    """The headline of a story, of the words that are its own."""
    writer = _Writer(number)
    noun, other = writer.own["nouns"][:2]
    adjective, verb = writer.own["adjectives"][0], _past(writer.own["verbs"][0])
    return f"{adjective.capitalize()} {noun} {verb} as {writer.places[0]} waits for its {other} {number}"


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
