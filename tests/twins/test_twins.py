"""Copies of a story are told from follow-ups and from other days of one template, in every language alike."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import twins
from newscrawl.demo.expected import Expected, expected
from tools.eval.twins import GOAL_PRECISION, GOAL_RECALL, figures, pairs, scored

SCORED = scored()
STORIES = tuple(dict.fromkeys(pair.first for pair in pairs() if pair.kind != "series"))
SHORT = "The ferry to Gull Point does not sail today because of the storm, the harbour office says."


def alike(one: str, other: str) -> float:
    return twins.similarity(twins.signature(one).sketch, twins.signature(other).sketch)


def share_a_key(one: str, other: str) -> bool:
    return not set(twins.signature(one).keys).isdisjoint(twins.signature(other).keys)


def test_the_set_has_many_pairs_in_many_languages() -> None:
    assert len(SCORED) >= 60
    assert len({one.pair.language for one in SCORED}) >= 6
    assert sum(not one.pair.copy for one in SCORED) >= 30


def test_precision_and_recall_reach_their_goals() -> None:
    precision, recall = figures(SCORED)
    assert precision >= GOAL_PRECISION
    assert recall >= GOAL_RECALL


@pytest.mark.parametrize("kind", ["series", "follow-up"])
def test_no_hard_negative_is_linked(kind: str) -> None:
    others = [one for one in SCORED if one.pair.kind == kind]
    assert len(others) >= 10
    assert [one.pair.name for one in others if one.linked()] == []


def test_texts_on_different_things_are_far_apart() -> None:
    texts = list({pair.name: pair.first for pair in pairs()}.values())
    assert len(texts) >= 20
    assert max(alike(one, other) for one in texts for other in texts if one is not other) < 0.1


@pytest.mark.parametrize("name", sorted({one.story for one in expected() if one.duplicate}))
def test_each_story_that_the_demo_syndicates_is_a_copy(name: str) -> None:
    first, *rest = [one for one in expected() if one.story == name]
    assert rest
    for one in rest:
        assert share_a_key(first.text, one.text)
        assert alike(first.text, one.text) >= twins.THRESHOLD


def test_no_two_stories_of_the_demo_are_copies() -> None:
    told: dict[str, Expected] = {one.story: one for one in expected()}
    texts = [one.text for one in told.values()]
    assert [
        (one[:30], other[:30])
        for one in texts
        for other in texts
        if one < other and alike(one, other) >= twins.THRESHOLD
    ] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SHORT, SHORT.upper()),
        (SHORT, SHORT.replace(" ", "\n")),
        (SHORT, SHORT.replace(",", " –")),
        ("Le prix est de 1 200 euros.", "Le prix est de 1.200 euros !"),
        ("Preis: 1.200 Euro", "Preis: 1\u202f200 Euro"),
        ("किराया 25 रुपये है।", "किराया २५ रुपये है"),
        ("افتُتِح المتحف", "افتتح المتحف"),
        ("「地下鉄」が開通。", "地下鉄が開通"),
        ("co\u00adope\u00adration", "cooperation"),
    ],
)
def test_a_short_text_is_a_copy_where_only_its_dress_differs(one: str, other: str) -> None:
    assert share_a_key(one, other)
    assert alike(one, other) == 1.0


@pytest.mark.parametrize(
    "other", [SHORT.replace("today", "tonight"), SHORT + " More soon.", SHORT.replace("Gull Point", "Marl")]
)
def test_a_short_text_with_another_word_is_no_copy(other: str) -> None:
    assert not share_a_key(SHORT, other)
    assert alike(SHORT, other) == 0.0


def test_a_teaser_is_no_copy_of_its_story() -> None:
    story = next(one for one in STORIES if "Corrin dam" in one)
    assert alike(story.split("\n\n")[0], story) < twins.THRESHOLD


@pytest.mark.parametrize("empty", ["", " \n\n ", "!!! … —", "\u200b"])
def test_a_text_without_a_word_has_no_key(empty: str) -> None:
    assert twins.signature(empty).keys == ()
    assert alike(empty, empty) == 0.0


@given(st.text(max_size=600))
@settings(deadline=None)
def test_any_text_has_a_bounded_signature_and_is_a_copy_of_itself(text: str) -> None:
    signed = twins.signature(text)
    assert len(signed.keys) <= twins.KEYS
    assert all(-(1 << 63) <= key < 1 << 63 for key in signed.keys)
    assert len(signed.sketch) <= 2 * twins.LONGEST + 5
    assert twins.similarity(signed.sketch, signed.sketch) == (1.0 if signed.keys else 0.0)


@given(st.sampled_from(STORIES), st.sampled_from(STORIES))
@settings(deadline=None)
def test_similarity_is_symmetric_and_from_0_to_1(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0.0 <= alike(one, other) <= 1.0


@given(st.sampled_from(STORIES), st.integers(0, 10), st.sampled_from(["\n\n", "\n", " \u00a0 "]))
@settings(deadline=None)
def test_a_paragraph_less_and_another_layout_are_still_a_copy(story: str, at: int, between: str) -> None:
    paragraphs = story.split("\n\n")
    kept = [one for number, one in enumerate(paragraphs) if number != at % len(paragraphs)]
    if sum(map(len, kept)) < 0.6 * len(story):
        return
    assert share_a_key(story, between.join(kept))
    assert alike(story, between.join(kept)) >= twins.THRESHOLD


@given(st.sampled_from([one for one in STORIES if one.count(" ") > 70]), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_one_word_in_thirty_may_be_another(story: str, chance: random.Random) -> None:
    words = story.split(" ")
    for at in range(chance.randrange(30), len(words), 30):
        if words[at].islower() and words[at].isalpha():
            words[at] = "indeed"
    assert alike(story, " ".join(words)) >= twins.THRESHOLD


def test_a_long_text_costs_as_much_more_as_it_is_longer() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        twins._signature.__wrapped__(text)
        return time.process_time() - start

    for unit in ("word 1,000 ", "1", "字", "ก", '"« ', "A. "):
        short = min(seconds(unit * 4_000) for _ in range(3))
        assert min(seconds(unit * 16_000) for _ in range(3)) < 8 * short + 0.02
