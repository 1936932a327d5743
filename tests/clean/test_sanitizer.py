import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.clean import restore, sanitize_draft, sanitize_field, sanitize_html, sanitize_text
from newscrawl.model import Cleaned, Draft, Mark
from tests.clean.stories import STORIES, TITLES
from tests.clean.test_spam import BLOCKS, heap, place


def check(cleaned: Cleaned) -> None:
    """What holds of every cleaned text."""
    assert restore(cleaned) == cleaned.original
    at = 0
    for removal in cleaned.removals:
        assert at <= removal.start < removal.end <= len(cleaned.original)
        assert cleaned.original[removal.start : removal.end] == removal.text
        at = removal.end
    for suspect in cleaned.suspects:
        assert 0 <= suspect.start < suspect.end <= len(cleaned.original)


PIECES = st.sampled_from(
    [
        *STORIES["en"].split("\n\n"),
        *STORIES["id"].split("\n\n"),
        STORIES["zh"].split("\n\n")[0],
        BLOCKS["id"],
        BLOCKS["en"],
        BLOCKS["th"],
        "slot gacor",
        "𝗦𝗟𝗢𝗧 🅶🅰🅲🅾🆁",
        "s l o t  g a c o r",
        "g\u200bacor",
        heap(30),
        "blamu zorvik",
        "Read more",
        "",
        '"',
        "  ",
        "#slotgacor #demoslot #rtpslot #slotmaxwin",
    ]
)
JOINTS = st.sampled_from(["\n\n", "\n", " ", "", "\n \n\n", ". "])
TEXTS = st.lists(st.tuples(PIECES, JOINTS), max_size=9).map(lambda pairs: "".join(a + b for a, b in pairs))


@settings(max_examples=150, deadline=None)
@given(TEXTS | st.text(max_size=300))
def test_every_text_can_be_rebuilt_and_none_is_refused(text: str) -> None:
    check(sanitize_text(text))
    check(sanitize_text(text, title="Harbour bridge reopens"))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_clean_text_is_clean(text: str) -> None:
    once = sanitize_text(text, title=TITLES["en"])
    if "needs_review" in once.flags:
        return
    again = sanitize_text(once.text, title=TITLES["en"])
    assert again.text == once.text


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(STORIES)),
    st.lists(st.tuples(st.sampled_from([*BLOCKS.values(), heap(40, 3), heap(90, 4)]), st.integers(0, 6)), max_size=3),
)
def test_spam_added_between_paragraphs_never_takes_a_paragraph_along(
    language: str, added: list[tuple[str, int]]
) -> None:
    paragraphs = STORIES[language].split("\n\n")
    dirty = list(paragraphs)
    for block, where in added:
        dirty.insert(min(where, len(dirty)), block)
    cleaned = sanitize_text("\n\n".join(dirty), title=TITLES[language])
    kept = cleaned.text.split("\n\n")
    assert [one for one in paragraphs if one not in kept] == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.none() | st.sampled_from(list(STORIES.values())))
def test_fields_can_be_rebuilt(text: str, context: str | None) -> None:
    check(sanitize_field(text, context=context))


@settings(max_examples=60, deadline=None)
@given(
    TEXTS, st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60), st.sampled_from(["link", "heading", "list"])))
)
def test_drafts_with_any_marks_can_be_rebuilt(text: str, spans: list[tuple[int, int, str]]) -> None:
    marks = tuple(
        Mark(
            start=start, end=min(len(text), start + size), kind=kind, attrs={"href": "https://x.example/", "level": "2"}
        )  # type: ignore[arg-type]
        for start, size, kind in spans
        if start < len(text)
    )
    check(sanitize_draft(Draft(text=text, marks=marks), url="https://news.example/"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{BLOCKS['en']}\n\n{STORIES['en']}", STORIES["en"]),
        (f"{STORIES['en']}\n\n{BLOCKS['en']}\n", STORIES["en"]),
        (f"{STORIES['en']}\n\n\n{BLOCKS['en']}\n\n{BLOCKS['en']}", STORIES["en"]),
        (place(STORIES["en"], BLOCKS["en"] + "\n\n" + BLOCKS["id"], "middle"), STORIES["en"]),
    ],
)
def test_a_cut_leaves_single_blank_lines(before: str, after: str) -> None:
    cleaned = sanitize_text(before, title=TITLES["en"])
    assert cleaned.text == after
    assert {one.rule for one in cleaned.removals if one.reason == "SPACE"} == {"space/joint"}


def test_a_block_before_and_behind_the_same_sentence_leaves_the_sentence() -> None:
    sentence = STORIES["en"].split("\n\n")[0]
    cleaned = sanitize_text(f"{BLOCKS['id']} {sentence} {BLOCKS['id']}\n\n{STORIES['en']}", title=TITLES["en"])
    assert cleaned.text == f"{sentence}\n\n{STORIES['en']}"


def test_a_dateline_after_a_block_stays_even_without_a_blank_line() -> None:
    cleaned = sanitize_text(f"{BLOCKS['id']}\n{STORIES['id']}", title=TITLES["id"])
    assert cleaned.text == STORIES["id"]


def test_a_text_of_nothing_but_spam_is_not_emptied_but_flagged() -> None:
    cleaned = sanitize_text(f"{BLOCKS['id']}\n\n{BLOCKS['id']}", title=TITLES["id"])
    assert cleaned.text.strip()
    assert "needs_review" in cleaned.flags or "suspect_spans" in cleaned.flags or cleaned.removals == ()


def test_a_teaser_page_may_lose_more_than_it_keeps_where_the_evidence_is_sure() -> None:
    teaser = "\n\n".join(STORIES["id"].split("\n\n")[:3])
    cleaned = sanitize_text(place(teaser, " ".join([BLOCKS["id"]] * 6), "top"), title=TITLES["id"])
    assert cleaned.text == teaser
    assert len(cleaned.text) < 0.5 * len(cleaned.original)


def test_html_is_read_with_its_links_and_its_blocks() -> None:
    html = "".join(f"<p>{one}</p>" for one in place(STORIES["en"], BLOCKS["en"], "middle").split("\n\n"))
    cleaned = sanitize_html(f"<div>{html}</div>", url="https://news.example/a")
    assert cleaned.text == STORIES["en"]
    check(cleaned)


def test_a_list_under_a_heading_stays_on_structure_alone() -> None:
    items = "red apple\ngreen apple\nred pear\ngreen pear\nyellow apple\nyellow pear\nred plum"
    text = f"{STORIES['en']}\n\nFruit on sale\n\n{items}"
    start = text.index(items)
    marks = (
        Mark(
            start=text.index("Fruit on sale"),
            end=text.index("Fruit on sale") + 13,
            kind="heading",
            attrs={"level": "2"},
        ),
        Mark(start=start, end=len(text), kind="list", attrs={}),
    )
    cleaned = sanitize_draft(Draft(text=text, marks=marks), title=TITLES["en"])
    assert cleaned.text == text


HOSTILE = {
    "keywords": "slot gacor maxwin ",
    "lines": "slot gacor\n",
    "paragraphs": "slot gacor\n\n",
    "chinese": "在线赌场百家乐 ",
    "thai": "สล็อตเว็บตรง",
    "disguise": "𝗦𝗟 ѕlоt ",
    "zero width": "a\u200bb",
    "spaced": "s l o t  ",
    "one word": "slotgacor",
    "quotes": '"slot" “gacor” ',
    "brackets": "([",
    "sentences": "Slot. ",
    "tags": "#slotgacor ",
    "overlay": "a\u0336",
    "blank": " \n",
    "mixed scripts": "мир slot كازينو ",
}


def seconds(text: str) -> float:
    best = 99.0
    for _ in range(3):
        start = time.process_time()
        sanitize_text(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_time_grows_with_length_and_no_faster(name: str) -> None:
    unit = HOSTILE[name]
    small, large = unit * (6_000 // len(unit)), unit * (24_000 // len(unit))
    assert seconds(large) < 6 * max(seconds(small), 0.004)


def test_text_behind_the_limit_is_kept_and_said_to_be_unexamined() -> None:
    text = "The bridge reopened on Monday, the city said. " * 5_000
    cleaned = sanitize_text(text)
    assert cleaned.text == text.rstrip() or cleaned.text == text
    assert "partly_examined" in cleaned.flags
