"""Headers on every hop, robots metas, TDMRep, RSL: what a page says of itself in machine-readable form."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.markup import document
from newscrawl.model import Basis, Decision, Hop, Page, Signal
from newscrawl.rights import decide, directives, headers, metatags, signals_in_page
from newscrawl.rights.headers import links_in

URL = "https://news.example.org/a"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
R, A, U, N = Decision.RESERVED, Decision.ALLOWED, Decision.UNKNOWN, Decision.NONE_FOUND


def by_header(name: str, *values: str) -> tuple[Signal, ...]:
    return headers.signals_of(Page(url=URL, headers={name: values}, fetched=NOW))


def by_head(head: str) -> tuple[Signal, ...]:
    html = f"<html><head>{head}</head><body><p>Text.</p></body></html>"
    return metatags.signals(document(Page.from_html(html, url=URL, fetched=NOW)))


def uses(signals: tuple[Signal, ...]) -> tuple[Decision, ...]:
    """The verdict on index, train, input."""
    verdict = decide(signals)
    return tuple(verdict.uses[use] for use in ("index", "train", "input"))


# What a list of rules comes to, for a header and for a meta of `robots` alike.
RULES = [
    ("noai", (N, R, R)),
    ("NoAI", (N, R, R)),
    ("NOAI, NOIMAGEAI", (N, R, R)),
    ("noimageai", (N, R, R)),
    ("noml", (N, R, R)),
    ("notrain", (N, R, N)),
    ("noindex", (R, N, N)),
    ("none", (R, N, N)),
    ("noindex,nofollow,noai", (R, R, R)),
    ("index, follow, max-snippet:-1, max-image-preview:large, noai", (N, R, R)),
    ("index, follow", (N, N, N)),
    ("noarchive, nocache, nosnippet, nofollow", (N, N, N)),
    ("all", (N, N, N)),
    ("", (N, N, N)),
    (",,,", (N, N, N)),
    ("noai noimageai", (N, R, R)),
    ("nofollow; noai", (N, R, R)),
    ("noai: true", (N, R, R)),
    ("unavailable_after: 25 Jun 2010 15:00:00 PST", (R, N, N)),
    ("unavailable_after: 25 Jun 2010 15:00:00 PST, noai", (R, R, R)),
    ("unavailable_after: Friday, 25-Jun-2010 15:00:00 PST, noai", (R, R, R)),
    ("unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT", (R, N, N)),
    ("Unavailable_After: 2010-06-25T15:00:00Z", (R, N, N)),
    ("unavailable_after: 2010-06-25", (R, N, N)),
    ("unavailable_after: 25-Aug-2011 15:00:00 EST", (R, N, N)),
    ("unavailable_after: 25 Jun 2040 15:00:00 PST", (N, N, N)),
    ("unavailable_after: Mon, 25 Jun 2040 15:00:00 PST, noai", (N, R, R)),
    ("unavailable_after: 2026-11-24T12:00:00+00:00", (R, N, N)),
    ("unavailable_after: 2026-11-24T12:00:01+00:00", (N, N, N)),
    ("unavailable_after: some day", (U, N, N)),
    ("nosuchrule, noaix, xnoai", (N, N, N)),
]


@pytest.mark.parametrize(("rules", "expected"), RULES)
def test_a_rule_reserves_the_same_in_a_header_and_in_a_meta(rules: str, expected: tuple[Decision, ...]) -> None:
    assert uses(by_header("X-Robots-Tag", rules)) == expected
    assert uses(by_head(f'<meta name="robots" content="{rules}">')) == expected


HEADERS = [
    ("repeated", ("noindex", "noai"), (R, R, R)),
    ("the last of several is not the only one", ("noai", "noarchive"), (N, R, R)),
    ("for us by name", ("newscrawl: noai",), (N, R, R)),
    ("for us in any case", ("NewsCrawl: noai",), (N, R, R)),
    ("for everyone", ("*: noai",), (N, R, R)),
    ("for another crawler", ("otherbot: noindex, noai",), (N, N, N)),
    ("for another, then for us", ("otherbot: noindex, newscrawl: noai",), (N, R, R)),
    ("for us, then for another", ("newscrawl: nofollow, otherbot: noai",), (N, N, N)),
    ("a scope ends with its header", ("otherbot: noindex", "noai"), (N, R, R)),
    ("before a scope", ("noai, otherbot: noindex",), (N, R, R)),
    ("for a crawler that trains", ("GPTBot: noai",), (N, R, R)),
    ("a date is no scope", ("unavailable_after: 25 Jun 2040 15:00:00 PST, noai",), (N, R, R)),
    ("a scoped date", ("otherbot: unavailable_after: 25 Jun 2010 15:00:00 PST",), (N, N, N)),
    ("a snippet is no scope", ("max-snippet: 20, noai",), (N, R, R)),
]


@pytest.mark.parametrize(("case", "values", "expected"), HEADERS, ids=[row[0] for row in HEADERS])
def test_every_x_robots_tag_counts_for_whom_it_names(
    case: str, values: tuple[str, ...], expected: tuple[Decision, ...]
) -> None:
    assert uses(by_header("x-robots-tag", *values)) == expected


def test_what_another_crawler_is_told_of_ai_is_kept_as_evidence() -> None:
    (signal,) = by_header("X-Robots-Tag", "otherbot: noindex, noai")
    assert (signal.value, signal.basis) == ("noai", Basis.OTHER_AGENT)
    (signal,) = by_header("X-Robots-Tag", "CCBot: noai")
    assert signal.basis is Basis.INFERRED


def test_an_unknown_time_of_fetch_leaves_a_date_unknown() -> None:
    found = headers.signals_of(Page(url=URL, headers={"x-robots-tag": "unavailable_after: 25 Jun 2010 15:00:00 PST"}))
    assert [one.says for one in found] == [U]


METAS = [
    ("the second of two", '<meta name="robots" content="index"><meta name="robots" content="noai">', (N, R, R)),
    ("attributes in any order and case", '<META CONTENT="NoAI" data-x=1 NAME=Robots>', (N, R, R)),
    ("http-equiv", '<meta http-equiv="X-Robots-Tag" content="noai">', (N, R, R)),
    ("http-equiv with a scope", '<meta http-equiv="x-robots-tag" content="otherbot: noai">', (N, N, N)),
    ("for us", '<meta name="newscrawl" content="noai">', (N, R, R)),
    ("for another crawler", '<meta name="googlebot" content="noai, noindex">', (N, N, N)),
    ("for a crawler that trains", '<meta name="ccbot" content="noai">', (N, R, R)),
    ("nofollow for a crawler that trains", '<meta name="CCBot" content="nofollow">', (N, N, N)),
    ("no robots meta", '<meta name="keywords" content="noai, art"><meta name="description" content="noai">', (N, N, N)),
    ("without content", '<meta name="robots">', (N, N, N)),
    ("tdm-reservation", '<meta name="tdm-reservation" content="1">', (N, R, R)),
    ("tdm-reservation, reversed", '<meta data-rh content="1" name="tdm-reservation">', (N, R, R)),
    ("tdm-reservation 0", '<meta name="tdm-reservation" content="0">', (N, A, A)),
    ("tdm-reservation by property", '<meta property="tdm-reservation" content="1">', (N, R, R)),
    ("tdm-reservation, any other value", '<meta name="tdm-reservation" content="yes">', (N, N, N)),
    ("tdm-reservation, two tags", '<meta name="tdm-reservation" content="0"><meta name="tdm-reservation" content="1">', (N, R, R)),
    ("a tdm-policy alone", '<meta name="tdm-policy" content="https://e.org/p.json">', (N, N, N)),
    ("an RSL link", '<link rel="license" type="application/rsl+xml" href="/l.xml">', (U, U, U)),
    ("a link of another type", '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">', (N, N, N)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "head", "expected"), METAS, ids=[row[0] for row in METAS])
def test_every_meta_counts_for_whom_it_names(case: str, head: str, expected: tuple[Decision, ...]) -> None:
    assert uses(by_head(head)) == expected


def test_a_meta_in_the_body_counts() -> None:
    page = Page.from_html("<p>a</p><div><meta name='robots' content='noai'></div>", url=URL)
    assert uses(signals_in_page(page)) == (N, R, R)


def test_a_policy_is_recorded_with_its_reservation() -> None:
    (signal,) = by_head(
        '<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://e.org/p.json">'
    )
    assert signal.value == "https://e.org/p.json"
    (signal,) = headers.signals_of(Page(url=URL, headers={"TDM-Reservation": "1", "TDM-Policy": "https://e.org/p"}))
    assert signal.value == "https://e.org/p"


OTHERS = [
    ("tdm-reservation", ("1",), (N, R, R)),
    ("tdm-reservation", (" 1 ",), (N, R, R)),
    ("tdm-reservation", ("1, 1",), (N, R, R)),
    ("tdm-reservation", ("0", "1"), (N, R, R)),
    ("tdm-reservation", ("0",), (N, A, A)),
    ("tdm-reservation", ("2",), (N, N, N)),
    ("tdm-policy", ("https://e.org/p",), (N, N, N)),
    ("content-usage", ("train-ai=n",), (N, R, N)),
    ("content-usage", ("train-ai=n, search=y",), (A, R, N)),
    ("content-usage", ("search=n", "train-ai=y"), (R, A, N)),
    ("content-usage", ("???",), (N, U, U)),
    ("content-usage", ("",), (N, N, N)),
    ("content-signal", ("search=yes, ai-input=no, ai-train=no",), (A, R, R)),
    ("content-signal", ("ai-train=yes", "ai-train=no"), (N, R, N)),
    ("link", ('<https://e.org/l.xml>; rel="license"; type="application/rsl+xml"',), (U, U, U)),
    ("link", ("</a>; rel=next, <l.xml>; type=application/rsl+xml; rel=license",), (U, U, U)),
    ("link", ('<https://creativecommons.org/licenses/by/4.0/>; rel="license"',), (N, N, N)),
    ("link", ("<https://e.org/a>; rel=canonical",), (N, N, N)),
]


@pytest.mark.parametrize(("name", "values", "expected"), OTHERS)
def test_the_other_headers_say_what_their_standards_say(
    name: str, values: tuple[str, ...], expected: tuple[Decision, ...]
) -> None:
    assert uses(by_header(name, *values)) == expected


def test_a_relative_link_is_relative_to_its_answer() -> None:
    (signal,) = by_header("Link", "</l.xml>; rel=license; type=application/rsl+xml")
    assert signal.value == "https://news.example.org/l.xml"


def test_a_signal_on_any_hop_counts() -> None:
    hops = (
        Hop(url="https://a.example/1", status=301, headers={"X-Robots-Tag": "noai"}),
        Hop(url="https://b.example/2", status=302, headers={"tdm-reservation": "1"}),
    )
    found = headers.signals_of(Page(url=URL, headers={"tdm-reservation": "0"}, hops=hops, fetched=NOW))
    assert [(one.host, one.where) for one in found] == [
        ("a.example", "header X-Robots-Tag of redirect 1"),
        ("b.example", "header tdm-reservation of redirect 2"),
        ("news.example.org", "header tdm-reservation"),
    ]
    assert uses(found) == (N, R, R)
    assert {one.at for one in found} == {NOW}


def test_a_redirect_of_the_same_host_is_not_lifted_by_the_page() -> None:
    hops = (Hop(url=URL + "/old", status=301, headers={"tdm-reservation": "1"}),)
    page = Page.from_html('<meta name="tdm-reservation" content="0">', url=URL)
    found = signals_in_page(Page(url=URL, headers=page.headers, body=page.body, hops=hops))
    assert uses(found) == (N, R, R)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<a>; rel="x, y"; title="a;b"', (("a", {"rel": "x, y", "title": "a;b"}),)),
        ("<a>;rel=x,<b> ; REL = y", (("a", {"rel": "x"}), ("b", {"rel": "y"}))),
        ("<a", ()),
        ("", ()),
        ("<a>; rel=x; rel=y", (("a", {"rel": "x"}),)),
    ],
)
def test_link_headers_are_read_by_rfc_8288(value: str, expected: tuple[object, ...]) -> None:
    assert links_in(value) == expected


@given(text=st.text(alphabet='noai,;: bot-_*19PST"<>=/', max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_header_value_makes_it_raise(text: str) -> None:
    for name in ("x-robots-tag", "link", "content-usage", "content-signal", "tdm-reservation"):
        by_header(name, text)
    directives.moment(text)


@given(
    before=st.sampled_from(["", "nofollow, ", "otherbot: noindex, newscrawl: "]),
    rule=st.sampled_from(["noai", "NOML", "NoImageAI"]),
)
def test_a_ban_is_found_wherever_it_stands(before: str, rule: str) -> None:
    assert uses(by_header("X-Robots-Tag", before + rule))[1] is R


@pytest.mark.parametrize(
    "meta",
    [
        '<meta property="robots" content="noai">',
        '<meta name="robots" content="no-ai">',
        '<meta name="robots" content="DisallowAITraining">',
        '<meta http-equiv="Content-Usage" content="train-ai=n">',
        '<meta name="content-usage" content="genai=n, search=y">',
        '<meta name="Content-Signal" content="ai-train=no">',
    ],
)
def test_a_meta_that_can_mean_nothing_else_reserves(meta: str) -> None:
    page = Page.from_html(f"<html><head>{meta}</head><body>The tide rose.</body></html>", url="https://e.org/a")
    assert "train" in {use for one in signals_in_page(page) if one.says == "reserved" for use in one.scope}
