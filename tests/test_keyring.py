"""Sets of 64-bit keys are sets, at eight bytes a key."""

import tracemalloc
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.keyring import Keys, Moments, key_of, key_of_story
from newscrawl.record import story_key
from newscrawl.rights.hosts import HostNotices

KEY = st.integers(0, (1 << 64) - 1) | st.integers(0, 8) | st.integers((1 << 64) - 8, (1 << 64) - 1)


@given(st.lists(KEY), st.lists(KEY))
def test_keys_are_a_set(put: list[int], asked: list[int]) -> None:
    keys, known = Keys(), set[int]()
    for key in put:
        assert keys.add(key) == (key not in known)
        known.add(key)
    assert len(keys) == len(known)
    assert all((key in keys) == (key in known) for key in (*put, *asked))


@given(st.lists(st.tuples(KEY, st.floats(allow_nan=False))), st.lists(KEY))
def test_moments_are_a_mapping(put: list[tuple[int, float]], asked: list[int]) -> None:
    moments, known = Moments(), dict[int, float]()
    for key, at in put:
        moments.put(key, at)
        known[key] = at
    assert list(moments) == sorted(known.items())
    assert len(moments) == len(known)
    assert all(moments.get(key) == known.get(key) for key in (*known, *asked))


@given(st.text())
def test_a_storys_key_is_its_id(url: str) -> None:
    story = story_key(url)
    assert f"{key_of_story(story):016x}" == story


@given(st.text())
def test_any_string_has_a_key(said: str) -> None:
    assert 0 <= key_of_story(said) < 1 << 64
    assert key_of(said) == key_of(said.encode("utf-8", "surrogatepass"))


def grown(add: Iterable[object]) -> int:
    """Bytes that stay allocated after this has run through."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in add:
            pass
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


STORIES = 5000


def test_a_key_takes_ten_bytes_at_most() -> None:
    keys = Keys()
    assert grown(keys.add(key_of(str(n))) for n in range(STORIES)) < 10 * STORIES + 20_000


def test_a_moment_takes_twenty_bytes_at_most() -> None:
    moments = Moments()
    assert grown(moments.put(key_of(str(n)), n / 7) for n in range(STORIES)) < 20 * STORIES + 40_000


def test_a_host_without_notices_costs_ten_bytes_a_story() -> None:
    from datetime import date

    board, day = HostNotices(), date(2026, 5, 5)
    learnt = (board.learn("news.example", story_key(str(n)), (), day=day) for n in range(STORIES))
    assert grown(learnt) < 10 * STORIES + 30_000
