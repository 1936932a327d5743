"""Weighs one or two sentences: how much in them speaks for a publisher's own reservation, and how much against."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from newscrawl.model import Use
from newscrawl.rights.folded import Folded
from newscrawl.rights.grammar import ANTIS, Grammar, Hit, Kind, Span, Word
from newscrawl.rights.sentences import Sentence

NEAR = 260  # folded letters between object and operator in one sentence; terms of use list their verbs at length
NEXT = 120  # the same across two sentences
LIST = 3  # objects one beside the other, which make a list
CROWD = 40  # words of one kind in one window that are looked at
TOGETHER = {"not allow": 70, "not do": 45, "not train": 45, "notfor": 40, "oblige": 70}  # how far a negation reaches
COSTS = {"report": 3, "news": 2, "tool": 2, "privacy": 4, "author": 4, "permit": 4}
FOOTER = 0  # the weight of "all rights reserved": it reserves what is named beside it, and nothing else
APART = re.compile(r"[|•●]| · ")  # what sets the items of a footer apart
CLAUSE = re.compile(r"[.,:;!?|\"]")
PART = re.compile(r"[;؛·]|[.!?] |[。।۔։]")  # what parts a sentence into two that need not speak of the same thing
ACT = 90  # folded letters between a word for how something is done ("automatically") and what is done
ENDING = re.compile(r"[^\W\d_\u0e00-\U0010ffff]{0,5}\b")  # how a word with an open end goes on, inflected
BARE = 0.72  # of a sentence's letters, which the words of a notice cover where it says nothing else
LIKELY = 0.8  # of the letters that the best language covers, which another must cover to be read as well

Prior: TypeAlias = Callable[[int, int], tuple[int, str]]
"""From a span of the source to what its place speaks for (own voice) or against, and the name of that place."""


@dataclass(frozen=True)
class Window:
    """One or two neighbouring sentences, with the words that stand in them as one language has them."""

    start: int
    end: int
    text: str
    line: int
    hits: list[tuple[str, int, int]]
    gap: int

    @cached_property
    def by_class(self) -> dict[str, list[Span]]:
        objects: list[Span] = []
        found: dict[str, list[Span]] = {"object": objects}
        for name, start, end in self.hits:
            spans = found.setdefault(name, [])
            if len(spans) < CROWD:
                spans.append((start, end))
            if name.startswith("object:") and len(objects) < CROWD:
                objects.append((start, end))
        return found

    def of(self, name: str) -> list[Span]:
        return self.by_class.get(name, [])

    @cached_property
    def objects(self) -> list[Span]:
        """What stands to be reserved, of every kind, in the order of the text."""
        return sorted(self.of("object"))

    def distinct(self, name: str, *beside: str) -> int:
        """How many words of a class stand in the window, off the words of others; one inside another counts once."""
        count, reach = 0, -1
        others = [span for other in beside for span in self.of(other)]
        for start, end in sorted(self.of(name)):
            if start >= reach and not any(one[0] < end and start < one[1] for one in others):
                count += 1
            reach = max(reach, end)
        return count

    @cached_property
    def bare(self) -> bool:
        """True if nearly every letter of the window belongs to a word of the grammar."""
        covered, reach = 0, 0
        for _, start, end in sorted(self.hits, key=lambda hit: hit[1]):
            start = max(start, reach)
            tail = ENDING.match(self.text, end, self.end)
            end = tail.end() if tail else end
            covered += sum(char.isalnum() for char in self.text[start:end])
            reach = max(reach, end)
        return covered >= BARE * sum(char.isalnum() for char in self.text[self.start : self.end])

    def opens(self, span: Span) -> bool:
        """True if nothing but marks stands before a word in the window."""
        return not any(char.isalnum() for char in self.text[self.start : span[0]])

    def closes(self, span: Span) -> bool:
        """True if nothing but marks stands behind a word in the window."""
        return not any(char.isalnum() for char in self.text[span[1] : self.end])

    def quoted(self, one: Span, other: Span) -> bool:
        """True if both stand between the same two quotation marks."""
        low, high = min(one[0], other[0]), max(one[1], other[1])
        before = self.text.count('"', max(self.line, low - 1500), low)
        return before % 2 == 1 and '"' not in self.text[low:high] and '"' in self.text[high : high + 400]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A reservation that was weighed and found to be one."""

    start: int
    end: int
    focus: int
    kinds: tuple[Kind, ...]
    scope: tuple[Use, ...]
    search: bool
    score: int
    place: str
    language: str


def best(languages: int, parts: tuple[Sentence, ...], folded: Folded, words: Grammar, prior: Prior) -> Notice | None:
    """The reading in the language that fits best among those in which there is a notice."""
    for language in _likely(parts):
        if languages >> language & 1 and (notice := _weighed(language, parts, folded, words, prior)):
            return notice
    return None


def _likely(parts: tuple[Sentence, ...]) -> list[int]:
    """The languages whose words cover the sentences nearly as well as those of the best one, that one first."""
    covers: dict[int, int] = {}
    for part in parts:
        reach: dict[int, int] = {}
        met: set[Word] = set()
        for start, end, word in part.hits:
            if word in met:
                continue
            met.add(word)
            for number in word.languages:
                last = reach.get(number, 0)
                if end > last:
                    covers[number] = covers.get(number, 0) + end - max(start, last)
                    reach[number] = end
    most = max(covers.values(), default=0)
    likely = [number for number, length in covers.items() if length >= LIKELY * most]
    return sorted(likely, key=lambda number: -covers[number])


def _senses(hits: tuple[Hit, ...], language: int) -> Iterator[tuple[str, int, int]]:
    for start, end, word in hits:
        for number, name in word.senses:
            if number in (0, language):
                yield name, start, end


def _weighed(language: int, parts: tuple[Sentence, ...], folded: Folded, words: Grammar, prior: Prior) -> Notice | None:
    """Weighs one language's reading of one or two sentences; nothing where the scales stay below one."""
    window = Window(
        start=parts[0].start,
        end=parts[-1].end,
        text=folded.text,
        line=folded.text.rfind("\n", 0, parts[0].start) + 1,
        hits=[sense for part in parts for sense in _senses(part.hits, language)],
        gap=NEAR if len(parts) == 1 else NEXT,
    )
    operators = list(_operators(window))
    if len(parts) == 1:  # "… is an infringement"; a sentence on infringement beside another says nothing of that one
        operators += [(1, span) for span in window.of("breach")]
    if len(parts) > 1 and not window.of("firm"):
        operators = [(weight, span) for weight, span in operators if span not in window.of("rights")]
    if not operators:
        return None
    start, end = folded.at[window.start], folded.at[window.end - 1] + 1
    points, place = prior(start, end)
    if place.startswith("robots") and window.of("beside"):
        return None
    voice = points + _voice(window) - _against(window)
    taken: list[tuple[int, Kind, Span]] = []
    for kind in words.kinds[language].values():
        pairs = list(_pairs(kind, window, operators))
        if pairs and (kind.id != "crawl" or points > 0 or _meant(window)):
            score, (one, other) = max(pairs, key=lambda pair: pair[0])
            if kind.id == "crawl" and place.startswith("robots"):  # there everything is about crawlers
                score -= max(points, 0)
            score += voice + kind.weight - (3 if window.quoted(one, other) else 0)
            if score >= 1:
                taken.append((score, kind, (min(one[0], other[0]), max(one[1], other[1]))))
    if not taken:
        return None
    scope, search = _scope(window, tuple(kind for _, kind, _ in taken))
    return Notice(
        start=start,
        end=end,
        focus=folded.at[min(span[0] for _, _, span in taken)],
        kinds=tuple(kind for _, kind, _ in taken),
        scope=scope,
        search=search,
        score=max(score for score, _, _ in taken),
        place=place,
        language=words.languages[language],
    )


def _operators(window: Window) -> Iterator[tuple[int, Span]]:
    """What forbids or reserves, with its weight: a ban outright, a reservation, a footer's all rights reserved."""
    footers = window.of("rights")
    for name, weight in (("forbid", 1), ("reserve", 1), ("must", 0), ("rights", 0)):
        for span in window.of(name):
            part = any(one[0] <= span[0] and span[1] <= one[1] for one in footers)
            if not part or name == "rights":
                yield weight if not part else FOOTER, span
    for no in window.of("notfor"):
        for span in window.objects:
            gap = span[0] - no[1]
            if 0 <= gap <= TOGETHER["notfor"] and not CLAUSE.search(
                window.text, no[1], span[0]
            ):  # "Not for use in AI."
                yield 1, (no[0], span[0])
                break
    if window.distinct("own", "object"):
        for duty in window.of("oblige"):
            for span in window.of("allow"):  # "AI firms must first obtain a licence."
                if 0 <= max(span[0] - duty[1], duty[0] - span[1]) <= TOGETHER["oblige"]:
                    yield 2, (min(duty[0], span[0]), max(duty[1], span[1]))
    for no in window.of("not"):
        for span in window.of("object") if window.bare else window.of("object:tdm"):
            if (window.opens(no) and 0 <= span[0] - no[1] <= 2) or (
                window.closes(no) and 0 <= no[0] - span[1] <= 3
            ):  # "No data mining."
                yield 1, no
        for name, weight in (("allow", 1), ("do", 0), ("train", 0)):
            for span in window.of(name):
                ahead = 0 <= span[0] - no[1] <= TOGETHER[f"not {name}"]
                behind = name == "allow" and 0 <= no[0] - span[1] <= 12
                if ahead or behind:
                    yield weight, (min(no[0], span[0]), max(no[1], span[1]))


def _pairs(kind: Kind, window: Window, operators: list[tuple[int, Span]]) -> Iterator[tuple[int, tuple[Span, Span]]]:
    """Each object of a kind with the operator that stands near enough to it."""
    bare_verb = kind.verb and not (window.of("train") or window.of("do") or window.of("learn"))
    named = bool(window.of("own") or window.bare)
    footers = window.of("rights")
    for target in window.of(f"object:{kind.id}"):
        if kind.id == "crawl" and any(one[0] <= target[0] and target[1] <= one[1] for one in window.of("object:ai")):
            continue  # "apprentissage automatique" is no crawling
        acts = _acts(target, window) if kind.id == "crawl" and not window.bare else None
        for weight, span in operators:
            low, high = min(span[1], target[1]), max(span[0], target[0])
            if high - low > window.gap or (span in footers and APART.search(window.text, low, high)):
                continue
            if acts is not None and (not acts or PART.search(window.text, low, high)):
                continue  # "Comments are filtered automatically; insults are forbidden."
            if span in footers and span[1] <= target[0]:
                if any(span[1] <= word[0] <= target[1] + 12 for word in window.of("also")):
                    yield 1, (target, span)  # "All rights reserved, also against AI."
            elif bare_verb:
                if named:
                    yield weight - 1, (target, span)
                continue
            if not bare_verb:
                yield weight, (target, span)


def _acts(target: Span, window: Window) -> list[Span] | None:
    """What is done in the manner that a word names ("automatically"), and what for; None where it names none.

    Such a word is no crawling by itself: comments are checked, and subscriptions renewed, automatically. So what is
    done has to stand in its own clause.
    """
    inside = [one for one in window.of("mode") if one[0] <= target[0] and target[1] <= one[1]]
    if not inside:
        return None
    return [
        verb
        for name in ("do", "index", "object:ai", "object:tdm")
        for verb in window.of(name)
        if 0 <= max(verb[0] - target[1], target[0] - verb[1]) <= ACT
        and not PART.search(window.text, min(verb[1], target[1]), max(verb[0], target[0]))
    ]


def _voice(window: Window) -> int:
    """How much sounds like the publisher itself: its own content, a notice's set phrases, an imperative."""
    opening = any(window.opens(span) for name in ("forbid", "not", "must") for span in window.of(name))
    return (
        (2 if window.distinct("own", "object") else 1 if window.distinct("matter", "object") else 0)
        + min(window.distinct("firm", "object"), 2)
        + (2 if window.of("rights") else 0)
        + (1 if opening else 0)
        + (1 if _listed(window) else 0)
        + (1 if window.bare and not any(window.of(name) for name in ANTIS) else 0)
    )


def _meant(window: Window) -> bool:
    """True if what is crawled is named at all; else it may be a robot on a wet floor."""
    return window.bare or any(window.of(name) for name in ("own", "matter", "rights", "firm"))


def _listed(window: Window) -> bool:
    """True if the window names its objects one beside the other, as a notice does ("scraping, crawling, bots")."""
    reach, run = -9, 0
    for start, end in window.objects:
        if start >= reach:
            run = run + 1 if start - reach <= 4 else 1
            if run >= LIST:
                return True
        reach = max(reach, end)
    return False


def _against(window: Window) -> int:
    """How much sounds like somebody else's voice, or like something else than a reservation."""
    cost = sum(COSTS[name] * min(window.distinct(name), 2) for name in ANTIS if name not in ("permit", "news", "tool"))
    cost += COSTS["news"] * min(window.distinct("news", "object", "must", "forbid", "oblige"), 2)
    cost += 0 if window.of("rights") else COSTS["tool"] * min(window.distinct("tool"), 2)
    cost += COSTS["permit"] if any(_granted(window, span) for span in window.of("permit")) else 0
    return cost + (2 if window.text[window.end - 1] in "?;؟" and window.text[window.end - 1] != ";" else 0)


def _granted(window: Window, permit: Span) -> bool:
    """True if the words of a permission are not themselves denied ("is not allowed")."""
    denied = any(0 <= permit[0] - no[1] <= 12 or 0 <= no[0] - permit[1] <= 1 for no in window.of("not"))
    denied = denied or any(0 <= permit[0] - ban[1] <= TOGETHER["not allow"] for ban in window.of("must"))
    inside = any(
        ban[0] < permit[1] and permit[0] < ban[1] and not (permit[0] <= ban[0] and ban[1] <= permit[1])
        for name in ("forbid", "must")
        for ban in window.of(name)
    )
    return not denied and not inside


def _scope(window: Window, kinds: tuple[Kind, ...]) -> tuple[tuple[Use, ...], bool]:
    """The uses that are reserved, and whether search engines are let in by name."""
    uses = {use for kind in kinds for use in kind.scope}
    if any(kind.id == "ai" for kind in kinds) and (window.of("feed") or not window.of("learn")):
        uses.add("input")
    if window.of("index"):
        uses.add("index")
    search = any(0 <= one[0] - but[1] <= 90 for but in window.of("except") for one in window.of("search"))
    if search:
        uses -= {"index"}
    order: tuple[Use, ...] = ("crawl", "index", "train", "input")
    return tuple(use for use in order if use in uses) or ("train",), search
