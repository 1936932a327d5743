"""A page in, a story out: what must hold on any page."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import read
from newscrawl.model import Page, Story
from newscrawl.read import authors, suffixes

PARAGRAPHS = "".join(
    f"<p>Paragraph {number} tells of the harbour, the boats that came in, and what the pilot said about the weather.</p>"
    for number in range(1, 6)
)


def story(html: str, url: str = "https://a.example/2026/05/04/boats", fetched: datetime | None = None) -> Story | None:
    return read.story(Page.from_html(html, url=url, fetched=fetched))


@pytest.mark.parametrize(
    "html",
    [
        f"<article>{PARAGRAPHS}</article>",
        f"<div class='has-sidebar'><div class='sidebar-layout'>{PARAGRAPHS}</div></div>",
        f"<form id='aspnetForm'><div>{PARAGRAPHS}</div></form>",
        f"<table><tr><td>{PARAGRAPHS}</td></tr></table>",
        f"<section class='comments-open'><div>{PARAGRAPHS}</div></section>",
        f"<div>{PARAGRAPHS}",
        PARAGRAPHS.replace("</p>", ""),
        PARAGRAPHS.replace("<p>", "").replace("</p>", "<br><br>"),
        PARAGRAPHS.replace("<p>", "<div><span>").replace("</p>", "</span></div>"),
        PARAGRAPHS.replace("<p>", "<div class='para'><p>").replace("</p>", "</p></div>"),
    ],
)
def test_the_markup_of_a_story_does_not_matter(html: str) -> None:
    found = story(f"<html><body><nav><a href='/x'>Home</a></nav>{html}</body></html>")
    assert found is not None
    for number in range(1, 6):
        assert f"Paragraph {number} tells" in found.text
    assert "Home" not in found.text


def test_the_body_is_a_draft_of_the_page_with_its_links_and_headings() -> None:
    html = f"<article><h2>Under way</h2>{PARAGRAPHS}<p>Read <a href='/more'>more of this long tale</a> of the boats, said the pilot.</p></article>"
    found = story(html)
    assert found is not None
    assert [found.text[mark.start : mark.end] for mark in found.body.of("heading")] == ["Under way"]
    link = found.body.of("link")[0]
    assert link.attrs["href"] == "https://a.example/more"
    assert found.text[link.start : link.end] == "more of this long tale"


@pytest.mark.parametrize(
    "empty",
    ["", "<html></html>", "<p>Hi.</p>", "<script>var a = 1;</script>", "<a href='/x'>Only a link stands here</a>"],
)
def test_a_page_without_a_story_is_none(empty: str) -> None:
    assert story(empty) is None


def test_a_keyword_block_never_wins_against_the_story() -> None:
    block = " ".join(["slot online gacor maxwin hari ini terbaru"] * 300)
    found = story(f"<body><div id='a'><p>{block}</p></div><div id='b'>{PARAGRAPHS}</div></body>")
    assert found is not None
    assert "Paragraph 5" in found.text
    assert found.text.startswith("Paragraph 1")


@pytest.mark.parametrize("around", ["<div>{}</div>", "<ul>{}</ul>", "{}", "<p>{}</p>"])
@pytest.mark.parametrize(
    "each", ["<a href='https://promo.example/{0}'>cheap {0}</a> ", "<p><a href='/k{0}'>cheap {0}</a></p>"]
)
def test_keyword_links_take_no_paragraph_from_the_story(around: str, each: str) -> None:
    spam = around.format("".join(each.format(number) for number in range(120)))
    for inside in (f"{spam}{PARAGRAPHS}", f"{PARAGRAPHS}{spam}"):
        found = story(f"<html><body><main><article><h1>Boats</h1>{inside}</article></main></body></html>")
        assert found is not None
        assert [number for number in range(1, 6) if f"Paragraph {number} tells" in found.text] == [1, 2, 3, 4, 5]


def test_broken_json_ld_is_mended() -> None:
    html = (
        '<script type="application/ld+json">[{"@type":["NewsArticle"],"headline":"Boats come in","datePublished":"2026-05-04T08:00:00Z",'
        '"author":[{"@type":"Person","name":["Jo Marsh","Tess Okafor"]}],}]</script>' + PARAGRAPHS
    )
    found = story(html)
    assert found is not None
    assert (found.title, found.authors) == ("Boats come in", ("Jo Marsh", "Tess Okafor"))
    assert found.published is not None
    assert found.origins["published"] == "json-ld"


@pytest.mark.parametrize("raw", ["admin", "https://a.example/jo", "jo@a.example", "By", "12 May 2026", "Editor"])
def test_what_is_no_name_is_no_author(raw: str) -> None:
    assert authors.names(raw) == ()


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        ("By Jane Doe and Max Roth", ("Jane Doe", "Max Roth")),
        ("Von Jana Kesselring", ("Jana Kesselring",)),
        ("Oleh: Dewi Sari", ("Dewi Sari",)),
        ("Jane Doe, Political Editor", ("Jane Doe",)),
        ("신현주 기자", ("신현주",)),
        ("Jane Doe | Max Roth; Li Na", ("Jane Doe", "Max Roth", "Li Na")),
        ("De Smet, Jan Peeters", ("De Smet", "Jan Peeters")),
        ("JANE DOE (London)", ("JANE DOE",)),
    ],
)
def test_names_come_without_their_trappings(raw: str, want: tuple[str, ...]) -> None:
    assert authors.names(raw) == want


@pytest.mark.parametrize(
    ("raw", "others", "want"),
    [
        ("Rain ends drought | Example News", [], "Rain ends drought"),
        ("Example News: Rain ends drought", [], "Rain ends drought"),
        ("Rain ends drought - Weather - Example News", [], "Rain ends drought - Weather"),
        ("Rain ends drought - Weather - Example News", ["Rain ends drought"], "Rain ends drought"),
        ("Rain - at last - ends drought", [], "Rain - at last - ends drought"),
        ("Floods: Rain ends drought in valley", ["Rain ends drought in valley"], "Rain ends drought in valley"),
    ],
)
def test_a_title_loses_the_name_of_its_site(raw: str, others: list[str], want: str) -> None:
    assert suffixes.stripped(raw, others, {"examplenews"}) == want


def test_what_the_feed_told_fills_what_the_page_leaves_open() -> None:
    found = story(PARAGRAPHS, url="https://a.example/boats")
    assert found is not None
    lead = read.Lead(
        url="https://a.example/boats", title="Boats", published=read.moment("2026-05-04T08:00Z"), rights="No AI"
    )
    filled = read.with_lead(found, lead)
    assert (filled.title, filled.published, filled.copyright) == ("Boats", lead.published, "No AI")
    assert filled.origins["title"] == "feed"


def test_reading_is_cheap_to_import() -> None:
    heavy = "trafilatura dateparser feedparser py3langid numpy scrapy twisted tldextract"
    code = f"import sys, newscrawl.read; print([one for one in {heavy.split()!r} if one in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


PIECES = st.sampled_from(
    ["<div>", "</div>", "<p>", "</p>", "<br>", "<article>", "<h1>Boats</h1>", "<time datetime='x'>", "<a href='//['>", "</a>", "<script type='application/ld+json'>{", "<table><td>",
     "Some words. ", "港の船。", "<meta property='og:title' content='&#0;'>", "<!--", "-->", "<form>", "<li>", "\x00", "13 hours ago", "By Jo Marsh", "<style>p{display:none}</style>", "<figure><img src=x>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_no_page_stops_the_reader(pieces: list[str]) -> None:
    found = story("".join(pieces), fetched=datetime(2026, 5, 4, tzinfo=UTC))
    assert found is None or found.text.strip()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://[bad", "https://a.example:99999/", "https://example.org/", "data:text/html,x"]
)
def test_an_address_that_is_none_does_not_stop_the_reader(url: str) -> None:
    found = story(PARAGRAPHS, url=url)
    assert found is not None
    assert "Paragraph 5" in found.text


@pytest.mark.parametrize("body", [b"%PDF-1.4\n" + bytes(range(128, 256)) * 40, bytes(range(256)) * 20])
def test_bytes_that_are_no_text_are_no_story(body: bytes) -> None:
    assert read.story(Page(url="https://a.example/x", body=body)) is None


@pytest.mark.parametrize(
    ("path", "is_story"),
    [("/impressum", False), ("/archive/boats-come-in", True), ("/news/page/2", False), ("/boats?p=17", True)],
)
def test_an_imprint_is_no_story_and_an_archived_story_is(path: str, is_story: bool) -> None:
    assert (story(PARAGRAPHS, url=f"https://a.example{path}") is not None) is is_story
