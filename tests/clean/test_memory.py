import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.clean import SiteMemory, sanitize_text
from newscrawl.clean import memory as room
from tests.clean.stories import STORIES, TITLES

SYLLABLES = "ba ke li mo nu ra se ti vo wu da fe gi ho pu".split()


def story(number: int) -> str:
    """A story that shares no word triple with another number's."""
    dice = random.Random(number)
    words = ["".join(dice.choices(SYLLABLES, k=3)) for _ in range(60)]
    lines = (" of the ".join(words[start : start + 20]) + "." for start in (0, 20, 40))
    return "\n\n".join(lines)


def warm(line: str, count: int = 6, site: str = "s") -> SiteMemory:
    memory = SiteMemory()
    for number in range(count):
        memory.learn(f"{story(number)}\n\n{line}", site=site, story=str(number))
    return memory


def test_a_line_is_counted_by_story_whatever_its_case_digits_and_dress() -> None:
    memory = warm("Slot gacor 88")
    assert memory.stories("𝗦𝗟𝗢𝗧 GACOR, 77!", site="s") == 6
    assert memory.seen(site="s") == 6
    assert memory.warm("s")


def test_a_site_is_cold_before_five_stories() -> None:
    assert not warm("x", 4).warm("s")


def test_the_same_story_counts_once() -> None:
    memory = SiteMemory()
    assert memory.learn(story(1), site="s", story="a")
    assert not memory.learn(story(1), site="s", story="a")
    assert not memory.learn(story(1) + "\n\nUpdated.", site="s", story="b")
    assert memory.seen(site="s") == 1


def test_sites_do_not_share_what_they_know() -> None:
    memory = warm("slot gacor", site="one")
    assert memory.stories("slot gacor", site="two") == 0
    assert memory.seen(site="two") == 0


def test_state_is_plain_json_and_comes_back() -> None:
    memory = warm("slot gacor maxwin")
    state = json.loads(json.dumps(memory.to_state("s")))
    again = SiteMemory.from_state(state)
    assert again.stories("slot gacor maxwin", site="s") == 6
    assert again.seen(site="s") == 6
    assert again.share("slot gacor maxwin", site="s") == memory.share("slot gacor maxwin", site="s") == 1.0
    assert not again.learn(story(2), site="s", story="2")


@pytest.mark.parametrize("state", [{}, {"version": 9}, {"version": 1}, {"version": 1, "site": "s", "seen": "x"}])
def test_a_broken_state_is_left_aside(state: dict[str, object]) -> None:
    assert SiteMemory.from_state(state).seen(site="s") == 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_LINES", 40)
    monkeypatch.setattr(room, "MOST_GRAMS", 200)
    memory = warm("the line that returns", 30)
    state = memory.to_state("s")
    assert isinstance(state["lines"], dict)
    assert len(state["lines"]) <= 40
    assert memory.stories("the line that returns", site="s") == 30


@pytest.mark.parametrize("language", ["en", "id", "de", "ru", "es"])
def test_a_warm_site_gives_up_a_line_that_no_lexicon_knows(language: str) -> None:
    line = "zorvik blamu trenta quolo"
    memory = warm(line, 8)
    text = STORIES[language].replace("\n\n", f"\n\n{line}\n\n", 2)
    cleaned = sanitize_text(text, title=TITLES[language], memory=memory, site="s")
    assert cleaned.text == STORIES[language]
    assert {one.reason for one in cleaned.removals} == {"SITE_REPEAT", "SPACE"}


@pytest.mark.parametrize("language", ["en", "id", "de"])
def test_a_repeated_sentence_of_the_story_itself_stays(language: str) -> None:
    sentence = STORIES[language].split("\n\n")[3]
    memory = warm(sentence, 8)
    cleaned = sanitize_text(STORIES[language], title=TITLES[language], memory=memory, site="s")
    assert cleaned.text == STORIES[language]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6))
def test_learning_never_raises_and_counts_no_story_twice(texts: list[str]) -> None:
    memory = SiteMemory()
    for number, text in enumerate(texts):
        memory.learn(text, site="s", story=str(number))
        memory.learn(text, site="s", story=str(number))
    assert memory.seen(site="s") <= len(texts)


def test_one_story_told_again_among_other_keywords_counts_once_however_short_it_is() -> None:
    story = (
        "Bakanlık ise kotanın stokları korumak için gerekli olduğunu savunuyor.\n\n"
        "Kooperatif başkanı, kararın alınmadan önce kendilerine danışılmadığını söyledi.\n\n"
        "Toplantının önümüzdeki hafta içinde başkentteki genel merkezde yapılması bekleniyor."
    )
    memory = SiteMemory()
    learnt = [
        memory.learn(
            f"{f'bonus{number} slot{number} apk{number} '.strip() * 30}\n\n{story}", site="a.example", story=str(number)
        )
        for number in range(8)
    ]
    assert learnt == [True] + [False] * 7
    assert not memory.warm("a.example")


@pytest.mark.parametrize("language", ["en", "id", "de"])
def test_a_sentence_glued_to_what_a_site_says_again_stays(language: str) -> None:
    block = "7093l terpercay4 c4s1no r3sm1 5a8ung ay4m GARUDA4D depos17 pul5a m3n4n9 RAJAWIN77"
    memory = warm(block, count=8)
    parts = STORIES[language].split("\n\n")
    for dirty in (f"{parts[1]} {block}", f"{block} {parts[1]}"):
        text = "\n\n".join([parts[0], dirty, *parts[2:]])
        cleaned = sanitize_text(text, title=TITLES[language], memory=memory, site="s")
        assert cleaned.text == STORIES[language]
