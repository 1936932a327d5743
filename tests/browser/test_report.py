"""The report in a real browser: what a person sees and does, on a desk and on a phone, in the light and in the dark."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from newscrawl.__main__ import cli
from tests.browser.driving import BROWSER, Browser
from tests.crawl.running import ROOT, crawl, free_port

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium: the report was NOT looked at (on Debian: apt-get install chromium)"
)
PICTURES = ROOT / "artefacts"
SITE = "kabarkilat.test"
LOOKS = {"desk": (1200, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from click.testing import CliRunner

    where = tmp_path_factory.mktemp("report")
    for _ in range(2):
        ran = crawl(where, "demo", settings={"NEWSCRAWL_DEMO_PORT": free_port()})
        assert ran.code == 0, ran.said[-2000:]
    done = CliRunner().invoke(cli, ["report", str(where / "archive")])
    assert done.exit_code == 0, done.output
    return where / "archive"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as one:
        yield one


@pytest.fixture
def index(browser: Browser, folder: Path) -> Browser:
    browser.look()
    browser.open((folder / "report" / "index.html").as_uri())
    return browser


def to_story(browser: Browser) -> None:
    site = browser.value(
        f"[...document.querySelectorAll('a')].find(a => a.textContent === '{SITE}').getAttribute('href')"
    )
    browser.click(f"a[href='{site}']")
    story = browser.value(
        "[...document.querySelectorAll('tbody tr')].find(row => row.cells[3].textContent && "
        "row.querySelector('.allowed')).querySelector('a').getAttribute('href')"
    )
    browser.click(f"a[href='{story}']")


def to_withheld(browser: Browser) -> None:
    site = browser.value(
        f"[...document.querySelectorAll('a')].find(a => a.textContent === '{SITE}').getAttribute('href')"
    )
    browser.click(f"a[href='{site}']")
    page = browser.value("document.querySelector('tbody a[href^=\"withheld/\"]').getAttribute('href')")
    browser.click(f"a[href='{page}']")


def test_the_index_shows_runs_charts_and_sites(index: Browser) -> None:
    assert index.value("document.querySelectorAll('a[href^=\"runs/\"]').length") == 2
    for width, shown, hidden in ((1200, "wide", "narrow"), (390, "narrow", "wide")):
        index.look(width=width)
        heights = "[...document.querySelectorAll('svg.%s')].map(one => one.getBoundingClientRect().height)"
        assert len(index.value(heights % shown)) >= 2
        assert min(index.value(heights % shown)) > 60
        assert max(index.value(heights % hidden)) == 0
    assert index.value(f"document.body.innerText.includes('{SITE}')")


def test_charts_are_painted_in_the_colours_of_the_page(index: Browser) -> None:
    fill = "getComputedStyle(document.querySelector('svg.chart .series rect')).fill"
    light = index.value(fill)
    index.look(dark=True)
    assert index.value(fill) != light


def test_each_chart_has_a_name_and_the_same_in_figures(index: Browser) -> None:
    assert index.value("[...document.querySelectorAll('svg')].every(one => one.getAttribute('role') === 'img')")
    assert index.value("[...document.querySelectorAll('svg')].every(one => one.getAttribute('aria-label').length > 5)")
    boxes = "[...document.querySelectorAll('.chartbox')].map(one => one.querySelectorAll('details tbody tr').length)"
    assert min(index.value(boxes)) > 0


def test_on_a_phone_a_table_is_still_a_table_to_a_screen_reader(index: Browser) -> None:
    index.look(width=390, height=844)
    roles = [node["role"]["value"] for node in index.ask("Accessibility.getFullAXTree")["nodes"] if "role" in node]
    tables = index.value("document.querySelectorAll('table.stack').length")
    assert tables >= 2
    assert roles.count("table") >= tables
    assert roles.count("columnheader") >= 10
    assert roles.count("cell") + roles.count("gridcell") >= 50


def test_a_story_is_opened_and_its_cuts_are_filtered_by_reason(index: Browser) -> None:
    to_story(index)
    shown = "[...document.querySelectorAll('tr.row')].filter(row => row.offsetParent !== null).length"
    total = index.value(shown)
    reasons = index.value("document.querySelectorAll('fieldset input').length - 1")
    assert total > 1
    assert reasons > 1
    index.click("fieldset label:nth-of-type(2) input")
    key = index.value("document.querySelector('fieldset label:nth-of-type(2) input').id.slice(2)")
    left = index.value(shown)
    assert 0 < left < total
    assert left == index.value(f"document.querySelectorAll('tr.row.{key}').length")
    faded = "[...document.querySelectorAll('del')].filter(one => getComputedStyle(one).opacity < 1).length"
    assert index.value(faded) > 0
    index.click("#f-all")
    assert index.value(shown) == total


def test_a_cut_leads_to_its_reason_and_back(index: Browser) -> None:
    to_story(index)
    index.click("del sup a")
    assert index.value("location.hash").startswith("#why-")
    index.click("tr:target a")
    assert index.value("location.hash").startswith("#cut-")


def test_a_withheld_page_quotes_the_notice(index: Browser) -> None:
    to_withheld(index)
    assert index.value("document.querySelector('blockquote').innerText.trim().length") > 5
    assert "Nothing else of the page is kept" in index.value("document.body.innerText")


def test_a_run_leads_to_its_page_and_names_its_settings(index: Browser) -> None:
    index.click("a[href^='runs/']")
    said = index.value("document.body.innerText")
    assert "Beside the runs before" in said
    assert "NEWSCRAWL_USE" in said
    assert "sakit.test" in said


def test_the_page_beside_the_run_report_opens_on_its_own(browser: Browser, folder: Path) -> None:
    browser.open(next((folder / "runs").glob("*.html")).as_uri())
    assert browser.value("document.querySelectorAll('h2').length") > 3
    assert not browser.complaints


@pytest.mark.parametrize("way", ["index", "story", "withheld", "run"])
def test_no_page_complains_or_asks_for_anything_but_itself(index: Browser, way: str) -> None:
    go = {"story": to_story, "withheld": to_withheld, "run": lambda browser: browser.click("a[href^='runs/']")}
    if way in go:
        go[way](index)
    assert not index.complaints
    assert all(url.startswith(("file:///", "data:")) for url in index.requests), index.requests


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("way", ["index", "story", "withheld", "run"])
def test_each_page_fits_its_window_and_is_pictured(index: Browser, name: str, dark: bool, way: str) -> None:
    width, height = LOOKS[name]
    index.look(width=width, height=height, dark=dark)
    go = {"story": to_story, "withheld": to_withheld, "run": lambda browser: browser.click("a[href^='runs/']")}
    if way in go:
        go[way](index)
    assert index.value("document.documentElement.scrollWidth") <= width
    index.picture(PICTURES / f"{way}-{name}-{'dark' if dark else 'light'}.png")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(index: Browser, dark: bool) -> None:
    """WCAG 2.2 §1.4.3: 4.5 to 1, of each colour that text has, on the ground it stands on."""
    index.look(dark=dark)
    to_story(index)
    ratios = index.value(
        """(() => {
        const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
            .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
            return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
        const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
            if (!/, 0\\)$/.test(c) && c !== 'transparent') return c; } return 'rgb(255, 255, 255)'; };
        const low = [];
        for (const e of document.querySelectorAll('p, td, th, h1, h2, del, a, .lead, .bottom, .top nav, span')) {
            if (!e.textContent.trim()) continue;
            const a = light(getComputedStyle(e).color), b = light(ground(e));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.push(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
        }
        return [...new Set(low)];
        })()"""
    )
    assert ratios == []


def test_the_keyboard_reaches_the_content_first(index: Browser) -> None:
    index.press("Tab")
    assert index.value("document.activeElement.className") == "skip"
    assert index.value("document.activeElement.getBoundingClientRect().left") >= 0


def test_on_paper_the_filter_and_the_trail_are_gone(index: Browser) -> None:
    to_story(index)
    index.look(media="print")
    for selector in (".top", "fieldset", ".skip"):
        assert index.value(f"getComputedStyle(document.querySelector('{selector}')).display") == "none"


@pytest.mark.parametrize("way", ["index", "story", "withheld", "run"])
def test_nothing_is_cut_off_on_paper(index: Browser, way: str) -> None:
    go = {"story": to_story, "withheld": to_withheld, "run": lambda browser: browser.click("a[href^='runs/']")}
    if way in go:
        go[way](index)
    index.look(width=794, height=1123, media="print")  # A4
    wide = (
        "[...document.querySelectorAll('.table, .drawing, pre, .text')].map(one => one.scrollWidth - one.clientWidth)"
    )
    assert max(index.value(wide)) <= 1
    assert index.value("document.documentElement.scrollWidth") <= 794


def test_headings_go_down_step_by_step_and_each_table_has_its_heads(index: Browser) -> None:
    to_story(index)
    levels = index.value("[...document.querySelectorAll('h1,h2,h3')].map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert index.value("[...document.querySelectorAll('table')].every(one => one.querySelector('th'))")
    assert index.value("document.documentElement.lang") == "en"
    assert index.value("document.querySelectorAll('main').length") == 1
