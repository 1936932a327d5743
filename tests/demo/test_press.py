"""What the demo prints is what a reader of its HTML gets back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newscrawl.demo.newsroom import Newsroom, Placement, Spam, Text, newsroom
from newscrawl.demo.press import sheets_of, story_page
from newscrawl.demo.stuffing import block

ROOM = newsroom()
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\xa0\x85")
WORDS = st.text(LETTERS, min_size=1, max_size=60).map(lambda text: " ".join(text.split())).filter(bool)


def printed(words: str, spam: Spam) -> list[str]:
    old = ROOM.texts[0]
    place = Placement(host="newsmix.test", outcome="exported", spam=(spam,))
    text: Text = replace(old, paragraphs=(words,), on=(place,), source=None)
    room: Newsroom = replace(ROOM, texts=(text,))
    page = story_page(room, sheets_of(room, ROOM.site("newsmix.test"))[0], 8731).decode()
    return [str(element.text_content()) for element in html.fromstring(page).xpath("//*[@class='entry-content']/p")]


@given(words=WORDS, spam=WORDS)
def test_a_run_inside_a_paragraph_can_be_taken_out_to_leave_the_paragraph(words: str, spam: str) -> None:
    after = words.split()[0]
    paragraphs = printed(words, Spam(text=spam, inside=0, after=after, wrap="run"))
    assert paragraphs == [f"{after} {spam}{words[len(after) :]}"]


@given(words=WORDS, spam=WORDS)
def test_a_block_leaves_the_paragraph_beside_it_alone(words: str, spam: str) -> None:
    assert printed(words, Spam(text=spam, before=1)) == [words, spam]


@given(number=st.integers(min_value=0, max_value=10_000))
def test_a_keyword_block_has_its_size_on_any_page(number: int) -> None:
    site = ROOM.site("kabarkilat.test")
    assert site.keyword_size - 60 < len(block(site, number)) <= site.keyword_size
    assert block(site, number) == block(site, number)


def test_a_site_without_keywords_has_no_block() -> None:
    assert block(ROOM.site("newsmix.test"), 3) == ""
