"""`newscrawl recheck`: what was exported and is reserved now is listed, or taken back."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawl import record
from newscrawl.__main__ import cli
from newscrawl.archive import Archive, Entry, read, verify
from newscrawl.rights import decide
from newscrawl.rights.hosts import HostNotices
from tests.crawl.matrix import HTML, Said, Web, robots, story
from tests.makers import article, notice

NOTICE = "<footer><p>No part of this site may be used to train AI models without permission.</p></footer>"
HERE, THERE = "127.0.0.1", "localhost"
WORDS = ("a", "b", "c", "d")


def recheck(archive: Path, *args: str) -> Result:
    flags = ["--delay", "0", "--allow-private", HERE, "--allow-private", THERE]
    return CliRunner().invoke(cli, ["recheck", str(archive), *flags, *args])


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as one:
        for host in (HERE, THERE):
            one.pages[host, "/robots.txt"] = robots("User-agent: *\nAllow: /\n")
            one.pages |= {(host, f"/{word}"): story(word) for word in WORDS}
        yield one


@pytest.fixture
def archive(web: Web, tmp_path: Path) -> Path:
    return filled(web, tmp_path / "data")


def filled(web: Web, folder: Path, **fields: object) -> Path:
    """An archive of four stories of one host, which were exported."""
    with Archive.open(folder, run="first", clock=time.time) as held:
        for word in WORDS:
            one = article(web.url(HERE, f"/{word}"), f"Story {word}", site=HERE, **fields)
            line = record.line(record.article_record(one))
            key, version = one.id.split("-", 1)
            held.put(Entry(stream="articles", id=one.id, url=one.url, site=HERE, version=version, story=key, line=line))
    return folder


def left(archive: Path) -> list[str]:
    return sorted(str(one["url"])[-1] for one in read(archive, "articles"))


def test_nothing_new_is_nothing_to_tell(web: Web, archive: Path) -> None:
    result = recheck(archive)
    assert result.exit_code == 0, result.output
    assert "4 asked, 0 unknown, 0 reserved now" in result.output
    assert web.asked(HERE).count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("where", "answer", "urls"),
    [
        ("/b", Said(headers={"X-Robots-Tag": "noai"}), "b"),
        ("/b", Said(body=f"<p>x{NOTICE}".encode(), type=HTML), "b"),
        ("/robots.txt", robots("User-agent: *\nDisallow: /c\n"), "c"),
        ("/robots.txt", robots("User-agent: GPTBot\nDisallow: /\n"), "abcd"),
        ("/.well-known/tdmrep.json", Said(body=b'[{"location": "/a", "tdm-reservation": 1}]'), "a"),
        ("/trust.txt", robots("datatrainingallowed=no"), "abcd"),
    ],
)
def test_what_is_reserved_now_is_listed_and_with_apply_taken_back(
    web: Web, archive: Path, where: str, answer: Said, urls: str
) -> None:
    web.pages[HERE, where] = answer
    listed = recheck(archive, "--json")
    assert listed.exit_code == 3, listed.output
    lines = [json.loads(line) for line in listed.stdout.splitlines()]
    assert sorted(line["url"][-1] for line in lines) == list(urls)
    assert all(line["status"] == "reserved" and line["because"] for line in lines)
    assert left(archive) == list("abcd")
    applied = recheck(archive, "--apply", "--again", "0")
    assert applied.exit_code == 3
    assert f"{len(urls)} taken back" in applied.output
    assert left(archive) == [word for word in "abcd" if word not in urls]
    assert verify(archive).ok
    gone = [one for one in read(archive, "withheld") if "withdraws" in one]
    assert [str(one["reason"]).startswith("reserved now: ") for one in gone] == [True] * len(urls)


@pytest.mark.parametrize(
    ("where", "answer"), [("/robots.txt", Said(status=503)), ("/a", Said(status=500)), ("/ai.txt", Said(status=500))]
)
def test_what_nobody_knows_is_listed_and_never_taken_back(web: Web, archive: Path, where: str, answer: Said) -> None:
    web.pages[HERE, where] = answer
    result = recheck(archive, "--apply")
    assert result.exit_code == 4, result.output
    assert left(archive) == list("abcd")
    if where == "/robots.txt":
        assert web.fetched(HERE) == []


def test_the_host_of_the_source_is_asked(web: Web, tmp_path: Path) -> None:
    web.pages[THERE, "/robots.txt"] = robots("User-agent: *\nDisallow: /\n")
    archive = filled(web, tmp_path / "copies", source_url=web.url(THERE, "/a"))
    assert recheck(archive).exit_code == 3
    assert web.fetched(THERE) == []


def test_what_the_crawls_learnt_of_the_host_meanwhile_counts(web: Web, archive: Path) -> None:
    known, day = HostNotices(), datetime.now(UTC).date()
    for number in range(3):
        known.learn(HERE, f"s{number}", [replace(notice(), host=HERE)], day=day)
    with Archive.open(archive, run="second", clock=time.time) as held:
        held.keep("notices", HERE, known.to_state(HERE))
    result = recheck(archive, "--apply")
    assert result.exit_code == 3
    assert f"on other pages of {HERE}" in result.output
    assert left(archive) == []


def test_an_article_is_judged_by_what_it_was_exported_for(web: Web, tmp_path: Path) -> None:
    web.pages |= {(HERE, f"/{word}"): Said(headers={"X-Robots-Tag": "noindex"}) for word in WORDS}
    assert recheck(filled(web, tmp_path / "train")).exit_code == 0
    index = filled(web, tmp_path / "index", verdict=decide((), use=("index",)))
    assert recheck(index).exit_code == 3


def test_a_limit_asks_for_the_longest_unasked_first_and_a_second_run_goes_on(web: Web, archive: Path) -> None:
    recheck(archive, "--limit", "3")
    first = web.fetched(HERE)
    assert len(first) == 3
    assert "1 asked" in recheck(archive).output
    assert sorted(web.fetched(HERE)) == ["/a", "/b", "/c", "/d"]
    assert "0 asked" in recheck(archive).output
    recheck(archive, "--again", "0", "--limit", "1")
    assert web.fetched(HERE)[-1] == first[0]


def test_a_run_that_is_broken_off_has_taken_back_what_it_found_and_goes_on(
    web: Web, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages[HERE, "/a"] = Said(headers={"X-Robots-Tag": "noai"})
    from newscrawl.cli.hosts import Answered, Hosts

    ask, count = Hosts.ask, iter(range(9))

    def broken(*args: object, **kwargs: object) -> Answered:
        if next(count) == 2:
            raise KeyboardInterrupt
        return ask(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Hosts, "ask", broken)
    result = recheck(archive, "--apply")
    assert "broken off" in result.output
    assert left(archive) == list("bcd")
    assert "2 asked" in recheck(archive).output


def test_requests_to_a_host_keep_their_distance(web: Web, archive: Path) -> None:
    web.pages[HERE, "/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.2\n")
    recheck(archive)
    times = [one.at for one in web.log]
    assert len(times) == 9
    assert min(after - before for before, after in pairwise(times)) >= 0.18


def test_a_host_that_asks_for_patience_is_not_asked_again(web: Web, archive: Path) -> None:
    web.pages |= {(HERE, f"/{word}"): Said(status=429) for word in WORDS}
    assert recheck(archive).exit_code == 4
    assert len(web.fetched(HERE)) == 1


def test_an_archive_that_another_run_holds_is_for_later(archive: Path) -> None:
    with Archive.open(archive, run="other", clock=time.time):
        assert recheck(archive, "--apply").exit_code == 75
        listed = recheck(archive)
    assert listed.exit_code == 0, listed.output
    assert "4 asked" in listed.output


def test_a_private_address_that_nobody_named_is_not_asked(web: Web, archive: Path) -> None:
    result = CliRunner().invoke(cli, ["recheck", str(archive), "--delay", "0"])
    assert result.exit_code == 4
    assert web.log == []
    assert "not public" in result.output


def test_no_archive_is_one_clear_line(tmp_path: Path) -> None:
    result = recheck(tmp_path / "none")
    assert result.exit_code == 3
    assert "no such directory" in result.output


def test_a_torn_journal_is_no_obstacle(archive: Path) -> None:
    (archive / "recheck.jsonl").write_text('{"id": "x", "at"', "ascii")
    assert recheck(archive).exit_code == 0
    assert "0 asked" in recheck(archive).output
