"""Site files: what they say is read, what they must not say is refused by file, key and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newscrawl import read, sitebook
from newscrawl.model import Page

GOOD = """
outlet = "Fen Gazette"
hosts = ["fengazette.example"]
starts = ["https://fengazette.example/"]
feeds = ["https://fengazette.example/feed"]
language = "en"
zone = "+01:00"

[listing]
stories = "h2.t a"
next = "a.older"
story_path = "^/20"

[[layout]]
since = 2020-01-01
body = "#story"

[[layout]]
since = 2025-01-01
title = "h1.head"
body = "div.text"
drop = [".pull"]
authors = ".who"
published = "meta[name=when]::attr(content)"
"""


def write(folder: Path, text: str, name: str = "fen") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_site_file_is_read_with_its_newest_layout_first(tmp_path: Path) -> None:
    site = sitebook.read(write(tmp_path, GOOD))
    assert (site.name, site.outlet, site.hosts) == ("fen", "Fen Gazette", ("fengazette.example",))
    assert [layout.since for layout in site.layouts] == [date(2025, 1, 1), date(2020, 1, 1)]
    assert site.owns("www.fengazette.example")
    assert not site.owns("notfengazette.example")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("robots = false\n", ["robots", "take the line out"]),
        ("user_agent = 'x'\n", ["user_agent", "take the line out"]),
        ("pipelines = []\n", ["pipelines", "take the line out"]),
        ("rights = 'mine'\n", ["rights", "licence file"]),
        ("colour = 'red'\n", ["colour", "unknown key", "starts"]),
        ("[listing]\nstory = 'a'\n", ["listing.story", "unknown key"]),
        ("[[layout]]\nbody = 'p['\n", ["layout[1].body", "no CSS selector"]),
        ("[[layout]]\nauthors = 'p'\n", ["layout[1].body", "selects nothing"]),
        ("[[layout]]\nbody = 'p'\nheadline = 'h1'\n", ["layout[1].headline", "unknown key"]),
        ("[[layout]]\nbody = 'p'\nsince = '2020'\n", ["since", "without quotes"]),
        ("starts = ['ftp://x']\n", ["starts", "no http(s) address"]),
        ("feeds = 'x'\n", ["feeds", "list of texts"]),
        ("language = '???'\n", ["language", "such as"]),
        ("zone = 'WIB'\n", ["zone", "+07:00"]),
        ("[listing]\nstory_path = '('\n", ["story_path", "no pattern"]),
    ],
)
def test_a_bad_key_is_named_with_its_remedy(tmp_path: Path, change: str, says: list[str]) -> None:
    path = write(tmp_path, 'outlet = "Fen"\nhosts = ["fen.example"]\n' + change)
    with pytest.raises(sitebook.SiteError) as refused:
        sitebook.read(path)
    for part in [str(path), *says]:
        assert part in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        'hosts = ["a.example"]',
        'outlet = "A"',
        "= broken",
        'outlet = "A"\nhosts = []',
        'outlet = "A"\nhosts = ["UP.example"]',
    ],
)
def test_what_lacks_or_breaks_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(sitebook.SiteError):
        sitebook.read(write(tmp_path, text))


def test_one_host_belongs_to_one_site(tmp_path: Path) -> None:
    write(tmp_path, 'outlet = "A"\nhosts = ["a.example"]', "a")
    write(tmp_path, 'outlet = "B"\nhosts = ["a.example"]', "b")
    with pytest.raises(sitebook.SiteError, match="leave it in one"):
        sitebook.read_folder(tmp_path)


def test_the_site_files_that_come_along_all_load() -> None:
    assert all(site.hosts for site in sitebook.sites())


PAGE = """<html><head><meta name=when content="2026-05-04T10:30"></head><body><h1>Wrong</h1><h1 class=head>Reeds cut early</h1>
<p class=who>By Jo Marsh</p><div class=text>Short text. <p class=pull>Pulled.</p></div><div>A longer text of another kind, which the generic way would rather take, since it goes on and on.</div></body></html>"""


def test_a_layout_goes_before_the_generic_way(tmp_path: Path) -> None:
    site = sitebook.read(write(tmp_path, GOOD))
    story = read.story(Page.from_html(PAGE, url="https://fengazette.example/2026/reeds"), site)
    assert story is not None
    assert (story.title, story.text, story.authors) == ("Reeds cut early", "Short text.", ("Jo Marsh",))
    assert story.published is not None
    assert story.published.at.isoformat() == "2026-05-04T10:30:00+01:00"
    assert story.origins["body"] == "site layout"


def test_an_older_layout_serves_older_pages_and_the_generic_way_the_rest(tmp_path: Path) -> None:
    site = sitebook.read(write(tmp_path, GOOD))
    old = read.story(
        Page.from_html("<div id=story>Old story.</div><p>Else</p>", url="https://fengazette.example/1"), site
    )
    assert old is not None
    assert old.text == "Old story."
    text = "<p>A new make of page that no layout knows, but which holds enough text to be read all the same, the editor says.</p>"
    other = read.story(Page.from_html(text * 3, url="https://fengazette.example/2"), site)
    assert other is not None
    assert other.origins["body"] != "site layout"


def test_listing_selectors_go_before_the_generic_way(tmp_path: Path) -> None:
    from newscrawl import markup

    site = sitebook.read(write(tmp_path, GOOD))
    html = "<h2 class=t><a href=/2026/a>A</a></h2><h2 class=t><a href=/about>B</a></h2><a class=older href=/p2>x</a>"
    listing = read.listing(markup.document(Page.from_html(html, url="https://fengazette.example/")), site)
    assert [lead.url for lead in listing.stories] == ["https://fengazette.example/2026/a"]
    assert listing.next == ("https://fengazette.example/p2",)
