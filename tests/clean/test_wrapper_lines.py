"""Lines that were written before anybody looked at the rules: in 35 languages, around a story and glued to it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

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
