"""The doors of the core open in a fresh interpreter, without Scrapy."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOOK = """
import sys
import newscrawl
page = newscrawl.Page.from_html("<h1>Rain ends the drought</h1><p>It rained in Tarn on Monday, after nine dry weeks."
    "<p>Farmers along the river said that the fields had waited long enough.", url="https://news.example/rain")
result = newscrawl.process(page)
assert isinstance(result, newscrawl.Article), result
from newscrawl import archive, clean, read, rights
assert read.story(page).title == "Rain ends the drought"
assert clean.restore(clean.sanitize_text("One.", title="T")) == "One."
clean.sanitize_html("<p>One.</p>", url="https://news.example/", memory=clean.SiteMemory())
clean.SiteMemory().learn("One.", site="news.example", story="1")
assert rights.signals_in_page(page) == ()
assert rights.notices_in("It rained.") == ()
robots = rights.robots.parse(b"User-agent: *\\nDisallow: /x\\nCrawl-delay: 3")
assert not robots.allowed("https://news.example/x", "newscrawl") and robots.crawl_delay("newscrawl") == 3
robots.signals("https://news.example/x", "newscrawl")
assert rights.decide((), use=("train", "input"), licences=None).keeps
rights.Licences([rights.Licence(host="news.example", uses=("train",), contract="C")])
print(*sorted(name for name in sys.modules if name.partition(".")[0] in ("twisted", "scrapy", "itemadapter")))
"""


def test_the_core_loads_neither_scrapy_nor_twisted() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_importing_newscrawl_loads_nothing_heavy() -> None:
    look = "import sys, newscrawl; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {
        "lxml",
        "trafilatura",
        "dateparser",
        "feedparser",
        "py3langid",
        "numpy",
        "rich",
    }
