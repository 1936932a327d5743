"""The finder of notices looks at some paragraphs only: it must find what a look at the whole text finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.rights import nearby, notices
from newscrawl.rights.folded import phrase
from newscrawl.rights.grammar import Grammar, grammar

FILL = (
    "The ferry sailed again on Monday, eleven months late.",
    "« Nous avons attendu », dit le maire. « Mi ricordo. »",
    "The robot at the harbour may not be moved.",
    "",
    "   ",
    '"Nobody asked us," she said, "and nobody will',
    "市長は火曜日に新しい学校を訪れた。",
    "| menu | news | sport |",
)
SAID = (
    "No part of this site may be used to train AI models.",
    "Text and data mining of our content is reserved.",
    'All rights reserved" he read, "also for the training of AI.',
    "Das Auslesen unserer Inhalte für künstliche Intelligenz ist untersagt.",
    "Dilarang mengambil konten ini untuk kecerdasan buatan.",
    "本站内容禁止用于人工智能训练。",
    "Artificial intelligence.",
    "All use is forbidden without our written permission.",
    "# You may not use these pages\n# for text and data mining",
)
BREAKS = ("\n\n", "\n\n", "\n\n\n", "\n \n", "\n", " ", ' \n\n"', "\n\n# ")
TEXTS = st.lists(st.tuples(st.sampled_from((*FILL, *SAID)), st.sampled_from(BREAKS)), max_size=14).map(
    lambda rows: "".join(one for row in rows for one in row)
)


def whole(text: str, words: Grammar) -> nearby.Near | None:
    """The look at all of a text that `around` takes the place of."""
    return nearby.Near(text) if next(words.objects(phrase(text)), None) else None


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_some_paragraphs_tell_what_the_whole_text_tells(text: str) -> None:
    near = notices.notices_in(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notices, "around", whole)
        assert near == notices.notices_in(text)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_what_is_found_stands_in_the_text_where_it_says(text: str) -> None:
    for one in notices.notices_in(text):
        assert one.start is not None
        assert text[one.start : one.end].startswith(one.quote)


def test_a_story_without_a_ban_is_not_looked_at_further() -> None:
    assert nearby.around("The robot sailed on Monday.\n\nIt rained.\n\nNo ferry is for sale.", grammar()) is None


def test_a_paragraph_with_an_object_comes_with_its_neighbours_and_no_more() -> None:
    far = "It rained in the valley. " * 30
    text = "\n\n".join([far, far, "One.", "No AI training is allowed here.", far, far])
    near = nearby.around(text, grammar())
    assert near is not None
    assert near.text == "\n\n" + "\n\n".join(["One.", "No AI training is allowed here.", far])
    assert near.mapped([0, 2, len(near.text)], 5) == [2 * len(far) + 7, 2 * len(far) + 9, len(text) - len(far) + 3]
