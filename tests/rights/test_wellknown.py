"""tdmrep.json, trust.txt, ai.txt and RSL documents: found, none, or nobody knows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.model import Decision
from newscrawl.rights import decide, robots, rsl
from newscrawl.rights.wellknown import ai_signals, judge_tdmrep, trust_signals

R, A, U, N = Decision.RESERVED, Decision.ALLOWED, Decision.UNKNOWN, Decision.NONE_FOUND
E = "https://e.org"


def rows(*pairs: tuple[object, object]) -> bytes:
    return json.dumps([{"location": location, "tdm-reservation": value} for location, value in pairs]).encode()


TDMREP = [
    ("reserved", rows(("/", 1)), "/a", R),
    ("not reserved", rows(("/", 0)), "/a", A),
    ("another path", rows(("/b/", 1)), "/a", N),
    ("a path is a prefix", rows(("/a", 1)), "/a/b", R),
    ("first in sequence, not longest", rows(("/", 0), ("/a/", 1)), "/a/b", A),
    ("first in sequence", rows(("/a/", 1), ("/", 0)), "/a/b", R),
    ("a wildcard", rows(("/*/photos", 1)), "/x/photos/1", R),
    ("a star alone", rows(("*", 1)), "/x", R),
    ("an end", rows(("/*.html$", 1)), "/a.html?x", N),
    ("case-sensitive", rows(("/A", 1)), "/a", N),
    ("a value that is neither", rows(("/", 2)), "/a", N),
    ("true is neither", rows(("/", True)), "/a", N),
    ("null is neither", rows(("/", None)), "/a", N),
    ("the number as text", rows(("/", "1")), "/a", R),
    ("an unset entry ends the search", rows(("/", 7), ("/a", 1)), "/a", N),
    ("an entry without a location", b'[{"tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]', "/a", A),
    ("junk among the entries", b'[3, null, {"location": "/", "tdm-reservation": 1}]', "/a", R),
    ("an empty array", b"[]", "/a", N),
    ("a byte order mark", b"\xef\xbb\xbf" + rows(("/", 1)), "/a", R),
    ("no JSON", b"{broken", "/a", U),
    ("no UTF-8", b'[{"location": "\xff"}]', "/a", U),
    ("no array", b'{"location": "/", "tdm-reservation": 0}', "/a", U),
    ("empty", b"", "/a", U),
    ("HTML in place of a 404", b" \n<!DOCTYPE html><p>Not found", "/a", N),
    ("nested too deep", b"[" * 100_000, "/a", U),
]


@pytest.mark.parametrize(("case", "body", "path", "expected"), TDMREP, ids=[row[0] for row in TDMREP])
def test_a_tdmrep_file_means_what_the_report_says(case: str, body: bytes, path: str, expected: Decision) -> None:
    assert decide(judge_tdmrep(200, body).signals(E + path)).uses["train"] is expected


@pytest.mark.parametrize(
    ("status", "error", "state"),
    [(404, None, "none"), (410, None, "none"), (403, None, "none"), (429, None, "unknown"), (500, None, "unknown"),
     (503, None, "unknown"), (301, None, "unknown"), (None, "timeout", "unknown"), (None, None, "unknown"),
     (200, "reset", "unknown")],
)  # fmt: skip
def test_an_answer_of_a_tdmrep_file_is_none_or_unknown(status: int | None, error: str | None, state: str) -> None:
    file = judge_tdmrep(status, rows(("/", 1)), error)
    assert file.state == state
    assert [one.says for one in file.signals(E + "/a")] == ([U] if state == "unknown" else [])


def test_a_tdmrep_signal_names_its_entry_and_policy() -> None:
    body = b'[{"location": "/b"}, {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://e.org/p.json"}]'
    (signal,) = judge_tdmrep(200, body).signals(E + "/a")
    assert (signal.where, signal.value, signal.host) == ("tdmrep.json entry 2", "https://e.org/p.json", "e.org")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"datatrainingallowed=no", R),
        (b"member=https://e.org/\nDataTrainingAllowed = No # us\n", R),
        (b"datatrainingallowed=yes", A),
        (b"datatrainingallowed=maybe", U),
        (b"# datatrainingallowed=no", N),
        (b"", N),
        (b"<html>datatrainingallowed=no", N),
    ],
)
def test_a_trust_file_says_whether_training_is_allowed(body: bytes, expected: Decision) -> None:
    assert decide(trust_signals(body, E + "/a")).uses["train"] is expected


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        (b"User-Agent: *\nDisallow: *.txt\nDisallow: *.pdf", "/a", R),
        (b"User-Agent: *\nDisallow: *.html", "/a/", R),
        (b"User-Agent: *\nDisallow: /", "/a", R),
        (b"User-Agent: *\nDisallow: *", "/", R),
        (b"User-Agent: *\nDisallow: *.jpg\nDisallow: *.png\nAllow: *.html\nAllow: *.txt", "/a", N),
        (b"User-Agent: *\nAllow: /", "/a", N),
        (b"User-Agent: *\nDisallow: /b/", "/a", N),
        (b"User-Agent: x\nDisallow: /", "/a", N),
        (b"<!DOCTYPE html>", "/a", N),
        (b"", "/a", N),
    ],
)
def test_an_ai_file_speaks_of_stories_as_a_kind_of_text(body: bytes, path: str, expected: Decision) -> None:
    assert decide(ai_signals(body, E + path)).uses["train"] is expected


def licence(inner: str, content: str = 'url="/"') -> bytes:
    return (
        f'<?xml version="1.0"?><rsl xmlns="https://rslstandard.org/rsl"><content {content}>'
        f"<license>{inner}</license></content></rsl>"
    ).encode()


def permits(words: str) -> str:
    return f'<permits type="usage">{words}</permits>'


def prohibits(words: str) -> str:
    return f'<prohibits type="usage">{words}</prohibits>'


RSL = [
    # what a licence says, and what it comes to for index, train, input
    ("permits search, prohibits training", permits("search") + prohibits("ai-train"), (A, R, U)),
    ("prohibits beats permits", permits("all") + prohibits("ai-all"), (A, R, R)),
    ("prohibits all", prohibits("all"), (R, R, R)),
    ("prohibits several", prohibits("ai-train ai-input"), (N, R, R)),
    ("prohibits an index for AI", prohibits("ai-index"), (N, N, R)),
    ("permits all", permits("all"), (A, A, A)),
    ("permits for nothing", permits("all") + '<payment type="free"/>', (A, A, A)),
    ("permits for money", permits("ai-all") + '<payment type="purchase"/>', (U, R, R)),
    ("money for everything", '<payment type="subscription"><amount>5</amount></payment>', (R, R, R)),
    ("permits some users", permits("all") + '<permits type="user">non-commercial</permits>', (U, U, U)),
    ("permits some countries", permits("all") + '<permits type="geo">US</permits>', (U, U, U)),
    ("an unknown token", prohibits("ai-dance"), (N, N, N)),
    ("silent", "", (N, N, N)),
]


@pytest.mark.parametrize(("case", "inner", "expected"), RSL, ids=[row[0] for row in RSL])
def test_an_rsl_licence_means_what_the_standard_says(case: str, inner: str, expected: tuple[Decision, ...]) -> None:
    verdict = decide(rsl.read(licence(inner), url=E + "/l.xml").signals(E + "/a"))
    assert tuple(verdict.uses[use] for use in ("index", "train", "input")) == expected


@pytest.mark.parametrize(
    ("content", "path", "expected"),
    [
        ('url="/news/"', "/news/a", R),
        ('url="/news/"', "/a", N),
        ('url="/*.html$"', "/a.html", R),
        ('url="https://e.org/news/"', "/news/a", R),
        ('url="https://other.org/"', "/news/a", N),
        ('url="*"', "/a", R),
        ("", "/a", R),
    ],
)
def test_an_rsl_entry_holds_for_its_paths(content: str, path: str, expected: Decision) -> None:
    file = rsl.read(licence(prohibits("ai-train"), content), url=E + "/l.xml")
    assert decide(file.signals(E + path)).uses["train"] is expected


def test_a_licence_server_means_that_a_licence_is_needed_even_if_free() -> None:
    file = rsl.read(licence(permits("all"), 'url="/" server="https://rsl.example/"'), url=E + "/l.xml")
    assert decide(file.signals(E + "/a")).uses["train"] is R


def test_the_longest_entry_of_an_rsl_document_decides() -> None:
    body = (
        b'<rsl><content url="/"><license><prohibits type="usage">all</prohibits></license></content>'
        b'<content url="/open/"><license><permits type="usage">all</permits></license></content></rsl>'
    )
    file = rsl.read(body, url=E + "/l.xml")
    assert decide(file.signals(E + "/open/a")).uses["train"] is A
    assert decide(file.signals(E + "/a")).uses["train"] is R


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<rsl><content>",
        b"<html><body>Not found</body></html>",
        b'<!DOCTYPE rsl [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rsl><content url="/">&b;</content></rsl>',
        b'<!DOCTYPE rsl SYSTEM "file:///etc/passwd"><rsl/>',
        b"<rsl>" + b"<a>" * 5000,
    ],
)
def test_an_rsl_document_that_cannot_be_read_is_no_permission(body: bytes) -> None:
    file = rsl.read(body, url=E + "/l.xml")
    assert file.error
    assert decide(file.signals(E + "/a")).uses["train"] is U


def test_a_document_that_was_read_replaces_the_link_to_it() -> None:
    link = robots.parse(b"License: https://e.org/l.xml").signals(E + "/a")
    assert decide(link).uses["train"] is U
    read = rsl.read(licence(permits("all")), url=E + "/l.xml").signals(E + "/a")
    assert decide(link + read).uses["train"] is A
    silent = rsl.read(licence(""), url=E + "/l.xml").signals(E + "/a")
    assert decide(link + silent).uses["train"] is N
    other = rsl.read(licence(permits("all")), url=E + "/other.xml").signals(E + "/a")
    assert decide(link + other).uses["train"] is U
    broken = rsl.read(b"<", url=E + "/l.xml").signals(E + "/a")
    assert decide(link + broken).uses["train"] is U


@given(body=st.binary(max_size=200), path=st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_a_well_known_file_raise(body: bytes, path: str) -> None:
    url = f"{E}/{path}"
    judge_tdmrep(200, body).signals(url)
    trust_signals(body, url)
    ai_signals(body, url)
    rsl.read(body, url=E).signals(url)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from(["1", "/", "*", "location"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["location", "tdm-reservation", "tdm-policy"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(value=VALUES)
@settings(max_examples=200, deadline=None)
def test_no_json_makes_a_tdmrep_file_raise(value: object) -> None:
    for signal in judge_tdmrep(200, json.dumps(value).encode()).signals(E + "/a"):
        assert signal.protocol == "tdmrep"
