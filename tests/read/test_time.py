"""Hostile pages cost time in proportion to their length."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from newscrawl import markup, read
from newscrawl.model import Page
from newscrawl.read import authors, dates, suffixes

LIMIT = 6.0  # four times the length may cost so many times as much, where linear is 4
FLOOR = 0.05


def page_of(html: str) -> Page:
    return Page.from_html(html, url="https://a.example/s")


KINDS: dict[str, Callable[[int], str]] = {
    "links": lambda n: "".join(f"<a href='/{i}'>Link number {i} of many</a>" for i in range(n)),
    "cards": lambda n: "".join(
        f"<div class=card><h3><a href='/{i}-a-b-c'>Title {i} of many</a></h3></div>" for i in range(n)
    ),
    "paragraphs": lambda n: "<p>The harbour board met, and agreed to buy a ferry.</p>" * n,
    "leads": lambda n: (
        "<h1>Boats</h1>" + "".join(f"<p class=lead>A standfirst of number {i}, and it goes on.</p>" for i in range(n))
    ),
    "authors": lambda n: "<p>The harbour board met, and agreed.</p>" * 9 + "<span class=author>Jo Marsh</span>" * n,
    "one long word": lambda n: "<p>" + "a" * 20 * n + "</p>",
    "times": lambda n: "<p>The board met, and agreed to it.</p>" * 9 + "<time>soon 1</time>" * n,
    "nested": lambda n: "<div class=media>" * (n // 20) + "text" + "</div>" * (n // 20),
}


def cost(work: Callable[[str], object], html: str) -> float:
    """The least of three: what else a busy machine does is no cost of ours."""
    took = []
    for _ in range(3):
        began = time.process_time()
        work(html)
        took.append(time.process_time() - began)
    return min(took)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", ["story", "listing"])
def test_a_page_four_times_as_long_takes_about_four_times_as_long(kind: str, reader: str) -> None:
    def work(html: str) -> object:
        document = markup.document(page_of(html))
        return read.story_in(document) if reader == "story" else read.listing(document)

    work(KINDS[kind](20))
    small, large = cost(work, KINDS[kind](500)), cost(work, KINDS[kind](2000))
    assert large < LIMIT * max(small, FLOOR)


@pytest.mark.parametrize("letter", ["a", " ", "(", "@", "1", "-", ",", "：", "By ", "| ", "ab@", "1."])
def test_no_field_pattern_runs_away(letter: str) -> None:
    text = letter * 20_000
    began = time.process_time()
    authors.names(text)
    authors.byline(text)
    authors.labelled(text)
    dates.moment(text, language="en")
    suffixes.stripped(text[:500], [text[:499]], {"example"})
    read.canonical(f"https://a.example/{text}?{text}")
    assert time.process_time() - began < 1.5
