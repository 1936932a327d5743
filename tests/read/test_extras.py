"""What stands around a story: pictures, tags, flags, licence, source, language."""

from __future__ import annotations

import pytest

from newscrawl import read
from newscrawl.model import Image, Page, Story

TEXT = (
    "<p>The harbour board met for three hours on Monday night and agreed to buy a second ferry, its chairman said.</p>"
    * 3
)


def told(head: str = "", body: str = TEXT, url: str = "https://a.example/s") -> Story:
    found = read.story(
        Page.from_html(f"<html lang=en><head>{head}</head><body><main>{body}</main></body></html>", url=url)
    )
    assert found is not None
    return found


def data(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Ferry bought",{fields}}}</script>'


def test_pictures_come_with_their_captions_and_once_each() -> None:
    head = data(
        '"image":[{"@type":"ImageObject","url":"/a.jpg","caption":"The old ferry"},"https://cdn.example/b.jpg"]'
    )
    body = f"{TEXT}<figure><img src='/c.jpg'><figcaption>The quay</figcaption></figure><img src=/pixel.gif width=1 height=1><img src='data:x'>{TEXT}"
    assert told(head, body).images == (
        Image(url="https://a.example/a.jpg", caption="The old ferry"),
        Image(url="https://cdn.example/b.jpg"),
        Image(url="https://a.example/c.jpg", caption="The quay"),
    )


@pytest.mark.parametrize(
    ("head", "want"),
    [
        ('<meta name="keywords" content="ferry, harbour; Ferry">', ("ferry", "harbour")),
        ('<meta property="article:tag" content="Sea"><meta property="article:tag" content="Ships">', ("Sea", "Ships")),
        (data('"keywords":["Boats","Boats","Trade"]'), ("Boats", "Trade")),
    ],
)
def test_tags_come_once_each(head: str, want: tuple[str, ...]) -> None:
    assert told(head).tags == want


@pytest.mark.parametrize(
    ("head", "body", "want"),
    [
        (data('"isAccessibleForFree":false'), TEXT, ("paywall",)),
        (data('"isAccessibleForFree":"False"'), TEXT, ("paywall",)),
        (data('"isAccessibleForFree":true'), TEXT, ()),
        ('<meta property="article:content_tier" content="locked">', TEXT, ("paywall",)),
        (
            "",
            TEXT + "<div class='paywall'><p>To read the rest of this story you need to subscribe to us.</p></div>",
            ("paywall",),
        ),
        (
            "",
            TEXT
            + "<div class='paywall' style='display:none'><p>To read the rest, you need to subscribe to us today.</p></div>",
            (),
        ),
        (data('"isAccessibleForFree":true').replace("NewsArticle", "LiveBlogPosting"), TEXT, ("live",)),
    ],
)
def test_flags_tell_the_kind_of_story(head: str, body: str, want: tuple[str, ...]) -> None:
    assert told(head, body).flags == want


def test_licence_and_comment_count_are_facts_of_the_head() -> None:
    found = told(
        data('"commentCount":12,"license":"https://creativecommons.org/licenses/by/4.0/","copyrightNotice":"© A"')
    )
    assert (found.comment_count, found.license, found.copyright) == (
        12,
        "https://creativecommons.org/licenses/by/4.0/",
        "© A",
    )


@pytest.mark.parametrize(
    ("head", "body", "want"),
    [
        ('<link rel="canonical" href="https://b.example/orig?utm_source=a">', TEXT, (None, "https://b.example/orig")),
        ('<link rel="canonical" href="https://www.a.example/s">', TEXT, (None, None)),
        (
            data('"isBasedOn":{"@type":"NewsArticle","name":"B News","url":"https://b.example/o"}'),
            TEXT,
            ("B News", "https://b.example/o"),
        ),
        ("", TEXT + "<p><a href='https://b.example/x'>Read full article →</a></p>", (None, "https://b.example/x")),
        ("", TEXT + "<p><a href='/x'>Read full article</a></p>", (None, None)),
        (
            "",
            TEXT + "<p>Artikel ini telah tayang di <a href='https://b.example/x'>Harian B</a></p>",
            ("Harian B", "https://b.example/x"),
        ),
        ("", TEXT + "<p>Source: Weir Watch</p>", ("Weir Watch", None)),
        ("", TEXT + "<p>The source: nobody knows. It was 1994.</p>", (None, None)),
    ],
)
def test_the_original_of_a_copy_is_named(head: str, body: str, want: tuple[str | None, str | None]) -> None:
    found = told(head, body)
    assert (found.source_name, found.source_url) == want


LANGUAGES = [
    ("id", "", "Wali kota meresmikan jembatan gantung baru yang menghubungkan dua kecamatan di tepi sungai pada hari Selasa. Warga berharap jembatan itu memangkas waktu tempuh mereka ke pasar dan ke sekolah setiap hari."),
    ("fr", "", "Le conseil municipal a voté lundi soir la réouverture de la bibliothèque, qui était fermée depuis deux ans à cause de travaux. Les habitants avaient signé une pétition pour demander sa réouverture."),
    ("ja", "en", "青波市の岬に立つ灯台の一般公開が二日、始まった。建設から百二十年を記念したもので、初日は市民ら約三百人が訪れた。灯台は高さ二十八メートルである。" * 3),
    ("th", "en", "เทศบาลคลองใสเปิดตลาดน้ำแห่งใหม่ริมคลองเมื่อวันเสาร์ที่ผ่านมา โดยมีร้านค้าเข้าร่วมกว่าหนึ่งร้อยร้านและนักท่องเที่ยวหลายพันคน" * 3),
    ("de", "en", "Der Damm oberhalb von Wiesental hat dem Hochwasser der Nacht standgehalten, teilte das Landratsamt am Morgen mit. Rund vierhundert Helfer hatten Sandsäcke gefüllt. " * 4),
    ("ms", "ms", "Datuk Bandar merasmikan jambatan gantung baharu yang menghubungkan dua daerah di tepi sungai pada hari Selasa. " * 5),
]  # fmt: skip


@pytest.mark.parametrize(("want", "declared", "text"), LANGUAGES)
def test_the_language_is_the_text_s_own(want: str, declared: str, text: str) -> None:
    html = f"<html lang='{declared}'><body><p>{text}</p></body></html>"
    found = read.story(Page.from_html(html, url="https://a.example/s"))
    assert found is not None
    assert found.language == want


def test_each_field_says_where_it_stood() -> None:
    found = told(data('"author":"Jo Marsh","datePublished":"2026-05-04T08:00:00Z"'))
    assert found.origins["authors"] == found.origins["published"] == found.origins["title"] == "json-ld"
    assert found.origins["body"] == "density"
