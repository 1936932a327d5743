"""Lays out the cases: every shape by every vocabulary, length and position, on cold pages and on whole sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from tools.eval import corpus
from tools.eval.cases import Block, Case, Payload, Piece, Position, assemble, place
from tools.eval.corpus import Host
from tools.eval.shapes import KEYWORD_SHAPES, LATIN_ONLY, LENGTHS, Shape, Vocabulary, vocabularies

LATIN_LANGUAGES = frozenset({"id", "ms", "en", "de", "es", "pt", "fr", "it", "tr", "vi", "nl", "pl", "sv"})


@cache
def hosts_of(half: str, language: str | None = None, *, gambling: bool = False) -> tuple[Host, ...]:
    """The articles of a half, in a language (or all)."""
    return tuple(
        host
        for host in corpus.hosts()
        if (corpus.half_of(host.site) == half or host.gambling)
        and host.gambling == gambling
        and language in (None, host.language)
    )


def host_for(words: Vocabulary, half: str, rng: Random, *, foreign: bool = False, gambling: bool = False) -> Host:
    """An article in the vocabulary's language where there is one; for a foreign block, in any other language."""
    if not foreign and (same := hosts_of(half, words.lang, gambling=gambling)):
        return rng.choice(same)
    return rng.choice(
        [host for host in hosts_of(half, gambling=gambling) if not foreign or host.language != words.lang]
    )


def build(
    shape: Shape, words: Vocabulary, host: Host, tokens: int, position: Position, rng: Random, *, name: str
) -> Case:
    """One case, made to order."""
    payload = shape.make(words, rng, tokens)
    return case_of(payload, host, position, rng, name=name, shape=shape.name, kind=shape.kind, words=words)


def case_of(
    payload: Payload,
    host: Host,
    position: Position,
    rng: Random,
    *,
    name: str,
    shape: str,
    kind: str,
    words: Vocabulary | None = None,
) -> Case:
    """The payload in the article, as a case."""
    text, spans, html = assemble(place(host, payload, position, rng))
    said = tuple(text[start:end] for start, end in spans)
    return Case(
        id=name,
        shape=shape,
        kind=kind,
        language=words.lang if words else host.language,
        vocabulary=words.id if words else "real",
        tokens=sum(len(one.split()) for one in said),
        position=position if payload.stand in ("one", "stacked", "broken") else payload.stand,
        host=host,
        text=text,
        spans=spans,
        html=html,
        needs_html=payload.needs_html,
        inserted=said,
    )


def _fits(shape: Shape, words: Vocabulary) -> bool:
    if shape.number in LATIN_ONLY or shape.number == 12:
        return words.lang in LATIN_LANGUAGES or (shape.number == 12 and words.lang in {"ru", "uk"})
    return True


def cold(half: str, seed: int, per_pair: int) -> Iterator[Case]:
    """Cases on pages of unknown sites: each shape with each vocabulary of the half, so many times."""
    for shape in KEYWORD_SHAPES:
        for words in vocabularies(half, neutral=shape.neutral):
            if not _fits(shape, words):
                continue
            for number in range(per_pair * (4 if shape.neutral else 1)):
                name = f"{shape.number}/{words.id}/{number}"
                rng = Random(f"{seed}/{half}/{name}")
                fitting = [length for length in LENGTHS if shape.least <= length <= shape.most]
                tokens = fitting[(number * 3 + rng.randrange(len(fitting))) % len(fitting)]
                host = host_for(words, half, rng, foreign=shape.foreign)
                yield build(shape, words, host, tokens, rng.choice(shape.positions), rng, name=name)


def gambling_news(half: str, seed: int, count: int) -> Iterator[Case]:
    """Promotion inside news about gambling: the words are on topic there."""
    prose = next(shape for shape in KEYWORD_SHAPES if shape.name == "promo prose")
    pool = [words for words in vocabularies(half) if words.family == "casino"]
    for number in range(count):
        words = pool[number % len(pool)]
        rng = Random(f"{seed}/{half}/gambling/{number}")
        host = host_for(words, half, rng, gambling=True)
        case = build(
            prose, words, host, rng.choice((16, 32, 64)), rng.choice(prose.positions), rng, name=f"gn/{number}"
        )
        yield replace(case, shape="promo in gambling news", kind="gambling news")


def real(half: str, seed: int, count: int) -> Iterator[Case]:
    """Real promotion and real disguised comments from the corpus, put into articles of the half."""
    promo = [
        row
        for row in corpus.rows("promo_paragraphs.jsonl")
        if len(row["text"].split()) >= 12 and row["text"][0] not in "#|*-1234567890" and "](" not in row["text"]
    ]
    comments = [row for row in corpus.rows("gambling_comments.jsonl") if row["label"] == 1]
    for shape, kind, pool in (("real promo prose", "prose", promo), ("real disguised comments", "comments", comments)):
        for number in range(count if pool else 0):
            rng = Random(f"{seed}/{half}/{shape}/{number}")
            row = rng.choice(pool)
            language = row.get("lang", "id")
            same = hosts_of(half, language) or hosts_of(half)
            payload = Payload(lines=(" ".join(str(row["text"]).split()),))
            where: Position = rng.choice(("top", "between", "tail"))
            yield case_of(payload, rng.choice(same), where, rng, name=f"{shape}/{number}", shape=shape, kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A simulated site: pages to learn from, pages to clean, and how its spam repeats."""

    name: str
    behaviour: str
    learn: tuple[Case, ...]
    clean: tuple[Case, ...]
    untouched: tuple[Case, ...]


BEHAVIOURS = ("shared", "shuffled", "rotating")
SITE_SHAPES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 21)


def _stories(words: Vocabulary, half: str, rng: Random, count: int, *, foreign: bool, gambling: bool) -> list[Host]:
    every = hosts_of(half)
    pool = [host for host in every if (host.language == words.lang) != foreign]
    if len(pool) < count:
        pool += [host for host in every if host not in pool and not (foreign and host.language == words.lang)]
    picked = rng.sample(pool, min(count, len(pool)))
    if len(picked) < count:
        # Without a corpus the articles are few: their excerpts stand in for further stories.
        parts = [part for host in pool for part in corpus.excerpts(host, 2)]
        picked += rng.sample(parts, min(count - len(picked), len(parts)))
    news = hosts_of(half, gambling=True)
    return picked if not gambling else [host if n % 2 else news[n % len(news)] for n, host in enumerate(picked)]


def _payloads(shape: Shape, words: Vocabulary, behaviour: str, tokens: int, rng: Random, pages: int) -> list[Payload]:
    if behaviour == "rotating":
        pool = [shape.make(words, rng, tokens) for _ in range(4)]
        return [pool[number % 4] for number in range(pages)]
    one = shape.make(words, rng, tokens)
    if behaviour == "shared" or (len(one.lines) == 1 and shape.kind in {"prose", "glued", "disguised"}):
        return [one] * pages
    shuffled = []
    for _ in range(pages):
        lines = list(one.lines)
        if len(lines) > 1:
            pairs = list(zip(lines, one.markup or lines, strict=True))
            rng.shuffle(pairs)
            lines = [line for line, _ in pairs]
            markup = tuple(html for _, html in pairs) if one.markup else None
            shuffled.append(replace(one, lines=tuple(lines), markup=markup))
        else:
            shuffled.append(shape.make(words, rng, tokens))
    return shuffled


def sites(half: str, seed: int, *, per_shape: int, pages: int = 30, held: int = 8) -> Iterator[Site]:
    """Sites of so many pages. The last `held` are cleaned with a memory learnt from the others."""
    by_number = {shape.number: shape for shape in KEYWORD_SHAPES}
    for number in (*SITE_SHAPES, 0):
        shape = by_number[number or 15]
        pool = [words for words in vocabularies(half, neutral=shape.neutral) if _fits(shape, words)]
        if not number:
            pool = [words for words in pool if words.family == "casino"]
        for turn in range(per_shape):
            behaviour = BEHAVIOURS[turn % 3]
            name = f"site{number or 'gn'}-{turn}.example"
            rng = Random(f"{seed}/{half}/{name}")
            words = rng.choice(pool)
            stories = _stories(words, half, rng, pages, foreign=shape.foreign, gambling=not number)
            fitting = [length for length in LENGTHS if shape.least <= length <= min(shape.most, 128)]
            tokens = rng.choice(fitting)
            payloads = _payloads(shape, words, behaviour, tokens, rng, len(stories))
            position = rng.choice(shape.positions)
            made = [
                replace(
                    case_of(
                        payload,
                        story,
                        position,
                        rng,
                        name=f"{name}/{n}",
                        shape=shape.name,
                        kind=shape.kind,
                        words=words,
                    ),
                    site=name,
                )
                for n, (payload, story) in enumerate(zip(payloads, stories, strict=True))
            ]
            if not number:
                made = [replace(c, shape="promo in gambling news", kind="gambling news") for c in made]
            cut = len(made) - held
            clean = tuple(case for case in made[cut:] if number or case.host.gambling)
            yield Site(
                name=name,
                behaviour=behaviour,
                learn=tuple(made[:cut]),
                clean=clean,
                untouched=tuple(replace(bare(case.host), site=name) for case in clean),
            )


def bare(host: Host) -> Case:
    """The article without spam, as a case."""
    text, spans, html = assemble([Block(pieces=(Piece(text=part),)) for part in host.paragraphs])
    return Case(
        id=host.id, shape="clean", kind="clean", language=host.language, vocabulary="", tokens=0, position="",
        host=host, text=text, spans=spans, html=html,
    )  # fmt: skip
