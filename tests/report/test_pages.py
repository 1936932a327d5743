"""What was crawled never becomes markup in the report, and each cut and notice can be found there."""

import re
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from newscrawl import record
from newscrawl.cli.crawl import SEVERITY
from newscrawl.model import FieldRemoval, Image, Related
from newscrawl.report import build, cuts_page, pages, run_page
from newscrawl.report.charts import bars, over_time
from newscrawl.report.labels import EXITS, PROTOCOLS, REASONS
from newscrawl.report.pages import PER_PAGE, render, shorten
from newscrawl.report.rightsviews import quoted
from newscrawl.report.views import pieces_of, slug
from tests.crawl.running import ROOT
from tests.makers import article, cleaned, withheld

XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><body onload=alert(1)>",
    "javascript:alert(1)",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--<script>-->",
    "{{ 7 * 7 }}{% raw %}",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    '" autofocus onfocus=alert(1) x="',
    "<a href=data:text/html,x>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "\u202e<b>reversed",
]


def poisoned_run(poison: str, started: str) -> dict[str, object]:
    return {
        "spider": poison,
        "started": started,
        "finish_reason": poison,
        "exit_code": 0,
        "sites": {poison: {"seen": 3, "exported": 2, poison: 1}},
        "details": {
            poison: {"withheld": {poison: 1}, "cut_characters": {"SPAM": 9, poison: 1}, "cut_families": {poison: 1}}
        },
        "withheld": {poison: 1},
        "cut_characters": {poison: 9},
        "field_coverage": {poison: 1},
        "robots_unreachable": [poison],
        "hosts": {poison: {"answers": 1, "mean_seconds": 1.5, "longest_seconds": 2}},
        "alerts": [{"line": poison}],
        "settings": {poison: poison, "NEWSCRAWL_HOSTS": {poison: [poison]}},
        "newscrawl": {"version": poison, "rules": poison},
    }


def poisoned(value: Any, poison: str, keep: frozenset[str] = frozenset()) -> Any:
    """A record with each of its texts replaced, but those under the keys to keep."""
    if isinstance(value, dict):
        return {key: one if key in keep else poisoned(one, poison, keep) for key, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, poison, keep) for one in value]
    return poison if isinstance(value, str) else value


SNAPSHOT = {
    "url": "x", "status": 200, "sha256": "x", "fetched": "x", "group": "x", "rule": "x", "crawl_delay": None
}  # fmt: skip


def built(tmp_path: Path, poison: str) -> list[Path]:
    text = f"One true sentence.\n\n{poison} slot\n\nAnother."
    cut = cleaned(text, spam=f"{poison} slot\n\n")
    story = article(
        title=poison,
        cleaned=cut,
        site=poison,
        summary=poison,
        authors=(poison,),
        editors=(poison,),
        language=poison,
        source_url=poison,
        source_name=poison,
        tags=(poison,),
        copyright=poison,
        license=poison,
        images=(Image(url=poison, caption=poison),),
        related=(Related(title=poison, url=poison),),
        flags=(poison,),
        field_removals=(FieldRemoval(field=poison, removal=cut.removals[0]),),
    )
    no = withheld(url=poison, quote=poison, site=poison, source_url=poison)
    runs = [poisoned_run(poison, poison), poisoned_run(poison, "2026-05-04T12:30:01"), poisoned_run("x", "2026-05-05")]
    kept = record.article_record(story)
    ledger = poisoned(record.withheld_record(no), poison, frozenset(("id",)))
    ledger["rights"] |= {
        "robots": poisoned(SNAPSHOT, poison), "source_robots": poisoned(SNAPSHOT, poison), "not_checked": [poison],
        "lifted": [{"signal": {"host": poison}, "contract": poison, "expires": poison}],
    }  # fmt: skip
    kept["rights"] = ledger["rights"]
    cuts = poisoned(record.cuts_record(story), poison, frozenset(("id", "text")))
    build(tmp_path, [(kept, cuts)], [ledger], runs)
    (tmp_path / "run.html").write_text(run_page(runs[0], runs), "utf-8")
    return sorted(tmp_path.rglob("*.html"))


@pytest.mark.parametrize("poison", XSS)
def test_nothing_that_was_crawled_becomes_markup(tmp_path: Path, poison: str) -> None:
    made = built(tmp_path, poison)
    assert len(made) == 6  # the index, a site, a story, a withheld page, a run that has a name, and one on its own
    for path in made:
        root = lxml.html.fromstring(path.read_text("utf-8"))
        assert not root.xpath("//script | //img | //iframe | //math | //form | //object")
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        drawn = {str(shape.tag) for chart in root.iter("svg") for shape in chart.iter()}
        assert drawn <= {"svg", "g", "path", "rect", "circle", "text"}
        assert {chart.get("class") for chart in root.iter("svg")} <= {"chart wide", "chart narrow"}
        targets = [link.get("href") for link in root.iter("a")]
        assert all(re.match(r"(\.\./)?[A-Za-z0-9/-]+\.html$|#", target) for target in targets), targets


def test_every_page_has_a_policy_that_lets_nothing_in(tmp_path: Path) -> None:
    for path in built(tmp_path, "plain"):
        policy = lxml.html.fromstring(path.read_text("utf-8")).xpath("//meta[@http-equiv]/@content")[0]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy


def test_the_original_stands_on_the_page_with_each_cut_in_place() -> None:
    text = cleaned()
    root = lxml.html.fromstring(cuts_page("a page", text))
    shown = root.find_class("original")[0]
    for mark in shown.iter("sup"):
        mark.text = ""
        for link in mark:
            link.text = ""
    assert shown.text_content() == text.original
    assert "slot gacor" in shown.find(".//del").text_content()
    assert "two words in four" in root.text_content()


def test_a_withheld_page_quotes_the_notice_and_nothing_else(tmp_path: Path) -> None:
    build(tmp_path, [], [record.withheld_record(withheld())], [])
    page = next((tmp_path / "withheld").iterdir()).read_text("utf-8")
    assert "<blockquote" in page
    told = {row[0].text_content(): row[1].text_content() for row in lxml.html.fromstring(page).xpath("//figure//tr")}
    assert told["in the name of"] == "news.example"
    assert told["stood in"] == "plain words: footer"
    assert told["read"] == "2026-05-04 12:30:00 UTC"


def test_a_long_list_is_paged(tmp_path: Path) -> None:
    stories = [(record.article_record(article(url=f"https://news.example/{n}")), None) for n in range(1101)]
    build(tmp_path, stories, [], [])
    assert len(list(tmp_path.glob("site-*.html"))) == 3


def lines(number: int) -> list[tuple[record.Record, record.Record | None]]:
    stories = [article(url=f"https://news.example/{n}") for n in range(number)]
    return [(record.article_record(one), record.cuts_record(one)) for one in stories]


def test_a_page_that_stands_is_not_written_again_and_one_whose_record_is_gone_is_taken_away(tmp_path: Path) -> None:
    stories = lines(3)
    build(tmp_path, stories, [], [])
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "stories").iterdir()}
    mine = tmp_path / "stories" / "notes.html"
    mine.write_text("not of ours", "utf-8")
    build(tmp_path, stories[1:], [], [])
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "stories").iterdir() if path != mine}
    assert len(after) == 2
    assert after.items() <= before.items()
    assert mine.exists()


def test_pages_of_another_make_are_all_written_again(tmp_path: Path) -> None:
    stories = lines(2)
    build(tmp_path, stories, [], [])
    (tmp_path / ".stamp").write_text("another", "ascii")
    page = next((tmp_path / "stories").iterdir())
    page.write_text("stale", "utf-8")
    build(tmp_path, stories, [], [])
    assert page.read_text("utf-8") != "stale"


def test_the_newest_stories_stand_on_a_sites_own_page_and_older_ones_behind_it(tmp_path: Path) -> None:
    build(tmp_path, lines(PER_PAGE + 2), [], [])
    newest, older = sorted(tmp_path.glob("site-*.html"), key=lambda path: len(path.name))
    assert len(lxml.html.fromstring(newest.read_text("utf-8")).xpath("(//tbody)[1]/tr")) == 2
    assert len(lxml.html.fromstring(older.read_text("utf-8")).xpath("//tbody/tr")) == PER_PAGE
    assert older.name in newest.read_text("utf-8")
    assert newest.name in older.read_text("utf-8")


def test_pieces_rebuild_the_original() -> None:
    text = cleaned()
    pieces, cuts = pieces_of(text.text, record.cuts_record(article(cleaned=text))["removals"])  # type: ignore[arg-type]
    assert "".join(piece.text for piece in pieces) == text.original
    assert [cut.reason for cut in cuts] == ["SPAM_KWBLOCK"]


@pytest.mark.parametrize(("text", "name"), [("../../etc/passwd", "etc-passwd"), ("", "x"), ("A" * 99, "a" * 64)])
def test_a_file_name_cannot_escape(text: str, name: str) -> None:
    assert slug(text) == name


def test_an_undefined_value_is_an_error_not_a_blank() -> None:
    with pytest.raises(Exception, match=r"undefined|no attribute"):
        render("site.html", site="x")


def test_a_long_text_is_shortened_in_the_middle() -> None:
    assert len(shorten("word " * 200)) <= 160


def peak(number: int, folder: Path) -> int:
    """Bytes at most while a report of so many stories of four sites is built."""
    made, cuts = lines(1)[0]
    stories = (
        ({**made, "id": f"{n:016x}-{n:08x}", "title": f"Title {n}", "site": f"s{n % 4}.test"}, cuts)
        for n in range(number)
    )
    tracemalloc.start()
    build(folder, stories, [], [])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 50)
    peak(10, tmp_path / "warm")
    few = peak(500, tmp_path / "few")
    many = peak(2500, tmp_path / "many")
    assert many - few < 200 * 2000, f"{(many - few) / 2000:.0f} bytes a story more"


def test_drawing_a_chart_leaves_the_import_of_modules_as_it_was() -> None:
    before = list(sys.meta_path)
    assert over_time("Runs", ["a", "b"], {"new": [1.0, 2.0]}) is not None
    assert sys.meta_path == before


def test_a_chart_of_nothing_is_none() -> None:
    assert over_time("Runs", ["a"], {"new": [1.0]}) is None
    assert bars("Hosts", {"a.test": 0.0}, " s") is None


def test_a_chart_has_a_drawing_for_each_width_and_the_same_in_figures() -> None:
    chart = over_time("Runs", ["mon", "tue"], {"new": [1.0, 1200.0], "withheld": [0.0, 2.0]})
    assert chart is not None
    assert len(chart.drawings) == 2
    assert all('role="img" aria-label="Runs"' in one for one in chart.drawings)
    assert chart.heads == ("when", "new", "withheld")
    assert chart.rows == (("tue", "1,200", "2"), ("mon", "1", "0"))


def test_what_was_not_fetched_is_not_told_as_a_withheld_page(tmp_path: Path) -> None:
    rows = [
        record.withheld_record(withheld()),
        {**record.withheld_record(withheld("https://b.example/")), "fetched": None},
    ]
    rows[1]["id"] = "1123456789abcdef-01234567"
    told = build(tmp_path, [], rows, [])
    assert (told.stories, told.withheld, told.not_fetched) == (0, 1, 1)
    page = (tmp_path / "withheld" / "1123456789abcdef-01234567.html").read_text("utf-8")
    assert "<h1>Not fetched:" in page
    assert "it was not asked for" in page


def test_a_sentence_that_was_read_for_several_crawlers_is_quoted_once_with_each_of_them() -> None:
    one = {
        "protocol": "robots", "where": "robots.txt line 3", "quote": "Disallow: /", "value": "disallow GPTBot",
        "scope": ["train"], "says": "reserved", "basis": "inferred", "host": "a.example", "at": "2026-05-04T12:30:01+00:00",
        "machine_readable": True, "rule": None, "language": None,
    }  # fmt: skip
    other = {**one, "value": "disallow CCBot"}
    (told,) = quoted([one, other])
    assert told.values == ("disallow GPTBot", "disallow CCBot")
    assert (told.protocol, told.scope) == ("robots.txt", "training AI models")
    assert len(quoted([one, {**one, "host": "b.example"}])) == 2


def test_each_reason_each_protocol_and_each_exit_code_has_a_name() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "newscrawl" / "clean").glob("*.py"))
    used = set(re.findall(r'"((?:WRAP|SPAM|SITE)_[A-Z]+)"', code))
    assert len(used) > 10
    assert used <= set(REASONS), used - set(REASONS)
    assert {"prose", "terms", *re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/reference/rights.md").read_text("utf-8").partition("## ")[0], re.MULTILINE)} - {
        "page", "feed",
    } <= set(PROTOCOLS)  # fmt: skip
    assert set(SEVERITY) == set(EXITS) - {0}
