"""A list of links in an article, however long, takes no paragraph from the story around it."""

import pytest

from newscrawl import read
from newscrawl.model import Page

END = "This is the very last sentence of the story."
SAID = [
    f"Paragraph {n} says that the tide came in at {n} o'clock and that the boats of the harbour lay {n} metres above "
    "the quay, which nobody there had seen before."
    for n in range(1, 9)
]
LINKS = {
    "bare": "<a rel=next href=/p{n}>n</a>",
    "numbered": "<a rel=next href=/p{n}>next {n}</a> ",
    "lines": "<p><a rel=next href=/p{n}>next {n}</a></p>",
    "boxes": "<div><a href=/p{n}>The story number {n} of the harbour</a></div>",
    "items": "<li><a href=/p{n}>The story number {n} of the harbour</a></li>",
}


@pytest.mark.parametrize("at", [0, 4, len(SAID)])
@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_thousands_of_links_leave_the_story_whole(link: str, at: int) -> None:
    """What they took from their element was once without bound: two paragraphs of nine were left, and no flag."""
    parts = [f"<p>{one}</p>" for one in (*SAID, END)]
    parts.insert(at, "".join(link.replace("{n}", str(n)) for n in range(4000)))
    page = Page.from_html(
        "<!doctype html><html lang=en><title>The tide at the harbour</title><body><article>"
        f"<h1>The tide at the harbour came late</h1>{''.join(parts)}</article>",
        url="https://news.example/2026/05/05/the-tide.html",
    )
    story = read.story(page)
    assert story is not None
    assert [one for one in (*SAID, END) if one not in story.text] == []
