"""Text that stands deep is read like any other; pages that are made to hang a parser are cut, and say so."""

import time

import pytest

from newscrawl import markup
from newscrawl.model import Page

STORY = "<p>The last sentence of the story stands here."
DEEP = {
    "blocks": "<div>" * 10_000,
    "closed blocks": "<div>" * 10_000 + "first" + "</div>" * 10_000,
    "inline": "<font><span>word " * 5000,
    "tables": "<table><tr><td>cell " * 3000,
    "lists": "<ul><li>point " * 3000,
    "quotes": "<blockquote>" * 5000,
    "unknown elements": "<x-box>" * 5000,
    "forms": "<form><fieldset>" * 5000,
    "wrong ends": "<div></span>" * 5000,
    "scripts between": "<div><script>a<div></script>" * 4000,
}
HOSTILE = {
    "tiny paragraphs": "<p>" * 1_700_000,
    "tiny paragraphs with a letter": "<p>x" * 1_300_000,
    "misnested": "<b><i><u><p>" * 400_000,
    "attributes": "<div " + " ".join(f"a{n}=x" for n in range(200_000)) + ">" + STORY,
    "comments": "<!--x-->y" * 40_000 + STORY,
    "instructions": "<?x?>y" * 66_000 + STORY,
    "one line": "<p>" + "word " * 1_000_000,
    "spaces": "<p>" + " " * 5_000_000,
    "open quotes": '<a "' * 1_300_000,
    "less-than signs": "<" * 5_000_000,
    "ampersands": "&a" * 2_500_000,
    "scripts": "<script>x</script>" * 50_000 + STORY,
    "lines": STORY + "<br> \n" * 150_000,
}


def document(html: str) -> markup.Document:
    return markup.document(Page(url="https://news.example/a", body=html.encode()))


@pytest.mark.parametrize("name", DEEP)
def test_no_text_is_lost_in_the_depth(name: str) -> None:
    made = document("<p>It begins.</p>" + DEEP[name] + STORY)
    assert "The last sentence of the story stands here." in made.draft.text
    assert made.draft.text.startswith("It begins.")
    assert "nesting_flattened" in made.flags


def test_what_is_lost_all_the_same_is_said() -> None:
    assert "text_lost" in document("<select><optgroup>" * 3000 + "</select>" + STORY).flags


def test_an_ordinary_page_is_left_as_it_is() -> None:
    assert document("<div><ul>" * 40 + STORY).flags == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_takes_the_parser_long(name: str) -> None:
    began = time.process_time()
    made = document(HOSTILE[name])
    text = made.draft.text
    assert time.process_time() - began < 5
    if HOSTILE[name].endswith(STORY) and "page_cut" not in made.flags:
        assert "The last sentence" in text


def test_a_page_of_too_many_tags_says_that_it_was_cut() -> None:
    assert "page_cut" in document(HOSTILE["tiny paragraphs"]).flags


def test_a_wrong_label_does_not_garble_a_page() -> None:
    body = ("<html><body>" + STORY + " Über Öl und Äpfel, schön süß, größer, Maß: früh übt sich." * 30).encode()
    for label in ("utf-16", "utf-16le", "us-ascii", "utf-7"):
        page = Page(url="https://news.example/a", body=body, headers={"content-type": (f"text/html; charset={label}",)})
        assert "The last sentence of the story" in markup.document(page).draft.text, label


def test_a_page_that_is_no_text_says_so() -> None:
    made = markup.document(Page(url="https://news.example/a", body=b"<p>" + b"\xff\xfe\xfa\xfb word " * 300))
    assert "encoding_broken" in made.flags
