"""Takes a line apart into words, in scripts with spaces and without, and knows the small words of many languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from newscrawl import rulebook

_THAI = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
NOSPACE = re.compile(f"[{_THAI}{_HAN}]")
_RUN = re.compile(f"([{_THAI}]+)|([{_HAN}]+)")
PREFIX = 5
"""Content words are compared by their first letters: endings change, stems stay."""


def _marks() -> str:
    """A character class of every combining mark below U+AC00: Python's \\w leaves Indic and Thai vowel signs out."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0xAC00):
        if unicodedata.category(chr(code)) in ("Mn", "Mc"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


_IN_WORD = rf"[\w\u200c\u200d{_marks()}]"
WORD = re.compile(rf"{_IN_WORD}+(?:['’]{_IN_WORD}+)*")
_ASCII_WORD = re.compile(r"\w+(?:'\w+)*", re.ASCII)
"""What WORD finds in a text of nothing but ASCII."""
_ASCII_LOWER = str.maketrans(
    {one: one.lower() if one.isalnum() or one == "_" else " " for one in map(chr, range(128)) if one != "'"}
)


@cache
def _stems(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words of a table, whole and by stem, all languages together."""
    whole: set[str] = set()
    stems: set[str] = set()
    for words in rulebook.table(name).values():
        for word in str(words).split():
            if word.endswith("*"):
                stems.add(word[:-1])
            else:
                whole.add(word)
    return frozenset(whole), tuple(sorted(stems))


@cache
def function_words() -> frozenset[str]:
    """The small words of every language in the table, in lower case."""
    return _stems("words/function")[0]


@cache
def _in_run(name: str, low: str, high: str) -> re.Pattern[str]:
    """Words of scripts without spaces, which have to be sought inside a run of letters."""
    found = sorted((one for one in _stems(name)[0] if low <= one[0] <= high), key=len, reverse=True)
    return re.compile("|".join(re.escape(one) for one in found))


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of a table: whole, by their beginning, in pairs, and inside runs without spaces."""

    whole: frozenset[str]
    stems: frozenset[str]
    lengths: tuple[int, ...]
    pairs: tuple[str, ...]
    runs: tuple[str, ...]

    def near(self, words: Collection[str]) -> bool:
        """True where one of the words stands in the list, whole: a quick look, which misses stems and pairs."""
        return not self.whole.isdisjoint(words)

    def found(self, words: Iterable[str], lower: str) -> set[str]:
        """What of the list stands in a text, given as its words and in lower case."""
        asked = set(words)
        hits = set(self.whole & asked)
        for word in asked - hits:
            for length in self.lengths:
                if length <= len(word) and word[:length] in self.stems:
                    hits.add(word[:length])
                    break
        hits.update(pair for pair in self.pairs if pair in lower)
        if NOSPACE.search(lower):
            hits.update(one for one in self.runs if one in lower)
        return hits


@cache
def word_list(name: str) -> WordList:
    """A table of `rules/words`, all languages together."""
    whole, stems = _stems(f"words/{name}")
    spaced = {one for one in whole if not NOSPACE.match(one)}
    return WordList(
        whole=frozenset(one for one in spaced if "-" not in one),
        stems=frozenset(stems),
        lengths=tuple(sorted({len(one) for one in stems})),
        pairs=tuple(sorted(one.replace("-", " ") for one in spaced if "-" in one)),
        runs=tuple(sorted(whole - spaced)),
    )


def reports(text: str) -> bool:
    """True where a word of reporting stands in a text."""
    known = word_list("reporting")
    lower = text.lower()
    words = set(WORD.findall(lower))
    if not known.whole.isdisjoint(words):
        return True
    if any(word[:length] in known.stems for word in words for length in known.lengths if length <= len(word)):
        return True
    if any(pair in lower for pair in known.pairs):
        return True
    return NOSPACE.search(text) is not None and any(one in text for one in known.runs)


@dataclass(slots=True)
class Tokens:
    """The words of one line: lower-case, with offsets into the folded text; True in `small` where it is a small word.

    Runs of Han and kana come as overlapping pairs of characters, Thai and its neighbours as overlapping triples;
    `weight` is what one token counts for in words.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    small: list[bool]
    weight: float = 1.0

    def __len__(self) -> int:
        return len(self.words)

    def part(self, begin: int, stop: int) -> Tokens:
        """The tokens from one index to another."""
        return Tokens(
            self.words[begin:stop], self.starts[begin:stop], self.ends[begin:stop], self.small[begin:stop], self.weight
        )


def quick(line: str) -> list[str]:
    """The words of a line in lower case, without offsets: what the first gate looks at."""
    if not line.isascii():
        return WORD.findall(line.lower())
    if "'" in line:
        return _ASCII_WORD.findall(line.lower())
    return line.translate(_ASCII_LOWER).split()


def take_apart(text: str, start: int, end: int, own: frozenset[str] = frozenset()) -> Tokens:
    """The tokens of text[start:end]; `own` are further small words, those of the article itself."""
    part = text[start:end]
    if part.isascii():
        spans = [match.span() for match in _ASCII_WORD.finditer(text, start, end)]
        return _placed(quick(part), spans, own)
    if NOSPACE.search(part) is None:
        found = [(match.group().lower(), match.span()) for match in WORD.finditer(text, start, end)]
        return _placed([word for word, _ in found], [span for _, span in found], own)
    small_words = function_words()
    tokens = Tokens([], [], [], [])
    grams = 0
    for match in WORD.finditer(text, start, end):
        word = match.group()
        if NOSPACE.search(word):
            grams += _grams(tokens, text, match.start(), match.end())
            continue
        lower = word.lower()
        tokens.words.append(lower)
        tokens.starts.append(match.start())
        tokens.ends.append(match.end())
        tokens.small.append(lower in small_words or lower in own)
    if grams * 2 > len(tokens.words):
        tokens.weight = 0.5
    return tokens


def _placed(words: list[str], spans: list[tuple[int, int]], own: frozenset[str]) -> Tokens:
    small = function_words()
    flags = [word in small or word in own for word in words] if own else [word in small for word in words]
    return Tokens(words, [start for start, _ in spans], [end for _, end in spans], flags)


def _grams(tokens: Tokens, text: str, start: int, end: int) -> int:
    """Cuts a run without spaces into overlapping grams; gives their number."""
    count = 0
    at = start
    for match in _RUN.finditer(text, start, end):
        if match.start() > at:
            _plain(tokens, text, at, match.start())
        at = match.end()
        indic = match.group(1) is not None
        width = 3 if indic else 2
        low, high = ("\u0e00", "\u17ff") if indic else ("\u3005", "\u9fff")
        pattern = _in_run("words/function", low, high)
        covered: set[int] = set()
        for hit in pattern.finditer(text, match.start(), match.end()):
            covered.update(range(hit.start(), hit.end()))
        last = max(match.start() + 1, match.end() - width + 1)
        for i in range(match.start(), last):
            stop = min(i + width, match.end())
            tokens.words.append(text[i:stop])
            tokens.starts.append(i)
            tokens.ends.append(stop)
            tokens.small.append(i in covered or (not indic and i + 1 in covered and i + 1 < stop))
            count += 1
    if at < end:
        _plain(tokens, text, at, end)
    return count


def _plain(tokens: Tokens, text: str, start: int, end: int) -> None:
    word = text[start:end].lower()
    tokens.words.append(word)
    tokens.starts.append(start)
    tokens.ends.append(end)
    tokens.small.append(word in function_words())


def stem(word: str) -> str:
    """What two forms of a content word have in common, near enough for any language."""
    return word[:PREFIX]
