"""The examples that read the output run, on the export of a real crawl, with the programs that they name."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.archive import export
from tests.crawl.running import ROOT, crawl, free_port

THERE = ROOT / ".consumers" / "bin"
PAGE = (ROOT / "docs" / "how-to" / "read-the-output.md").read_text("utf-8")
pytestmark = pytest.mark.skipif(
    not (THERE / "python").exists(),
    reason="no .consumers: the examples that read the output were NOT run (make consumers)",
)
SQL = """
import duckdb, json, sys
for query in filter(str.strip, sys.stdin.read().split(";")):
    print(json.dumps(duckdb.sql(query).fetchall(), default=str))
"""


def shown(title: str, kind: str) -> str:
    """The code under a heading of the page."""
    section = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    found = re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)
    assert found is not None, title
    return found[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's articles, as the page's first commands write them."""
    where = tmp_path_factory.mktemp("read")
    ran = crawl(where, "demo", settings={"NEWSCRAWL_DEMO_PORT": free_port()})
    assert ran.code == 0, ran.said[-2000:]
    export(where / "archive", where / "articles.jsonl")
    packages = next((THERE.parent / "lib").glob("python3*/site-packages"))
    again = [sys.executable, "-m", "newscrawl", "export", "archive", "--out", "articles.parquet", "--format", "parquet"]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{packages}"}
    done = subprocess.run(again, cwd=where, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return where


@pytest.fixture
def articles(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "articles.jsonl").read_text("ascii").splitlines()]


def run(folder: Path, code: str, *words: str, stdin: str = "") -> str:
    """What a program of that environment prints."""
    env = {
        **os.environ,
        "PATH": f"{THERE}:{os.environ['PATH']}",
        "PYTHONPATH": "",
        "HF_HOME": str(folder / "hf"),
        "HF_HUB_OFFLINE": "1",
    }
    call = [*words] or [str(THERE / "python"), "-c", code]
    done = subprocess.run(
        call, cwd=folder, env=env, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_pandas_reads_lines_and_parquet(folder: Path, articles: list[dict[str, object]]) -> None:
    said = run(
        folder, shown("pandas", "python") + "\nprint(len(frame), len(table), len(lengths), table['title'].tolist()[0])"
    )
    sites = {one["site"] for one in articles}
    assert said.split()[:3] == [str(len(articles)), str(len(articles)), str(len(sites))]
    assert str(articles[0]["title"]) in said


def test_duckdb_reads_lines_and_parquet(folder: Path, articles: list[dict[str, object]]) -> None:
    by_site, may = map(json.loads, run(folder, SQL, stdin=shown("DuckDB", "sql")).splitlines())
    assert sum(row[1] for row in by_site) == len(articles)
    assert {row[0] for row in may} == {one["url"] for one in articles}


def test_datasets_reads_parquet(folder: Path, articles: list[dict[str, object]]) -> None:
    said = run(
        folder, shown("Hugging Face datasets", "python") + "\nprint(len(texts), texts.column_names, texts[0]['id'])"
    )
    assert said.split()[0] == str(len(articles))
    assert str(articles[0]["id"]) in said


def test_datasette_serves_and_searches(folder: Path, articles: list[dict[str, object]]) -> None:
    *made, serve = shown("Datasette", "console").splitlines()
    for line in made:
        run(folder, "", *line.split())
    assert serve == "datasette serve articles.db"
    told = json.loads(run(folder, "", *serve.split(), "--get", "/articles/articles.json?_shape=array&_size=max"))
    assert {row["id"] for row in told} == {one["id"] for one in articles}
    word = max(str(articles[0]["title"]).split(), key=len)
    found = json.loads(run(folder, "", *serve.split(), "--get", f"/articles/articles.json?_shape=array&_search={word}"))
    assert articles[0]["id"] in {row["id"] for row in found}
