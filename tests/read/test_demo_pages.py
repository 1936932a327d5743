"""The bundled demo's stories, which were written by another hand, read as its own list expects."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl import markup, read
from newscrawl.demo import expected, kiosk, newsroom
from newscrawl.model import Page

PORT = 8731
ANSWERS = kiosk.answers(newsroom.newsroom(), PORT)
EXPECTED = {one.url: one for one in expected.expected(PORT)}
FETCHED = datetime(2026, 11, 24, 12, tzinfo=UTC)


def page_of(host: str, path: str) -> Page:
    answer = ANSWERS[host, path]
    url = f"http://{host}:{PORT}{path}"
    return Page(url=url, headers={"content-type": answer.type}, body=answer.body, fetched=FETCHED)


@pytest.mark.parametrize("url", sorted(EXPECTED))
def test_a_demo_story_reads_as_expected(url: str) -> None:
    want = EXPECTED[url]
    story = read.story(page_of(want.host, want.path))
    assert story is not None
    assert story.title == want.title
    assert set(story.authors) == set(want.authors)
    assert set(story.editors) == set(want.editors)
    assert story.source_url == (read.canonical(want.source_url) if want.source_url else None)
    assert ("teaser" in story.flags) is want.truncated
    assert (story.language or "").startswith(want.language)
    assert story.published is not None
    if want.published is not None:
        assert story.published.at.date() == want.published.date()
    text = " ".join(story.text.split())
    found = [" ".join(one.split()) in text for one in want.paragraphs]
    assert all(found) or want.spam  # spam may stand inside a paragraph
    assert any(found)


def test_the_demo_listings_lead_to_stories_alone() -> None:
    hosts = {one.host for one in EXPECTED.values()}
    keys = {read.story_key(url) for url in EXPECTED}
    seen: set[str] = set()
    for (host, path), answer in ANSWERS.items():
        if host not in hosts or answer.status != 200 or (host, path) in {(e.host, e.path) for e in EXPECTED.values()}:
            continue
        page = page_of(host, path)
        kind = read.sniff(page)
        if kind == "html":
            listing = read.listing(markup.document(page))
        elif kind in ("feed", "jsonfeed"):
            listing = read.feed(page)
        elif kind == "sitemap":
            listing = read.sitemap(page)
        else:
            continue
        found = {read.story_key(lead.url) for lead in listing.stories}
        assert not found - keys, path
        seen |= found
    assert len(seen) >= 0.98 * len(keys)


@pytest.mark.parametrize(
    ("host", "path"), [(host, path) for (host, path), answer in ANSWERS.items() if path in ("/impressum", "/privacy", "/about", "/kontak/", "/seite/2", "/")]
)  # fmt: skip
def test_a_demo_page_of_another_kind_is_no_story(host: str, path: str) -> None:
    if read.sniff(page_of(host, path)) == "html":
        assert read.story(page_of(host, path)) is None
