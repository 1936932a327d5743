"""Notices of hosts, optional files and terms of use, without a crawl."""

import contextlib
import gzip
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import markup
from newscrawl.model import Decision, Page, Signal
from newscrawl.rights import hostfiles, hosts, terms
from newscrawl.rights.hostfiles import Told
from newscrawl.rights.hosts import HostNotices

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = NOW.date()
HOST = "news.example"


def notice(quote: str = "No AI training.", host: str | None = HOST) -> Signal:
    return Signal(
        protocol="prose",
        where="footer",
        quote=quote,
        value="reserved",
        scope=("train", "input"),
        says=Decision.RESERVED,
        host=host,
        machine_readable=False,
        at=NOW,
    )


def learnt(stories: int, *, inside: bool = False, others: int = 0, day: date = DAY) -> HostNotices:
    known = HostNotices()
    for number in range(stories):
        said = notice(f"© {2020 + number} No AI training.")
        known.learn(HOST, f"s{number}", [said], day=day, inside=[said] if inside else ())
    for number in range(others):
        known.learn(HOST, f"o{number}", [], day=day)
    return known


@pytest.mark.parametrize(
    ("stories", "inside", "others", "days", "holds"),
    [
        (2, False, 0, 0, False),
        (3, False, 0, 0, True),
        (3, False, 100, 0, True),
        (3, True, 3, 0, True),
        (3, True, 4, 0, False),
        (3, False, 0, 30, True),
        (3, False, 0, 31, False),
    ],
)
def test_a_notice_holds_for_a_host_after_three_stories(
    stories: int, inside: bool, others: int, days: int, holds: bool
) -> None:
    known = learnt(stories, inside=inside, others=others)
    assert bool(known.of(HOST, day=DAY + timedelta(days=days))) == holds
    assert known.of("other.example", day=DAY) == ()


def test_the_same_story_counts_once_and_a_page_that_shows_the_notice_is_not_told_again() -> None:
    known = HostNotices()
    for _ in range(9):
        known.learn(HOST, "s", [notice()], day=DAY)
    assert known.of(HOST, day=DAY) == ()
    assert learnt(3).of(HOST, day=DAY, besides=[notice("© 2031 NO  AI training.")]) == ()


def test_notices_survive_being_kept() -> None:
    again = HostNotices()
    state = learnt(3).to_state(HOST)
    assert state is not None
    again.load(HOST, json.loads(json.dumps(state)))
    assert again.of(HOST, day=DAY) == learnt(3).of(HOST, day=DAY) != ()
    assert HostNotices().to_state(HOST) is None


@given(
    st.recursive(
        st.none() | st.text() | st.integers() | st.booleans(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["total", "notices", "signal", "stories", "count", "last", "inside", "scope", "says"]),
                inner,
            )
        ),
    )
)
def test_damaged_state_is_a_value_error_and_nothing_else(state: object) -> None:
    for load in (
        lambda: HostNotices().load(HOST, state),
        lambda: Told.from_state(state),
        lambda: hosts.from_state(state),
    ):
        with contextlib.suppress(ValueError):
            load()


@pytest.mark.parametrize(
    ("told", "known", "none"),
    [
        (Told(status=200), True, False),
        (Told(status=404), True, True),
        (Told(status=403), True, True),
        (Told(status=429), False, False),
        (Told(status=503), False, False),
        (Told(status=301), False, False),
        (Told(status=200, error="torn"), False, False),
        (Told(), False, False),
    ],
)
def test_what_an_answer_for_an_optional_file_means(told: Told, known: bool, none: bool) -> None:
    assert (told.known, told.none) == (known, none)
    for name in ("trust", "ai", "tdmrep"):
        signals = hostfiles.signals(name, told, "https://news.example/a")  # type: ignore[arg-type]
        if none:
            assert signals == ()
        elif not known:
            assert [one.says for one in signals] == [Decision.UNKNOWN]


@pytest.mark.parametrize(
    ("told", "seconds", "due"),
    [
        (Told(status=404, fetched=NOW), 86399, False),
        (Told(status=404, fetched=NOW), 86400, True),
        (Told(status=503, fetched=NOW, failures=1), 59, False),
        (Told(status=503, fetched=NOW, failures=1), 60, True),
        (Told(status=503, fetched=NOW, failures=3), 239, False),
        (Told(status=503, fetched=NOW, failures=99), 86399, False),
        (Told(status=200, fetched=NOW), -1, True),
        (Told(status=200), 0, True),
    ],
)
def test_a_file_is_asked_once_a_day_and_a_failure_with_back_off(told: Told, seconds: int, due: bool) -> None:
    assert told.due(NOW + timedelta(seconds=seconds)) == due
    assert Told.from_state(json.loads(json.dumps(told.to_state()))) == told


def test_failures_in_a_row_are_counted_and_an_answer_ends_the_row() -> None:
    bad = Told(status=500)
    assert bad.after(bad.after(None)).failures == 2
    assert Told(status=404).after(bad.after(None)).failures == 0


@given(st.binary(max_size=4000), st.integers(0, 4000))
def test_a_packed_body_is_whole_or_an_error(body: bytes, cut: int) -> None:
    packed = gzip.compress(body)
    assert hostfiles.unpacked(packed, "gzip") == body
    if cut < len(packed) and cut:
        with pytest.raises(ValueError, match="undecodable"):
            hostfiles.unpacked(packed[:cut], "gzip")


def test_a_bomb_is_cut_at_the_limit() -> None:
    assert len(hostfiles.unpacked(gzip.compress(b"#" * (50 << 20)), "gzip")) == hostfiles.MOST
    with pytest.raises(ValueError, match="undecodable"):
        hostfiles.unpacked(b"x", "br")


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ("<footer><a href=/agb>AGB</a></footer>", ["/agb"]),
        ("<footer><a href='/nutzung#teil-2'> Nutzungsbedingungen </a></footer>", ["/nutzung"]),
        ("<p><a href=/terms>Terms of Use</a><footer><a href=/c>Mentions légales</a></footer>", ["/c", "/terms"]),
        ("<footer><a href=/t>Syarat dan Ketentuan</a><a href=/p>Privasi</a></footer>", ["/t"]),
        ("<footer><a href=/t>利用規約</a></footer>", ["/t"]),
        ("<footer><a href=/t>Условия использования сайта</a></footer>", ["/t"]),
        ("<p><a href=/story>Terms of the deal between the port and the union were agreed on Monday night</a>", []),
        ("<p><a href=/story>Termite season begins</a>", []),
        ("<footer><a href='mailto:terms@news.example'>Terms</a></footer>", []),
    ],
)
def test_terms_are_found_by_what_their_link_is_called(html: str, links: list[str]) -> None:
    page = Page.from_html(html, url="https://news.example/a")
    assert terms.links_in(markup.document(page)) == tuple(f"https://news.example{link}" for link in links)


def test_terms_that_reserve_nothing_say_nothing() -> None:
    html = "<h1>Terms of use</h1><p>These terms govern your subscription. Payment is due on the first of the month."
    assert terms.signals_of(Page.from_html(html, url="https://news.example/terms")) == ()
