"""Pages without any metadata: author and time as they stand above or below the text, in the way of each country."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl import read
from newscrawl.model import Page
from tests.read.test_headlines import PARAGRAPHS

LINES: list[tuple[str, str, str, tuple[str, ...], str]] = [
    ("en", "<p>By Effie Marr | Apr 23, 2026 10:25 AM EDT</p>", "", ("Effie Marr",), "2026-04-23T10:25-04:00"),
    ("en", "<div><span>Effie Marr</span> <span>|</span> <time>23 April 2026 at 10:25 BST</time></div>", "", ("Effie Marr",), "2026-04-23T10:25+01:00"),
    ("en", "<p>10:25, 23 APR 2026</p><p>BY EFFIE MARR, Islands Reporter</p>", "", ("EFFIE MARR",), "2026-04-23T10:25+00:00"),
    ("en", "<p>Effie Marr in Skerry Point<br>Thu 23 Apr 2026 10.25 BST</p>", "", ("Effie Marr",), "2026-04-23T10:25+01:00"),
    ("de", "<p>Von Imke Petersen | Stand: 23.04.2026, 10:25 Uhr</p>", "", ("Imke Petersen",), "2026-04-23T10:25+00:00"),
    ("de", "<div>23. April 2026, 10:25 Uhr</div>", "<p>(Imke Petersen)</p>", ("Imke Petersen",), "2026-04-23T10:25+00:00"),
    ("fr", "<p>Par Yann Le Goff, publié le 23 avril 2026 à 10h25</p>", "", ("Yann Le Goff",), "2026-04-23T10:25+00:00"),
    ("fr", "<p>Publié le 23/04/2026 à 10:25, mis à jour le 23/04/2026 à 11:40</p>", "<p style='text-align:right'>Yann Le Goff</p>", ("Yann Le Goff",), "2026-04-23T10:25+00:00"),
    ("es", "<p>Iker Zabala</p><p>Punta Gaviota - 23 abr 2026 - 10:25 CEST</p>", "", ("Iker Zabala",), "2026-04-23T10:25+02:00"),
    ("es", "<p>23 de abril de 2026 | 10:25</p><p>Por Iker Zabala</p>", "", ("Iker Zabala",), "2026-04-23T10:25+00:00"),
    ("pt", "<p>Caio Brito, do Porto — 23/04/2026 às 10h25</p>", "", ("Caio Brito",), "2026-04-23T10:25+00:00"),
    ("pt", "<p>Por <b>Caio Brito</b></p><p>Publicado em 23 de abril de 2026 às 10:25</p>", "", ("Caio Brito",), "2026-04-23T10:25+00:00"),
    ("it", "<p>di Bruna Sarti</p><p>23 aprile 2026 alle 10:25</p>", "", ("Bruna Sarti",), "2026-04-23T10:25+00:00"),
    ("id", "<p>Dimas Prakoso - Hafenbote</p><p>Kamis, 23 Apr 2026 10:25 WIB</p>", "", ("Dimas Prakoso",), "2026-04-23T10:25+07:00"),
    ("id", "<p>Kamis, 23 April 2026 | 10:25 WIB</p>", "<p>Reporter: Dimas Prakoso | Editor: Wulandari</p>", ("Dimas Prakoso",), "2026-04-23T10:25+07:00"),
    ("tr", "<p>Nehir Tan</p><p>Giriş Tarihi: 23.04.2026 10:25 Son Güncelleme: 23.04.2026 11:40</p>", "", ("Nehir Tan",), "2026-04-23T10:25+00:00"),
    ("pl", "<p>Zofia Mazur</p><p>23 kwietnia 2026, 10:25</p>", "", ("Zofia Mazur",), "2026-04-23T10:25+00:00"),
    ("pl", "<p>Data utworzenia: 23 kwietnia 2026 10:25</p>", "<p>Autor: Zofia Mazur</p>", ("Zofia Mazur",), "2026-04-23T10:25+00:00"),
    ("ru", "<p>23 апреля 2026, 10:25 МСК</p><p>Автор: Вера Лядова</p>", "", ("Вера Лядова",), "2026-04-23T10:25+03:00"),
    ("ru", "<p>10:25, 23.04.2026</p>", "<p><em>Вера Лядова</em></p>", ("Вера Лядова",), "2026-04-23T10:25+00:00"),
    ("uk", "<p>Олена Коваль — 23 квітня 2026, 10:25</p>", "", ("Олена Коваль",), "2026-04-23T10:25+00:00"),
    ("ar", "<p>كتبت ليلى منصور</p><p>الخميس، 23 أبريل 2026 10:25 ص</p>", "", ("ليلى منصور",), "2026-04-23T10:25+00:00"),
    ("fa", "<p>پنجشنبه ۳ اردیبهشت ۱۴۰۵ ساعت ۱۰:۲۵</p>", "<p>نویسنده: مهتاب رادان</p>", ("مهتاب رادان",), "2026-04-23T10:25+00:00"),
    ("he", "<p>דנה לוי | 23.04.2026 | 10:25</p>", "", ("דנה לוי",), "2026-04-23T10:25+00:00"),
    ("hi", "<p>सीता शर्मा</p><p>23 अप्रैल 2026, 10:25 AM IST</p>", "", ("सीता शर्मा",), "2026-04-23T10:25+05:30"),
    ("hi", "<p>Published: 23 Apr 2026 10:25 AM (IST)</p><p>Written by: Sita Sharma</p>", "", ("Sita Sharma",), "2026-04-23T10:25+05:30"),
    ("zh", "<p>2026年04月23日 10:25 来源：海港日报 作者：林晓帆</p>", "", ("林晓帆",), "2026-04-23T10:25+00:00"),
    ("zh", "<p>2026-04-23 10:25　海港日報　記者林曉帆／台北報導</p>", "", ("林曉帆",), "2026-04-23T10:25+00:00"),
    ("ja", "<p>2026年4月23日 10時25分</p>", "<p>（浜野つばさ）</p>", ("浜野つばさ",), "2026-04-23T10:25+00:00"),
    ("ko", "<p>입력 2026.04.23. 오전 10:25</p><p>김해린 기자</p>", "", ("김해린",), "2026-04-23T10:25+00:00"),
    ("ko", "<p>등록 2026-04-23 10:25 | 수정 2026-04-23 11:40</p>", "<p>김해린 기자 haerin@harbour.example</p>", ("김해린",), "2026-04-23T10:25+00:00"),
    ("th", "<p>เผยแพร่ 23 เม.ย. 2569 10:25 น.</p><p>โดย สมชาย ใจดี</p>", "", ("สมชาย ใจดี",), "2026-04-23T10:25+00:00"),
    ("vi", "<p>Thứ năm, 23/4/2026, 10:25 (GMT+7)</p>", "<p style='text-align:right'><strong>Minh Anh</strong></p>", ("Minh Anh",), "2026-04-23T10:25+07:00"),
    ("el", "<p>Νίκος Λάμπρου</p><p>23 Απριλίου 2026, 10:25</p>", "", ("Νίκος Λάμπρου",), "2026-04-23T10:25+00:00"),
    ("sv", "<p>Siri Holm</p><p>Publicerad 2026-04-23 kl. 10.25</p>", "", ("Siri Holm",), "2026-04-23T10:25+00:00"),
    ("sv", "<p>Av Siri Holm</p><p>23 april 2026 kl. 10:25</p>", "", ("Siri Holm",), "2026-04-23T10:25+00:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "above", "below", "authors", "published"),
    LINES,
    ids=[f"{one[0]}-{at}" for at, one in enumerate(LINES)],
)
def test_author_and_time_are_read_off_the_page(
    language: str, above: str, below: str, authors: tuple[str, ...], published: str
) -> None:
    text = "".join(f"<p>{PARAGRAPHS[language]} {mark}</p>" for mark in ("", "1.", "2.", "3.", "4."))
    title = PARAGRAPHS[language][:18].strip()
    body = (
        f"<div class=top><a href=/>Home</a></div><div class=page><h1>{title}</h1>{above}<div>{text}</div>{below}</div>"
    )
    html = f"<html lang={language}><head><title>{title}</title></head><body>{body}</body></html>"
    page = Page.from_html(html, url="https://www.hafenbote.example/a/4711", fetched=datetime(2026, 4, 24, tzinfo=UTC))
    story = read.story(page)
    assert story is not None
    assert story.authors == authors
    assert story.published is not None
    assert story.published.at.isoformat(timespec="minutes") == published
    assert story.title == title
