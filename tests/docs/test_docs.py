"""Whatever a user can set, call, read or count has its entry in the docs, and the docs hold together."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from markdown import markdown

from newscrawl import rulebook
from newscrawl.__main__ import COMMANDS
from newscrawl.clean import evidence
from newscrawl.crawl import metrics
from newscrawl.crawl.options import FIELDS, OPTIONS
from newscrawl.record import article_record, withheld_record
from newscrawl.report.alerts import DEFAULTS
from newscrawl.report.labels import EVIDENCE
from newscrawl.report.runs import OUTCOMES
from tests.crawl.running import ROOT
from tests.makers import article, withheld

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "examples" not in path.parts)
CODE = re.compile(r"`([^`]+)`")
STAT = re.compile(r'"(newscrawl/[a-z_]+/[a-z_{}./]+)"')
OTHER = {"newscrawl/run/1"}


def text(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def rows(page: str) -> Iterator[list[str]]:
    for line in page.splitlines():
        if line.startswith("|") and not line.startswith("|--"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def first_cells(page: str) -> set[str]:
    return {code for row in rows(page) for code in CODE.findall(row[0])}


def test_the_pages_that_are_read_off_the_code_are_as_the_code_has_them() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.reference", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_each_setting_has_its_row() -> None:
    assert first_cells(text("settings.md")) == {option.name for option in OPTIONS}


def test_each_setting_that_the_code_reads_is_one_of_them() -> None:
    read = {
        name
        for path in (ROOT / "newscrawl").rglob("*.py")
        for name in re.findall(r"\bNEWSCRAWL_[A-Z_]+\b", path.read_text("utf-8"))
    }
    assert read - {"NEWSCRAWL_"} <= {option.name for option in OPTIONS} | {"NEWSCRAWL_COMPLETE"}, read


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_heading(name: str) -> None:
    assert f"## newscrawl {name}\n" in text("commands.md")


def test_each_field_of_the_records_has_its_row() -> None:
    told = first_cells(text("record.md"))
    assert set(article_record(article())) <= told
    assert not set(withheld_record(withheld())) - told - {"withheld"}
    schema = json.loads(text("article.schema.json"))
    assert set(schema["properties"]) <= told
    assert set(schema["properties"]) == {*article_record(article()), "archive"}


def test_each_key_of_a_run_report_has_its_row_and_each_outcome_is_named() -> None:
    page = text("run.md")
    schema = json.loads(text("run.schema.json"))
    assert set(schema["properties"]) - {"schema"} <= first_cells(page)
    for outcome in OUTCOMES:
        assert f"`{outcome}`" in page


def test_each_metric_has_its_row() -> None:
    run = {
        "spider": "x",
        "started": "2026-05-04T12:30:01+00:00",
        "finished": "2026-05-04T12:31:01+00:00",
        "exit_code": 0,
    }
    names = set(re.findall(r"^# HELP (\S+)", metrics.text(run).decode(), re.MULTILINE))
    assert names == {name for name in first_cells(text("run.md")) if name.startswith("newscrawl_")}


def test_each_threshold_and_each_field_of_foreign_items_is_told() -> None:
    assert first_cells(text("alerts.md")) == set(DEFAULTS)
    assert set(FIELDS) <= first_cells((DOCS / "how-to" / "use-your-own-spider.md").read_text("utf-8"))


def documented_stats() -> tuple[set[str], set[str]]:
    """Statistics told in full, and the beginnings of those with a part that varies."""
    whole, begun = set(), set()
    for row in rows(text("exit-codes.md")):
        folder = ""
        for name in CODE.findall(row[0]):
            if name.startswith("newscrawl/"):
                folder = name.rpartition("/")[0]
            elif not folder:
                continue
            full = name if name.startswith("newscrawl/") else f"{folder}/{name}"
            (begun if "<" in full else whole).add(full.partition("<")[0])
    return whole, begun


def test_each_statistic_is_told() -> None:
    whole, begun = documented_stats()
    used = {
        name
        for path in (ROOT / "newscrawl" / "crawl").rglob("*.py")
        for name in STAT.findall(path.read_text("utf-8"))
        if name not in OTHER
    }
    assert len(used) > 25
    for name in sorted(used):
        start = name.partition("{")[0]
        known = any(one.startswith(start) for one in (*whole, *begun)) if "{" in name else name in whole
        assert known or any(name.startswith(one) for one in begun), f"{name}: give it a row in exit-codes.md"


def test_each_exit_code_of_a_crawl_is_told() -> None:
    from newscrawl.cli.crawl import SEVERITY
    from newscrawl.crawl import farewell
    from newscrawl.crawl.commands import crawl

    codes = {crawl.GOOD, crawl.ABNORMAL, crawl.NOTHING, crawl.ERRORS, crawl.LATER, crawl.CONFIGURATION, farewell.ALERT}
    told = {row[0] for row in rows(text("exit-codes.md").partition("## `newscrawl`")[0])}
    assert {str(code) for code in codes} <= told
    assert set(SEVERITY) == codes - {0} | {1}


def test_each_shelf_of_rules_has_its_row() -> None:
    shelves = {f"{path.name}/" for path in rulebook.RULES.iterdir() if path.is_dir()}
    told = {code for code in first_cells(text("rules.md")) if code.endswith("/")}
    assert told == shelves


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda path: path.name)
def test_each_link_and_picture_of_a_page_leads_somewhere(page: Path) -> None:
    made = html.fromstring(
        f"<div>{markdown(page.read_text('utf-8'), extensions=['tables', 'toc', 'fenced_code'])}</div>"
    )
    for target in (*made.xpath("//a/@href"), *made.xpath("//img/@src")):
        if not re.match(r"[a-z]+:|#", target):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_each_kind_of_evidence_is_explained_and_has_a_name() -> None:
    told = first_cells((DOCS / "why" / "004-cleaning.md").read_text("utf-8"))
    kinds = {
        getattr(evidence, name)
        for name in ("STRUCT", "OFFTOPIC", "LEX", "SITE", "LINK", "DISGUISE", "LANG", "KIN", "PITCHED")
    }
    assert kinds | {"wording", "hidden"} <= told
    assert kinds <= set(EVIDENCE)


def test_as_many_languages_have_notices_as_the_readme_says() -> None:
    languages = [path for path in (rulebook.RULES / "notices").glob("*.toml") if path.stem != "any"]
    assert len(languages) > 60
    for page in (ROOT / "README.md", DOCS / "index.md", DOCS / "why" / "comparison.md"):
        assert "more than sixty languages" in " ".join(page.read_text("utf-8").split()), page


def test_mkdocs_builds_with_warnings_as_errors(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "site" / "reference" / "settings" / "index.html").exists()
    assert not (tmp_path / "site" / "examples").exists()


def test_each_page_stands_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8")
    for page in PAGES:
        assert str(page.relative_to(DOCS)) in navigation, page


def test_the_example_that_reads_the_output_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (DOCS / "how-to" / "read-the-output.md").read_text("utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    lines = [json.dumps(article_record(article(url=f"https://news.example/{n}"))) for n in range(3)]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines) + "\n", "ascii")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(code, "read-the-output.md", "exec"), names)
    assert names["by_site"] == {"news.example": 3}
    assert len(names["for_training"]) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_each_command_that_a_page_shows_is_one_that_there_is(page: Path) -> None:
    for name in re.findall(r"(?:^|\s|`|-m )newscrawl ([a-z]+)\b(?=[^\n]*(?:`|$))", _shown(page), re.MULTILINE):
        assert name in COMMANDS, name


def _shown(page: Path) -> str:
    """What a page shows as code."""
    whole = page.read_text("utf-8")
    blocks = re.findall(r"```(?:console|cron|text)\n(.*?)```", whole, re.DOTALL)
    return "\n".join(
        [*blocks, *(f"`{code}`" for code in CODE.findall(re.sub(r"```.*?```", "", whole, flags=re.DOTALL)))]
    )
