"""Trades and languages that the lexicon does not hold: what structure, form, register and the story itself can tell."""

from random import Random

import pytest

from newscrawl.clean import sanitize_draft, sanitize_text
from newscrawl.clean.lexicon import look, standard
from newscrawl.model import Cleaned, Draft, Mark
from tests.clean.stories import STORIES, TITLES

TRADES = {
    "iptv-sv": (
        "iptv kanaler sport paket abonnemang mottagare".split(),
        "billigt bäst utan bindning 4k nordiskt".split(),
    ),
    "diplomas-cs": (
        "maturita vysvědčení diplom výuční list certifikát".split(),
        "levně rychle originál bez zkoušek Praha".split(),
    ),
    "tarot-hu": (
        "jóslás kártyavetés horoszkóp szerelmi kötés aura".split(),
        "olcsó ingyenes azonnal telefonos biztos".split(),
    ),
    "cheats-fi": ("aimbot wallhack skripti boosti tili".split(), "ilmainen halpa toimiva huomaamaton uusin".split()),
    "clearing-nl": (
        "woningontruiming verhuisbedrijf verhuislift opslag sloopwerk".split(),
        "goedkoop spoed beste Utrecht gratis".split(),
    ),
    "dating-el": (
        "γνωριμίες ραντεβού συνοικέσια σχέσεις παρέα".split(),
        "δωρεάν σοβαρές άμεσα δίπλα διακριτικά".split(),
    ),
    "teeth-en": (
        "veneers implants crowns whitening braces".split(),
        "turkey painless budget allinclusive smile".split(),
    ),
    "solar-ro": (
        "panouri fotovoltaice invertoare baterii cabluri".split(),
        "ieftine garantate rapid autorizat Cluj".split(),
    ),
}
"""Heads and modifiers of eight trades, none of which a rule names."""


def phrases(trade: str, count: int, seed: int = 3) -> list[str]:
    heads, mods = TRADES[trade]
    dice = Random(f"{trade}/{seed}")
    said: list[str] = []
    while len(said) < count:
        one = f"{dice.choice(mods)} {dice.choice(heads)}".lower()
        if not said or one != said[-1]:
            said.append(one)
    return said


def between(story: str, piece: str) -> str:
    parts = story.split("\n\n")
    return "\n\n".join([*parts[:2], piece, *parts[2:]])


def kinds(cleaned: Cleaned) -> set[str]:
    return {one.kind for removal in cleaned.removals for one in removal.evidence}


@pytest.mark.parametrize("trade", sorted(TRADES))
def test_no_rule_names_these_trades(trade: str) -> None:
    heads, _ = TRADES[trade]
    assert look(standard(), " ".join(heads)).goods < 0.5


@pytest.mark.parametrize("language", ["en", "de", "id", "ru", "es"])
@pytest.mark.parametrize("trade", sorted(TRADES))
def test_a_block_goes(trade: str, language: str) -> None:
    dirty = between(STORIES[language], " ".join(phrases(trade, 24)))
    cleaned = sanitize_text(dirty, title=TITLES[language])
    assert cleaned.text == STORIES[language]
    assert len(kinds(cleaned)) >= 2


@pytest.mark.parametrize("language", ["en", "de", "ru", "es"])
@pytest.mark.parametrize("trade", sorted(TRADES))
def test_a_tail_behind_the_last_sentence_of_a_paragraph_goes_to_the_letter(trade: str, language: str) -> None:
    parts = STORIES[language].split("\n\n")
    dirty = "\n\n".join([parts[0], f"{parts[1]} {' '.join(phrases(trade, 4))}", *parts[2:]])
    assert sanitize_text(dirty, title=TITLES[language]).text == STORIES[language]


@pytest.mark.parametrize("language", ["en", "de", "ru", "es"])
@pytest.mark.parametrize("trade", sorted(TRADES))
def test_lines_strewn_between_the_paragraphs_go(trade: str, language: str) -> None:
    parts = STORIES[language].split("\n\n")
    lines = phrases(trade, len(parts))
    dirty = "\n\n".join(piece for pair in zip(parts, lines, strict=True) for piece in pair)
    assert sanitize_text(dirty, title=TITLES[language]).text == STORIES[language]


@pytest.mark.parametrize("trade", sorted(TRADES))
def test_many_sentences_of_two_words_go_where_the_words_come_back(trade: str) -> None:
    stubs = " ".join(f"{one.capitalize()}." for one in phrases(trade, 16))
    assert sanitize_text(between(STORIES["en"], stubs), title=TITLES["en"]).text == STORIES["en"]


@pytest.mark.parametrize("mark", ["", "#"])
@pytest.mark.parametrize("trade", sorted(TRADES))
def test_phrases_written_together_go(trade: str, mark: str) -> None:
    block = " ".join(mark + one.replace(" ", "") for one in phrases(trade, 16))
    assert sanitize_text(between(STORIES["en"], block), title=TITLES["en"]).text == STORIES["en"]


@pytest.mark.parametrize("trade", sorted(TRADES))
def test_links_that_share_words_with_each_other_and_none_with_the_story_go(trade: str) -> None:
    words = "The council will pay for the work from the harbour fund and asks for patience until spring.".split(" ")
    text, marks = "", []
    heads, mods = TRADES[trade]
    anchors = [f"{mod} {heads[0]}" for mod in mods[:4]]
    for at, word in enumerate(words):
        text += word + " "
        if at % 4 == 3 and anchors:
            one = anchors.pop()
            attrs = {"href": f"https://x{at}.example/", "host": f"x{at}.example", "rel": ""}
            marks.append(Mark(start=len(text), end=len(text) + len(one), kind="link", attrs=attrs))
            text += one + " "
    head = STORIES["en"] + "\n\n"
    moved = tuple(Mark(start=m.start + len(head), end=m.end + len(head), kind="link", attrs=m.attrs) for m in marks)
    draft = Draft(text=head + text.strip(), marks=moved)
    cleaned = sanitize_draft(draft, title=TITLES["en"], url="https://news.example/a")
    assert cleaned.text == head + " ".join(words)


@pytest.mark.parametrize(
    "offer",
    [
        "Your tarot reading is waiting: call MysticLine24 today and enjoy the first ten minutes free.",
        "Nordiska kanaler utan bindning: beställ hos StreamKungen88 idag och njut av fotboll i 4k.",
        "Mit UmzugProfi24 erhalten Sie jetzt Ihr kostenloses Angebot, bequem und unverbindlich.",
        "Регистрируйтесь в SolarDom77 уже сегодня и получите скидку на панели.",
        "Únete hoy a DentalSmile360 y disfruta de carillas a mitad de precio.",
    ],
)
@pytest.mark.parametrize("language", ["en", "id", "zh"])
def test_an_offer_of_something_unheard_goes_by_its_register(offer: str, language: str) -> None:
    cleaned = sanitize_text(between(STORIES[language], offer), title=TITLES[language])
    assert cleaned.text == STORIES[language]
    assert {"PITCH", "OFFTOPIC"} <= kinds(cleaned)


STAYS = {
    "advice": "You can save money if you compare insurers each autumn. Check the excess, read the small print and keep every letter.",
    "platform": "TikTok and YouTube said the videos had been removed within an hour of the first complaint from viewers.",
    "phones": "The Galaxy S24 and the RTX4090 card were among the goods that the thieves took from the van.",
    "council": "To join the scheme, visit our office on the quay or write to the harbour board before the first of May.",
    "small-style": "the poet wrote without capitals. the rain came down on the roofs. the gulls went home.",
    "fragments": "No bridge. No ferry. No bus. For two years the people of the east bank had walked.",
    "handles": "Photos: @harbournews, @eastbank, dpa",
    "rates": "Euro 1.0842, pound 1.2714, yen 149.62, franc 0.8810, krone 10.94, zloty 3.98",
    "birds": "great tit, blue tit, coal tit, house sparrow, tree sparrow, carrion crow and hooded crow were counted",
    "recipe": "flour, sugar, butter, eggs, baking powder, milk, a pinch of salt, lemon zest",
}


@pytest.mark.parametrize("name", sorted(STAYS))
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_what_is_written_like_an_offer_or_a_fragment_and_is_none_stays(name: str, language: str) -> None:
    dirty = between(STORIES[language], STAYS[name])
    cleaned = sanitize_text(dirty, title=TITLES[language])
    assert [one.text for one in cleaned.removals if one.rule.startswith("spam/")] == []


def test_a_disguised_name_in_a_plain_sentence_does_not_take_the_sentence_along() -> None:
    parts = STORIES["en"].split("\n\n")
    masked = "".join(chr(0x1D5D4 + ord(one) - 65) for one in "ZORVIKWIN")
    dirty = "\n\n".join([parts[0], f"{parts[1]} {masked} {masked}", *parts[2:]])
    assert sanitize_text(dirty, title=TITLES["en"]).text == STORIES["en"]
