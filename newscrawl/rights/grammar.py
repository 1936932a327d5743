"""Reads the words of reservations from rules/notices, and finds them all in one pass over a folded text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, reduce
from itertools import product
from operator import or_
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ahocorasick_rs import AhoCorasick, MatchKind

from newscrawl import rulebook
from newscrawl.model import Use
from newscrawl.rights.folded import phrase, unspaced

SHELF = "notices"
ANY = "any"  # the file whose words count in every language
OPERATORS = ("forbid", "must", "reserve", "rights", "not", "notfor", "oblige", "breach")
VOICES = (
    "own",
    "matter",
    "also",
    "oblige",
    "firm",
    "do",
    "train",
    "learn",
    "feed",
    "allow",
    "index",
    "except",
    "search",
    "beside",
    "mode",
)
ANTIS = ("report", "news", "tool", "privacy", "author", "permit")
CLASSES = (*OPERATORS, *VOICES, *ANTIS)
KEYS = rulebook.Keys(
    may={"object": list, "scope": list, "with": bool, "weight": float},
    must=("object", "scope"),
    finds="finds",
    keeps="keeps",
    file_keys=dict.fromkeys(CLASSES, list) | {"inside": bool, "tones": bool, "before": list},
)

JOINED = 3  # small words that are written onto the head of one word, such as Arabic's "and", "by" and "the"

Span: TypeAlias = tuple[int, int]
Hit: TypeAlias = tuple[int, int, "Word"]


class Shape(NamedTuple):
    """How a spelling is looked for: at the beginning and end of a word or not, in capitals, with which tail.

    before: what may be written onto its head where it must begin a word, such as prepositions of one letter.
    """

    left: bool
    right: bool
    capital: bool
    rest: str
    exact: str
    before: frozenset[str]


class How(NamedTuple):
    """What a language's file says of all its words: written together, told apart by tones, with what at their head."""

    inside: bool
    tones: bool
    before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One rule of one language: what is reserved by it, and whether the object needs a verb of use beside it."""

    rule: rulebook.Rule
    language: str
    id: str
    scope: tuple[Use, ...]
    verb: bool
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One spelling to look for: where it must begin and end, and in which languages it is which part of speech.

    objects and operators hold a bit for each language; senses name (language, class) with the language's number.
    """

    left: bool
    right: bool
    capital: bool
    senses: tuple[tuple[int, str], ...]
    objects: int
    operators: int
    languages: tuple[int, ...]
    rest: re.Pattern[str] | None = None
    exact: str = ""
    before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grammar:
    """All languages at once: two automata, the words behind their patterns, the rules by language and id."""

    languages: tuple[str, ...]
    kinds: tuple[dict[str, Kind], ...]
    gate: AhoCorasick
    gate_words: tuple[tuple[Word, ...], ...]
    full: AhoCorasick
    full_words: tuple[tuple[Word, ...], ...]
    operators: tuple[int, ...]

    def objects(self, text: str) -> Iterator[tuple[int, int]]:
        """Where an object stands in the folded text, and of which languages (bits); case is not looked at yet."""
        words = self.gate_words
        for number, start, end in self.gate.find_matches_as_indexes(text.replace("\n", " "), overlapping=True):
            for word in words[number]:
                if _stands(text, start, end, word):
                    yield start, word.objects

    def operates(self, text: str, languages: int) -> bool:
        """Whether an operator of one of the languages (bits) stands in the folded text; case is not looked at."""
        words, operators = self.full_words, self.operators
        for number, start, end in self.full.find_matches_as_indexes(text.replace("\n", " "), overlapping=True):
            if operators[number] & languages:
                for word in words[number]:
                    if word.operators & languages and _stands(text, start, end, word):
                        return True
        return False

    def hits(self, text: str, source: str, at: list[int]) -> Iterator[Hit]:
        """Every word that stands in the folded text, by its end; `source` and `at` tell the case it is written in."""
        words = self.full_words
        toneless = source.isascii()
        for number, start, end in self.full.find_matches_as_indexes(text.replace("\n", " "), overlapping=True):
            for word in words[number]:
                stop = _stands(text, start, end, word)
                if not stop or (word.capital and not _capital(source, at, start, end)):
                    continue
                if not word.exact or toneless or _spelt(source[at[start] : at[stop]]) == word.exact:
                    yield start, stop, word


def _stands(text: str, start: int, end: int, word: Word) -> int:
    """Where the word ends, or 0 if it does not stand here."""
    if word.left and start and _letter(text[start - 1]) and not (word.before and _joined(text, start, word)):
        return 0
    if word.rest:
        tail = word.rest.match(text, end)
        if not tail:
            return 0
        end = tail.end()
    return 0 if word.right and end < len(text) and _letter(text[end]) else end


def _joined(text: str, start: int, word: Word) -> bool:
    """True if nothing but small words that are written together with the next one stands between it and its head."""
    head = start
    while head and start - head <= 2 * JOINED and _letter(text[head - 1]):
        head -= 1
    return text[head:start] in word.before


def _letter(char: str) -> bool:
    """True for what a word goes on with, the vowel signs of India's scripts too; no word ends at them."""
    return char < "\u0e00" and (char.isalnum() or (char >= "\u0900" and char not in "।॥"))


def _capital(source: str, at: list[int], start: int, end: int) -> bool:
    return source[at[start] : at[end - 1] + 1].replace("İ", "I").isupper()


def _spelt(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _shape(spelling: str, how: How) -> tuple[str, Shape]:
    """The folded literal up to the first open end, and how it goes on; a blank at an end closes a joined word there."""
    bare = spelling.strip("*")
    literal, *tails = [phrase(part) for part in bare.split("* ")]
    if not literal or "*" in "".join([literal, *tails]):
        raise rulebook.RuleError(f"notices word {spelling!r}: * may stand at an end of a word only")
    foreign = how.inside and literal[0] > "\u04ff"
    last = tails[-1] if tails else literal
    before = how.before if foreign and spelling[0] != " " else frozenset[str]()
    begins = not spelling.startswith("*") and (not foreign or spelling[0] == " " or bool(before))
    return literal, Shape(
        left=begins and _letter(literal[0]),
        right=not spelling.endswith("*") and (not foreign or spelling[-1] == " ") and _letter(last[-1]),
        capital=bare.isupper() and len(bare) < 6,
        rest="".join(f"[^\\W_]{{0,14}}[ \\n]{re.escape(tail)}" for tail in tails),
        exact=_spelt(bare) if how.tones else "",
        before=before,
    )


def _spellings(rules: Iterable[rulebook.Rule]) -> Iterator[tuple[str, str, str, How]]:
    """(language, class, spelling, how it is looked for) of every word on the shelf.

    A word that speaks against a notice counts inside other words, too, where the language joins words at all.
    """
    seen: set[str] = set()
    for rule in rules:
        heads = [phrase(head) for head in rule.words("before")]
        before = frozenset("".join(some) for many in range(1, JOINED + 1) for some in product(heads, repeat=many))
        how = How(rule.flag("inside"), rule.flag("tones"), before)
        for spelling in rule.words("object"):
            yield rule.file, f"object:{rule.name.rsplit('/', 1)[1]}", spelling, how
        if rule.file not in seen:
            seen.add(rule.file)
            for name in CLASSES:
                for spelling in rule.words(name):
                    yield rule.file, name, spelling, how._replace(before=frozenset()) if name in ANTIS else how


def rules() -> tuple[rulebook.Rule, ...]:
    """The rules on the shelf, as they stand, and a user's own.

    A user's file is a language by itself, whatever its name: it can find more, and take nothing back.
    """
    return _rules(rulebook.own())


@cache
def _rules(own: tuple[Path, ...]) -> tuple[rulebook.Rule, ...]:
    found = rulebook.shelf(SHELF, KEYS, extra=own)
    return tuple(replace(rule, file=f"{rule.file}.toml") if rule.own else rule for rule in found)


def grammar() -> Grammar:
    """Everything that stands on the shelf, made ready once, at the first question."""
    return _grammar(rulebook.own())


@cache
def _grammar(own: tuple[Path, ...]) -> Grammar:
    languages = tuple(dict.fromkeys([ANY, *(rule.file for rule in rules())]))
    number = {language: index for index, language in enumerate(languages)}
    kinds: tuple[dict[str, Kind], ...] = tuple({} for _ in languages)
    for rule in rules():
        id_ = rule.name.rsplit("/", 1)[1]
        kinds[number[rule.file]][id_] = Kind(
            rule=rule,
            language=rule.file,
            id=id_,
            scope=rule.words("scope"),  # type: ignore[arg-type]
            verb=rule.flag("with"),
            weight=int(rule.number("weight")),
        )
    everyone = (1 << len(languages)) - 1
    table: dict[str, dict[Shape, list[tuple[int, str]]]] = {}
    for language, name, spelling, how in _spellings(rules()):
        literal, shape = _shape(spelling, how)
        table.setdefault(literal, {}).setdefault(shape, []).append((number[language], name))
    words = {
        literal: tuple(_word(shape, senses, everyone) for shape, senses in shapes.items())
        for literal, shapes in table.items()
    }
    gated = {literal: some for literal, found in words.items() if (some := tuple(one for one in found if one.objects))}
    return Grammar(
        languages=languages,
        kinds=kinds,
        gate=AhoCorasick(list(gated), matchkind=MatchKind.Standard),
        gate_words=tuple(gated.values()),
        full=AhoCorasick(list(words), matchkind=MatchKind.Standard),
        full_words=tuple(words.values()),
        operators=tuple(reduce(or_, (word.operators for word in some), 0) for some in words.values()),
    )


def _word(shape: Shape, senses: list[tuple[int, str]], everyone: int) -> Word:
    objects = operators = 0
    for language, name in senses:
        bit = everyone if language == 0 else 1 << language
        if name.startswith("object:"):
            objects |= bit
        elif name in OPERATORS:
            operators |= bit
    return Word(
        left=shape.left,
        right=shape.right,
        capital=shape.capital,
        senses=tuple(senses),
        objects=objects,
        operators=operators,
        languages=tuple(sorted({language for language, _ in senses if language})),
        rest=re.compile(shape.rest) if shape.rest else None,
        exact=shape.exact,
        before=shape.before,
    )


__all__ = ["ANY", "CLASSES", "KEYS", "Grammar", "Hit", "Kind", "Span", "Word", "grammar", "rules", "unspaced"]
