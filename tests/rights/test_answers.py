"""What an answer to /robots.txt means, how long it holds, and what a cache keeps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.model import Decision
from newscrawl.rights import answers, decide
from newscrawl.rights.answers import Answer, Standing, back_off, first, judge, retry_after

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://example.org/a"
RULES = b"user-agent: *\ndisallow: /a"
OPEN = b"user-agent: *\nallow: /"
GOOD = judge(200, RULES, fetched=NOW)
DOWN = judge(503, fetched=NOW)

MATRIX = [
    # status, body, error, kind, may /a be fetched
    (200, RULES, None, "rules", False),
    (200, OPEN, None, "rules", True),
    (200, b"", None, "rules", True),
    (206, RULES, None, "rules", False),
    (204, b"", None, "rules", True),
    (400, RULES, None, "none", True),
    (401, RULES, None, "none", True),
    (403, RULES, None, "none", True),
    (404, RULES, None, "none", True),
    (410, RULES, None, "none", True),
    (451, b"", None, "none", True),
    (429, OPEN, None, "unreachable", False),
    (500, OPEN, None, "unreachable", False),
    (502, OPEN, None, "unreachable", False),
    (503, OPEN, None, "unreachable", False),
    (504, OPEN, None, "unreachable", False),
    (599, OPEN, None, "unreachable", False),
    (999, OPEN, None, "unreachable", False),
    (100, OPEN, None, "unreachable", False),
    (301, OPEN, None, "unreachable", False),
    (304, OPEN, None, "unreachable", False),
    (None, b"", "timeout", "unreachable", False),
    (None, b"", "connection reset", "unreachable", False),
    (None, b"", "DNS lookup failed", "unreachable", False),
    (None, b"", None, "unreachable", False),
    (200, OPEN, "content encoding does not decode", "unreachable", False),
    (404, b"", "redirect loop", "unreachable", False),
    (200, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + bytes(range(40)), None, "unreachable", False),
    (200, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00", None, "unreachable", False),
    (200, "user-agent: *\nallow: /".encode("utf-16-le"), None, "unreachable", False),
    (200, "﻿user-agent: *\ndisallow: /a".encode("utf-16-le"), None, "rules", False),
    (200, "﻿user-agent: *\ndisallow: /a".encode("utf-16-be"), None, "rules", False),
    (200, "﻿user-agent: *\ndisallow: /a".encode("utf-32-le"), None, "unreachable", False),
    (200, b"<!DOCTYPE html><html><title>Not found</title>", None, "none", True),
    (200, b"user-agent: *\ndisallow: /a\x00", None, "rules", False),
]


@pytest.mark.parametrize(("status", "body", "error", "kind", "allowed"), MATRIX)
def test_an_answer_means_rules_or_none_or_stay_away(
    status: int | None, body: bytes, error: str | None, kind: str, allowed: bool
) -> None:
    answer = judge(status, body, error, None, NOW)
    assert (answer.kind, answer.match(URL).allowed) == (kind, allowed)
    assert answer.reachable is (kind != "unreachable")
    assert bool(answer.sha256) is (kind == "rules")


def test_a_soft_404_is_recorded() -> None:
    assert judge(200, b" <html><p>Oops").why.startswith("unparseable")


def test_unreachable_rules_withhold_every_use() -> None:
    (signal,) = DOWN.signals(URL)
    assert (signal.protocol, signal.says, signal.quote) == ("robots", Decision.UNKNOWN, "answered 503")
    verdict = decide(DOWN.signals(URL))
    assert verdict.status is Decision.UNKNOWN
    assert not verdict.keeps


def test_signals_carry_the_time_of_their_file() -> None:
    assert [one.at for one in GOOD.signals(URL)] == [NOW]


def test_a_snapshot_names_the_answer_and_the_rule() -> None:
    snapshot = GOOD.snapshot("https://example.org/robots.txt", URL)
    assert (snapshot.status, snapshot.group, snapshot.rule) == (200, "*", "line 2: disallow: /a")
    assert snapshot.sha256 == GOOD.sha256
    assert DOWN.snapshot("https://example.org/robots.txt", URL).rule is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("Tuesday, 24-Nov-26 12:01:00 GMT", 60.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_retry_after_counts_on_429_and_503_only() -> None:
    headers = {"Retry-After": ["60", "300"]}
    assert judge(429, headers=headers, fetched=NOW).retry_after == 300.0
    assert judge(503, headers=headers, fetched=NOW).retry_after == 300.0
    assert judge(500, headers=headers, fetched=NOW).retry_after is None


@given(failures=st.integers(-3, 10_000), asked=st.none() | st.floats(0, 1e9))
def test_the_wait_doubles_from_a_minute_to_a_day(failures: int, asked: float | None) -> None:
    wait = back_off(failures, asked)
    assert 60.0 <= wait <= 86400.0
    assert back_off(failures + 1, asked) >= wait
    assert wait >= min(asked or 0.0, 86400.0)


def test_the_last_good_copy_binds_for_a_day_while_the_host_is_down() -> None:
    standing = first(GOOD).after(judge(503, fetched=NOW + timedelta(hours=1)))
    assert standing.in_force(NOW + timedelta(hours=23)) == GOOD
    assert standing.in_force(NOW + timedelta(hours=24)).kind == "unreachable"
    assert not standing.in_force(NOW + timedelta(hours=24)).match("https://example.org/b").allowed


def test_a_copy_of_yesterday_does_not_bind_today() -> None:
    later = first(GOOD).in_force(NOW + timedelta(hours=24))
    assert (later.kind, later.match("https://example.org/b").allowed) == ("unreachable", False)


def test_a_host_that_never_answered_stays_closed() -> None:
    standing = first(DOWN).after(DOWN).after(DOWN)
    assert standing.failures == 3
    assert standing.in_force(NOW).kind == "unreachable"
    assert standing.ask_at() == NOW + timedelta(seconds=240)
    assert not standing.due(NOW + timedelta(seconds=239))
    assert standing.due(NOW + timedelta(seconds=240))


def test_a_host_that_answers_again_starts_anew() -> None:
    standing = first(DOWN).after(DOWN).after(judge(404, fetched=NOW))
    assert (standing.failures, standing.in_force(NOW).kind) == (0, "none")
    assert standing.ask_at() == NOW + timedelta(days=1)
    assert standing.ask_at(ttl=timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert standing.ask_at(ttl=timedelta(days=9)) == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    "standing", [first(GOOD), first(DOWN), first(GOOD).after(DOWN), first(judge(404, fetched=NOW))]
)
def test_a_cache_gives_back_what_it_was_given(standing: Standing) -> None:
    again = Standing.from_state(json.loads(json.dumps(standing.to_state())))
    assert again == standing
    assert again.in_force(NOW).match(URL) == standing.in_force(NOW).match(URL)


@pytest.mark.parametrize(
    "change",
    [{"answer": None}, {"failures": "x"}, {"good": 5}, {"answer": {"kind": "rules"}}],
)
def test_a_damaged_cache_says_so(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="ask the host again"):
        Standing.from_state(first(GOOD).to_state() | change)


@pytest.mark.parametrize(
    ("key", "value"),
    [("body", ""), ("body", "!"), ("kind", "open"), ("fetched", "2026-11-24T12:00:00"), ("fetched", "yesterday")],
)
def test_a_copy_that_lost_its_body_is_no_copy(key: str, value: str) -> None:
    state = first(GOOD).to_state()
    answer = state["answer"]
    assert isinstance(answer, dict)
    with pytest.raises(ValueError, match="ask the host again"):
        Standing.from_state(state | {"answer": answer | {key: value}})


@given(status=st.none() | st.integers(0, 1000), body=st.binary(max_size=200), error=st.none() | st.text(max_size=5))
@settings(max_examples=200, deadline=None)
def test_only_a_2xx_or_4xx_opens_a_host(status: int | None, body: bytes, error: str | None) -> None:
    answer: Answer = judge(status, body, error, {"retry-after": "5"}, NOW)
    if answer.match("https://example.org/x").allowed:
        assert error is None
        assert status is not None
        assert 200 <= status < 300 or (400 <= status < 500 and status != 429)
    assert answers.first(answer).in_force(NOW).kind == answer.kind
