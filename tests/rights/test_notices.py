"""The finder of reservations in plain words: proofs of the rules, disguises, places, scope, offsets, time."""

from __future__ import annotations

import gc
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl import rulebook
from newscrawl.markup import document
from newscrawl.model import Decision, Page
from newscrawl.rights import notices
from newscrawl.rights.folded import fold, phrase
from newscrawl.rights.grammar import ANY, rules
from newscrawl.rights.notices import notices_in, only_a_notice

LANGUAGES = (
    "af am ar az be bg bn ca ckb cs cy da de el en eo es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id is it "
    "ja ka kk km kn ko ku ky lb lo lt lv mk ml mn mr ms mt my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw "
    "ta te tg th tr uk ur uz vi zh-Hans zh-Hant zu"
).split()
NOTICE = "No part of this site may be used to train AI models without our prior written consent."
STORY = "The ferry left the harbour at nine in the morning with two hundred passengers and a brass band on board. " * 6


def _hits(rule: rulebook.Rule, example: str) -> bool:
    names = {kind.rule.name for one in notices.found(example, lambda start, end: (0, "text")) for kind in one.kinds}
    return bool(names) if rule.file == ANY else rule.name in names


def _page(body: str) -> notices.Document:
    return document(Page.from_html(f"<html><body>{body}</body></html>", url="https://port.example/a"))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_each_rule_finds_and_keeps_its_own_examples(rule: rulebook.Rule) -> None:
    rulebook.prove([rule], _hits)
    for example in rule.keeps:
        assert not notices_in(example), "and no other rule finds it"


def test_each_language_has_four_examples_of_either_kind() -> None:
    finds: Counter[str] = Counter()
    keeps: Counter[str] = Counter()
    for rule in rules():
        finds[rule.file] += len(rule.finds)
        keeps[rule.file] += len(rule.keeps)
    assert sorted({*finds} - {ANY}) == sorted(LANGUAGES)
    assert min(finds[one] for one in LANGUAGES) >= 4
    assert min(keeps[one] for one in LANGUAGES) >= 4


@pytest.mark.parametrize(
    "text",
    [
        "No part of this site may be used to train A\u200bI models.",
        "No  part\u00a0of this site\nmay be used to train AI mod\u00adels.",
        "ＮＯ ＰＡＲＴ ＯＦ ＴＨＩＳ ＳＩＴＥ ＭＡＹ ＢＥ ＵＳＥＤ ＴＯ ＴＲＡＩＮ ＡＩ ＭＯＤＥＬＳ.",
        "禁 止 将 本 站 文 章 用 于 A I 训 练",
        "ⓒ 예시일보 무단전재·재배포 및 AI학습이용 금지",
        "ⓒ 예시일보 무단 전재·재배포 및 AI 학습 이용 금지",
        "\u110b\u1175\u1100\u1175\u1109\u1161 무단 수집 및 AI 학습 이용 금지",
        "Nutzung fu\u0308r KI-Training untersagt. © Hafenblatt",
        "本サイトのｽｸﾚｲﾋﾟﾝｸﾞを禁止します。",
        "# No part of this site may be used\n# to train AI models.\n",
    ],
)
def test_no_disguise_of_the_letters_hides_a_notice(text: str) -> None:
    assert notices_in(text)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Our content may not be used for training AI models.", {"train"}),
        ("Scraping of our website is strictly prohibited.", {"crawl"}),
        ("You may not crawl or index this website by automated means.", {"crawl", "index"}),
        ("All rights reserved, including text and data mining.", {"train"}),
        ("Our content may not be used by AI systems for any purpose.", {"train", "input"}),
    ],
)
def test_the_scope_is_what_the_words_name(text: str, scope: set[str]) -> None:
    assert {use for one in notices_in(text) for use in one.scope} >= scope


def test_a_carve_out_for_search_engines_is_kept() -> None:
    (one,) = notices_in("You may not crawl, scrape or index this website, except for search engine indexing.")
    assert "index" not in one.scope
    assert one.value == "reserved; except search"


def test_the_signal_says_what_the_record_needs() -> None:
    (one,) = notices_in(f"{STORY}\n\n{NOTICE}", place="footer", host="port.example")
    assert (one.protocol, one.where, one.host, one.language) == ("prose", "footer", "port.example", "en")
    assert one.says is Decision.RESERVED
    assert not one.machine_readable
    assert one.quote == NOTICE
    assert one.rule == "notices/en/ai"


@pytest.mark.parametrize(
    "text",
    [
        "Access by AI systems is not permitted.",
        "Training language models is prohibited.",
        "Crawling is prohibited in any season.",
    ],
)
def test_a_place_in_which_the_publisher_speaks_counts_as_evidence(text: str) -> None:
    assert notices_in(text, place="dcterms:rights")


def test_words_that_lean_on_the_lines_of_a_robots_file_reserve_nothing_beyond_them() -> None:
    text = "Restrictions expressed via content signals are reservations of rights under Directive 2019/790."
    assert notices_in(text)
    assert not notices_in(text, place="robots.txt line 3 comment")


def test_a_notice_may_span_two_sentences_or_paragraphs() -> None:
    assert notices_in(
        "Text and data mining, AI training and the like.\n\nThese uses of our content are expressly reserved."
    )
    assert notices_in("You wish to scrape this website? This is not permitted without our written consent.")


def test_the_foot_of_a_page_is_read_with_its_place() -> None:
    (one,) = notices.signals(_page(f"<article><p>{STORY}</p></article><footer><p>© Port. {NOTICE}</p></footer>"))
    assert one.where == "footer"
    assert one.host == "port.example"


@pytest.mark.parametrize("style", ["display:none", "visibility:hidden"])
def test_a_hidden_notice_counts_too(style: str) -> None:
    (one,) = notices.signals(_page(f"<p>{STORY}</p><div style='{style}'>{NOTICE}</div>"))
    assert one.where == "hidden"


@pytest.mark.parametrize(
    "body",
    [
        f"<blockquote>{NOTICE}</blockquote><p>{STORY}</p>",
        "<h2>AI training on our content is prohibited</h2><p>So goes the slogan of the march.</p>",
        "<p><a href='/b'>AI training forbidden, says court</a></p>",
        f"<p>{STORY}</p><p>“{NOTICE}” reads the new rule of the Gazette, its editor said.</p>",
    ],
)
def test_a_quotation_a_heading_and_a_teaser_reserve_nothing(body: str) -> None:
    assert notices.signals(_page(body)) == ()


def test_an_article_on_ai_before_a_plain_footer_reserves_nothing() -> None:
    body = (
        "<p>The lab trains its language models on licensed text.</p><footer>© 2026 Port. All rights reserved.</footer>"
    )
    assert notices.signals(_page(body)) == ()


def test_a_page_that_says_nothing_but_a_notice_is_told_from_a_story() -> None:
    assert only_a_notice(_page(f"<p>{NOTICE}</p>"))
    assert only_a_notice(
        _page(f"<nav><a href='/'>Home</a> <a href='/n'>News of the day</a></nav><footer>{NOTICE}</footer>")
    )
    assert not only_a_notice(_page(f"<p>{STORY}</p><footer>{NOTICE}</footer>"))
    assert not only_a_notice(_page("<p>Nothing here.</p>"))


PIECES = st.sampled_from(
    [
        NOTICE,
        "AI",
        "KI",
        "verboten",
        "“",
        "”",
        "\n\n",
        "\u200b",
        "\u00ad",
        "禁止AI学习。",
        "무단전재 및 AI 학습 금지",
        "said",
        " ",
        "§ 44b UrhG",
        "vorbehalten",
        "# ",
        "ﬁ",
        "İ",
        "e\u0301",
        "ｽｸﾚｲﾋﾟﾝｸﾞ",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=24).map("".join))
def test_no_text_raises_and_every_offset_points_at_its_quote(text: str) -> None:
    for one in notices_in(text):
        assert one.start is not None
        assert one.end is not None
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].startswith(one.quote)
        assert one.quote == text[one.start : one.end][:300]
        assert 0 < len(one.quote) <= 300


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_the_map_of_a_folded_text_never_runs_backwards(text: str) -> None:
    folded = fold(text)
    assert len(folded.at) == len(folded.text) + 1
    assert folded.at == sorted(folded.at)
    assert folded.at[-1] == len(text)
    assert phrase(text).replace("\n", " ").split() or not folded.text.strip()


def test_a_notice_at_the_foot_of_a_very_long_text_is_found_where_it_stands() -> None:
    text = "The tide rose.\n\n" * 40_000 + NOTICE
    (one,) = notices_in(text)
    assert text[one.start : one.end] == NOTICE


@pytest.mark.parametrize(
    "unit",
    [
        "AI ",
        "AI. no. ",
        '"AI training is prohibited," he said. ',
        "禁止AI学习",
        "AI\nprohibited\n",
        "\n# AI no ",
        "a\u200b",
        "KI verboten sagte er. ",
    ],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def spent(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        best = 9.0
        for _ in range(4):
            begin = time.process_time()
            notices_in(text)
            best = min(best, time.process_time() - begin)
        return best

    notices_in(unit)
    gc.collect()
    # Four times the text takes four times as long, or sixteen times where it is looked at in squares. A machine that
    # does much else now and then counts double: then it is asked again.
    assert any(spent(160_000) < max(8 * spent(40_000), 0.1) for _ in range(3))


def test_a_story_without_an_object_word_costs_less_than_a_millisecond() -> None:
    text = (STORY * 6)[:3072]
    notices_in(text)

    def cost() -> float:
        begin = time.process_time()
        notices_in(text)
        return time.process_time() - begin

    assert any(cost() < 0.001 for _ in range(100))
