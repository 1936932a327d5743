"""`newscrawl rights` on files and addresses, against a server on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawl.__main__ import cli
from tests.crawl.matrix import HTML, Said, Web, hang, packed, robots, story, to
from tests.crawl.running import free_port

NOTICE = "<footer><p>No part of this site may be used to train AI models without permission.</p></footer>"
HERE = "127.0.0.1"


def rights(*args: str) -> Result:
    return CliRunner().invoke(cli, ["rights", *args])


def said(result: Result) -> dict[str, object]:
    found: dict[str, object] = json.loads(result.stdout)
    return found


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as one:
        one.pages[HERE, "/robots.txt"] = robots("User-agent: *\nDisallow: /private/\n")
        one.pages[HERE, "/a"] = story("here")
        yield one


@pytest.mark.parametrize(
    ("html", "code", "protocol"),
    [
        ("<p>It rained in Tarn on Monday.", 0, None),
        ("<meta name=robots content='noai'><p>x", 3, "meta-robots"),
        (f"<p>x</p>{NOTICE}", 3, "prose"),
        ("<link rel=license type=application/rsl+xml href=/l.xml><p>x", 4, "rsl"),
        ("", 0, None),
    ],
)
def test_a_file_is_judged_by_what_it_says(tmp_path: Path, html: str, code: int, protocol: str | None) -> None:
    path = tmp_path / "page.html"
    path.write_text(html, "utf-8")
    result = rights(str(path), "--url", "https://news.example/a", "--json")
    assert result.exit_code == code, result.output
    assert [one["protocol"] for one in said(result)["because"]] == ([protocol] if protocol else [])  # type: ignore[index, attr-defined]
    assert said(result)["not_checked"] == ["robots.txt", "tdmrep.json", "trust.txt", "ai.txt"]


def test_an_address_is_asked_for_robots_files_and_page(web: Web) -> None:
    result = rights(web.url(HERE, "/a"), "--json")
    assert result.exit_code == 0, result.output
    assert web.asked(HERE) == [
        "/robots.txt",
        "/.well-known/tdmrep.json",
        "/trust.txt",
        "/.well-known/trust.txt",
        "/ai.txt",
        "/a",
    ]
    assert said(result)["robots"]["status"] == 200  # type: ignore[index]
    assert said(result)["not_checked"] == ["terms"]


@pytest.mark.parametrize(
    ("where", "answer", "code", "protocol"),
    [
        ("/robots.txt", Said(status=503), 4, "robots"),
        ("/robots.txt", packed("User-agent: *\n" * 50 + "Disallow: /\n", keep=0.7), 4, "robots"),
        ("/robots.txt", robots("User-agent: *\nDisallow: /\n"), 3, "robots"),
        ("/robots.txt", robots("User-agent: GPTBot\nDisallow: /\n"), 3, "robots"),
        ("/robots.txt", to("/robots.txt"), 4, "robots"),
        ("/.well-known/tdmrep.json", Said(body=b'[{"location": "/", "tdm-reservation": 1}]'), 3, "tdmrep"),
        ("/.well-known/tdmrep.json", Said(status=500), 4, "tdmrep"),
        ("/trust.txt", robots("datatrainingallowed=no"), 3, "trust.txt"),
        ("/ai.txt", robots("User-agent: *\nDisallow: /"), 3, "ai.txt"),
        ("/a", Said(status=500), 4, "page"),
        ("/a", Said(body=f"<p>x{NOTICE}".encode(), type=HTML), 3, "prose"),
        ("/a", Said(headers={"X-Robots-Tag": "NoAI"}), 3, "x-robots-tag"),
        ("/a", Said(headers={"Link": '</none.xml>; rel="license"; type="application/rsl+xml"'}), 4, "rsl"),
    ],
)
def test_each_place_that_can_say_no_is_heard(web: Web, where: str, answer: Said, code: int, protocol: str) -> None:
    web.pages[HERE, where] = answer
    result = rights(web.url(HERE, "/a"), "--json")
    assert result.exit_code == code, result.output
    assert {one["protocol"] for one in said(result)["because"]} == {protocol}  # type: ignore[index, attr-defined]
    if where == "/robots.txt" and "GPTBot" not in answer.body.decode("latin-1"):
        assert web.fetched(HERE) == []
        assert "page" in said(result)["not_checked"]  # type: ignore[operator]


def test_inference_can_be_switched_off(web: Web) -> None:
    web.pages[HERE, "/robots.txt"] = robots("User-agent: GPTBot\nDisallow: /\n")
    assert rights(web.url(HERE, "/a"), "--no-infer").exit_code == 0


def test_an_rsl_document_that_permits_settles_what_its_link_left_open(web: Web) -> None:
    web.pages[HERE, "/robots.txt"] = robots(f"User-agent: *\nAllow: /\nLicense: {web.url(HERE, '/l.xml')}\n")
    document = b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license><permits type="usage">all</permits></license></content></rsl>'
    web.pages[HERE, "/l.xml"] = Said(body=document, type="application/rsl+xml")
    assert rights(web.url(HERE, "/a")).exit_code == 0


def test_the_terms_that_a_page_links_to_are_read(web: Web) -> None:
    foot = "<footer><a href=/legal/terms>Terms of Use</a></footer>"
    web.pages[HERE, "/a"] = story("here", foot=foot)
    web.pages[HERE, "/legal/terms"] = Said(body=f"<h1>Terms</h1>{NOTICE}".encode(), type=HTML)
    result = rights(web.url(HERE, "/a"), "--json")
    assert result.exit_code == 3
    assert {one["protocol"] for one in said(result)["because"]} == {"terms"}  # type: ignore[index, attr-defined]


def test_the_host_of_the_source_is_asked_too(web: Web) -> None:
    link = f'<p><a href="{web.url("localhost", "/b")}">Read Entire Article</a></p>'
    body = story("here").body.decode().replace("</article>", f"{link}</article>")
    web.pages[HERE, "/a"] = Said(body=body.encode(), type=HTML)
    result = rights(web.url(HERE, "/a"), "--json")
    assert "not public" in result.output  # the operator typed one host; the page names the other
    assert result.exit_code == 4


def test_a_redirect_to_a_closed_path_is_not_followed(web: Web) -> None:
    web.pages[HERE, "/a"] = to("/private/b")
    result = rights(web.url(HERE, "/a"), "--json")
    assert result.exit_code == 4
    assert "/private/b" not in web.asked(HERE)


def test_the_table_names_signals_uses_and_the_verdict(web: Web) -> None:
    web.pages[HERE, "/a"] = Said(body=f"<p>x{NOTICE}".encode(), type=HTML)
    result = rights(web.url(HERE, "/a"))
    assert "prose" in result.output
    assert "verdict for train and input: reserved" in result.output


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "none.html", "No such file"),
        (lambda folder: folder, "directory"),
        (lambda folder: _written(folder / "a.pdf", b"%PDF-1.7\n"), "no text"),
        (lambda folder: _written(folder / "a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00"), "no text"),
        (lambda folder: _written(folder / "a.gz", b"\x1f\x8b\x08"), "no text"),
    ],
)
def test_what_is_no_page_is_one_clear_line(tmp_path: Path, make, words: str) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path)
    result = rights(str(path))
    assert result.exit_code == 1
    assert str(path) in result.output
    assert words.casefold() in result.output.casefold()
    assert "Traceback" not in result.output


def _written(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def test_a_host_that_is_not_there_is_unknown_and_says_so() -> None:
    result = rights(f"http://{HERE}:{free_port()}/a")
    assert result.exit_code == 4
    assert "refused" in result.output


@pytest.mark.parametrize("address", ["http://[::1/a", "http://127.0.0.1:99999/a", "http:///a", "https://a b/"])
def test_an_address_that_is_none_is_unknown_and_no_traceback(address: str) -> None:
    result = rights(address)
    assert result.exit_code in (1, 4), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_host_that_hangs_is_given_up(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.cli.hosts.TIMEOUT", 0.5)
    web.pages[HERE, "/robots.txt"] = Said(then=hang)
    assert rights(web.url(HERE, "/a")).exit_code == 4
    assert web.fetched(HERE) == []


def test_one_bad_name_among_many_does_not_hide_the_others(tmp_path: Path) -> None:
    good = _written(tmp_path / "a.html", b"<meta name=robots content=noai>")
    result = rights(str(tmp_path / "none.html"), str(good))
    assert result.exit_code == 3
    assert "meta-robots" in result.output
    assert rights(str(tmp_path / "none.html"), str(_written(tmp_path / "b.html", b"<p>x"))).exit_code == 1
