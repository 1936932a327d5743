"""Authors and dates on whole pages: where data, meta tags, markup and lines agree, and where they do not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newscrawl import read
from newscrawl.model import Page

TEXT = "".join(
    f"<p>Paragraph {n} tells of the harbour, the boats that came in, and what the pilot said about the weather.</p>"
    for n in range(1, 6)
)
FETCHED = datetime(2026, 5, 6, 20, 0, tzinfo=UTC)
HEAD = "<meta property='og:site_name' content='Hafenbote'>"
MENU = "<header><nav><a href=/>Home</a><a href=/a>A</a></nav></header>"


def ld(**fields: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Boats come in late", **fields}
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def doc(head: str = "", above: str = "", below: str = "", after: str = "", lang: str = "en", text: str = TEXT) -> str:
    story = f"<main><article><h1>Boats come in late</h1>{above}<div class=body>{text}</div>{below}</article></main>"
    title = "<title>Boats come in late | Hafenbote</title>"
    return f"<html lang={lang}><head>{title}{HEAD}{head}</head><body>{MENU}{story}{after}</body></html>"


AUTHORS: list[tuple[str, str, tuple[str, ...]]] = [
    (
        "outlet in data, name on page",
        doc(ld(author={"@type": "Organization", "name": "Hafenbote"}), "<p class=meta>By Jane Doe</p>"),
        ("Jane Doe",),
    ),
    (
        "admin in data",
        doc(ld(author={"@type": "Person", "name": "admin"}), "<p class=meta>By Jane Doe</p>"),
        ("Jane Doe",),
    ),
    (
        "person and outlet",
        doc(ld(author=[{"@type": "Person", "name": "Jane Doe"}, {"@type": "Organization", "name": "Hafenbote"}])),
        ("Jane Doe",),
    ),
    (
        "author is an address",
        doc(
            ld(author="https://www.hafenbote.example/author/jane-doe/"),
            "<div class=byline>By <a href=/author/jane-doe>Jane Doe</a></div>",
        ),
        ("Jane Doe",),
    ),
    ("list of names", doc(ld(author={"@type": "Person", "name": ["Jane Doe", "John Roe"]})), ("Jane Doe", "John Roe")),
    ("one string", doc(ld(author="Jane Doe, John Roe")), ("Jane Doe", "John Roe")),
    (
        "links in a byline",
        doc("", "<div class=byline>By <a href=/x>Jane Doe</a> and <a href=/y>John Roe</a></div>"),
        ("Jane Doe", "John Roe"),
    ),
    (
        "links with commas",
        doc(
            "", "<div class=byline>By <a href=/x>Jane Doe</a>, <a href=/y>John Roe</a> and <a href=/y>Max Poe</a></div>"
        ),
        ("Jane Doe", "John Roe", "Max Poe"),
    ),
    (
        "role in a span",
        doc(
            "",
            "<div class=article-author><span class=author-name>Jane Doe</span><span class=author-role>Political Editor</span></div>",
        ),
        ("Jane Doe",),
    ),
    ("role in a div", doc("", "<div class=author><div>Jane Doe</div><div>Political Editor</div></div>"), ("Jane Doe",)),
    (
        "name and mail",
        doc("", "<div class=author>Jane Doe <a href='mailto:j@x.example'>j@x.example</a></div>"),
        ("Jane Doe",),
    ),
    ("name and date in one", doc("", "<div class=author>Jane Doe 4 May 2026</div>"), ("Jane Doe",)),
    ("name and date with by", doc("", "<p>By Jane Doe on May 4, 2026</p>"), ("Jane Doe",)),
    ("posted by", doc("", "<p>Posted by Jane Doe | May 4, 2026 | News</p>"), ("Jane Doe",)),
    ("date then by", doc("", "<p>May 4, 2026 by Jane Doe</p>"), ("Jane Doe",)),
    ("rel author", doc("", "<a rel=author href=/jane>Jane Doe</a>"), ("Jane Doe",)),
    (
        "comments have authors",
        doc(
            "",
            "",
            "",
            "<section id=comments><div class=comment><span class=author>Angry Troll</span><p>Rubbish said at length.</p></div></section>",
        ),
        (),
    ),
    (
        "cards have authors",
        doc(
            "",
            "",
            "",
            "<section class=related><article class=card><h3><a href=/b>Another story of the coast</a></h3><span class=author>Mary Major</span></article></section>",
        ),
        (),
    ),
    ("german", doc("", "<p>Von Jana Roth, Hamburg</p>", lang="de"), ("Jana Roth",)),
    ("german caps", doc("", "<p>VON JANA ROTH</p>", lang="de"), ("JANA ROTH",)),
    ("text label", doc("", "<p><strong>Text:</strong> Jana Roth</p>", lang="de"), ("Jana Roth",)),
    (
        "indonesian end",
        doc("", below="<p>Pewarta: Dewi Sari<br>Editor: Budi Santoso<br>Copyright © HAFEN 2026</p>", lang="id"),
        ("Dewi Sari",),
    ),
    ("chinese", doc("", "<p>2026-05-04 10:30 来源：港口日报 记者：王小明</p>", lang="zh"), ("王小明",)),
    ("chinese editor", doc("", below="<p>（责任编辑：李大伟）</p>", lang="zh"), ()),
    ("korean", doc("", "<p>김철수 기자 kim@hafen.example</p><p>입력 2026.05.04 10:30</p>", lang="ko"), ("김철수",)),
    ("arabic", doc("", "<p>كتب: محمد علي</p>", lang="ar"), ("محمد علي",)),
    ("arabic bylines", doc("", "<p>بقلم محمد علي وسارة حسن</p>", lang="ar"), ("محمد علي", "سارة حسن")),
    ("thai", doc("", "<p>โดย สมชาย ใจดี</p>", lang="th"), ("สมชาย ใจดี",)),
    ("turkish", doc("", "<p>Ayşe Kaya | 04.05.2026 - 10:30</p>", lang="tr"), ("Ayşe Kaya",)),
    (
        "hatom",
        doc("", "<span class='author vcard'><a class='url fn n' href=/author/jane>Jane Doe</a></span>"),
        ("Jane Doe",),
    ),
    (
        "author url text",
        doc("", "<p class=byline><span>By</span><span><a href=/jane>Jane Doe</a></span></p>"),
        ("Jane Doe",),
    ),
    ("story by, photos by", doc("", "<p>Story by Jane Doe<br>Photos by John Roe</p>"), ("Jane Doe",)),
    ("data disagrees: data wins", doc(ld(author={"name": "Jane Doe"}), "<p>By John Roe</p>"), ("Jane Doe",)),
    (
        "graph by id",
        doc(
            '<script type="application/ld+json">'
            + json.dumps(
                {
                    "@graph": [
                        {"@type": "NewsArticle", "headline": "Boats come in late", "author": {"@id": "#p"}},
                        {"@type": "Person", "@id": "#p", "name": "Jane Doe"},
                    ]
                }
            )
            + "</script>"
        ),
        ("Jane Doe",),
    ),
    ("first paragraph byline", doc("", text="<p>By JANE DOE</p>" + TEXT), ("JANE DOE",)),
    ("meta author with site", doc("<meta name=author content='Jane Doe, Hafenbote'>"), ("Jane Doe",)),
    (
        "meta author twice",
        doc("<meta name=author content='Jane Doe'><meta name=author content='John Roe'>"),
        ("Jane Doe", "John Roe"),
    ),
    (
        "fb page",
        doc("<meta property=article:author content='https://www.facebook.com/hafenbote'>", "<p>By Jane Doe</p>"),
        ("Jane Doe",),
    ),
    (
        "itemprop",
        doc("", "<span itemprop=author itemscope itemtype=Person><span itemprop=name>Jane Doe</span></span>"),
        ("Jane Doe",),
    ),
    ("name in capitals as first paragraph", doc("", text="<p>JANE DOE</p>" + TEXT), ("JANE DOE",)),
    ("capitals that are no name", doc("", text="<p>LATEST NEWS</p>" + TEXT), ()),
]
DATES: list[tuple[str, str, str | None]] = [
    (
        "updated first",
        doc("", "<p>Updated: 5 May 2026 11:00</p><p>Published: 4 May 2026 10:00</p>"),
        "2026-05-04T10:00",
    ),
    ("both in a line", doc("", "<p>Published 4 May 2026 10:00 | Updated 5 May 2026 11:00</p>"), "2026-05-04T10:00"),
    (
        "both, updated first in a line",
        doc("", "<p>Updated 5 May 2026 11:00 | Published 4 May 2026 10:00</p>"),
        "2026-05-04T10:00",
    ),
    (
        "time updated and published",
        doc(
            "",
            "<time class=updated datetime=2026-05-05T11:00:00+00:00>5 May</time><time class=published datetime=2026-05-04T10:00:00+00:00>4 May</time>",
        ),
        "2026-05-04T10:00",
    ),
    (
        "label before time",
        doc(
            "",
            "<div>Updated <time datetime=2026-05-05T11:00:00+00:00>5 May</time></div><div>Published <time datetime=2026-05-04T10:00:00+00:00>4 May</time></div>",
        ),
        "2026-05-04T10:00",
    ),
    ("day in data, time on page", doc(ld(datePublished="2026-05-04"), "<p>4 May 2026, 10:00</p>"), "2026-05-04T10:00"),
    (
        "today's date above",
        doc("", "<p>4 May 2026</p>").replace("<header>", "<header><div class=today>Wednesday, 6 May 2026</div>"),
        "2026-05-04",
    ),
    ("time text relative", doc("", "<time>2 hours ago</time>"), "2026-05-06T18:00"),
    ("relative line", doc("", "<p>Posted 3 hours ago</p>"), "2026-05-06T17:00"),
    ("yesterday", doc("", "<p>Yesterday at 10:30</p>"), "2026-05-05T10:30"),
    (
        "cards have dates",
        doc(
            "",
            "",
            "",
            "<section class=related><article class=card><h3><a href=/b>Another story of the coast</a></h3><time datetime=2026-01-01>1 Jan</time></article></section>",
        ),
        None,
    ),
    (
        "duration",
        doc("", "<time datetime=PT5M>5 min read</time><time datetime=2026-05-04T10:00Z>x</time>"),
        "2026-05-04T10:00",
    ),
    ("address", doc(), "2026-05-03"),
    (
        "script state",
        doc(
            after='<script id=__NEXT_DATA__ type=application/json>{"props":{"article":{"title":"Boats come in late","publishedAt":"2026-05-04T10:00:00Z"}}}</script>'
        ),
        "2026-05-04T10:00",
    ),
    ("data attribute", doc("", "<div data-published='2026-05-04T10:00:00Z' class=x></div>"), None),
    (
        "label and date apart",
        doc("", "<div><span>Published</span><span>4 May 2026, 10:00</span></div>"),
        "2026-05-04T10:00",
    ),
    ("by and date", doc("", "<p>By Jane Doe on May 4, 2026 10:00 am</p>"), "2026-05-04T10:00"),
    ("date behind text", doc("", below="<p>4 May 2026, 10:00</p>"), "2026-05-04T10:00"),
    ("german", doc("", "<p>Stand: 04.05.2026, 10:00 Uhr</p>", lang="de"), "2026-05-04T10:00"),
    (
        "french both",
        doc("", "<p>Publié le 4 mai 2026 à 10h00 - Mis à jour le 5 mai 2026 à 11h00</p>", lang="fr"),
        "2026-05-04T10:00",
    ),
    (
        "spanish both",
        doc("", "<p>Actualizado: 5 mayo 2026 11:00h · Publicado: 4 mayo 2026 10:00h</p>", lang="es"),
        "2026-05-04T10:00",
    ),
    ("persian", doc("", "<p>۱۴۰۵/۰۲/۱۴ - ۱۰:۰۰</p>", lang="fa"), "2026-05-04T10:00"),
    ("hijri and common", doc("", "<p>الاثنين 17 ذو القعدة 1447 هـ - 4 مايو 2026 م</p>", lang="ar"), "2026-05-04"),
    (
        "event in the text",
        doc(
            "",
            text="<p>On 3 March 2024 the pilots signed the treaty that ended the long strike of that cold winter.</p>"
            + TEXT,
        ),
        "2026-05-03",
    ),
    (
        "live blog",
        doc(ld(datePublished="2026-05-04T10:00:00Z", dateModified="2026-05-06T18:00:00Z"), "<p>Updated 18:00</p>"),
        "2026-05-04T10:00",
    ),
    (
        "meta beats page",
        doc("<meta property=article:published_time content=2026-05-04T10:00:00+02:00>", "<p>5 May 2026</p>"),
        "2026-05-04T10:00:00+02:00",
    ),
    ("data in words", doc(ld(datePublished="May 4, 2026 10:00 AM")), "2026-05-04T10:00"),
    ("data epoch", doc(ld(datePublished="1777888800000")), "2026-05-04T10:00"),
    ("data empty", doc(ld(datePublished="", dateCreated="2026-05-04T10:00:00Z")), "2026-05-04T10:00"),
    ("data zero", doc(ld(datePublished="0000-00-00T00:00:00"), "<p>4 May 2026</p>"), "2026-05-04"),
    ("data 1970", doc(ld(datePublished="1970-01-01T00:00:00Z"), "<p>4 May 2026</p>"), "2026-05-04"),
    ("in the future", doc(ld(datePublished="2126-05-04T00:00:00Z"), "<p>4 May 2026</p>"), "2026-05-04"),
]


@pytest.mark.parametrize(("html", "want"), [one[1:] for one in AUTHORS], ids=[one[0] for one in AUTHORS])
def test_the_authors_are_those_who_wrote(html: str, want: tuple[str, ...]) -> None:
    found = read.story(Page.from_html(html, url="https://www.hafenbote.example/boats-come-in", fetched=FETCHED))
    assert found is not None
    assert found.authors == want


@pytest.mark.parametrize(("html", "want"), [one[1:] for one in DATES], ids=[one[0] for one in DATES])
def test_the_date_is_that_of_the_publishing(html: str, want: str | None) -> None:
    folder = "2026/05/03/" if want == "2026-05-03" else ""
    url = f"https://www.hafenbote.example/{folder}boats-come-in"
    found = read.story(Page.from_html(html, url=url, fetched=FETCHED))
    assert found is not None
    assert (found.published.at.isoformat() if found.published else "").startswith(want or "")
    assert (found.published is None) == (want is None)
