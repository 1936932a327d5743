"""What is expected of the demo agrees with its pages, and the demo holds every case that it promises."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from lxml import html

from newscrawl.demo.expected import LICENCES, Expected, expected
from newscrawl.demo.kiosk import answers
from newscrawl.demo.newsroom import newsroom
from newscrawl.rights import Licences, robots

PORT = 8731
PAGES = answers(newsroom(), PORT)
ALL = expected(PORT)
IDS = [f"{one.host}{one.path}" for one in ALL]
BLOCKS = "//p | //h1 | //div | //address | //td | //li | //span | //header | //section | //article"


def folded(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def page_of(one: Expected) -> html.HtmlElement:
    return html.fromstring(PAGES[one.host, one.path].body.decode(newsroom().site(one.host).charset))


def blocks_of(root: html.HtmlElement) -> set[str]:
    return {folded(str(element.text_content())) for element in root.xpath(BLOCKS)}


@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_each_gold_paragraph_is_a_block_of_the_page_once_the_spam_is_out(one: Expected) -> None:
    blocks = blocks_of(page_of(one))
    bare = set()
    for block in blocks:
        for spam in one.spam:
            block = block.replace(" " + spam, "")
        bare.add(block)
    assert one.paragraphs
    assert [words for words in one.paragraphs if words not in bare] == []


@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_each_spam_string_is_on_the_page_and_in_no_gold_paragraph(one: Expected) -> None:
    text = folded(str(page_of(one).text_content()))
    for spam in one.spam:
        assert text.count(spam) == 1
        assert spam not in one.text
        assert spam == folded(spam)


@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_every_fact_that_is_expected_stands_on_the_page(one: Expected) -> None:
    root = page_of(one)
    text = folded(str(root.text_content())) + "".join(str(script.text) for script in root.xpath("//script"))
    hrefs = {str(href) for href in root.xpath("//a/@href")}
    facts = [*one.authors, *one.editors, one.copyright, one.ago, *(story.title for story in one.related)]
    assert folded(str(root.xpath("//h1")[-1].text_content())) == one.title
    for fact in facts:
        assert fact is None or fact in text
    assert one.source_url is None or one.source_url in hrefs
    assert one.comments is None or str(one.comments) in text
    for story in one.related:
        assert story.url is not None
        assert story.url.removeprefix(f"http://{one.host}:{PORT}") in hrefs
        assert story.url in {other.url for other in ALL}


@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_an_outcome_other_than_export_says_why_and_only_that(one: Expected) -> None:
    assert (one.outcome == "exported") == (one.why == "")
    assert one.licensed in (one.outcome, "exported")


def test_there_are_enough_stories_languages_and_sites() -> None:
    assert len({one.story for one in ALL}) >= 44
    assert {"id", "en", "de", "fr", "es", "ja", "ru", "ar"} == {one.language for one in ALL}
    count = Counter(one.host for one in ALL)
    least = {
        "kabarkilat.test": 12,
        "newsmix.test": 10,
        "nachrichtenbrise.test": 6,
        "actuvite.test": 6,
        "ultimahora.test": 5,
    }
    assert all(count[host] >= number for host, number in least.items())
    assert all(number >= 2 for number in count.values())
    assert len({one.url for one in ALL}) == len(ALL)


def test_at_least_three_stories_stand_on_two_hosts_with_small_differences() -> None:
    twins: dict[str, list[Expected]] = {}
    for one in ALL:
        twins.setdefault(one.story, []).append(one)
    pairs = [pair for pair in twins.values() if len(pair) == 2]
    assert len(pairs) >= 3
    for pair in pairs:
        assert pair[0].host != pair[1].host
        assert all(one.duplicate and one.outcome == "exported" for one in pair)
        assert pair[0].title != pair[1].title or pair[0].paragraphs != pair[1].paragraphs
        assert set(pair[0].paragraphs) & set(pair[1].paragraphs)


def test_every_protocol_keeps_at_least_two_stories_back() -> None:
    why = Counter(one.why for one in ALL if one.outcome == "withheld")
    protocols = ("prose", "robots", "tdmrep", "meta-robots", "x-robots-tag", "content-signal", "aiprefs")
    assert all(why[protocol] >= 2 for protocol in protocols)
    assert {one.host for one in ALL if one.outcome == "refused"} == {"tertutup.test", "sakit.test"}


def test_the_source_keeps_back_stories_that_the_aggregator_would_give() -> None:
    kept = [one for one in ALL if one.outcome == "withheld" and one.source_url and one.why in ("tdmrep", "robots")]
    assert len(kept) >= 3
    assert {one.host for one in kept} == {"kabarkilat.test", "actuvite.test"}


def test_the_licence_file_lifts_wartas_notice_and_nothing_else() -> None:
    assert [(held.host, held.uses) for held in Licences.load(LICENCES)] == [("warta.test", ("train", "input"))]
    lifted = [one for one in ALL if one.licensed != one.outcome]
    assert len(lifted) >= 3
    assert all(one.why == "prose" and one.source_url and "//warta.test:" in one.source_url for one in lifted)


def test_the_keyword_block_is_long_and_nearly_the_same_on_every_page_of_its_site() -> None:
    blocks = [one.spam[0] for one in ALL if one.host == "kabarkilat.test" and one.spam]
    assert len(blocks) >= 8
    assert len(set(blocks)) == len(blocks)
    assert all(2300 <= len(block) <= 2400 for block in blocks)
    words = [set(block.split()) for block in blocks]
    assert all(len(one & words[0]) / len(one | words[0]) > 0.9 for one in words)


@pytest.mark.parametrize(
    ("host", "protocol", "basis"),
    [
        ("signal.test", "content-signal", "direct"),
        ("preferencia.test", "aiprefs", "direct"),
        ("harian.test", "robots", "inferred"),
    ],
)
def test_a_reservation_in_robots_is_one_that_our_reader_finds(host: str, protocol: str, basis: str) -> None:
    url = f"http://{host}:{PORT}/any"
    read = robots.parse(PAGES[host, "/robots.txt"].body)
    assert read.allowed(url)
    found = {(signal.protocol, signal.basis.value) for signal in read.signals(url) if signal.says == "reserved"}
    assert found == {(protocol, basis)}


def test_every_full_story_has_five_to_ten_paragraphs() -> None:
    assert all(5 <= len(one.paragraphs) <= 10 for one in ALL if not one.truncated)


def test_a_teaser_has_two_sentences_and_says_so() -> None:
    teasers = [one for one in ALL if one.truncated]
    assert len(teasers) >= 3
    assert all(len(one.paragraphs) == 1 and one.text.count(". ") == 1 for one in teasers)
