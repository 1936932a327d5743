"""`newscrawl site`: a proposal that holds, a golden page, a layout that stopped matching, and a host that says no."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from newscrawl import sitebook
from newscrawl.__main__ import cli
from newscrawl.demo.server import DemoServer


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoServer]:
    resolve = socket.getaddrinfo

    def on_loopback(host: Any, *args: Any, **kwargs: Any) -> Any:
        return resolve("127.0.0.1" if str(host).endswith(".test") else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", on_loopback)
    monkeypatch.setattr(import_module("newscrawl.cli.site"), "PAUSE", 0.0)
    with DemoServer(port=0) as served:
        yield served


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["site", *arguments])


def test_new_shows_each_field_of_three_stories_and_writes_nothing(demo: DemoServer, tmp_path: Path) -> None:
    told = run("new", f"http://newsmix.test:{demo.port}/", "--folder", str(tmp_path), "--golden", str(tmp_path))
    assert told.exit_code == 0, told.output
    assert told.output.count("[div.entry-content]") == 3
    assert told.output.count("[span.byline]") == 3
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("host", "start", "selectors"),
    [
        ("newsmix", "/", {"body": "div.entry-content", "authors": "span.byline"}),
        ("nachrichtenbrise", "/", {"body": "div[itemprop='articleBody']", "authors": "p.autor"}),
        ("ultimahora", "/", {"body": "div.cuerpo", "authors": "span.firma"}),
        ("actuvite", "/flux.atom", {"body": "div.corps", "authors": "div.signature"}),
    ],
)
def test_what_new_writes_loads_and_holds(
    demo: DemoServer, tmp_path: Path, host: str, start: str, selectors: dict[str, str]
) -> None:
    where = ("--folder", str(tmp_path / "sites"), "--golden", str(tmp_path / "golden"))
    told = run("new", f"http://{host}.test:{demo.port}{start}", "--write", *where)
    assert told.exit_code == 0, told.output
    site = sitebook.read(tmp_path / "sites" / f"{host}.toml")
    assert site.layouts[0].title == "h1"
    assert {key: getattr(site.layouts[0], key) for key in selectors} == selectors
    record = json.loads((tmp_path / "golden" / f"{host}.json").read_text("utf-8"))
    assert all(record["full"].values())
    checked = run("check", host, *where)
    assert checked.exit_code == 0, checked.output
    assert "full on 3 of 3: holds" in checked.output


def test_check_tells_which_fields_went_empty_and_by_how_much(demo: DemoServer, tmp_path: Path) -> None:
    where = ("--folder", str(tmp_path), "--golden", str(tmp_path))
    run("new", f"http://newsmix.test:{demo.port}/", "--write", *where)
    path = tmp_path / "newsmix.toml"
    path.write_text(path.read_text("utf-8").replace("span.byline", "span.formerly"), "utf-8")
    told = run("check", *where)
    assert told.exit_code == 1
    assert "newsmix: authors    full on 0 of 3: stopped matching on 3 of 3" in told.output
    assert "newsmix: body       full on 3 of 3: holds" in told.output


def test_a_field_that_never_was_full_is_no_loss(demo: DemoServer, tmp_path: Path) -> None:
    where = ("--folder", str(tmp_path), "--golden", str(tmp_path))
    run("new", f"http://newsmix.test:{demo.port}/", "--write", *where)
    path = tmp_path / "newsmix.toml"
    path.write_text(path.read_text("utf-8").replace("span.byline", "span.formerly"), "utf-8")
    golden = tmp_path / "newsmix.json"
    golden.write_text(golden.read_text("utf-8").replace('"authors": true', '"authors": false'), "utf-8")
    told = run("check", *where)
    assert told.exit_code == 0
    assert "empty as before" in told.output


def test_a_host_that_forbids_is_not_read(demo: DemoServer, tmp_path: Path) -> None:
    told = run("new", f"http://tertutup.test:{demo.port}/", "--folder", str(tmp_path))
    assert told.exit_code == 1
    assert "closed by robots.txt" in told.output
    assert {path for host, path, _ in demo.requests if host == "tertutup.test"} == {"/robots.txt"}


def test_a_file_that_is_there_is_left_alone(demo: DemoServer, tmp_path: Path) -> None:
    where = ("--write", "--folder", str(tmp_path), "--golden", str(tmp_path))
    run("new", f"http://newsmix.test:{demo.port}/", *where)
    before = (tmp_path / "newsmix.toml").read_bytes()
    told = run("new", f"http://newsmix.test:{demo.port}/", *where)
    assert told.exit_code == 1
    assert "give another --name" in told.output
    assert (tmp_path / "newsmix.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("new", "example"), "not an http or https address"),
        (("check", "nobody"), "no site file"),
    ],
)
def test_a_bad_argument_is_told_with_its_remedy(arguments: tuple[str, ...], says: str) -> None:
    told = run(*arguments)
    assert told.exit_code == 1
    assert says in told.output
