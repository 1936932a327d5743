"""Hidden text: what is cut with its evidence, and what stays although it is hidden."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import markup
from newscrawl.clean import hidden
from newscrawl.clean.spans import Context
from newscrawl.model import Draft, Mark

PAGE = "https://news.example/flood"
STORY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The river rose again on Monday and flooded the lower town, the mayor of the valley said.",
        "Firefighters pumped water from two hundred cellars while volunteers filled sandbags along the embankment.",
        "A second phase of the flood defence plan would start in March, the regional minister said in a statement.",
        "Insurance companies expect damage of thirty million euros in the valley and in neighbouring districts.",
    )
)
BODY = (
    "<p>The minister added that the flood defence plan for the valley would protect the lower town and its "
    "cellars.</p><p>Volunteers along the embankment said the river had never before damaged the district so badly.</p>"
)
LINKS = '<a href="https://a.example/">online casino bonus</a> <a href="https://b.example/">best online casino</a>'


def cut(html: str, *, url: str | None = PAGE) -> list[str]:
    draft = markup.fragment(html, url=url).draft
    return [draft.text[point.start : point.end] for point in hidden.find(draft, Context(url=url))]


CUTS = [
    f'<div style="display:none">{LINKS}</div>',
    f'<div style="position:absolute;left:-9999px">{LINKS}</div>',
    '<div style="position:absolute;left:-9999px">cheap watches and bags for sale in every colour</div>',
    '<p style="font-size:1px">replica bags wholesale shipping</p>',
    '<p style="color:#fff;background:#fff">essay writing service for students</p>',
    f'<style>.q{{height:0;overflow:hidden}}</style><div class="q">{LINKS}</div>',
    f'<style>.q{{display:none}}</style><div class="q">{LINKS}</div>',
    f"<script>s.append(document.createTextNode('#k{{position:fixed;top:-99999px}}'))</script><div id='k'>{LINKS}</div>",
    f'<marquee width="1" height="1">{LINKS}</marquee>',
    f"<noscript>{LINKS}</noscript>",
    f"<template>{LINKS}</template>",
    f"<div hidden>{LINKS}</div>",
    f'<div aria-hidden="true"><div style="text-indent:-9999px">{LINKS}</div></div>',
]
KEEPS = [
    f"<div hidden>{BODY}</div>",
    f'<div aria-hidden="true">{BODY}</div>',
    f"<details><summary>Full statement</summary>{BODY}</details>",
    f'<style>.more{{display:none}}</style><div class="more">{BODY}</div>',
    f'<style>.more{{max-height:0;overflow:hidden}}</style><div class="more">{BODY}</div>',
    f'<div style="display:none" id="rest">{BODY}</div>',
    f'<div style="opacity:0;transform:translateY(20px)">{BODY}</div>',
    f"<noscript>{BODY}</noscript>",
    "<noscript><p>Please switch on JavaScript to watch the video.</p></noscript>",
    '<div hidden><a href="https://facebook.com/s">Share</a> <a href="https://wa.me/x">Send</a></div>',
    f"<div>{LINKS}</div>",
]


@pytest.mark.parametrize("html", CUTS)
def test_hidden_spam_is_cut_beside_a_story(html: str) -> None:
    found = cut(f"<article>{STORY}</article>{html}")
    assert len(found) == 1
    assert "river" not in found[0]


@pytest.mark.parametrize("html", CUTS[:-1])
def test_hidden_spam_is_cut_where_nothing_else_stands(html: str) -> None:
    assert len(cut(html)) == 1


@pytest.mark.parametrize("html", KEEPS)
def test_what_a_publisher_hides_or_folds_away_stays(html: str) -> None:
    assert cut(f"<article>{STORY}{html}</article>") == []


def test_every_cut_says_how_it_was_hidden_and_what_else_spoke_against_it() -> None:
    draft = markup.fragment(f"<article>{STORY}</article>{CUTS[6]}", url=PAGE).draft
    (point,) = hidden.find(draft, Context(url=PAGE))
    assert point.reason == "SPAM_HIDDEN"
    assert point.rule == "hidden/stylesheet"
    assert {"hidden", "offsite", "lexicon"} <= {one.kind for one in point.evidence}
    assert point.evidence[0].detail == "display:none"


@given(
    st.text(alphabet="ab .\n<é漢", max_size=200),
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 200), st.sampled_from(["inline", "stylesheet", "attribute"])),
        max_size=6,
    ),
)
def test_points_lie_within_the_text_and_apart(text: str, spans: list[tuple[int, int, str]]) -> None:
    marks = sorted(
        (
            Mark(
                start=min(a, b, len(text)), end=min(max(a, b), len(text)), kind="hidden", attrs={"how": how, "why": "x"}
            )
            for a, b, how in spans
        ),
        key=lambda mark: (mark.start, -mark.end),
    )
    at = 0
    for point in hidden.find(Draft(text=text, marks=tuple(marks)), Context()):
        assert at <= point.start < point.end <= len(text)
        at = point.end


def test_a_page_of_hidden_pieces_takes_linear_time() -> None:
    def timed(pieces: int) -> float:
        draft = markup.fragment(STORY + f'<div style="display:none">{LINKS}</div>' * pieces, url=PAGE).draft
        started = time.process_time()
        assert len(hidden.find(draft, Context(url=PAGE))) == pieces
        return time.process_time() - started

    timed(20)
    assert timed(1200) < 8 * timed(300) + 0.05
