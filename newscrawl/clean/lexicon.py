"""Knows the words of the trade: tiered phrases from rules/spam, found in the tokens of a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from newscrawl import rulebook
from newscrawl.clean.words import NOSPACE, function_words, take_apart

WEIGHT = {"a": 1.0, "b": 0.5, "c": 0.2}
PITCH, FILLER, INTENT = "pitch", "filler", "intent"
NAMELESS = (PITCH, FILLER, INTENT)
"""Families that name no goods: sales talk, filler, and what any search is made of."""
GAMES, MIXED, COMPOUND = ("casino", "betting"), "trade", "compound"
"""Families that name games of chance; that of goods of several trades; and that of words written together."""
KEYS = rulebook.Keys(may={"lang": str, "a": list, "b": list, "c": list}, must=("lang", "a", "b", "c"))
_LEET = str.maketrans("01345789@$", "oieastbgas")
_BRAND = re.compile(r"[^\W\d_]{3,14}\d{2,4}\Z")
_DIGITS = frozenset("0123456789")
_PROVEN = 1.0
MEMO = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One phrase of one rule."""

    words: tuple[str, ...]
    stem: bool
    tier: str
    rule: str
    family: str
    key: str = ""

    @property
    def weight(self) -> float:
        """What the phrase speaks for by itself."""
        return WEIGHT[self.tier]


@dataclass(slots=True)
class Hits:
    """What the lexicon found in a stretch of text: entries, disguised words, brand names, and which tokens they cover.

    `covered` are the tokens that words of the trade cover, `wished` those that words of any search cover.
    """

    covered: set[int] = field(default_factory=set)
    wished: set[int] = field(default_factory=set)
    entries: dict[str, Entry] = field(default_factory=dict)
    leet: int = 0
    brands: set[str] = field(default_factory=set)

    def take(self, entry: Entry, at: Iterable[int]) -> None:
        """Notes an entry that was found at these token indices."""
        self.entries.setdefault(entry.key, entry)
        (self.wished if entry.family == INTENT else self.covered).update(at)

    @property
    def goods(self) -> float:
        """How loudly goods are named, brands with numbers among them; filler counts for little without any."""
        named = filler = 0.0
        kinds = 0
        for one in self.entries.values():
            if one.family == FILLER:
                filler += one.weight
                kinds += one.tier != "c"
            elif one.family not in NAMELESS:
                named += one.weight
        named += 0.3 * min(2, len(self.brands))
        return named + (filler if named >= 0.4 or kinds > 2 else min(filler, 0.3))

    @property
    def named(self) -> float:
        """How loudly goods are named, filler aside; everyday words alone name nothing."""
        found = [one for one in self.entries.values() if one.family not in NAMELESS]
        total = sum(one.weight for one in found) + 0.3 * min(2, len(self.brands))
        return total if self.brands or any(one.tier != "c" for one in found) else min(total, 0.25)

    @property
    def trades(self) -> frozenset[str]:
        """The trades whose goods were found; games of chance are one."""
        found = {one.family for one in self.entries.values() if one.family not in NAMELESS and one.tier != "c"}
        return frozenset(GAMES[0] if one in GAMES else one for one in found)

    @property
    def pitches(self) -> int:
        """How many pitches were found that are more than a friendly word."""
        return sum(one.family == PITCH and one.tier != "c" for one in self.entries.values())

    @property
    def pitch(self) -> float:
        """How loudly something is sold."""
        return sum(one.weight for one in self.entries.values() if one.family == PITCH)

    @property
    def intents(self) -> int:
        """How many different words were found that any search for goods is made of."""
        return sum(one.family == INTENT for one in self.entries.values())

    @property
    def plain(self) -> bool:
        """True where a phrase was found that says spam by itself."""
        return any(one.tier == "a" and one.family not in NAMELESS for one in self.entries.values())

    def rules(self) -> str:
        """The rules that were found, strongest first, as one line."""
        best = sorted(self.entries.values(), key=lambda one: (-one.weight, one.rule, one.words))
        return ", ".join(f"{one.rule}: {' '.join(one.words)}" for one in best[:4])


def plain(word: str) -> str:
    """A word without its accents: spam is often typed without them."""
    if word.isascii():
        return word
    return "".join(one for one in unicodedata.normalize("NFD", word) if not "\u0300" <= one <= "\u036f")


@dataclass(frozen=True, slots=True)
class _Known:
    """What may begin with a word: phrases of one word, of more by their second word, and those whose second is open."""

    single: tuple[Entry, ...]
    pairs: dict[str, tuple[Entry, ...]]
    open: tuple[Entry, ...]
    leet: bool


def _known(entries: Iterable[Entry], *, leet: bool) -> _Known | None:
    single: list[Entry] = []
    pairs: dict[str, list[Entry]] = {}
    loose: list[Entry] = []
    for one in entries:
        if len(one.words) == 1:
            single.append(one)
        elif one.stem and len(one.words) == 2:
            loose.append(one)
        else:
            pairs.setdefault(one.words[1], []).append(one)
    if not (single or pairs or loose):
        return None
    return _Known(tuple(single), {word: tuple(found) for word, found in pairs.items()}, tuple(loose), leet)


_NAMED = _Known((), {}, (), leet=False)
"""Stands for a word that no phrase begins with, and that is written as brands are: letters, then a number."""


class _Memo(dict[str, _Known | None]):
    """What may begin with each word that was met; a word that was not is looked up. Bounded."""

    def __init__(self, look: Callable[[str], _Known | None]) -> None:
        super().__init__()
        self.look = look

    def __missing__(self, word: str) -> _Known | None:
        if len(self) > MEMO:
            self.clear()
        known = self.look(word)
        if known is None and word[-1] in _DIGITS and _BRAND.match(word):
            known = _NAMED
        self[word] = known
        return known


class Lexicon:
    """Every phrase of the shelf, indexed by first word, by first stem, and by first two letters in runs."""

    def __init__(self, rules: Iterable[rulebook.Rule]) -> None:
        self.first: dict[str, list[Entry]] = {}
        self.stems: dict[str, list[Entry]] = {}
        self.runs: dict[str, list[Entry]] = {}
        self.parts: dict[str, float] = {}
        self.memo = _Memo(self._starting)
        for rule in rules:
            for tier in "abc":
                for phrase in rule.words(tier):
                    self._add(rule, tier, phrase)
        self.lengths = sorted({len(one) for one in self.stems})
        self.longest_part = max((len(one) for one in self.parts), default=0)

    def _add(self, rule: rulebook.Rule, tier: str, phrase: str) -> None:
        words = tuple(phrase.removesuffix("*").replace("-", " ").lower().split())
        key = " ".join(words)
        if rule.file == INTENT:
            if key in function_words():
                # What is a search word in one language may hold sentences together in another.
                return
            key = f"{INTENT} {key}"
        entry = Entry(words=words, stem=phrase.endswith("*"), tier=tier, rule=rule.name, family=rule.file, key=key)
        if NOSPACE.search(phrase):
            self.runs.setdefault("".join(words)[:2], []).append(entry)
            return
        if len(words) == 1 and entry.stem:
            self.stems.setdefault(words[0], []).append(entry)
            return
        bare = tuple(plain(one) for one in words)
        for form in {words, bare} if len(phrase) >= 5 else {words}:
            self.first.setdefault(form[0], []).append(replace(entry, words=form))
        if rule.file in (PITCH, FILLER) or (len(bare) > 1 and rule.file != "casino"):
            return
        for word in bare:
            weight = 0.05 if rule.file == INTENT else entry.weight if len(bare) == 1 else 0.2
            if len(word) >= 3:
                self.parts[word] = max(weight, self.parts.get(word, 0.0))

    def _starting(self, word: str) -> _Known | None:
        """The entries whose first word this may be, and whether it had to be read as leet."""
        if len(word) > 60:
            return None
        found = self._exact(word)
        if found:
            return _known(found, leet=False)
        if any(one.isdigit() for one in word[1:-1]) and any(one.isalpha() for one in word):
            found = [one for one in self._exact(word.translate(_LEET)) if len(one.words[0]) >= 4]
            if found:
                return _known(found, leet=True)
        whole = self._compound(plain(word))
        return _known((whole,), leet=False) if whole else None

    def _exact(self, word: str) -> list[Entry]:
        found = list(self.first.get(word, ()))
        for length in self.lengths:
            if length > len(word):
                break
            found.extend(self.stems.get(word[:length], ()))
        return found

    def _compound(self, word: str) -> Entry | None:
        """A long word that is nothing but words of the trade (and a number) written together."""
        body = word.rstrip("0123456789").lstrip("#")
        if len(word) < 7 or len(body) < 6 or not body.isalpha():
            return None
        best: list[tuple[int, float] | None] = [(0, 0.0), *([None] * len(body))]
        for i in range(len(body)):
            here = best[i]
            if here is None:
                continue
            for length in range(3, min(self.longest_part, len(body) - i) + 1):
                weight = self.parts.get(body[i : i + length])
                if weight is not None:
                    candidate = (here[0] + 1, here[1] + weight)
                    known = best[i + length]
                    if known is None or (candidate[0], -candidate[1]) < (known[0], -known[1]):
                        best[i + length] = candidate
        end = best[len(body)]
        if end is None or end[1] < 0.4 or not (end[0] == 2 or (end[0] in (3, 4) and len(body) >= 10)):
            return None
        return Entry(words=(word,), stem=False, tier="b", rule="spam/compound", family=COMPOUND, key=word)

    def hits(self, words: Sequence[str], begin: int = 0, stop: int | None = None) -> Hits:
        """The phrases in a stretch of tokens (scripts with spaces)."""
        found = Hits()
        stop = len(words) if stop is None else stop
        memo = self.memo
        asked = words if begin == 0 and stop == len(words) else words[begin:stop]
        for i, known in enumerate(map(memo.__getitem__, asked), begin):
            if known is None:
                continue
            if known is _NAMED:
                found.brands.add(words[i])
            elif known.single or known.open or (i + 1 < stop and words[i + 1] in known.pairs):
                self._note(found, known, words, i, stop)
        return found

    def _note(self, found: Hits, known: _Known, words: Sequence[str], i: int, stop: int) -> None:
        for entry in known.single:
            found.take(entry, (i,))
        found.leet += known.leet * len(known.single)
        if i + 1 >= stop or not (known.pairs or known.open):
            return
        for entry in (*known.pairs.get(words[i + 1], ()), *known.open):
            if self._follows(entry, words, i, stop):
                found.take(entry, range(i, i + len(entry.words)))
                found.leet += known.leet

    @staticmethod
    def _follows(entry: Entry, words: Sequence[str], i: int, stop: int) -> bool:
        count = len(entry.words)
        if i + count > stop:
            return False
        for offset in range(1, count):
            word, wanted = words[i + offset], entry.words[offset]
            if word != wanted and not (entry.stem and offset == count - 1 and word.startswith(wanted)):
                return False
        return True

    def hits_in_run(self, text: str, start: int, end: int) -> list[tuple[int, int, Entry]]:
        """The phrases of scripts without spaces in text[start:end], with their offsets."""
        found: list[tuple[int, int, Entry]] = []
        runs = self.runs
        for i in range(start, end - 1):
            entries = runs.get(text[i : i + 2])
            if entries is None:
                continue
            for entry in entries:
                stop = i + sum(map(len, entry.words)) + len(entry.words) - 1
                if text[i : min(stop, end)].lower() == " ".join(entry.words):
                    found.append((i, stop, entry))
        return found


def shelf(extra: Iterable[Path] = ()) -> tuple[rulebook.Rule, ...]:
    """The rules of the spam shelf, each tried on its own examples.

    Raises:
        RuleError: a rule is badly written, misses one of its `cuts`, or hits one of its `keeps`.
    """
    return rulebook.prove(rulebook.shelf("spam", KEYS, extra=extra), finds)


def finds(rule: rulebook.Rule, example: str) -> bool:
    """Whether the rule by itself says enough about an example to count as lexical evidence."""
    lexicon = Lexicon((rule,))
    found = look(lexicon, example)
    return sum(one.weight for one in found.entries.values()) >= _PROVEN


def look(lexicon: Lexicon, text: str) -> Hits:
    """Everything the lexicon finds in a text of any script."""
    tokens = take_apart(text, 0, len(text))
    found = lexicon.hits(tokens.words)
    for _, _, entry in lexicon.hits_in_run(text, 0, len(text)):
        found.entries.setdefault(entry.key, entry)
    return found


def standard(extra: tuple[Path, ...] | None = None) -> Lexicon:
    """The lexicon that ships with the project, and a user's own rules: those in use, or of `extra`. Read once."""
    return _standard(rulebook.own() if extra is None else extra)


@cache
def _standard(own: tuple[Path, ...]) -> Lexicon:
    # What ships was tried before it shipped, by the tests and `newscrawl rules check`: a start need not again.
    rules = rulebook.shelf("spam", KEYS, extra=own)
    rulebook.prove((rule for rule in rules if rule.own), finds)
    return Lexicon(rules)
