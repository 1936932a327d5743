"""Addresses: one story, one key, whatever dress it comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import read
from newscrawl.read.address import is_section

CANONICAL = [
    ("https://a.example/s?utm_source=x&utm_medium=y", "https://a.example/s"),
    ("https://a.example/s?id=7&fbclid=abc", "https://a.example/s?id=7"),
    ("HTTP://A.Example:80/S#part", "http://a.example/S"),
    ("https://a.example:8443/s", "https://a.example:8443/s"),
    ("https://a.example/s/amp/", "https://a.example/s"),
    ("https://a.example/amp/s", "https://a.example/s"),
    ("https://a.example/s.amp.html", "https://a.example/s.html"),
    ("https://a.example/s?amp=1", "https://a.example/s"),
    ("https://a.example/s/print", "https://a.example/s"),
    ("https://cdn.ampproject.org/c/s/a.example/s", "https://a.example/s"),
    ("https://www.google.com/amp/s/a.example/s/amp/", "https://a.example/s"),
    ("https://a.example/a/../b//c", "https://a.example/b/c"),
    ("https://a.example/%7Ejo/%C3%BC", "https://a.example/~jo/%C3%BC"),
    ("https://a.example/ü", "https://a.example/%C3%BC"),
    (
        "https://a.example/index.php?option=com_content&view=article&id=7",
        "https://a.example/index.php?option=com_content&view=article&id=7",
    ),
    ("mailto:a@b.example", "mailto:a@b.example"),
    ("  https://a.example  ", "https://a.example/"),
    ("https://[bad", "https://[bad"),
]


@pytest.mark.parametrize(("given_url", "want"), CANONICAL)
def test_an_address_loses_what_only_tells_where_a_reader_came_from(given_url: str, want: str) -> None:
    assert read.canonical(given_url) == want


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.a.example/s/", "https://a.example/s"),
        ("https://m.a.example/s", "https://a.example/s"),
        ("https://amp.a.example/s", "https://www.a.example/s?utm_source=rss"),
        ("https://a.example/s?b=2&a=1", "https://a.example/s?a=1&b=2"),
    ],
)
def test_dresses_of_one_story_share_a_key(one: str, other: str) -> None:
    assert read.story_key(one) == read.story_key(other)


def test_two_stories_never_share_a_key() -> None:
    urls = [
        "https://a.example/s1",
        "https://a.example/s2",
        "https://a.example/s?id=1",
        "https://b.example/s1",
        "https://a.example/S1",
    ]
    assert len({read.story_key(url) for url in urls}) == len(urls)


@pytest.mark.parametrize(
    ("host", "want"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("kompas.com", "kompas.com"),
        ("a.b.go.id", "b.go.id"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost", "localhost"),
        ("kabar.test", "kabar.test"),
        ("", ""),
    ],
)
def test_the_registrable_domain_needs_no_network(host: str, want: str) -> None:
    assert read.registrable(host) == want


@pytest.mark.parametrize(
    "url", ["https://a.example/", "https://a.example/tag/sea", "https://a.example/author/jo", "https://a.example/x.pdf"]
)
def test_listing_addresses_are_told_from_stories(url: str) -> None:
    assert is_section(url)


@given(st.text(max_size=80))
def test_canonical_is_stable_and_never_raises(text: str) -> None:
    for url in (text, f"https://a.example/{text}", f"https://a.example/?{text}", f"https://{text}/"):
        once = read.canonical(url)
        assert read.canonical(once) == once
        assert read.story_key(once) == read.story_key(url)
