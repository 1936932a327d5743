"""The generator of spam: what it says of a case is true to the character, and the same seed says it again."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.eval import corpus, grid
from tools.eval.cases import POSITIONS, Block, Payload, Piece, Position, assemble, place
from tools.eval.corpus import Host, own_articles
from tools.eval.shapes import KEYWORD_SHAPES, LENGTHS, Shape, vocabularies

HOST = Host(
    id="h", site="h.example", language="en", title="A title",
    paragraphs=(
        "The ferry sailed again on Monday morning. About 160 people were on the quay, the harbour master said today.",
        "A replacement has been ordered but will not be delivered before 2028, according to the island council's plan.",
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_articles_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests do not depend on a corpus."""
    monkeypatch.setattr(corpus, "hosts", own_articles)
    monkeypatch.setattr(grid.corpus, "hosts", own_articles)
    grid.hosts_of.cache_clear()


def squeezed(text: str) -> str:
    return "".join(text.split())


def without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


@pytest.mark.parametrize("half", ["tune", "test"])
def test_the_gold_offsets_of_every_case_give_back_the_inserted_spam_and_the_untouched_article(half: str) -> None:
    count = 0
    for case in [*grid.cold(half, 1, 1), *grid.gambling_news(half, 1, 8)]:
        assert case.spans, case.id
        assert tuple(case.text[start:end] for start, end in case.spans) == case.inserted
        assert squeezed(without(case.text, case.spans)) == squeezed(case.host.text), case.id
        count += 1
    assert count > 200


@settings(max_examples=150, deadline=None)
@given(
    shape=st.sampled_from(KEYWORD_SHAPES), words=st.sampled_from(vocabularies()), tokens=st.sampled_from(LENGTHS),
    position=st.sampled_from(POSITIONS), seed=st.integers(0, 10_000),
)  # fmt: skip
def test_any_shape_any_vocabulary_any_length_anywhere_keeps_article_and_spam_apart(
    shape: Shape, words: object, tokens: int, position: Position, seed: int
) -> None:
    rng = Random(seed)
    payload = shape.make(words, rng, tokens)  # type: ignore[arg-type]
    blocks = place(HOST, payload, position, rng)
    text, spans, html = assemble(blocks)
    said = [text[start:end] for start, end in spans]
    assert said == list(payload.lines)[: len(said)]
    assert squeezed(without(text, spans)) == squeezed(HOST.text)
    assert "\n\n".join(block.text for block in blocks) == text
    assert html.count("<") >= len(blocks)


def test_the_same_seed_writes_the_same_cases_and_another_seed_writes_others() -> None:
    first = [case.text for case in grid.cold("test", 5, 1)]
    assert first == [case.text for case in grid.cold("test", 5, 1)]
    assert first != [case.text for case in grid.cold("test", 6, 1)]


def test_simulated_sites_have_the_promised_pages_and_their_spam_behaves_as_named() -> None:
    sites = list(grid.sites("test", 1, per_shape=3, pages=30, held=5))
    assert len(sites) >= 20
    for site in sites:
        assert len(site.learn) == 25, site.name
        assert {case.site for case in (*site.learn, *site.clean)} == {site.name}
        assert all(not case.spans for case in site.untouched)
        said = {case.inserted for case in site.learn}
        if site.behaviour == "rotating":
            assert len({lines[0] for lines in said}) <= 4  # four payloads in turn; short articles take fewer lines
        if site.behaviour == "shared" and site.learn[0].shape == "product block":
            assert len(said) == 1


def test_no_vocabulary_stands_in_both_halves_and_the_languages_are_many() -> None:
    every = vocabularies()
    assert len({one.id for one in every}) == len(every)
    for half in ("tune", "test"):
        assert vocabularies(half)
    assert not {one.id for one in vocabularies("tune")} & {one.id for one in vocabularies("test")}
    assert len({one.lang for one in every}) >= 20
    assert {one.family for one in every} >= {
        "casino", "pharma", "loans", "adult", "counterfeit", "essay", "crypto", "seo", "neutral",
    }  # fmt: skip


def test_phrases_of_one_half_are_not_phrases_of_the_other() -> None:
    said = {half: {phrase for one in vocabularies(half) for phrase in one.phrases} for half in ("tune", "test")}
    assert not said["tune"] & said["test"]


def test_all_shapes_of_the_catalogue_are_there() -> None:
    assert {shape.number for shape in KEYWORD_SHAPES} | {18, 19} == set(range(1, 22))


def test_own_articles_are_at_least_24_in_at_least_12_languages() -> None:
    articles = own_articles()
    assert len(articles) >= 24
    assert len({one.language for one in articles}) >= 12
    assert len({one.id for one in articles}) == len(articles)
    assert sum(one.gambling for one in articles) >= 5
    assert all(one.title and len(one.paragraphs) >= 3 for one in articles)


def test_a_line_break_stays_inside_its_block_and_markup_is_escaped() -> None:
    payload = Payload(lines=("one <b>", "two"), stand="broken")
    text, spans, html = assemble(place(replace(HOST, paragraphs=("A & B.",)), payload, "tail", Random(1)))
    assert text == "A & B.\n\none <b>\ntwo"
    assert [text[start:end] for start, end in spans] == ["one <b>", "two"]
    assert html == "<p>A &amp; B.</p>\n<p>one &lt;b&gt;<br>two</p>"


def test_blocks_are_set_apart_by_a_blank_line() -> None:
    blocks = [Block(pieces=(Piece(text="a"), Piece(text=" b", spam=True))), Block(pieces=(Piece(text="c", spam=True),))]
    assert assemble(blocks)[:2] == ("a b\n\nc", ((1, 3), (5, 6)))
