"""Lines that were written before anybody looked at the rules: in 35 languages, around a story and glued to it."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import markup
from newscrawl.clean import wrappers
from newscrawl.clean.spans import Context
from newscrawl.clean.tongues import language
from newscrawl.model import Draft

SETS = tomllib.loads((Path(__file__).parent / "lines.toml").read_text("utf-8"))
FILES = {name.removesuffix("-2") for name in SETS}
ALIKE = {"cs": "sk", "sk": "cs", "ms": "id", "id": "ms", "hr": "sr", "no": "da", "da": "no"}


def cut(text: str) -> set[int]:
    gone: set[int] = set()
    for point in wrappers.find(Draft(text=text), Context()):
        gone.update(range(point.start, point.end))
    return gone


def left(text: str, start: int, end: int) -> str:
    """What is left of text[start:end], white space aside."""
    gone = cut(text)
    return "".join(text[at] for at in range(start, end) if at not in gone).strip()


@pytest.mark.parametrize("name", SETS)
def test_what_stands_around_a_story_goes_and_the_story_stays(name: str) -> None:
    one = SETS[name]
    story = "\n\n".join(one["story"])
    wrong = []
    for line in one["tops"]:
        text = f"{line}\n\n{story}"
        wrong += [line] if left(text, 0, len(line)) or left(text, len(line), len(text)) != story else []
    for line in one["cuts"]:
        text = f"{story}\n\n{line}"
        wrong += [line] if left(text, 0, len(text)) != story else []
    for line in one["tails"]:
        text = f"{story}{line[1:]}" if line.startswith("+") else f"{story} {line}"
        wrong += [line] if left(text, 0, len(text)) != story else []
    assert not wrong


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("Zum Originalbeitrag", True),
        ("Voir l’article d’origine", True),
        ("原文链接", True),
        ("Original", True),
        ("The law as it was passed", False),
        ("A portrait of the conductor", False),
    ],
)
def test_a_link_to_another_site_that_ends_a_story_goes_if_its_words_point(line: str, goes: bool) -> None:
    tongue = {"Zum": "de", "Voi": "fr", "原文链": "zh-hans"}.get(line[:3], "en")
    body = "".join(f"<p>{one}</p>" for one in SETS[tongue]["story"])
    html = f'{body}<p><a href="https://other.example/story">{line}</a></p>'
    draft = markup.fragment(html, url="https://aggregator.example/x").draft
    points = wrappers.find(draft, Context(url="https://aggregator.example/x"))
    assert bool(points) == goes
    if goes:
        assert [(one.field, one.value) for one in points[-1].facts] == [("source_url", "https://other.example/story")]


@given(st.text(alphabet="read more share-.,'’()【】続きを読む อ่าน\u200c\n阅读全文 기사", max_size=120))
def test_no_line_whatever_it_is_made_of_is_too_much(line: str) -> None:
    text = f"Rain fell in the hills.\n\n{line}"
    for point in wrappers.find(Draft(text=text), Context()):
        assert 0 <= point.start < point.end <= len(text)


@pytest.mark.parametrize(
    "unit", ["read-more ", "続きを読む", "read ", "阅读", "share this article with ", "อ่านต่อ ", "a- "]
)
def test_lines_of_a_pages_own_words_take_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = "\n".join([unit * 9] * (size // (9 * len(unit))))
        best = 9.0
        for _ in range(3):
            started = time.process_time()
            wrappers.find(Draft(text=text), Context())
            best = min(best, time.process_time() - started)
        return best

    seconds(2000)
    assert seconds(40_000) < 6 * max(seconds(10_000), 0.01)


@pytest.mark.parametrize("name", SETS)
def test_a_sentence_that_looks_like_it_stays_wherever_it_stands(name: str) -> None:
    one = SETS[name]
    first, last = one["story"]
    wrong = []
    for line in one["keeps"]:
        for text in (f"{line}\n\n{first}\n\n{last}", f"{first}\n\n{line}\n\n{last}", f"{first}\n\n{last}\n\n{line}"):
            wrong += [line] if cut(text) else []
    assert not wrong


@pytest.mark.parametrize("name", [name for name in SETS if name != "bans"])
def test_a_cut_is_named_after_a_rule_of_the_texts_own_language(name: str) -> None:
    one = SETS[name]
    own = name.removesuffix("-2")
    text = "\n\n".join([*one["tops"], *one["story"], *one["story"], *one["cuts"]])
    files = {point.rule.split("/")[1] for point in wrappers.find(Draft(text=text), Context())}
    assert files <= {own, ALIKE.get(own, own), "any", "en"}
    assert own in files


@pytest.mark.parametrize("name", [name for name in SETS if name != "bans"])
def test_the_language_of_a_story_is_told_by_its_small_words(name: str) -> None:
    own = name.removesuffix("-2")
    assert language("\n".join(SETS[name]["story"]), among=FILES) in {own, ALIKE.get(own, own)}
