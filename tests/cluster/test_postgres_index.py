"""The index and the facts keep their promises, in SQLite files as in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.archive import Facts, Index, Latest, Row, SiteCount
from newscrawl.archive.sqlite import SqliteFacts, SqliteIndex

KINDS = ["sqlite", "postgres"]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=KINDS)
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Index]:
    """Opens the same index again and again."""
    if request.param == "sqlite":
        return lambda: SqliteIndex(tmp_path)
    from newscrawl.cluster.postgres import Postgres

    url = request.getfixturevalue("database")
    return lambda: Postgres(url).index(tmp_path, UUID(int=1))


@pytest.fixture
def index(opens: Callable[[], Index]) -> Iterator[Index]:
    opened = opens()
    yield opened
    opened.close()


@pytest.fixture(params=KINDS)
def learns(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Clock], Facts]:
    if request.param == "sqlite":
        return lambda clock: SqliteFacts(tmp_path, clock=clock)
    from newscrawl.cluster.postgres import Postgres

    url = request.getfixturevalue("database")
    return lambda clock: Postgres(url).facts(tmp_path, clock=clock)


def row(
    id_: str, *, stream: str = "articles", story: str = "s", version: str = "1", site: str = "a", number: int = 1
) -> Row:
    return Row(stream=stream, id=id_, story=story, version=version, site=site, number=number)


def segment(number: int, stream: str = "articles") -> str:
    return f"{stream}-{number:06d}-run-0.jsonl"


def test_what_was_added_is_seen_and_nothing_else(opens: Callable[[], Index]) -> None:
    one = opens()
    one.add([row("a"), row("b", stream="cuts"), row("a")], {segment(1): 10, segment(1, "cuts"): 20})
    one.close()
    index = opens()
    assert [index.seen("articles", "a"), index.seen("cuts", "b")] == [True, True]
    assert [index.seen("articles", "b"), index.seen("cuts", "a"), index.seen("withheld", "a")] == [False] * 3
    assert index.marks() == {segment(1): 10, segment(1, "cuts"): 20}
    assert [index.count("articles"), index.count("cuts"), index.count("withheld")] == [1, 1, 0]
    index.close()


def test_the_newest_version_is_that_of_the_latest_segment_and_in_it_the_last(index: Index) -> None:
    index.add([row("b", version="2", number=2)], {segment(2): 1})
    index.add([row("a", version="1", number=1)], {segment(1): 1})
    assert index.latest("s") == Latest(id="b", version="2")
    index.add([row("c", version="3", number=2), row("d", version="4", number=2)], {segment(2): 2})
    assert index.latest("s") == Latest(id="d", version="4")
    index.add([row("x", stream="withheld", number=9)], {segment(9, "withheld"): 1})
    assert index.latest("s") == Latest(id="d", version="4"), "only an article is a version"
    assert index.latest("another") is None


def test_a_row_that_is_there_already_is_left(index: Index) -> None:
    index.add([row("a", site="first")], {})
    index.add([row("a", site="second"), row("b", site="second", story="t")], {})
    assert index.sites() == (
        SiteCount(site="first", stream="articles", items=1),
        SiteCount(site="second", stream="articles", items=1),
    )


def test_marks_move_and_those_of_segments_that_are_gone_go(index: Index) -> None:
    index.add([], {segment(1): 10, segment(2): 5})
    index.add([], {segment(2): 7, segment(3): 1}, gone=[segment(1), segment(8)])
    assert index.marks() == {segment(2): 7, segment(3): 1}


def test_an_index_that_was_cleared_knows_nothing_and_learns_again(index: Index) -> None:
    index.add([row("a")], {segment(1): 10})
    index.clear()
    assert [index.seen("articles", "a"), index.latest("s"), dict(index.marks())] == [False, None, {}]
    index.add([row("a")], {segment(1): 10})
    assert index.seen("articles", "a")


def test_all_of_an_addition_or_nothing(index: Index) -> None:
    with pytest.raises(Exception, match=r"."):
        index.add([row("a"), row("b", version=None)], {segment(1): object()})  # type: ignore[arg-type, dict-item]
    assert not index.seen("articles", "a")
    assert not index.marks()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12), min_size=4, max_size=4
    )
)
def test_any_text_may_be_an_id_a_story_a_version_a_site(index: Index, texts: list[str]) -> None:
    index.clear()
    id_, story, version, site = texts
    index.add([row(id_, story=story, version=version, site=site)], {segment(1): 1})
    assert index.seen("articles", id_)
    assert index.latest(story) == Latest(id=id_, version=version)
    assert index.sites() == (SiteCount(site=site, stream="articles", items=1),)


def test_a_value_is_kept_until_it_expires_is_dropped_or_replaced(learns: Callable[[Clock], Facts]) -> None:
    clock = Clock()
    facts = learns(clock)
    long = "https://example.org/" + "x" * 9000
    facts.keep("robots", "a", {"n": [1, None, "é"]}, expires=1010.0)
    facts.keep("robots", long, "for ever")
    facts.keep("robots", "b", 1, expires=1020.0)
    facts.keep("robots", "b", 2, expires=1020.0)
    facts.keep("pause", "a", False)
    facts.drop("pause", "a")
    facts.drop("pause", "never there")
    facts.close()
    facts = learns(clock)
    assert facts.state("robots", "a") == {"n": [1, None, "é"]}
    assert facts.state("pause", "a") is None
    assert facts.states("robots") == {"a": {"n": [1, None, "é"]}, "b": 2, long: "for ever"}
    clock.now = 1010.0
    assert facts.state("robots", "a") is None
    assert list(facts.states("robots")) == ["b", long]
    with pytest.raises(ValueError, match=r"."):
        facts.keep("robots", "a", float("nan"))
    facts.close()


def test_a_story_that_was_started_twice_and_never_finished_is_poison(learns: Callable[[Clock], Facts]) -> None:
    clock = Clock()
    url = "https://example.org/" + "y" * 5000
    for expected in (True, True, False):
        facts = learns(clock)
        clock.now += 1
        assert facts.start(url) is expected
        assert facts.start(url) is expected, "a second start before the end of the first does not count"
        if expected:
            assert facts.poisoned() == ()
            _die(facts)
        else:
            assert [(one.url, one.starts, one.reason) for one in facts.poisoned()] == [
                (url, 2, "started 2 times without finishing")
            ]
            assert facts.retry("another") == 0
            assert facts.retry(url) == 1
            assert facts.start(url)
            facts.finish(url)
            assert facts.poisoned() == ()
            facts.close()


def _die(facts: Facts) -> None:
    """What a process that is killed does: its connections are gone, and nothing was said."""
    if isinstance(facts, SqliteFacts):
        facts._quick.close()
        facts._full.close()
    else:
        facts._asking.database.close()  # type: ignore[attr-defined]


def test_what_was_under_way_at_an_end_in_good_order_is_no_attempt(learns: Callable[[Clock], Facts]) -> None:
    for _ in range(4):
        facts = learns(Clock())
        assert facts.start("u")
        facts.close()


def test_what_a_watchdog_sets_aside_is_poison_at_once_with_its_reason(learns: Callable[[Clock], Facts]) -> None:
    clock = Clock()
    facts = learns(clock)
    facts.start("u")
    facts.poison("u", "hangs")
    clock.now += 5
    facts.poison("v", "hangs \x00 too")
    assert not facts.start("u")
    assert [(one.url, one.at) for one in facts.poisoned()] == [("v", 1005.0), ("u", 1000.0)]
    assert facts.retry() == 2
    assert facts.start("u")
    facts.close()
