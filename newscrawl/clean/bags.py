"""Tells lines that are made of a page's own vocabulary and nothing else: read, share, subscribe, in whatever order.

A language's file has its `classes`: words by what they are for (`read`, `article`, `subscribe`, `newsletter` …; `*`
marks a stem). A rule's `bags` name classes: "share article|friend" asks for a word of `share` and another of `article`
or `friend`; beside them a line may hold words of these classes, of `fill` and of those that stand behind "with", and,
with "+2", as many names. One word that is none of these, and the line is a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from newscrawl import rulebook
from newscrawl.clean.words import NOSPACE

MOST, LEAST, LONGEST, MOST_RUN = 14, 2, 110, 36
DOMAIN = r"(?:www\.)?[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,20})*\.[a-z]{2,8}(?![^\W_])|"
WORD = re.compile(DOMAIN + r"[^\W_]+(?:[-\u200c\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff]+[^\W_]*)*")
NAMES = re.compile(r"\+(\d)\Z")
FILL, NETWORK, ABOUT, EVERYWHERE = "fill", "network", "about", "names/networks"
GAP = 8


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag of a rule: `heads` are sets of classes that each want a word of their own, `may` what else is let in."""

    heads: tuple[frozenset[str], ...]
    may: frozenset[str]
    names: int = 0


def parse(told: str, classes: Iterable[str]) -> Bag:
    """A bag as a rule writes it.

    Raises:
        ValueError: a class that the file does not have, or more than two heads.

    >>> parse("follow network|channel with article +2", ("follow", "channel", "article", "fill")).names
    2
    """
    names = NAMES.search(told.strip())
    heads, _, beside = NAMES.sub("", told.strip()).partition(" with ")
    wanted = tuple(frozenset(one.split("|")) for one in heads.split())
    may = frozenset(beside.split()).union(*wanted) | {FILL, NETWORK, ABOUT}
    for one in sorted(may - set(classes) - {FILL, NETWORK, ABOUT}):
        raise ValueError(f"no class {one!r} in the file: add it to [classes]")
    if len(wanted) != 2:
        raise ValueError(f"{told!r} has {len(wanted)} heads: a bag has two")
    return Bag(wanted, may, int(names[1]) if names else 0)


@dataclass(slots=True)
class Vocabulary:
    """The classes of one file, word by word."""

    whole: dict[str, set[str]] = field(default_factory=dict)
    stems: dict[str, set[str]] = field(default_factory=dict)
    rules: list[tuple[object, Bag]] = field(default_factory=list)
    longest: int = 0
    memo: dict[tuple[str, int], list[frozenset[str]] | None] = field(default_factory=dict)

    def add(self, name: str, words: str) -> None:
        """Writes the words of a class down; they are folded."""
        for word in words.split():
            table = self.stems if word.endswith("*") else self.whole
            table.setdefault(word.rstrip("*"), set()).add(name)
            self.longest = max(self.longest, len(word))

    def classes(self, word: str) -> frozenset[str]:
        """What a word is for."""
        found = set(self.whole.get(word, ()))
        for size in range(3, len(word) + 1) if self.stems else ():
            found |= self.stems.get(word[:size], set())
        return frozenset(found)

    def pieces(self, run: str, gap: int) -> list[frozenset[str]] | None:
        """A run of letters without spaces, taken apart into words of the file; one stretch may be a name."""
        if (run, gap) not in self.memo:
            if len(self.memo) > 20_000:
                self.memo.clear()
            self.memo[run, gap] = self._pieces(run, gap)
        return self.memo[run, gap]

    def _pieces(self, run: str, gap: int) -> list[frozenset[str]] | None:
        size = len(run)
        last = [False] * size + [True]
        for at in range(size - 1, -1, -1):
            last[at] = any(last[end] and run[at:end] in self.whole for end in self._ends(at, size))
        found: list[frozenset[str]] = []
        at = 0
        while at < size:
            end = next((end for end in self._ends(at, size) if run[at:end] in self.whole and (last[end] or gap)), 0)
            if not end:
                end = next((end for end in range(at + 2, min(size, at + GAP) + 1) if last[end]), 0) if gap else 0
                if not end:
                    return None
                gap = 0
                found.append(frozenset())
            else:
                found.append(frozenset(self.whole[run[at:end]]))
            at = end
        return found

    def _ends(self, at: int, size: int) -> range:
        return range(min(size, at + self.longest), at, -1)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a line: folded, what each is for by file, whether it is a run without spaces, and as it stands."""

    words: list[str]
    known: list[Mapping[str, frozenset[str]]]
    runs: list[bool]
    texts: list[str]


class Bags:
    """The bags of all files, asked line by line."""

    def __init__(self) -> None:
        self.files: dict[str, Vocabulary] = {}
        self.everywhere: frozenset[str] = frozenset()
        self.unspaced: list[str] = []
        self.rough: dict[str, bool] = {}
        self.memo: dict[str, Mapping[str, frozenset[str]]] = {}

    def add(self, rule: object, values: rulebook.Rule, fold: Callable[[str], str]) -> None:
        """Writes down a rule's bags, with the classes of its file.

        Raises:
            ValueError: a bag that cannot be.
        """
        told = values.values.get("classes", {})
        classes = {str(key): fold(str(words)) for key, words in told.items()} if isinstance(told, Mapping) else {}
        key = f"{values.file}{'*' if values.own else ''}"
        if key not in self.files:
            vocabulary = self.files[key] = Vocabulary()
            for name, words in classes.items():
                vocabulary.add(name, words)
            if any(NOSPACE.match(word) for word in vocabulary.whole):
                self.unspaced.append(key)
        for bag in values.words("bags"):
            self.files[key].rules.append((rule, parse(bag, classes)))
        if not self.everywhere:
            self.everywhere = frozenset(fold(str(rulebook.table(EVERYWHERE)["networks"])).split())

    def find(self, core: str, text: str) -> Iterator[object]:
        """The rules of which a folded line is a bag; `text` is the line as it stands, letter for letter."""
        if not LEAST <= len(core) <= LONGEST or not self.files or self._strange(core):
            return
        spans = [part for found in WORD.finditer(core) for part in self._parts(core, *found.span())]
        if not 1 <= len(spans) <= MOST:
            return
        words = [core[start:end] for start, end in spans]
        runs = [word[0] >= "\u0e00" and NOSPACE.match(word) is not None for word in words]
        if sum(len(word) for word, run in zip(words, runs, strict=True) if run) > MOST_RUN:
            return
        known = [self._look(word) for word in words]
        line = Words(words, known, runs, [text[start:end] for start, end in spans])
        for key in self._likely(line):
            present = frozenset().union(*(one.get(key, frozenset()) for one in known))
            vocabulary = self.files[key]
            if any(run and vocabulary.pieces(word, 1) is None for word, run in zip(words, runs, strict=True)):
                continue
            for rule, bag in vocabulary.rules:
                if (any(runs) or all(head & present for head in bag.heads)) and self._is(bag, vocabulary, key, line):
                    yield rule

    def _strange(self, core: str) -> bool:
        """Whether a line has more than two words that no file knows: at a glance, since nearly every line has."""
        strange = 0
        rough = self.rough
        for word in core.split():
            known = rough.get(word)
            if known is None:
                if len(rough) > 100_000:
                    rough.clear()
                found = [core_ for one in WORD.finditer(word) for core_ in one.group().split("-")]
                known = rough[word] = (
                    not found
                    or any(bool(self._look(one)) or NOSPACE.match(one) is not None for one in found)
                    or bool(self._look(word))
                )
            if not known:
                strange += 1
                if strange > 2:
                    return True
        return False

    def _parts(self, core: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A word, or the halves of one with a hyphen that no file knows as a whole."""
        word = core[start:end]
        at = word.find("-")
        if at < 1 or at == len(word) - 1 or "." in word or self._look(word):
            yield start, end
        else:
            yield start, start + at
            yield start + at + 1, end

    def hints(self, core: str, key: str) -> object | None:
        """The rule of a file that a link's words hint at: one of them is of a class of a bag's first head."""
        vocabulary = self.files.get(key)
        if vocabulary is None:
            return None
        for rule, bag in vocabulary.rules:
            for found in WORD.finditer(core[:LONGEST]):
                word = found.group()
                if key in self.unspaced and NOSPACE.match(word):
                    if any(
                        part in word
                        for part in vocabulary.whole
                        if len(part) > 1 and self._of(key, part) & bag.heads[0]
                    ):
                        return rule
                elif self._of(key, word) & bag.heads[0]:
                    return rule
        return None

    def _of(self, key: str, word: str) -> frozenset[str]:
        return self._look(word).get(key, frozenset())

    def about(self, core: str) -> tuple[object, int] | None:
        """The rule whose bag a folded line begins with, where a word of its class `about` follows, and then a topic.

        The number is where the topic begins. Needs at least two words before, and one after.
        """
        spans = [found.span() for found in WORD.finditer(core[:LONGEST])]
        for at in range(2, min(len(spans) - 1, 6)):
            start, end = spans[at]
            for key, classes in self._look(core[start:end]).items():
                if ABOUT not in classes:
                    continue
                head = core[: spans[at - 1][1]]
                for rule, bag in self.files[key].rules:
                    if not bag.names and self._holds(bag, key, head):
                        return rule, spans[at + 1][0]
        return None

    def _holds(self, bag: Bag, key: str, text: str) -> bool:
        words = [found.group() for found in WORD.finditer(text)]
        line = Words(words, [self._look(word) for word in words], [False] * len(words), words)
        return self._is(bag, self.files[key], key, line)

    def _look(self, word: str) -> Mapping[str, frozenset[str]]:
        found = self.memo.get(word)
        if found is None:
            if len(self.memo) > 50_000:
                self.memo.clear()
            found = {key: classes for key, one in self.files.items() if (classes := one.classes(word))}
            if word in self.everywhere or "." in word:
                found = {key: found.get(key, frozenset()) | {NETWORK} for key in self.files}
            self.memo[word] = found
        return found

    def _likely(self, line: Words) -> Iterator[str]:
        """The files that know all of the words but two at most."""
        least = max(1, len(line.words) - 2)
        counts: dict[str, int] = dict.fromkeys(self.unspaced, sum(line.runs)) if any(line.runs) else {}
        for one, run in zip(line.known, line.runs, strict=True):
            for key in one:
                if not (run and key in self.unspaced):
                    counts[key] = counts.get(key, 0) + 1
        return (key for key in self.files if counts.get(key, 0) >= least)

    def _is(self, bag: Bag, vocabulary: Vocabulary, key: str, line: Words) -> bool:
        found: list[frozenset[str]] = []
        names = bag.names
        for word, classes, run, text in zip(line.words, line.known, line.runs, line.texts, strict=True):
            of = classes.get(key)
            if of is None and run:
                pieces = vocabulary.pieces(word, 1 if names else 0) if key in self.unspaced else None
                if pieces is None:
                    return False
                names -= sum(not one for one in pieces)
                found += [one for one in pieces if one]
            elif of is None or not of & bag.may:
                if not names or not (text[:1].isupper() or (not text.isascii() and text.lower() == text.upper())):
                    return False
                names -= 1
            else:
                found.append(of)
        if names < 0 or not all(one & bag.may for one in found):
            return False
        hits = [{at for at, one in enumerate(found) if one & head} for head in bag.heads]
        return all(hits) and len(hits[0] | hits[1]) > 1
