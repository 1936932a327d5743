"""Hostile pages take no longer than their length allows, in every room that a page goes through."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from itertools import count

import pytest

from newscrawl import clean, markup, process, styles
from newscrawl.model import Page

MEGABYTE = 1 << 20


def times(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


NUMBERS = count(10_000)


def numbered(piece: str, size: int) -> str:
    """The piece again and again, each % a number that was never used before, so that nothing is known of it yet."""
    return "".join(piece.replace("%", str(next(NUMBERS))) for _ in range(size // (len(piece) + 4)))


PAGES: dict[str, Callable[[int], str]] = {
    "open blocks": lambda n: times("<div>", n),
    "open inlines": lambda n: times("<b>x ", n),
    "open tables": lambda n: times("<table><tr><td>x", n),
    "open svgs": lambda n: times("<svg><p>x", n),
    "one tag of attributes": lambda n: "<p " + times("a=b ", n) + ">x",
    "less-than signs": lambda n: times("<", n),
    "quotes": lambda n: times('"', n),
    "comments": lambda n: times("<!--x-->", n),
    "comments left open": lambda n: times("<!--", n),
    "links up and down": lambda n: times("<a href='../../a/./b'>t</a> ", n),
    "links all different": lambda n: numbered("<a href=/x/%>t</a> ", n),
    "classes all different": lambda n: numbered("<p class='a% b% c'>x</p>", n),
    "one class attribute": lambda n: "<p class='" + times("a b ", n) + "'>x",
    "inline styles": lambda n: numbered("<p style='color:#%;left:%px'>x", n),
    "colours on grounds": lambda n: numbered("<div bgcolor=#%><font color=#%>x</font></div>", n),
    "rules": lambda n: "<style>" + numbered(".c% p{display:none}", n) + "</style>" + times("<p class=c1>x", n // 9),
    "rules piled on one tag": lambda n: (
        "<style>" + numbered("a .b% p,p[a%]{color:#fff}", n // 2) + "</style>" + times("<p class=b1 a1=x>x", n // 2)
    ),
    "rules left open": lambda n: "<style>" + times("a{b:", n),
    "quotes in rules": lambda n: "<style>" + times("a{'\n\"", n),
    "comments in rules": lambda n: "<style>" + times("/*", n),
    "scripts that write": lambda n: times("<script>x.innerHTML='{", n),
    "lists in data": lambda n: "<script type=application/ld+json>" + times("[", n) + "</script><p>x",
    "preformatted lines": lambda n: "<pre>" + times("a\n", n),
    "line breaks": lambda n: times("<br>x ", n),
    "hidden blocks": lambda n: times("<div hidden>x</div>", n),
    "control characters": lambda n: times("\x01a", n),
    "one word": lambda n: times("a", n),
    "paragraphs": lambda n: times("<p>One two three four. ", n),
}


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, since the machine may be busy with other work; less what waits to be collected from before."""
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        work()
        return time.process_time() - started
    finally:
        gc.enable()


def hostile(shape: str, size: int) -> Page:
    return Page.from_html("<html><body><h1>Headline</h1>" + PAGES[shape](size), url="https://h.example/a")


@pytest.mark.parametrize("shape", PAGES)
def test_a_hostile_megabyte_is_through_in_two_seconds(shape: str) -> None:
    page = hostile(shape, MEGABYTE)
    assert seconds(lambda: process(page)) < 2.0


GROWING: dict[str, Callable[[str], object]] = {
    "tame": markup.tame,
    "draft": lambda html: markup.document(Page.from_html(html, url="https://h.example/a")).draft,
    "sheet": lambda html: styles.sheet([html], [html]),
}


@pytest.mark.parametrize("room", GROWING)
@pytest.mark.parametrize("shape", PAGES)
def test_four_times_as_much_takes_less_than_six_times_as_long(room: str, shape: str) -> None:
    work, page = GROWING[room], PAGES[shape]

    def took(size: int) -> float:
        html = page(size)
        return seconds(lambda: work(html))

    long = took(1 << 18)
    if long > 0.03:  # else 256 KiB are read in a moment, and nothing grows that could be measured
        short = min(took(1 << 16) for _ in range(3))
        assert min(long, took(1 << 18)) < 6 * short


def test_a_remembered_sheet_answers_as_a_new_one_and_holds_a_bounded_number_of_names() -> None:
    css = [".a{display:none} .b{top:0}"]
    read = styles.sheet(css)
    for number in range(styles.SUBJECTS + 50):
        read.hides("p", {"class": f"x{number}"})
    assert len(read.subjects) <= styles.SUBJECTS
    before = len(read.subjects)
    assert read.hides("p", {"class": "a " + "y" * 1000}) is not None
    assert len(read.subjects) <= before + 1
    assert styles.sheet(css).hides("p", {"class": "a"}) == styles.sheet([*css, ""]).hides("p", {"class": "a"})


LINES = (
    "Read more: ",
    "Source: A. ",
    "By A B, ",
    "a ",
    "(",
    "1 ",
    "… ",
    "© ",
    "#tag ",
    ": ",
    "\n\n",
    "Baca juga: x\n\n",
)


@pytest.mark.parametrize("piece", LINES)
def test_the_cleaner_keeps_pace_with_a_long_line(piece: str) -> None:
    clean.sanitize_text("Some words.")
    long = min(seconds(lambda: clean.sanitize_text(times(piece, 1 << 15))) for _ in range(2))
    short = min(seconds(lambda: clean.sanitize_text(times(piece, 1 << 13))) for _ in range(2))
    assert long < 6 * max(short, 0.02)
