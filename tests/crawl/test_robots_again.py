"""A robots.txt that has not changed is not sent again, and binds as before."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from newscrawl.rights import answers
from tests.crawl.matrix import Said, Web, story
from tests.crawl.running import Ran, crawl

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /private\n"
PAGE = "/2026/05/old-bridge-to-be-rebuilt"


@pytest.mark.parametrize(
    ("headers", "conditions"),
    [
        ({"ETag": '"a1"'}, (("If-None-Match", '"a1"'),)),
        ({"ETag": 'W/"a1"', "Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT"},
         (("If-None-Match", 'W/"a1"'), ("If-Modified-Since", "Mon, 02 Mar 2026 10:00:00 GMT"))),
        ({}, ()),
        ({"ETag": ""}, ()),
        ({"ETag": "x" * 513}, ()),
        ({"ETag": '"a\r\nX-Evil: 1"'}, ()),
        ({"ETag": '"ä"'}, ()),
        ({"Last-Modified": "\x1b[31m"}, ()),
    ],
)  # fmt: skip
def test_a_host_is_asked_by_what_it_calls_its_rules(
    headers: dict[str, str], conditions: tuple[tuple[str, str], ...]
) -> None:
    answer = answers.judge(200, RULES, headers=headers, fetched=NOW)
    assert answer.conditions == conditions
    assert answers.Standing.from_state(answers.first(answer).to_state()).answer.conditions == conditions


@pytest.mark.parametrize("status", [404, 503, None])
def test_what_gave_no_rules_is_asked_again_without_conditions(status: int | None) -> None:
    assert answers.judge(status, RULES, headers={"ETag": '"a1"'}, fetched=NOW).conditions == ()


def test_rules_that_are_unchanged_bind_for_another_day() -> None:
    standing = answers.first(answers.judge(200, RULES, headers={"ETag": '"a1"'}, fetched=NOW))
    later = NOW + timedelta(hours=30)
    assert not standing.in_force(later).reachable
    again = standing.unchanged(later)
    assert not again.due(later + timedelta(hours=23))
    assert again.in_force(later).sha256 == standing.answer.sha256
    assert not again.in_force(later).match("https://a.example/private").allowed
    with pytest.raises(ValueError, match="without conditions"):
        answers.first(answers.judge(503, fetched=NOW)).unchanged(later)


def test_a_304_that_nobody_asked_for_opens_nothing() -> None:
    assert not answers.judge(304, b"", fetched=NOW).match("https://a.example/").allowed


def unchanged(rules: bytes, tag: str) -> Said:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == tag
        handler.wfile.write(b"HTTP/1.1 304 Not Modified\r\n" if known else b"HTTP/1.1 200 OK\r\n")
        body = b"" if known else rules
        head = f"ETag: {tag}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        handler.wfile.write(head.encode() + body)
        handler.close_connection = True

    return Said(then=answer)


def always_304(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")
    handler.close_connection = True


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as one:
        one.pages["open.test", "/robots.txt"] = unchanged(b"User-agent: *\nAllow: /\n", '"o1"')
        one.pages["shut.test", "/robots.txt"] = unchanged(b"User-agent: *\nDisallow: /\n", '"s1"')
        one.pages["liar.test", "/robots.txt"] = Said(then=always_304)
        for host in ("open", "shut", "liar"):
            one.pages[f"{host}.test", PAGE] = story(host)
        yield one


def run(web: Web, folder: Path) -> Ran:
    urls = ",".join(web.url(f"{host}.test", PAGE) for host in ("open", "shut", "liar"))
    hosts = json.dumps(dict.fromkeys(("open.test", "shut.test", "liar.test"), "127.0.0.1"))
    settings: dict[str, object] = {"NEWSCRAWL_HOSTS": hosts, "NEWSCRAWL_ROBOTS_TTL": 0, "NEWSCRAWL_WELLKNOWN": ""}
    return crawl(folder, "aggregator", "-a", f"url={urls}", settings=settings)


def test_the_next_run_asks_by_its_name_and_keeps_to_the_copy(web: Web, tmp_path: Path) -> None:
    first, second = run(web, tmp_path), run(web, tmp_path)
    for ran in (first, second):
        assert ran.code == 0, ran.said[-3000:]
    pages = [(one.host, one.path) for one in web.log if one.path != "/robots.txt"]
    assert pages == [("open.test", PAGE)] * 2
    runs = sorted(tmp_path.glob("archive/runs/*.json"), key=lambda path: path.stat().st_mtime)
    counts = [json.loads(path.read_text("ascii"))["stats"] for path in runs]
    kind = "newscrawl/gatekeeper/robots/"
    assert [one.get(f"{kind}rules", 0) for one in counts] == [2, 0]
    assert counts[1][f"{kind}not_modified"] >= 2
    assert counts[0][f"{kind}unreachable"] == 1
