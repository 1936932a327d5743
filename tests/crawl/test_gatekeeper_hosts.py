"""What a host says elsewhere than on the page: notices on its other pages, its terms, the source of a copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawl.matrix import HTML, Said, Web, robots
from tests.crawl.running import Ran
from tests.crawl.test_gatekeeper import (
    FOOT,
    NOTICE,
    OPEN,
    TITLES,
    because,
    exported,
    listing,
    page,
    path,
    press,
    run,
    withheld,
)

TERMS = Said(body=f"<html><body><h1>Terms of use</h1><p>Welcome.</p><p>{NOTICE}</p></body></html>".encode(), type=HTML)
BRAND = "<footer><a href=/terms>Terms of Use</a> <a href=/privacy>Privacy</a></footer>"


def copy(web: Web, host: str, word: str, source: str, *, inside: str = "") -> Said:
    link = f'<p><a href="{web.url(source, path(word))}">Read Entire Article</a></p>'
    return page(host, word, inside=inside + link)


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Ran, Ran]]:
    """Two runs of one archive: the second finds new stories, and another foot on the pages."""
    with Web() as web:
        _notices(web)
        _terms(web)
        folder = tmp_path_factory.mktemp("hosts")
        hosts = [
            "footed.test",
            "twice.test",
            "copies.test",
            "mixed.test",
            "terms.test",
            "terms-far.test",
            "terms-503.test",
        ]
        first = run(web, folder, hosts)
        for host in ("footed.test", "copies.test"):
            web.pages[host, "/"] = listing(TITLES)
        web.pages["footed.test", path("museum")] = page("footed", "museum")
        web.pages["copies.test", path("museum")] = copy(web, "copies", "museum", "agency.test")
        second = run(web, folder, hosts)
        yield web, first, second


def _notices(web: Web) -> None:
    press(web, "footed.test", TITLES[:7], lambda word: page("footed", word, foot=FOOT if word in TITLES[:4] else ""))
    press(web, "twice.test", TITLES[:5], lambda word: page("twice", word, foot=FOOT if word in TITLES[:2] else ""))
    said = f"<p>{NOTICE}</p>"
    web.pages["agency.test", "/robots.txt"] = OPEN
    press(
        web,
        "copies.test",
        TITLES[:7],
        lambda word: (
            copy(web, "copies", word, "agency.test", inside=said if word in TITLES[:3] else "")
            if word in TITLES[:4]
            else page("copies", word)
        ),
    )
    # a notice that was copied along with some stories, without a word on where they come from
    press(web, "mixed.test", TITLES, lambda word: page("mixed", word, inside=said if word in TITLES[:3] else ""))


def _terms(web: Web) -> None:
    press(web, "terms.test", TITLES[:2], lambda word: page("terms", word, foot=BRAND))
    web.pages["terms.test", "/terms"] = TERMS
    far = f"<footer><a href={web.url('elsewhere.test', '/terms')}>Terms of Use</a></footer>"
    press(web, "terms-far.test", TITLES[:2], lambda word: page("terms-far", word, foot=far))
    web.pages["elsewhere.test", "/terms"] = TERMS
    press(web, "terms-503.test", TITLES[:2], lambda word: page("terms-503", word, foot=BRAND))
    web.pages["terms-503.test", "/terms"] = Said(status=503)


def test_the_crawls_end_well(crawls: tuple[Web, Ran, Ran]) -> None:
    for ran in crawls[1:]:
        assert ran.code == 0, ran.said[-3000:]
        assert "Traceback" not in ran.said, ran.said[ran.said.index("Traceback") :][:3000]


def test_a_notice_on_three_pages_of_a_host_holds_for_those_that_lost_it(crawls: tuple[Web, Ran, Ran]) -> None:
    _, first, _ = crawls
    lines = [line for line in withheld(first, "footed.test") if line["fetched"]]
    assert len({line["url"] for line in lines}) == 8  # the eighth comes with the second run
    lost = [line for line in lines if line["rights"]["because"][0]["where"].startswith("on other pages")]
    assert len(lost) == 4
    for line in lost:
        assert line["rights"]["because"][0]["quote"].endswith(NOTICE)
        assert line["rights"]["because"][0]["host"] == "footed.test"


def test_a_host_remembers_its_notice_between_runs(crawls: tuple[Web, Ran, Ran]) -> None:
    _, _, second = crawls
    assert exported(second, "footed.test") == []
    assert [line["url"] for line in withheld(second, "footed.test") if "museum" in line["url"]]


def test_a_notice_on_two_pages_holds_for_those_two(crawls: tuple[Web, Ran, Ran]) -> None:
    _, _, second = crawls
    assert len({line["url"] for line in withheld(second, "twice.test")}) == 2
    assert len(exported(second, "twice.test")) == 3


def test_a_notice_in_copied_stories_speaks_for_their_source_and_never_for_the_aggregator(
    crawls: tuple[Web, Ran, Ran],
) -> None:
    _, _, second = crawls
    lines = withheld(second, "copies.test")
    assert {line["source_url"].split("/")[2].split(":")[0] for line in lines} == {"agency.test"}
    assert {line["rights"]["because"][0]["host"] for line in lines} == {"agency.test"}
    assert len({line["url"] for line in lines}) == 5  # three that show it, one that lost it, one of the second run
    assert len(exported(second, "copies.test")) == 3


def test_a_notice_within_some_of_a_host_s_stories_is_not_the_host_s(crawls: tuple[Web, Ran, Ran]) -> None:
    _, _, second = crawls
    assert len({line["url"] for line in withheld(second, "mixed.test")}) == 3
    assert len(exported(second, "mixed.test")) == 5


def test_terms_that_are_found_by_their_link_are_read_once_and_count(crawls: tuple[Web, Ran, Ran]) -> None:
    web, _, second = crawls
    assert web.asked("terms.test").count("/terms") == 1
    lines = withheld(second, "terms.test")
    assert [because(line) for line in lines] == [{"terms"}] * 2
    assert lines[0]["rights"]["because"][0]["quote"] == NOTICE
    assert lines[0]["rights"]["because"][0]["url"].endswith("/terms")


def test_terms_of_another_domain_are_not_the_site_s(crawls: tuple[Web, Ran, Ran]) -> None:
    web, _, second = crawls
    assert web.asked("elsewhere.test") == []
    assert len(exported(second, "terms-far.test")) == 2
    assert "terms" in exported(second, "terms-far.test")[0]["rights"]["not_checked"]


def test_terms_that_cannot_be_read_are_named_as_not_checked(crawls: tuple[Web, Ran, Ran]) -> None:
    web, _, second = crawls
    assert web.asked("terms-503.test").count("/terms") == 1
    assert len(exported(second, "terms-503.test")) == 2
    assert "terms" in exported(second, "terms-503.test")[0]["rights"]["not_checked"]


def _sources(web: Web) -> None:
    words = TITLES[:5]
    sources = dict(zip(words, ("open", "closed", "broken", "reserved", "noai"), strict=True))
    press(web, "wire.test", words, lambda word: copy(web, "wire", word, f"{sources[word]}.test"))
    for host in sources.values():
        for word in words:
            head = "<meta name=robots content=noai>" if host == "noai" else ""
            web.pages[f"{host}.test", path(word)] = page(host, word, head=head)
        web.pages[f"{host}.test", "/robots.txt"] = OPEN
    web.pages["closed.test", "/robots.txt"] = robots("User-agent: *\nDisallow: /\n")
    web.pages["broken.test", "/robots.txt"] = Said(status=500)
    reserved = b'[{"location": "/", "tdm-reservation": 1}]'
    web.pages["reserved.test", "/.well-known/tdmrep.json"] = Said(body=reserved, type="application/json")


def test_a_copy_inherits_what_the_host_of_its_original_says(tmp_path: Path) -> None:
    with Web() as web:
        _sources(web)
        ran = run(web, tmp_path, ["wire.test"])
        assert [web.fetched(f"{host}.test") for host in ("open", "closed", "broken", "reserved", "noai")] == [[]] * 5
    kept = {line["source_url"].split("/")[2].split(".")[0]: line for line in exported(ran, "wire.test")}
    assert set(kept) == {"open", "noai"}
    assert kept["open"]["rights"]["source_robots"]["url"].endswith("/robots.txt")
    assert kept["open"]["rights"]["source_robots"]["status"] == 200
    assert kept["open"]["rights"]["not_checked"] == ["terms", "source page"]
    lines = {line["source_url"].split("/")[2].split(".")[0]: line for line in withheld(ran, "wire.test")}
    assert {host: line["reason"] for host, line in lines.items()} == {
        "closed": "reserved",
        "broken": "unknown",
        "reserved": "reserved",
    }
    assert lines["broken"]["rights"]["source_robots"]["status"] == 500


def test_a_copy_inherits_what_the_page_of_its_original_says_where_it_is_read(tmp_path: Path) -> None:
    with Web() as web:
        _sources(web)
        ran = run(web, tmp_path, ["wire.test"], "-a", "follow=source")
        for host in ("open", "reserved", "noai"):
            assert len(web.fetched(f"{host}.test")) == 1
        assert web.fetched("closed.test") == web.fetched("broken.test") == []
    kept = exported(ran, "wire.test")
    assert [line["source_url"].split("/")[2].split(".")[0] for line in kept] == ["open"]
    assert kept[0]["rights"]["not_checked"] == ["terms"]
    inherited = next(line for line in withheld(ran, "wire.test") if "noai" in line["source_url"])
    assert {(signal["protocol"], signal["host"]) for signal in inherited["rights"]["because"]} == {
        ("meta-robots", "noai.test")
    }
    assert len(exported(ran, "open.test")) == 1


def test_what_is_switched_off_is_not_asked_and_named_and_never_called_allowed(tmp_path: Path) -> None:
    off = {
        "NEWSCRAWL_CHECK_SOURCE": False,
        "NEWSCRAWL_READ_TERMS": False,
        "NEWSCRAWL_INFER": False,
        "NEWSCRAWL_WELLKNOWN": "tdmrep",
    }
    with Web() as web:
        _sources(web)
        _terms(web)
        rules = robots("User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
        press(web, "inferred.test", TITLES[:2], lambda word: page("inferred", word), rules=rules)
        ran = run(web, tmp_path, ["wire.test", "terms.test", "inferred.test"], **off)
        assert web.asked("closed.test") == []
        assert "/terms" not in web.asked("terms.test")
        assert "/ai.txt" not in web.asked("inferred.test")
        assert "/.well-known/tdmrep.json" in web.asked("inferred.test")
    assert [len(exported(ran, host)) for host in ("terms.test", "inferred.test", "wire.test")] == [2, 2, 5]
    line = next(line for line in exported(ran, "wire.test") if "closed" in line["source_url"])
    assert {"source robots.txt", "source tdmrep.json", "source page", "terms", "trust.txt", "ai.txt"} <= set(
        line["rights"]["not_checked"]
    )
    assert line["rights"]["status"] == "none_found"
