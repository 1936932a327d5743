"""Writes spam in each of the known shapes out of a vocabulary, in any length from 4 to 400 tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from random import Random
from typing import Any

from tools.eval import data, disguise
from tools.eval.cases import OWN_BLOCK, POSITIONS, Payload, Position

LENGTHS = (4, 8, 12, 16, 24, 32, 64, 128, 300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What one spammer has to say, in one language. `half` is the half of the evaluation that it belongs to."""

    id: str
    lang: str
    family: str
    half: str
    heads: tuple[str, ...]
    mods: tuple[str, ...]
    phrases: tuple[str, ...]
    brands: tuple[str, ...]
    prose: tuple[str, ...]

    def keyword(self, rng: Random) -> str:
        """A keyword: a head with a modifier, or a phrase as it stands."""
        if rng.random() < 0.25:
            return rng.choice(self.phrases)
        pair = (rng.choice(self.heads), rng.choice(self.mods))
        glue = "" if self.lang in {"zh", "ja", "th"} else " "
        return glue.join(pair if self.lang not in {"en", "de", "ru", "tr", "zh", "ja", "ko", "hi"} else pair[::-1])

    def keywords(self, rng: Random, tokens: int) -> list[str]:
        """Keywords of so many tokens together, at least one."""
        found = [self.keyword(rng)]
        while sum(len(one.split()) for one in found) < tokens:
            found.append(self.keyword(rng))
        return found


def _vocabulary(row: Mapping[str, Any]) -> Vocabulary:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Vocabulary(**fields)


@cache
def vocabularies(half: str | None = None, *, neutral: bool | None = None) -> tuple[Vocabulary, ...]:
    """The vocabularies of a half (or all); `neutral` asks for those of news words only, or for all others."""
    every = (_vocabulary(row) for row in data.table("vocabularies.toml")["vocabulary"])
    return tuple(
        one for one in every if half in (None, one.half) and (neutral is None or neutral == (one.family == "neutral"))
    )


Maker = Callable[[Vocabulary, Random, int], Payload]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One of the shapes of attack: how it is made, where it may stand, which lengths it has."""

    number: int
    name: str
    make: Maker
    positions: tuple[Position, ...] = POSITIONS
    least: int = 4
    most: int = 400
    kind: str = "keywords"
    neutral: bool = False
    foreign: bool = False


def product_block(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """The product grammar of one head and many modifiers, over and over."""
    heads = rng.sample(words.heads, min(2, len(words.heads)))
    glue = "" if words.lang in {"zh", "ja", "th"} else " "
    said: list[str] = []
    while sum(len(one.split()) for one in said) < tokens:
        said.append(glue.join((rng.choice(heads), rng.choice(words.mods))))
    return Payload(lines=(" ".join(said),))


def varied_list(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Keywords that hardly repeat, between commas, pipes or dots."""
    pool = [*words.phrases, *words.brands]
    pool += [f"{phrase} {rng.choice(('2025', '2026', '24/7', 'no 1', 'top 10', 'vip'))}" for phrase in words.phrases]
    pool += [words.keyword(rng) for _ in range(40)]
    rng.shuffle(pool)
    said: list[str] = []
    for phrase in dict.fromkeys(pool * (1 + tokens // 60)) if tokens < 100 else pool * (1 + tokens // 60):
        said.append(phrase)
        if sum(len(one.split()) for one in said) >= tokens:
            break
    return Payload(lines=(rng.choice((", ", " | ", " · ", " / ")).join(said),))


def tail(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """A few words after the last sentence."""
    return Payload(lines=(" ".join(words.keywords(rng, tokens)),))


def insertion(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Keywords in the middle of a sentence."""
    return Payload(lines=(" ".join(words.keywords(rng, tokens)),))


def phrase_per_line(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """A keyword a line: as paragraphs, as list items, or as one block with line breaks."""
    lines = tuple(words.keywords(rng, tokens))
    way = rng.choice(("stacked", "broken", "list"))
    if way == "broken":
        return Payload(lines=lines, stand="broken")
    tag = "li" if way == "list" else "p"
    return Payload(lines=lines, stand="stacked", opens=f"<{tag}>", closes=f"</{tag}>")


def interleaved(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """A keyword after each paragraph."""
    return Payload(lines=tuple(words.keywords(rng, tokens)), stand="interleaved")


def links(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Off-site links, a keyword each, strewn over a real sentence."""
    lines = tuple(words.keywords(rng, tokens))[:8]
    slug = "".join(letter for letter in words.brands[0].lower() if letter.isascii() and letter.isalnum()) or "best"
    marked = tuple(f'<a href="https://{slug}{n}.spam.example/{n}">{escape(line)}</a>' for n, line in enumerate(lines))
    return Payload(lines=lines, markup=marked, stand="scattered", needs_html=True)


def sentences(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Keywords dressed as sentences."""
    end = {"zh": "。", "ja": "。", "hi": "।"}.get(words.lang, ".")
    said = [one[:1].upper() + one[1:] + end for one in words.keywords(rng, tokens)]
    return Payload(lines=(" ".join(said),))


def hashtags(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Keywords as hashtags or run together."""
    mark = rng.choice(("#", "#", ""))
    said = [mark + words.keyword(rng).replace(" ", "") for _ in range(tokens)]
    return Payload(lines=(" ".join(said),))


def _dressed(*ways: Callable[[str, Random], str]) -> Maker:
    def make(words: Vocabulary, rng: Random, tokens: int) -> Payload:
        said = words.keywords(rng, tokens)
        if rng.random() < 0.5:
            said = [rng.choice(words.brands), *said]
        return Payload(lines=(rng.choice(ways)(" ".join(said), rng),))

    return make


def leet_and_brands(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Leet words and brand names with digits."""
    said = [
        disguise.leet(words.keyword(rng), rng) if rng.random() < 0.6 else rng.choice(words.brands)
        for _ in range(max(2, tokens // 2))
    ]
    return Payload(lines=(" ".join(said),))


def _prose(words: Vocabulary, rng: Random, tokens: int) -> str:
    said = rng.sample(words.prose, len(words.prose))
    count = max(1, min(len(said), tokens // 16))
    return " ".join(one.replace("{brand}", rng.choice(words.brands)) for one in said[:count])


def promotion(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Grammatical promotion, a paragraph of its own."""
    return Payload(lines=(_prose(words, rng, tokens),))


def glued(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Grammatical promotion glued to a true sentence."""
    return Payload(lines=(_prose(words, rng, min(tokens, 31)),))


HIDING = (
    '<div style="display:none">', '<div style="position:absolute;left:-9999px;top:-9999px">',
    '<div style="font-size:0">', '<div style="font-size:1px;color:transparent;opacity:0">',
    '<div style="visibility:hidden">', '<div style="height:0;overflow:hidden">', '<div style="text-indent:-9999px">',
    '<style>.zq7{position:absolute;clip:rect(0,0,0,0)}</style><div class="zq7">',
    '<style>#k33{display:none !important}</style><div id="k33">', "<noscript><div>", "<template><div>",
)  # fmt: skip


def hidden(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Spam that a style sheet hides from readers."""
    line = _prose(words, rng, tokens) if rng.random() < 0.3 else " ".join(words.keywords(rng, tokens))
    opens = rng.choice(HIDING)
    closes = f"</div></{opens[1:9]}>" if opens.startswith(("<noscript", "<template")) else "</div>"
    return Payload(lines=(line,), opens=opens, closes=closes, needs_html=True)


def mimic(words: Vocabulary, rng: Random, tokens: int) -> Payload:
    """Spam in the clothes of a related line."""
    lead: Mapping[str, str] = data.table("vocabularies.toml")["related"]
    line = f"{lead.get(words.lang, lead['en'])} {' '.join(words.keywords(rng, tokens))}"
    return Payload(
        lines=(line,), markup=(f'<a href="https://promo.spam.example/go">{escape(line)}</a>',), needs_html=True
    )


KEYWORD_SHAPES = (
    Shape(number=1, name="product block", make=product_block, positions=OWN_BLOCK, least=8),
    Shape(number=2, name="neutral block", make=product_block, positions=OWN_BLOCK, least=8, neutral=True),
    Shape(number=3, name="varied list", make=varied_list, positions=OWN_BLOCK, least=8),
    Shape(number=4, name="short tail", make=tail, positions=("end", "tail"), most=12),
    Shape(number=5, name="mid-paragraph", make=insertion, positions=("inside", "mid", "end")),
    Shape(number=6, name="phrase per line", make=phrase_per_line, positions=OWN_BLOCK, least=8, most=128),
    Shape(number=7, name="interleaved lines", make=interleaved, least=4, most=24, kind="lines"),
    Shape(number=8, name="link per keyword", make=links, least=8, most=16, kind="links"),
    Shape(number=9, name="sentence-styled", make=sentences, positions=("top", "between", "inside", "end", "tail")),
    Shape(number=10, name="hashtags, compounds", make=hashtags, positions=OWN_BLOCK),
    Shape(number=11, name="math, enclosed", make=_dressed(disguise.math_letters, disguise.enclosed), kind="disguised"),
    Shape(number=12, name="homoglyphs", make=_dressed(disguise.lookalikes), kind="disguised"),
    Shape(
        number=13,
        name="spaced, zero-width, tags",
        make=_dressed(disguise.zero_width, disguise.spaced, disguise.tags),
        kind="disguised",
        most=128,
    ),
    Shape(number=14, name="leet, brand+digits", make=leet_and_brands, kind="disguised"),
    Shape(number=15, name="promo prose", make=promotion, positions=OWN_BLOCK, least=16, most=64, kind="prose"),
    Shape(number=16, name="promo glued", make=glued, positions=("inside", "end"), least=16, most=24, kind="glued"),
    Shape(number=17, name="hidden by style", make=hidden, positions=OWN_BLOCK, kind="hidden"),
    Shape(number=20, name="wrapper mimic", make=mimic, positions=("between", "tail"), most=16, kind="mimic"),
    Shape(number=21, name="foreign block", make=product_block, positions=OWN_BLOCK, least=8, foreign=True),
)
"""Shapes 18 (cloaked page) and 19 (metadata) are no spans of a text: see `tools.eval.fields`."""
LATIN_ONLY = frozenset({11, 14})
