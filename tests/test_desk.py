"""One page through the wings: what a seed-like page gives, with a licence and without; and that doubt withholds."""

import hashlib
import itertools
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import Article, Page, Withheld, desk, process
from newscrawl.clean import restore
from newscrawl.model import Decision, Licence, Related, Signal
from newscrawl.record import article_record, line, withheld_record
from newscrawl.rights import Licences

FETCHED = datetime(2026, 5, 4, 20, 0, tzinfo=UTC)
WORDS = (
    "slot",
    "judi",
    "gacor",
    "maxwin",
    "togel",
    "bonus",
    "depo",
    "daring",
    "terpercaya",
    "resmi",
    "kabar",
    "terkini",
)
KEYWORDS = " ".join(f"{one} {other} {WORDS[n % 12]}" for n, (one, other) in enumerate(itertools.permutations(WORDS, 2)))
HTML = (Path(__file__).parent / "golden" / "aggregator.html").read_text("utf-8").replace("KEYWORDS", KEYWORDS)
NOTICE = "Dilarang keras menyalin isi, merayapi atau mengindeks situs ini secara otomatis untuk AI tanpa izin tertulis"
BODY = HTML[HTML.index("Muara Lirih (KANTA)") : HTML.index("</p>\n<p>Baca juga")].replace("</p>\n<p>", "\n\n")
KANTA = Licence(host="kanta.example", uses=("train", "input"), contract="K-7", expires=date(2027, 1, 1))
PAGE = Page.from_html(HTML, url="https://kilas.example/jembatan-tua?utm_source=x", fetched=FETCHED)


def test_without_a_licence_the_page_is_withheld_with_its_sentence() -> None:
    result = process(PAGE)
    assert isinstance(result, Withheld)
    assert result.reason == "reserved"
    assert any(signal.quote.startswith(NOTICE) for signal in result.verdict.because)
    assert all(signal.host == "www.kanta.example" for signal in result.verdict.because)
    assert result.source_url == "https://www.kanta.example/berita/10/jembatan-tua-diperbaiki"
    assert result.page_sha256 == hashlib.sha256(PAGE.body).hexdigest()
    kept = line(withheld_record(result)).decode()
    assert "wali kota" not in kept
    assert "slot" not in kept


def test_with_a_licence_of_the_source_the_story_leaves_clean_and_its_facts_are_fields() -> None:
    result = process(PAGE, licences=Licences([KANTA]))
    assert isinstance(result, Article)
    assert result.text == BODY
    assert result.title == "Jembatan tua Sungai Lirih diperbaiki"
    assert result.url == "https://kilas.example/jembatan-tua"
    assert result.authors == ("Bagas Wirayuda",)
    assert result.editors == ("Sinta Maheswari",)
    assert result.source_name == "KANTA"
    assert result.source_url == "https://www.kanta.example/berita/10/jembatan-tua-diperbaiki"
    assert result.copyright == "Copyright © KANTA 2026"
    assert result.comment_count == 3
    assert result.published is not None
    assert (result.published.at, result.published.precision) == (datetime(2026, 5, 4, 13, 0, tzinfo=UTC), "hour")
    assert result.related == (
        Related(
            title="Sungai Lirih meluap, tiga desa terendam",
            url="https://www.kanta.example/berita/11/sungai-lirih-meluap",
        ),
    )
    assert result.verdict.lifted[0].licence.contract == "K-7"
    assert restore(result.cleaned) == result.cleaned.original
    assert KEYWORDS in result.cleaned.original


@pytest.mark.parametrize(
    "licence",
    [
        Licence(host="kilas.example", uses=("train", "input"), contract="A", expires=None),
        Licence(host="ta.example", uses=("train", "input"), contract="B", expires=None),
        Licence(host="kanta.example", uses=("train",), contract="C", expires=None),
        Licence(host="kanta.example", uses=("train", "input"), contract="D", expires=date(2026, 5, 3)),
    ],
    ids=["the aggregator's", "another host's", "for one use", "expired"],
)
def test_any_other_licence_lifts_nothing(licence: Licence) -> None:
    assert isinstance(process(PAGE, licences=Licences([licence])), Withheld)


def signal(says: Decision, host: str = "kilas.example") -> Signal:
    return Signal(
        protocol="robots",
        where="robots.txt",
        quote="x",
        value="x",
        scope=("crawl", "index", "train", "input"),
        says=says,
        host=host,
        at=FETCHED,
    )


@pytest.mark.parametrize("says", [Decision.RESERVED, Decision.UNKNOWN])
def test_what_the_host_says_outside_the_page_withholds_and_the_sources_licence_does_not_lift_it(says: Decision) -> None:
    result = process(PAGE, licences=Licences([KANTA]), signals=[signal(says)])
    assert isinstance(result, Withheld)
    assert "robots" in {one.protocol for one in result.verdict.because}


def test_what_the_source_says_of_the_original_counts_for_the_copy() -> None:
    clean = Page.from_html(HTML.replace(NOTICE, "Redaksi"), url="https://kilas.example/b", fetched=FETCHED)
    told = desk.of_source([signal(Decision.RESERVED, "kanta.example")])
    assert isinstance(process(clean), Article)
    assert isinstance(process(clean, signals=told), Withheld)


def test_the_same_page_has_the_same_id_in_every_run_and_a_changed_one_another() -> None:
    held = Licences([KANTA])
    first, again = process(PAGE, licences=held), process(PAGE, licences=held)
    later = Page.from_html(HTML.replace("7 jam lalu 3", "9 jam lalu 41"), url=PAGE.url, fetched=FETCHED)
    changed = Page.from_html(HTML.replace("empat miliar", "lima miliar"), url=PAGE.url, fetched=FETCHED)
    assert first.id == again.id == process(later, licences=held).id
    assert process(changed, licences=held).id != first.id
    assert process(changed, licences=held).id.split("-")[0] == first.id.split("-")[0]


@pytest.mark.parametrize(
    "html", ["", "<p></p>", "<html>", "plain", "\x00", "<p>" * 5000, "<!doctype html><title>x</title>"]
)
def test_a_page_without_a_story_is_no_article_and_no_error(html: str) -> None:
    result = process(Page.from_html(html, url="https://kilas.example/", fetched=FETCHED))
    assert isinstance(result, Withheld) or len(result.text) > 0


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=4000), st.sampled_from(["text/html", "text/html; charset=utf-16", "application/xml", ""]))
def test_no_body_raises(body: bytes, kind: str) -> None:
    page = Page(url="https://kilas.example/x", body=body, headers={"content-type": kind}, fetched=FETCHED)
    result = process(page)
    line(article_record(result) if isinstance(result, Article) else withheld_record(result))


def test_the_record_of_an_article_names_every_cut() -> None:
    result = process(PAGE, licences=Licences([KANTA]))
    assert isinstance(result, Article)
    record = article_record(result)
    assert record["rights"]["lifted"]  # type: ignore[index, call-overload]
    reasons = {cut["reason"] for cut in record["removals"]}  # type: ignore[index, union-attr, call-overload]
    assert {"SPAM_KWBLOCK", "WRAP_RELATED", "WRAP_BYLINE", "WRAP_RIGHTS", "WRAP_READMORE"} <= reasons


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Read Entire Article"),
        ("tr", "Haberin tamamını oku"),
        ("vi", "Đọc toàn bộ bài viết"),
        ("es", "Leer el artículo completo"),
        ("ar", "اقرأ المقال كاملاً"),
        ("hu", "Teljes cikk elolvasása"),
        ("fi", "Lue koko artikkeli"),
    ],
)
@pytest.mark.parametrize("around", ["<p>{}</p>", "{}", "<div class='keywords'>%s</div><p>{}</p>"])
def test_the_source_is_known_before_anything_is_judged_in_any_language(language: str, words: str, around: str) -> None:
    links = "".join(f"<a href='https://promo{number}.example/'>cheap pills {number}</a> " for number in range(30))
    link = f"<a href='https://original.example/{language}/1'>{words}</a>"
    body = "".join(
        f"<p>The board met for the {number}th time, and the pilot told it what the harbour needs.</p>"
        for number in range(4, 9)
    )
    html = f"<main><article><h1>Harbour</h1>{body}{around.replace('%s', links).format(link)}</article></main>"
    found = desk.look(Page.from_html(html, url="https://copy.example/a"))
    assert found.story is not None
    assert found.story.source_url == f"https://original.example/{language}/1"


@pytest.mark.parametrize("words", ["Terms of Use", "Privacy Policy", "Contact us", "Subscribe now", "Our app"])
def test_a_link_of_the_house_is_no_way_to_an_original(words: str) -> None:
    text = "<p>The board met again, and the pilot told it what the harbour needs, at some length.</p>" * 4
    html = f"<article><h1>Harbour</h1>{text}<p><a href='https://elsewhere.example/x'>{words}</a></p></article>"
    found = desk.look(Page.from_html(html, url="https://copy.example/a"))
    assert found.story is not None
    assert found.story.source_url is None
