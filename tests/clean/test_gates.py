"""The gates that let clean text pass at a look say what the whole way would have said."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.clean import SiteMemory, sanitize_text
from newscrawl.clean.phrases import fold
from newscrawl.clean.places import EDGE, Line, core_of
from newscrawl.clean.words import WORD, function_words, quick, take_apart
from newscrawl.clean.wrappers import book

LETTERS = st.text(alphabet="abcXYZ019_'’-. ,\t\n:|éİßßžаб\u0301\u200d", max_size=40)
STARTS = ("Read more", "By Jane Roe", "The post Rain appeared first on The Ledger", "Source: Reuters", "3 hours ago")


@settings(deadline=None)
@given(LETTERS)
def test_words_of_a_line_are_the_same_with_and_without_offsets(text: str) -> None:
    small = function_words()
    found = list(WORD.finditer(text))
    tokens = take_apart(text, 0, len(text))
    assert tokens.words == [match.group().lower() for match in found]
    assert tokens.starts == [match.start() for match in found]
    assert tokens.ends == [match.end() for match in found]
    assert tokens.small == [word in small for word in tokens.words]


@settings(deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_ascii_lines_part_into_the_words_of_any_line(text: str) -> None:
    assert quick(text) == WORD.findall(text.lower())


@settings(deadline=None)
@given(st.sampled_from(STARTS), LETTERS, LETTERS)
def test_a_line_that_the_gate_lets_pass_is_known_to_no_phrase(start: str, before: str, behind: str) -> None:
    for text in (before, start + behind, before + start, f"{before} {start}"):
        core = fold(text)
        if not book().may(core):
            assert not book().line(core)
            assert list(book().label(core)) == []
            assert list(book().form(core)) == []


@settings(deadline=None)
@given(LETTERS)
def test_the_core_of_a_line_is_what_its_edges_leave(text: str) -> None:
    folded = fold(text)
    lead = EDGE.match(folded)
    start, end = lead.end() if lead else 0, len(folded)
    while end > start and EDGE.fullmatch(folded, end - 1, end):
        end -= 1
    line = Line(0, len(text), text, folded, 0, 1)
    assert core_of(line)[0] == folded[start:end]
    if start < end:
        assert core_of(line)[1] == start


def test_a_line_that_comes_back_a_hundred_times_is_judged_each_time() -> None:
    plain, wrapper = "Rain fell over the town on Monday evening.", "Read Entire Article"
    assert sanitize_text("\n".join([plain] * 100)).removals == ()
    assert wrapper not in sanitize_text("\n".join([plain, wrapper] * 50)).text


def test_a_memory_that_knows_nothing_of_a_page_leaves_it_as_a_cold_page() -> None:
    memory = SiteMemory()
    for number in range(8):
        memory.learn(
            f"Ferry number {number} left Hull at dawn with {number} cows.", site="a.example", story=str(number)
        )
    text = "The council met on Tuesday to speak about the bridge.\n\nslot gacor maxwin hari ini situs judi online"
    warm = sanitize_text(text, site="a.example", memory=memory)
    assert warm == sanitize_text(text, site="a.example")
